package bot

import (
	"context"
	"errors"
	"maps"
	"strings"
	"sync"
	"time"

	"signpost/limit"
)

// slower is added to each of Teams' periods, for requests that are slow to arrive.
const slower = 100 * time.Millisecond

// What Teams takes from a bot in one conversation, and from an app in one tenant. A conversation is a chat or a whole
// channel. Other instances of the bot are not known here; what Teams then refuses is sent again when it says so.
// Source: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
var (
	conversationRates = []limit.Rate{
		{Most: 7, Period: time.Second + slower},
		{Most: 8, Period: 2*time.Second + slower},
		{Most: 60, Period: 30*time.Second + slower},
		{Most: 1800, Period: time.Hour + slower},
	}
	tenantRates = []limit.Rate{{Most: 30, Period: time.Second + slower}}
)

const (
	patience   = 3 * time.Second // who would wait longer for a place is told so: meanwhile others can be served
	sweepEvery = time.Minute
)

// errPace says that Teams' limits leave no place for a message now.
var errPace = errors.New("as many messages were sent as Teams takes for now")

// pace keeps the bot to what Teams takes.
type pace struct {
	mu            sync.Mutex
	conversations map[string]*limit.Schedule // those to which something was sent in the last hour
	tenants       map[string]*limit.Schedule
	swept         time.Time
}

func newPace() *pace {
	return &pace{conversations: map[string]*limit.Schedule{}, tenants: map[string]*limit.Schedule{}}
}

// wait returns when a request may be sent. When that is past the context's deadline, or too far away to wait for, it
// returns a *SendError at once that says how long, and takes no place. A place whose wait is cancelled stays taken.
func (p *pace) wait(ctx context.Context, where Reference) *SendError {
	now := time.Now()
	at := now.Add(patience)
	if deadline, ok := ctx.Deadline(); ok && deadline.Before(at) {
		at = deadline
	}
	pause, ok := p.place(where, now, at)
	switch {
	case !ok:
		return &SendError{RetryAfter: pause, Err: errPace}
	case pause > 0 && !sleep(ctx, pause):
		return &SendError{Err: ctx.Err()}
	}
	return nil
}

// place takes the next place before a time. It returns how far away the place is; ok is false when it was not taken.
func (p *pace) place(where Reference, now, before time.Time) (pause time.Duration, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sweep(now)
	id, _, _ := strings.Cut(where.ConversationID, ";messageid=") // the threads of a channel share its limit
	conversation := schedule(p.conversations, id, conversationRates)
	tenant := schedule(p.tenants, strings.ToLower(where.TenantID), tenantRates)
	conversation.Forget(now)
	tenant.Forget(now)
	at := now
	for {
		next := tenant.Next(conversation.Next(at))
		if next.Equal(at) {
			break
		}
		at = next
	}
	if at.After(before) {
		return at.Sub(now), false
	}
	conversation.Add(at)
	tenant.Add(at)
	return at.Sub(now), true
}

// sweep forgets conversations that rest. There are never more of them than the tenants' limit allows in an hour.
func (p *pace) sweep(now time.Time) {
	if now.Sub(p.swept) < sweepEvery {
		return
	}
	p.swept = now
	for _, all := range []map[string]*limit.Schedule{p.conversations, p.tenants} {
		maps.DeleteFunc(all, func(_ string, s *limit.Schedule) bool { return s.Forget(now) })
	}
}

func schedule(all map[string]*limit.Schedule, key string, rates []limit.Rate) *limit.Schedule {
	s, ok := all[key]
	if !ok {
		s = limit.NewSchedule(rates...)
		all[key] = s
	}
	return s
}

// sleep waits; false when the context ends before.
func sleep(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
