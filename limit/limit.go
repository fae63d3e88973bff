// Package limit says when an act may happen so that no limit of the form "at most so many in any period" is broken. A token
// bucket would not do: it grants nearly twice as many in the period that follows a rest.
package limit

import (
	"slices"
	"time"
)

// Rate is at most Most acts in any Period.
type Rate struct {
	Most   int
	Period time.Duration
}

// Schedule is when acts happened or are to happen. It must not be used by several goroutines at once.
type Schedule struct {
	rates []Rate
	acts  []time.Time // in order
}

// NewSchedule returns an empty schedule for acts that must keep to all of the rates.
func NewSchedule(rates ...Rate) *Schedule { return &Schedule{rates: rates} }

// Next returns the first time from which one more act may happen, which is from itself or later.
func (s *Schedule) Next(from time.Time) time.Time {
	for {
		at := from
		for _, r := range s.rates {
			at = s.after(r, at)
		}
		if at.Equal(from) {
			return at
		}
		from = at // what one rate moved may now break another
	}
}

// Add notes an act. Its time must have come from Next.
func (s *Schedule) Add(at time.Time) {
	i, _ := slices.BinarySearchFunc(s.acts, at, time.Time.Compare)
	s.acts = slices.Insert(s.acts, i, at)
}

// Forget forgets the acts that no longer count at now, and reports whether none is left.
func (s *Schedule) Forget(now time.Time) (empty bool) {
	var longest time.Duration
	for _, r := range s.rates {
		longest = max(longest, r.Period)
	}
	i := slices.IndexFunc(s.acts, func(act time.Time) bool { return now.Sub(act) < longest })
	if i < 0 {
		i = len(s.acts)
	}
	s.acts = slices.Delete(s.acts, 0, i)
	return len(s.acts) == 0
}

// after moves a time behind every run of acts that leaves no room for one more in the rate's period.
func (s *Schedule) after(r Rate, at time.Time) time.Time {
	recent, _ := slices.BinarySearchFunc(s.acts, at.Add(-r.Period), time.Time.Compare)
	for i := max(0, recent-r.Most+1); i+r.Most <= len(s.acts); i++ {
		first, last := s.acts[i], s.acts[i+r.Most-1]
		if latest(last, at).Sub(earliest(first, at)) < r.Period {
			at = first.Add(r.Period)
		}
	}
	return at
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
