package diagnosis

import (
	"slices"
	"strings"
	"time"
)

// attempt is the rows of one person and correlation id: what they tried in one app at one moment. The client sends the
// id, so it groups well but proves nothing.
type attempt struct {
	rows   []SignIn // oldest first
	failed *SignIn  // the row that speaks for the attempt; nil when none failed
	solved *SignIn  // a success that followed failed; nil when none did
}

// attempts groups rows, which are sorted oldest first, and finds for each group its failure and the success that
// followed it.
func attempts(rows []SignIn) []attempt {
	groups := map[string]int{}
	var out []attempt
	for _, row := range rows {
		key := try(&row)
		i, known := groups[key]
		if !known || key == "" {
			out = append(out, attempt{})
			i = len(out) - 1
			groups[key] = i
		}
		out[i].rows = append(out[i].rows, row)
	}
	later := indexSuccesses(rows)
	for i := range out {
		out[i].failed = speaker(out[i].rows, later)
		if out[i].failed != nil {
			out[i].solved = later.after(out[i].failed)
		}
	}
	return out
}

// try names what a row belongs to: its person and correlation id; empty when it has no correlation id.
func try(row *SignIn) string {
	id := strings.ToLower(row.CorrelationID)
	if id == "" || id == emptyID {
		return ""
	}
	return person(row) + id
}

// speaker picks the failed row that says most: a real refusal before a step, a step before noise, then the newest. A
// wrong password that was followed by the right one is a slip of the finger and says nothing, nor does a page that looked
// for a session in the background.
func speaker(rows []SignIn, later successes) *SignIn {
	var best *SignIn
	for i := range rows {
		row := &rows[i]
		if refused(row) && !isProbe(row) && !later.passwordAfter(row) && (best == nil || weight(row) >= weight(best)) {
			best = row
		}
	}
	return best
}

// refused reports whether no usable token was issued: the code says so, or Conditional Access does.
func refused(row *SignIn) bool {
	byPolicy := strings.EqualFold(row.ConditionalAccessStatus, "failure") || !row.HasStatus && row.Refusals() != nil
	return row.Failed() || byPolicy && row.ErrorCode == 0
}

// passed reports whether a token was issued and Conditional Access let it go.
func passed(row *SignIn) bool {
	return row.Succeeded() && !strings.EqualFold(row.ConditionalAccessStatus, "failure")
}

// isProbe reports whether a row only says that no session was found when a page looked for one.
func isProbe(row *SignIn) bool {
	c, known := LookUp(row.ErrorCode)
	return known && c.Guide == guideNoSession
}

// weight orders failures by how much they say.
func weight(row *SignIn) int {
	switch interruptOf(row) {
	case InterruptYes:
		return 0
	case InterruptStep:
		return 1
	default:
		return 2
	}
}

// interruptOf tells whether the row is an ordinary step. A code that the table lacks is a refusal until something
// says otherwise.
func interruptOf(row *SignIn) Interrupt {
	if c, known := LookUp(row.ErrorCode); known {
		return c.Interrupt
	}
	return InterruptNo
}

// tidy drops what is not a person's, and duplicates, and sorts oldest first; rows without a time come before all. Rows that
// could not tell who signed in, but know the name, get the id that other rows have for it.
func tidy(rows []SignIn) []SignIn {
	type identity struct {
		id, correlation, app string
		time                 time.Time
		code                 int
	}
	known := map[string]*SignIn{} // by name; an account that was made anew has another id, and the newest counts
	for i := range rows {
		row := &rows[i]
		if row.UserID == "" || row.UserID == emptyID {
			continue
		}
		name := foldAccount(row.UserPrincipalName)
		if old := known[name]; old == nil || row.Time.After(old.Time) {
			known[name] = row
		}
	}
	seen := make(map[identity]bool, len(rows))
	order := make([]*SignIn, 0, len(rows)) // rows are large: move them once
	for i := range rows {
		row := &rows[i]
		key := identity{row.ID, row.CorrelationID, row.AppID + row.ResourceID, row.Time, row.ErrorCode}
		if row.Kind.ByPerson() && !seen[key] {
			seen[key] = true
			order = append(order, row)
		}
	}
	slices.SortStableFunc(order, func(a, b *SignIn) int { return a.Time.Compare(b.Time) })
	out := make([]SignIn, len(order))
	for i, row := range order {
		out[i] = *row
		if row.UserID == "" || row.UserID == emptyID {
			out[i].UserID = ""
			if named := known[foldAccount(row.UserPrincipalName)]; named != nil {
				out[i].UserID = named.UserID
			}
		}
	}
	return out
}
