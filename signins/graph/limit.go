package graph

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Graph answers 5 identity and access report requests per 10 s, app and tenant.
// Source: https://learn.microsoft.com/graph/throttling-limits#identity-and-access-reports-service-limits
const (
	reportBurst  = 5
	reportPeriod = 10*time.Second + 250*time.Millisecond // a little longer, for requests that are slow to arrive
)

// limiter grants at most n acts in any period, in order of arrival. A token bucket would not do: it grants nearly 2n
// in the period that follows a rest.
type limiter struct {
	period time.Duration
	mu     sync.Mutex
	grants []time.Time // a ring: when each of the last n acts may happen
	next   int         // the oldest of them
}

func newLimiter(n int, period time.Duration) *limiter {
	return &limiter{period: period, grants: make([]time.Time, n)}
}

// wait returns when the act may happen. When that would be past the context's deadline it returns a *busyError at once
// and takes no place. A place whose wait is cancelled stays taken: too slow is safe, too fast is not.
func (l *limiter) wait(ctx context.Context) error {
	l.mu.Lock()
	now := time.Now()
	at := l.grants[l.next].Add(l.period)
	if at.Before(now) {
		at = now
	}
	if deadline, ok := ctx.Deadline(); ok && at.After(deadline) {
		l.mu.Unlock()
		return &busyError{wait: at.Sub(now)}
	}
	l.grants[l.next] = at
	l.next = (l.next + 1) % len(l.grants)
	l.mu.Unlock()
	if at.Equal(now) {
		return ctx.Err()
	}
	return sleep(ctx, at.Sub(now))
}

// busyError says that our own limit leaves no place before the deadline.
type busyError struct{ wait time.Duration }

// Error names the wait.
func (e *busyError) Error() string {
	return fmt.Sprintf("no report request may be sent for %s", e.wait.Round(time.Second))
}
