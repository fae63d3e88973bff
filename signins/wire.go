package signins

import (
	"encoding/json"
	"reflect"
	"strings"
	"sync"
)

// field is a field of a wire type that reads its own value from a scanner. The others implement json.Unmarshaler.
type field interface {
	scan(s *scanner) error
}

// plan says which field of a struct takes which member.
type plan struct {
	fields   []named
	byLength [longestName + 1][]named // the same; few names are of the same length
}

// longestName is the length of the longest name of a member that is read.
const longestName = 64

type named struct {
	name  string // in lower case
	field []int  // as reflect.Value.FieldByIndex takes it; longer than one for a field of an embedded struct
}

// plans holds the plan of every struct that was read.
var plans sync.Map // of *plan by reflect.Type

func planOf(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	p := &plan{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" {
			continue // an embedded struct, whose fields follow
		}
		field := named{strings.ToLower(name), f.Index}
		p.fields = append(p.fields, field)
		p.byLength[len(name)] = append(p.byLength[len(name)], field)
	}
	plans.Store(t, p)
	return p
}

// unmarshal is json.Unmarshal for an object and a struct, each field of which has its member's name as a tag or is an embedded
// struct of such fields.
func unmarshal(raw []byte, into any) error {
	s := scanner{raw: raw}
	if s.next() != '{' {
		return s.unexpected("a JSON object")
	}
	if err := s.into(into); err != nil {
		return err
	}
	return s.end()
}

// into reads an object into what at points to: a struct, or a type that reads itself.
func (s *scanner) into(at any) error {
	if f, ok := at.(field); ok {
		return f.scan(s)
	}
	into := reflect.ValueOf(at).Elem()
	p := planOf(into.Type())
	return s.object(func(name []byte) error {
		index, ok := p.find(name, s.plain)
		if !ok {
			return s.skip()
		}
		at := into.FieldByIndex(index).Addr().Interface()
		if f, ok := at.(field); ok {
			return f.scan(s)
		}
		value, err := s.value()
		if err != nil {
			return err
		}
		return at.(json.Unmarshaler).UnmarshalJSON(value)
	})
}

// find returns the field for a member. Letter case does not count, as in encoding/json.
func (p *plan) find(quoted []byte, plain bool) ([]int, bool) {
	if plain {
		name := quoted[1 : len(quoted)-1]
		for _, n := range p.byLength[min(len(name), longestName)] {
			if sameLetters(n.name, name) {
				return n.field, true
			}
		}
		return nil, false
	}
	// With an escape, or a letter beyond ASCII: two of those are the same as s and k in another case.
	name, err := text(quoted)
	for _, n := range p.fields {
		if err == nil && strings.EqualFold(n.name, name) {
			return n.field, true
		}
	}
	return nil, false
}

// sameLetters reports whether an ASCII text is the same as another but for letter case.
func sameLetters(lower string, text []byte) bool {
	if len(lower) != len(text) {
		return false
	}
	for i, c := range text {
		if c != lower[i] && ('A' > c || c > 'Z' || c+'a'-'A' != lower[i]) {
			return false
		}
	}
	return true
}
