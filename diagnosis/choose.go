package diagnosis

import (
	"slices"
	"strings"
	"time"
)

// sameMoment is how close two failures must be for their weight to count more than their time.
const sameMoment = time.Hour

// choose picks the attempt that decides: what the pasted error names wins; otherwise unresolved before resolved, then
// the time that was given or the newest, within a day of that the product's own apps before their surroundings, and
// within an hour a real refusal before an unfinished step. Failures in apps that have nothing to do with the product are
// never chosen unless the pasted error names them, nor failures long after the time that was given. It returns nil when
// nothing failed.
func choose(c *Case, all []attempt) *attempt {
	var failed []*attempt
	for i := range all {
		a := &all[i]
		if row := a.named(c); row != nil {
			a.failed = row
			return a
		}
		if a.failed != nil && relate(a.failed, c.Product) != unrelated && !c.muchLater(a.failed) {
			failed = append(failed, a)
		}
	}
	if c.ErrorCode != 0 {
		failed = preferring(failed, func(a *attempt) bool { return a.failed.ErrorCode == c.ErrorCode })
	}
	open := slices.DeleteFunc(slices.Clone(failed), func(a *attempt) bool { return a.solved != nil })
	if len(open) == 0 {
		return nearest(slices.DeleteFunc(failed, func(a *attempt) bool { return weight(a.failed) < 2 }), c.At)
	}
	open = preferring(open, func(a *attempt) bool { return weight(a.failed) > 0 })
	newest := nearest(open, c.At).failed.Time
	open = slices.DeleteFunc(open, func(a *attempt) bool { return newest.Sub(a.failed.Time) > c.window() })
	open = preferring(open, func(a *attempt) bool { return relate(a.failed, c.Product) == ofProduct })
	return heaviestNear(nearest(open, c.At), open)
}

// named returns the failed row of this attempt that the pasted error names: by its request id, or the one that speaks for
// the attempt when its correlation id is named. It is nil when neither is.
func (a *attempt) named(c *Case) *SignIn {
	var named *SignIn
	for i := range a.rows {
		switch row := &a.rows[i]; {
		case refused(row) && c.namesRequest(row):
			return row
		case c.names(row) && a.failed != nil:
			named = a.failed
		case c.names(row) && refused(row):
			named = row // a slip of the finger, but the one that was asked about
		}
	}
	return named
}

// names reports whether the pasted error names the row by its correlation id or request id.
func (c *Case) names(row *SignIn) bool {
	return c.CorrelationID != "" && strings.EqualFold(row.CorrelationID, c.CorrelationID) || c.namesRequest(row)
}

func (c *Case) namesRequest(row *SignIn) bool {
	return c.RequestID != "" && (strings.EqualFold(row.ID, c.RequestID) || strings.EqualFold(row.OriginalRequestID, c.RequestID))
}

// preferring keeps those that fulfil the wish, or all when none does.
func preferring(all []*attempt, wish func(*attempt) bool) []*attempt {
	wished := slices.DeleteFunc(slices.Clone(all), func(a *attempt) bool { return !wish(a) })
	if len(wished) == 0 {
		return all
	}
	return wished
}

// nearest returns the newest attempt that is not later than at, or else the oldest of the later ones; the newest of
// all when at is zero; nil when there is none.
func nearest(all []*attempt, at time.Time) *attempt {
	var before, after *attempt
	for _, a := range all {
		switch {
		case at.IsZero() || !a.failed.Time.After(at.Add(afterReport)):
			if before == nil || !a.failed.Time.Before(before.failed.Time) {
				before = a
			}
		case after == nil || a.failed.Time.Before(after.failed.Time):
			after = a
		}
	}
	if before != nil {
		return before
	}
	return after
}

// heaviestNear returns the newest attempt of the greatest weight in the hour up to pick.
func heaviestNear(pick *attempt, all []*attempt) *attempt {
	best := pick
	for _, a := range all {
		near := !a.failed.Time.After(pick.failed.Time) && pick.failed.Time.Sub(a.failed.Time) <= sameMoment
		heavier := weight(a.failed) > weight(best.failed)
		newer := weight(a.failed) == weight(best.failed) && a.failed.Time.After(best.failed.Time)
		if near && (heavier || newer) {
			best = a
		}
	}
	return best
}

// later returns the newest unresolved real refusal that lies too long after the time that was given to be what the person
// tells of; nil when there is none.
func later(c *Case, all []attempt) *SignIn {
	var newest *SignIn
	for _, a := range all {
		row := a.failed
		if row == nil || a.solved != nil || weight(row) < 2 || relate(row, c.Product) == unrelated || !c.muchLater(row) {
			continue
		}
		if newest == nil || !row.Time.Before(newest.Time) {
			newest = row
		}
	}
	return newest
}

// elsewhere returns the newest unresolved real refusal of each app that has nothing to do with the product, newest first.
func elsewhere(c *Case, all []attempt) []SignIn {
	const most = 3
	var out []SignIn
	at := map[string]int{} // by app
	for i := range all {
		a := &all[i]
		row := a.failed
		if row == nil || a.solved != nil || weight(row) < 2 || relate(row, c.Product) != unrelated {
			continue
		}
		if i, told := at[app(row)]; !told {
			at[app(row)] = len(out)
			out = append(out, *row)
		} else if !row.Time.Before(out[i].Time) {
			out[i] = *row
		}
	}
	slices.SortStableFunc(out, func(a, b SignIn) int { return b.Time.Compare(a.Time) })
	return out[:min(len(out), most)]
}
