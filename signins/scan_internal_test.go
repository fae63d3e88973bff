package signins

// Scan reads a value with the scanner: whether it is sound, and what is in it. Members of objects stand under their names.
func Scan(raw []byte) (members map[string][]byte, elements [][]byte, text string, err error) {
	s := scanner{raw: raw}
	switch s.next() {
	case '{':
		members = map[string][]byte{}
		err = s.object(func(quoted []byte) error {
			name, err := textOf(quoted)
			if err != nil {
				return err
			}
			members[name], err = s.value()
			return err
		})
	case '[':
		err = s.list(func() error {
			value, err := s.value()
			elements = append(elements, value)
			return err
		})
	case '"':
		text, err = s.said()
	default:
		err = s.skip()
	}
	if err == nil {
		err = s.end()
	}
	return members, elements, text, err
}

// textOf is text, under a name that nothing else has here.
func textOf(quoted []byte) (string, error) { return text(quoted) }

// Unmarshal fills a wire type of three members, to compare with encoding/json.
func Unmarshal(raw []byte, decode func([]byte, any) error) (any, error) {
	var w struct {
		Status lenientText `json:"status"`
		Kind   lenientBool `json:"isInteractive"`
		Number lenientInt  `json:"resultType"`
	}
	if decode == nil {
		decode = unmarshal
	}
	err := decode(raw, &w)
	return []any{string(w.Status), w.Kind.value, w.Number.value, w.Number.set}, err
}
