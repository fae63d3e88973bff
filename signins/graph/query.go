package graph

import (
	"strings"
	"time"
)

// maxPageSize is how many rows Graph puts on one page of sign-ins at most.
const maxPageSize = 1000

// bothEvents asks for what people do and for what their devices do in their name. Without it the log holds only the
// former, while nearly every expired token shows in the latter. Only beta knows the filter.
// Source: https://learn.microsoft.com/graph/api/signin-list?view=graph-rest-beta
const bothEvents = " and signInEventTypes/any(t: t eq 'interactiveUser' or t eq 'nonInteractiveUser')"

// span is a stretch of the log.
type span struct {
	from time.Time
	to   time.Time // zero: up to now
}

// spanBefore is the stretch from window before a failure on. It runs to now, because a later success matters, but for
// a failure that lies far back it ends as long after it, for want of room.
func (o *Options) spanBefore(at time.Time, window time.Duration) span {
	now := o.Now()
	if at.IsZero() || at.After(now) {
		at = now
	}
	s := span{from: at.Add(-window), to: at.Add(window)}
	if oldest := now.Add(-o.Retention); s.from.Before(oldest) {
		s.from = oldest // Graph refuses to look further back
	}
	if !s.to.Before(now) {
		s.to = time.Time{}
	}
	return s
}

// empty reports whether nothing of the stretch is kept any more.
func (s span) empty() bool { return !s.to.IsZero() && s.to.Before(s.from) }

// filter puts the question into OData. Dates are not quoted, and only ge and le are allowed.
// Source: https://learn.microsoft.com/graph/api/resources/signin
func (s span) filter(who string) string {
	parts := []string{who, "createdDateTime ge " + s.from.UTC().Format(time.RFC3339)}
	if !s.to.IsZero() {
		parts = append(parts, "createdDateTime le "+s.to.UTC().Format(time.RFC3339))
	}
	return strings.Join(parts, " and ")
}

// quote writes an OData string literal.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
