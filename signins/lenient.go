package signins

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The types in this file read what Microsoft writes: a member may be null, or of another type than documented. Such a
// member counts as absent; it never loses the row.

// longestText bounds every text of a row. Names and user agents are chosen by strangers.
const longestText = 4 << 10

// lenientText is a JSON string; a number or boolean is taken as it is written.
type lenientText string

// UnmarshalJSON implements json.Unmarshaler.
func (t *lenientText) UnmarshalJSON(raw []byte) error {
	switch {
	case raw[0] == '"':
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return err
		}
		*t = lenientText(cut(s))
	case raw[0] != '{' && raw[0] != '[' && string(raw) != "null":
		*t = lenientText(raw)
	}
	return nil
}

// id is the text as an identifier: without space around it, in lower case.
func (t lenientText) id() string { return strings.ToLower(strings.TrimSpace(string(t))) }

func cut(s string) string {
	if len(s) <= longestText {
		return strings.Clone(s)
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

// UnmarshalJSON implements json.Unmarshaler.
func (b *lenientBool) UnmarshalJSON(raw []byte) error {
	if value, err := strconv.ParseBool(strings.ToLower(strings.Trim(string(raw), `"`))); err == nil {
		b.value = &value
	}
	return nil
}

// lenientTime is a moment in one of the forms that Microsoft uses; without a zone it is UTC.
type lenientTime struct{ time.Time }

// UnmarshalJSON implements json.Unmarshaler.
func (t *lenientTime) UnmarshalJSON(raw []byte) error {
	text := strings.Trim(string(raw), `"`)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999"} {
		if at, err := time.Parse(layout, text); err == nil {
			t.Time = at.UTC()
			return nil
		}
	}
	return nil
}

// lenientTexts is a list of strings, or one string with commas.
type lenientTexts []string

// UnmarshalJSON implements json.Unmarshaler.
func (l *lenientTexts) UnmarshalJSON(raw []byte) error {
	const most = 100
	switch raw[0] {
	case '[':
		var items []lenientText
		if err := json.Unmarshal(raw, &items); err != nil {
			return err
		}
		for _, item := range items {
			if item != "" && len(*l) < most {
				*l = append(*l, string(item))
			}
		}
	case '"':
		var joined lenientText
		if err := joined.UnmarshalJSON(raw); err != nil {
			return err
		}
		for item := range strings.SplitSeq(string(joined), ",") {
			if item = strings.TrimSpace(item); item != "" && len(*l) < most {
				*l = append(*l, item)
			}
		}
	}
	return nil
}

// lenientList is a list of objects, or a string that holds one; elements of another type are dropped.
type lenientList[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (l *lenientList[T]) UnmarshalJSON(raw []byte) error {
	raw = unquote(raw)
	if len(raw) == 0 || raw[0] != '[' {
		return nil
	}
	var items []lenientObject[T]
	if err := json.Unmarshal(raw, &items); err != nil {
		return nil //nolint:nilerr // a string that is no list counts as absent
	}
	for _, item := range items {
		if item.set {
			*l = append(*l, item.value)
		}
	}
	return nil
}

// lenientObject is an object, or a string that holds one.
type lenientObject[T any] struct {
	value T
	set   bool
}

// UnmarshalJSON implements json.Unmarshaler.
func (o *lenientObject[T]) UnmarshalJSON(raw []byte) error {
	raw = unquote(raw)
	if len(raw) == 0 || raw[0] != '{' {
		return nil
	}
	o.set = json.Unmarshal(raw, &o.value) == nil
	return nil
}

// unquote returns the text of a JSON string, and anything else as it is. Azure Monitor writes lists as strings at times.
func unquote(raw []byte) []byte {
	if raw[0] != '"' {
		return raw
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return nil
	}
	return []byte(strings.TrimSpace(s))
}
