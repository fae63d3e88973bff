package sandbox

import (
	"slices"
	"sync"
	"time"
)

// window remembers when things happened.
type window struct {
	mu   sync.Mutex
	when []time.Time
}

// admit notes that something happens now and returns how long to wait when that is more than most in the period. What
// is refused counts too, as at Microsoft, where retrying at once prolongs the wait.
func (l *window) admit(now time.Time, most int, period time.Duration) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.when = slices.DeleteFunc(l.when, func(t time.Time) bool { return !t.After(now.Add(-period)) })
	l.when = append(l.when, now)
	if len(l.when) <= most {
		return 0
	}
	return l.when[len(l.when)-most].Add(period).Sub(now)
}
