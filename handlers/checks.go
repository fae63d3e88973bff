package handlers

import (
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	checksPeriod = 10 * time.Minute
	mostAskers   = 10_000 // people whose checks are remembered; beyond it, all are forgotten
)

// checks counts what each person has looked up in the last minutes, in this process: one person must not use up what Graph
// allows for the whole organisation.
type checks struct {
	most int // in checksPeriod; 0: any number
	now  func() time.Time

	mu sync.Mutex
	of map[string][]check
}

type check struct {
	at   time.Time
	turn string // the activity that asked
}

func newChecks(most int, now func() time.Time) *checks {
	return &checks{most: most, now: now, of: map[string][]check{}}
}

// take counts one more check of a person, and reports whether they may have it. A turn that comes again counts once.
func (c *checks) take(person, turn string) bool {
	if c.most == 0 || person == "" {
		return true // whoever is not known is refused elsewhere
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.of) >= mostAskers {
		clear(c.of)
	}
	now, key := c.now(), strings.ToLower(person)
	recent := c.of[key]
	for len(recent) > 0 && now.Sub(recent[0].at) >= checksPeriod {
		recent = recent[1:]
	}
	if slices.ContainsFunc(recent, func(one check) bool { return one.turn == turn }) {
		return true
	}
	if len(recent) >= c.most {
		c.of[key] = recent
		return false
	}
	c.of[key] = append(recent, check{now, turn})
	return true
}
