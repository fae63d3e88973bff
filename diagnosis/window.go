package diagnosis

import (
	"cmp"
	"slices"
	"time"
)

// afterReport is how much later than the time a person gives a failure may stand in the log: clocks differ, and people
// round.
const afterReport = 10 * time.Minute

// inWindow keeps the rows from the window before the failure on; later rows stay, for they show whether it was solved.
// A window in which nothing happened before the failure is widened once. Rows without a time, and those that the pasted
// error names, always stay.
func inWindow(c *Case, rows []SignIn) []SignIn {
	if c.At.IsZero() {
		return rows
	}
	var kept []SignIn
	for _, window := range []time.Duration{c.window(), cmp.Or(c.WideWindow, 7*24*time.Hour)} {
		from := c.At.Add(-window)
		kept = slices.DeleteFunc(slices.Clone(rows), func(s SignIn) bool {
			return !s.Time.IsZero() && s.Time.Before(from) && !c.names(&s)
		})
		if slices.ContainsFunc(kept, func(s SignIn) bool { return !s.Time.After(c.At.Add(afterReport)) }) {
			break
		}
	}
	return kept
}

// window is how long before At a failure may lie.
func (c *Case) window() time.Duration { return cmp.Or(c.Window, 24*time.Hour) }

// muchLater reports whether a row is too long after the time that was given to be what the person tells of.
func (c *Case) muchLater(row *SignIn) bool {
	return !c.At.IsZero() && row.Time.After(c.At.Add(c.window()))
}
