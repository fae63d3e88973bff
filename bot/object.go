package bot

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	// errDuplicate is returned for a JSON object that names a member twice, which readers take in different ways.
	errDuplicate = errors.New("a member stands twice")
	errNoObject  = errors.New("not a JSON object")
	errSyntax    = errors.New("not JSON, or nested too deeply")
	errTrailing  = errors.New("something follows the JSON object")
)

// members goes over the members of one JSON object, and that alone, in order:
//
//	for m := membersOf(raw); m.next(); {
//		switch string(m.name) { ... }
//	}
//
// followed by a look at m.err. It reads the bytes once and copies no value, for whoever sent them may not be known yet.
// What it takes for an object encoding/json takes for one, with the same members.
type members struct {
	name  []byte // as [folded] writes it; good until next is called again
	value []byte // as it stands, a part of what is read
	err   error

	raw     []byte
	at      int
	unique  bool // no name may stand twice
	seen    map[string]struct{}
	scratch [24]byte // where name lies, when it fits
}

// membersOf begins to read an object.
func membersOf(raw []byte) *members { return &members{raw: raw} }

// uniqueMembersOf begins to read an object in which no name may stand twice.
func uniqueMembersOf(raw []byte) *members { return &members{raw: raw, unique: true} }

// next moves to the next member. It returns false after the last one, and when there is an error.
func (m *members) next() bool {
	if m.err != nil || !m.toName() {
		return false
	}
	from := m.at
	end, at := scanName(m.raw, from)
	if end == bad {
		return m.fail(errSyntax)
	}
	m.fold(m.raw[from:end])
	if end = scanValue(m.raw, at, 1); end == bad {
		return m.fail(errSyntax)
	}
	m.value, m.at = m.raw[at:end:end], end
	if m.unique {
		if _, twice := m.seen[string(m.name)]; twice {
			return m.fail(fmt.Errorf("%w: %s", errDuplicate, m.name))
		}
		if m.seen == nil {
			m.seen = make(map[string]struct{}, 8)
		}
		m.seen[string(m.name)] = struct{}{}
	}
	return true
}

// toName moves to the next member's name. It returns false where the object ends, and on an error.
func (m *members) toName() bool {
	first := m.at == 0
	m.at = skipSpace(m.raw, m.at)
	switch {
	case m.at == len(m.raw), first && m.raw[m.at] != '{':
		return m.fail(errNoObject)
	case first:
		m.at = skipSpace(m.raw, m.at+1)
		if m.at == len(m.raw) || m.raw[m.at] != '}' {
			return true
		}
	case m.raw[m.at] == ',':
		m.at = skipSpace(m.raw, m.at+1)
		return true
	case m.raw[m.at] != '}':
		return m.fail(errSyntax)
	}
	if m.at = skipSpace(m.raw, m.at+1); m.at != len(m.raw) {
		return m.fail(errTrailing)
	}
	return false
}

func (m *members) fail(err error) bool {
	m.err = err
	return false
}

// fold sets name from a name with its quotation marks.
func (m *members) fold(quoted []byte) {
	m.name = m.scratch[:0]
	for _, c := range quoted[1 : len(quoted)-1] {
		switch {
		case c == '\\' || c >= utf8.RuneSelf:
			m.name = append(m.scratch[:0], folded(text(quoted))...)
			return
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		}
		m.name = append(m.name, c)
	}
}

// folded is a name in lower case, the same for all names that encoding/json takes for one: it folds as
// [bytes.EqualFold] does, for which U+017F is an s and U+212A a k.
func folded(name string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf {
			return r
		}
		least := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return least
	}, name))
}

// text reads a JSON string; anything else is empty: a member of another type is as good as absent.
func text(raw []byte) string {
	s, _ := textOrNull(raw)
	return s
}

// textOrNull reads a JSON string; null, or no value at all, is empty. ok is false for anything else. The value must have
// come from members or a list.
func textOrNull(raw []byte) (s string, ok bool) {
	switch {
	case isNull(raw):
		return "", true
	case raw[0] != '"':
		return "", false
	}
	if inner := raw[1 : len(raw)-1]; bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(inner), true
	}
	ok = json.Unmarshal(raw, &s) == nil
	return s, ok
}

// isNull reports whether a value is null or not there.
func isNull(raw []byte) bool { return len(raw) == 0 || raw[0] == 'n' }

// elements splits a JSON list into its elements; null, or no value at all, has none. ok is false for what is no list.
// The value must have come from members.
func elements(raw []byte) (all []json.RawMessage, ok bool) {
	switch {
	case isNull(raw):
		return nil, true
	case raw[0] != '[':
		return nil, false
	}
	for at := skipSpace(raw, 1); raw[at] != ']'; {
		end := scanValue(raw, at, 0)
		all = append(all, raw[at:end:end])
		if at = skipSpace(raw, end); raw[at] == ',' {
			at = skipSpace(raw, at+1)
		}
	}
	return all, true
}
