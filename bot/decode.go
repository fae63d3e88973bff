package bot

import (
	"encoding/json"
	"errors"
	"fmt"
)

// parts are the members of an activity that we know, as they stand.
type parts struct {
	kind, id, name, action, serviceURL, channelID, text, locale, localTimezone, replyToID json.RawMessage

	from, recipient, conversation, membersAdded, entities, value, channelData json.RawMessage
}

// split reads the body of an activity once, from end to end. Members that we do not know are ignored; one that we know
// must not stand twice.
func split(body []byte) (parts, error) {
	var p parts
	m := membersOf(body)
	for m.next() {
		part := p.named(m.name)
		switch {
		case part == nil:
		case *part != nil:
			return parts{}, fmt.Errorf("%w: %s", errDuplicate, m.name)
		default:
			*part = m.value
		}
	}
	return p, m.err
}

func (p *parts) named(name []byte) *json.RawMessage {
	switch string(name) {
	case "type":
		return &p.kind
	case "id":
		return &p.id
	case "name":
		return &p.name
	case "action":
		return &p.action
	case "serviceurl":
		return &p.serviceURL
	case "channelid":
		return &p.channelID
	case "text":
		return &p.text
	case "locale":
		return &p.locale
	case "localtimezone":
		return &p.localTimezone
	case "replytoid":
		return &p.replyToID
	case "from":
		return &p.from
	case "recipient":
		return &p.recipient
	case "conversation":
		return &p.conversation
	case "membersadded":
		return &p.membersAdded
	case "entities":
		return &p.entities
	case "value":
		return &p.value
	case "channeldata":
		return &p.channelData
	default:
		return nil
	}
}

// DecodeActivity decodes an activity. Members that we do not know are ignored, and entities that cannot be read are
// dropped; a member of ours with a wrong type, or that stands twice, is an error. The activity shares the memory of body.
func DecodeActivity(body []byte) (Activity, error) {
	p, err := split(body)
	if err != nil {
		return Activity{}, fmt.Errorf("decode the activity: %w", err)
	}
	return p.decode()
}

// decode decodes all the parts.
func (p *parts) decode() (Activity, error) {
	var d decoder
	a := Activity{
		Type: d.text("type", p.kind), ID: d.text("id", p.id), Name: d.text("name", p.name), Action: d.text("action", p.action),
		ServiceURL: d.text("serviceUrl", p.serviceURL), ChannelID: d.text("channelId", p.channelID),
		Text: d.text("text", p.text), Locale: d.text("locale", p.locale), LocalTimezone: d.text("localTimezone", p.localTimezone),
		ReplyToID: d.text("replyToId", p.replyToID),
		From:      d.account("from", p.from), Recipient: d.account("recipient", p.recipient),
		Conversation: d.conversation(p.conversation), MembersAdded: d.accounts("membersAdded", p.membersAdded),
		Entities: d.entities(p.entities), Value: p.value, ChannelData: p.channelData,
	}
	switch {
	case d.err != nil:
		return Activity{}, fmt.Errorf("decode the activity: %w", d.err)
	case a.Type == "":
		return Activity{}, errors.New("decode the activity: it has no type")
	case a.Conversation.TenantID == "":
		a.Conversation.TenantID, _ = tenantOf(a.ChannelData) // what cannot be read names none
	}
	return a, nil
}

// tenantOf is the tenant that channelData names, which not every conversation repeats.
func tenantOf(channelData []byte) (id string, err error) {
	var tenant json.RawMessage
	err = walk(channelData, func(name, value []byte) {
		if string(name) == "tenant" {
			tenant = value
		}
	})
	if err != nil {
		return "", err
	}
	err = walk(tenant, func(name, value []byte) {
		if string(name) == "id" {
			id = text(value)
		}
	})
	if err != nil {
		return "", err
	}
	return id, nil
}

// walk hands on the members of an object in which none may stand twice. null, or no value at all, has none.
func walk(object []byte, member func(name, value []byte)) error {
	if isNull(object) {
		return nil
	}
	m := uniqueMembersOf(object)
	for m.next() {
		member(m.name, m.value)
	}
	return m.err
}

// decoder decodes values one after the other and keeps the first error.
type decoder struct{ err error }

func (d *decoder) fail(name string, err error) {
	if d.err == nil {
		d.err = fmt.Errorf("%s: %w", name, err)
	}
}

var errType = errors.New("the value has another type")

func (d *decoder) text(name string, raw []byte) string {
	s, ok := textOrNull(raw)
	if !ok {
		d.fail(name, errType)
	}
	return s
}

func (d *decoder) account(name string, raw []byte) (a Account) {
	err := walk(raw, func(member, value []byte) {
		switch string(member) {
		case "id":
			a.ID = d.text("id", value)
		case "name":
			a.Name = d.text("name", value)
		case "aadobjectid":
			a.AADObjectID = d.text("aadObjectId", value)
		}
	})
	if err != nil {
		d.fail(name, err)
	}
	return a
}

func (d *decoder) accounts(name string, raw []byte) []Account {
	all, ok := elements(raw)
	if !ok {
		d.fail(name, errType)
	}
	var accounts []Account
	for _, one := range all {
		accounts = append(accounts, d.account(name, one))
	}
	return accounts
}

func (d *decoder) conversation(raw []byte) (c Conversation) {
	err := walk(raw, func(member, value []byte) {
		switch string(member) {
		case "id":
			c.ID = d.text("id", value)
		case "conversationtype":
			c.Type = d.text("conversationType", value)
		case "tenantid":
			c.TenantID = d.text("tenantId", value)
		}
	})
	if err != nil {
		d.fail("conversation", err)
	}
	return c
}

// entities drops what cannot be read: clients add entities of their own.
func (d *decoder) entities(raw []byte) []Entity {
	all, ok := elements(raw)
	if !ok {
		d.fail("entities", errType)
	}
	var entities []Entity
	for _, one := range all {
		var inner decoder
		if e := inner.entity(one); inner.err == nil {
			entities = append(entities, e)
		}
	}
	return entities
}

func (d *decoder) entity(raw []byte) (e Entity) {
	err := walk(raw, func(member, value []byte) {
		switch string(member) {
		case "type":
			e.Type = d.text("type", value)
		case "mentioned":
			e.Mentioned = d.account("mentioned", value)
		case "text":
			e.Text = d.text("text", value)
		case "locale":
			e.Locale = d.text("locale", value)
		case "timezone":
			e.Timezone = d.text("timezone", value)
		}
	})
	if err != nil {
		d.fail("entity", err)
	}
	return e
}
