package graph

import (
	"context"
	"fmt"
	"sync"
	"time"

	"signpost/limit"
)

// Graph answers 5 identity and access report requests per 10 s, app and tenant.
// Source: https://learn.microsoft.com/graph/throttling-limits#identity-and-access-reports-service-limits
const (
	reportBurst  = 5
	reportPeriod = 10*time.Second + 250*time.Millisecond // a little longer, for requests that are slow to arrive
)

// limiter grants acts in order of arrival.
type limiter struct {
	mu   sync.Mutex
	acts *limit.Schedule
}

func newLimiter(n int, period time.Duration) *limiter {
	return &limiter{acts: limit.NewSchedule(limit.Rate{Most: n, Period: period})}
}

// wait returns when the act may happen. When that would be past the context's deadline it returns a *busyError at once
// and takes no place. A place whose wait is cancelled stays taken: too slow is safe, too fast is not.
func (l *limiter) wait(ctx context.Context) error {
	l.mu.Lock()
	now := time.Now()
	l.acts.Forget(now)
	at := l.acts.Next(now)
	if deadline, ok := ctx.Deadline(); ok && at.After(deadline) {
		l.mu.Unlock()
		return &busyError{wait: at.Sub(now)}
	}
	l.acts.Add(at)
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
