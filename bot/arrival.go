package bot

// arrival is an activity of which no more is read than must be known to say whether it is taken.
type arrival struct {
	Envelope

	kind, id, conversation string
	tenants                []string // as conversation and channelData name it
	parts                  parts
}

// arrive reads so much of an activity. Members on which decisions rest must not stand twice.
func arrive(body []byte) (*arrival, error) {
	p, err := split(body)
	if err != nil {
		return nil, err
	}
	a := &arrival{
		Envelope: Envelope{ServiceURL: text(p.serviceURL), ChannelID: text(p.channelID)},
		kind:     text(p.kind), id: text(p.id), parts: p,
	}
	var tenant string
	err = walk(p.conversation, func(name, value []byte) {
		switch string(name) {
		case "id":
			a.conversation = text(value)
		case "tenantid":
			tenant = text(value)
		}
	})
	if err != nil {
		return nil, err
	}
	other, err := tenantOf(p.channelData)
	if err != nil {
		return nil, err
	}
	for _, id := range []string{tenant, other} {
		if id != "" {
			a.tenants = append(a.tenants, id)
		}
	}
	return a, walk(p.from, func(_, _ []byte) {}) // who sent it is decoded later, but must be clear now
}
