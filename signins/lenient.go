package signins

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
	"unique"
)

// The types in this file read what Microsoft writes: a member may be null, or of another type than documented. Such a
// member counts as absent; it never loses the row. Those of which a row has many, and those that hold others, read from
// a scanner; their UnmarshalJSON is for encoding/json.

// longestText bounds every text of a row. Names and user agents are chosen by strangers.
const longestText = 4 << 10

// lenientText is a JSON string; a number or boolean is taken as it is written.
type lenientText string

// UnmarshalJSON implements json.Unmarshaler.
func (t *lenientText) UnmarshalJSON(raw []byte) error { return t.scan(&scanner{raw: raw}) }

func (t *lenientText) scan(s *scanner) error {
	switch s.next() {
	case '"':
		said, err := s.said()
		if err != nil {
			return err
		}
		*t = lenientText(cut(said))
	case '{', '[', 'n':
		return s.skip()
	default:
		raw, err := s.value()
		if err != nil {
			return err
		}
		*t = lenientText(cut(string(raw)))
	}
	return nil
}

// shared is the text, kept once however many rows hold it: a log names the same apps and policies again and again. To find
// out costs more than a short text, so this is for long ones.
func (t lenientText) shared() string {
	if t == "" {
		return ""
	}
	return unique.Make(string(t)).Value()
}

// id is the text as an identifier: without space around it, in lower case.
func (t lenientText) id() string { return strings.ToLower(strings.TrimSpace(string(t))) }

func cut(s string) string {
	if len(s) <= longestText {
		return s
	}
	end := longestText
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return strings.Clone(s[:end])
}

// lenientInt is a JSON number, or one written as a string. set tells whether there was one.
type lenientInt struct {
	value int
	set   bool
}

// UnmarshalJSON implements json.Unmarshaler.
func (n *lenientInt) UnmarshalJSON(raw []byte) error {
	value, err := strconv.ParseFloat(strings.TrimSpace(strings.Trim(string(raw), `"`)), 64)
	if err == nil && value == float64(int32(value)) {
		n.value, n.set = int(value), true
	}
	return nil
}

// lenientBool is true, false, or one of them as a string; nil when it is neither.
type lenientBool struct{ value *bool }

func (b lenientBool) isTrue() bool { return b.value != nil && *b.value }

// UnmarshalJSON implements json.Unmarshaler.
func (b *lenientBool) UnmarshalJSON(raw []byte) error {
	if value, err := strconv.ParseBool(strings.ToLower(strings.Trim(string(raw), `"`))); err == nil {
		b.value = &value
	}
	return nil
}

// lenientTexts is a list of strings, a string that holds one, or one string with commas.
type lenientTexts []string

// UnmarshalJSON implements json.Unmarshaler.
func (l *lenientTexts) UnmarshalJSON(raw []byte) error { return l.scan(&scanner{raw: raw}) }

func (l *lenientTexts) scan(s *scanner) error {
	switch s.next() {
	case '[':
		return l.list(s)
	case '"':
	default:
		return s.skip()
	}
	joined, err := s.said()
	if err != nil {
		return err
	}
	if inner := strings.TrimSpace(joined); strings.HasPrefix(inner, "[") {
		var items lenientTexts
		list := scanner{raw: []byte(inner)}
		if items.list(&list) == nil && list.end() == nil {
			for _, item := range items {
				l.add(item)
			}
			return nil
		}
	}
	for item := range strings.SplitSeq(cut(joined), ",") {
		l.add(strings.TrimSpace(item))
	}
	return nil
}

func (l *lenientTexts) list(s *scanner) error {
	return s.list(func() error {
		var item lenientText
		err := item.scan(s)
		l.add(string(item))
		return err
	})
}

func (l *lenientTexts) add(item string) {
	const most = 100
	if item != "" && len(*l) < most {
		*l = append(*l, item)
	}
}

// lenientList is a list of objects, or a string that holds one; elements of another type are dropped.
type lenientList[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (l *lenientList[T]) UnmarshalJSON(raw []byte) error { return l.scan(&scanner{raw: raw}) }

func (l *lenientList[T]) scan(s *scanner) error {
	switch s.next() {
	case '[':
		return l.list(s)
	case '"':
	default:
		return s.skip()
	}
	inner, err := s.quoted()
	if err != nil || inner.next() != '[' {
		return err
	}
	var items lenientList[T]
	if items.list(inner) == nil && inner.end() == nil {
		*l = append(*l, items...)
	}
	return nil
}

func (l *lenientList[T]) list(s *scanner) error {
	const most = 500
	return s.list(func() error {
		if len(*l) == most {
			return s.skip()
		}
		var item lenientObject[T]
		err := item.scan(s)
		if item.set {
			*l = append(*l, item.value)
		}
		return err
	})
}

// lenientObject is an object, or a string that holds one.
type lenientObject[T any] struct {
	value T
	set   bool
}

// UnmarshalJSON implements json.Unmarshaler.
func (o *lenientObject[T]) UnmarshalJSON(raw []byte) error { return o.scan(&scanner{raw: raw}) }

func (o *lenientObject[T]) scan(s *scanner) error {
	switch s.next() {
	case '{':
		o.set = true
		return s.into(&o.value)
	case '"':
	default:
		return s.skip()
	}
	inner, err := s.quoted()
	if err != nil || inner.next() != '{' {
		return err
	}
	var value T
	if inner.into(&value) == nil && inner.end() == nil {
		o.value, o.set = value, true
	}
	return nil
}

// unread is a value as it is written, for what is decoded only when somebody wants the row. It is a part of the row's text.
type unread []byte

// UnmarshalJSON implements json.Unmarshaler.
func (u *unread) UnmarshalJSON(raw []byte) error {
	*u = bytes.Clone(raw)
	return nil
}

func (u *unread) scan(s *scanner) (err error) {
	*u, err = s.value()
	return err
}
