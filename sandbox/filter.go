package sandbox

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// errFilter says that a $filter is outside of what the service documents.
var errFilter = errors.New("invalid filter clause")

// field says how a property may be filtered.
type field struct {
	operators  []string // of eq, ne, ge, le, startswith
	kind       literal
	collection bool // compared inside any(t: ...)
	fold       bool // letter case does not matter
}

type literal int

const (
	textLiteral literal = iota
	numberLiteral
	timeLiteral
)

// expression is a parsed $filter.
type expression struct {
	operator string // "and", "or", "any", or a comparison; empty holds for everything
	parts    []*expression
	field    string
	kind     literal
	fold     bool
	text     string
	time     time.Time
}

// holds evaluates the expression. value returns a property: a string, a number as a string, a time.Time, or
// for a collection []string or the properties of its members.
func (e *expression) holds(value func(field string) any) bool {
	switch e.operator {
	case "":
		return true
	case "and":
		return e.parts[0].holds(value) && e.parts[1].holds(value)
	case "or":
		return e.parts[0].holds(value) || e.parts[1].holds(value)
	case "any":
		switch members := value(e.field).(type) {
		case []string:
			return slices.ContainsFunc(members, func(m string) bool { return e.parts[0].holds(func(string) any { return m }) })
		case []map[string]string:
			return slices.ContainsFunc(members, func(m map[string]string) bool { return e.parts[0].holds(func(f string) any { return m[f] }) })
		default:
			return false
		}
	}
	if e.kind == timeLiteral {
		at, _ := value(e.field).(time.Time)
		switch e.operator {
		case "ge":
			return !at.Before(e.time)
		case "le":
			return !at.After(e.time)
		default:
			return at.Equal(e.time)
		}
	}
	got, _ := value(e.field).(string)
	want := e.text
	if e.fold {
		got, want = strings.ToLower(got), strings.ToLower(want)
	}
	switch e.operator {
	case "ne":
		return got != want
	case "startswith":
		return strings.HasPrefix(got, want)
	default:
		return got == want
	}
}

// times lists the moments that the expression compares with.
func (e *expression) times() []time.Time {
	var all []time.Time
	if e.kind == timeLiteral && e.operator != "" {
		all = append(all, e.time)
	}
	for _, p := range e.parts {
		all = append(all, p.times()...)
	}
	return all
}

// texts lists the texts that a field is compared with.
func (e *expression) texts(of string) []string {
	var all []string
	if e.field == of && e.operator != "any" {
		all = append(all, e.text)
	}
	for _, p := range e.parts {
		all = append(all, p.texts(of)...)
	}
	return all
}
