package bot

import (
	"errors"
	"log/slog"
	"sync"
	"time"
)

// A flood of bad requests must not fill the disk: of refusals for one reason and rule, so many are logged in each
// period, and at its end how many more there were.
const (
	loggedRefusals = 10
	refusalPeriod  = time.Minute
)

// refusals logs why activities were refused.
type refusals struct {
	log *slog.Logger

	mu     sync.Mutex
	counts map[refusal]int // in the period that runs; there are as many as reasons and rules
}

type refusal struct {
	reason string
	rule   Rule
}

func newRefusals(log *slog.Logger) *refusals {
	return &refusals{log: log, counts: map[refusal]int{}}
}

// note logs a refusal. Of the error it tells the rule alone, and never the claims: whoever sent them chose them.
func (r *refusals) note(reason string, err error) {
	why := refusal{reason: reason}
	if broken, ok := errors.AsType[*Refusal](err); ok {
		why.rule = broken.Rule
	}
	if !r.count(why) {
		return
	}
	attrs := why.attrs()
	if err != nil && reason == string(RuleKeys) {
		attrs = append(attrs, slog.Any("error", err))
	}
	r.log.Warn("an activity was refused", attrs...)
}

// count counts a refusal and reports whether it is to be logged. The first of its kind begins a period.
func (r *refusals) count(why refusal) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counts[why]++
	if r.counts[why] == 1 {
		time.AfterFunc(refusalPeriod, func() { r.sum(why) })
	}
	return r.counts[why] <= loggedRefusals
}

// sum ends a period.
func (r *refusals) sum(why refusal) {
	r.mu.Lock()
	more := r.counts[why] - loggedRefusals
	delete(r.counts, why)
	r.mu.Unlock()
	if more > 0 {
		r.log.Warn("more activities were refused", append(why.attrs(), slog.Int("count", more))...)
	}
}

func (r refusal) attrs() []any {
	attrs := []any{slog.String("reason", r.reason)}
	if r.rule != "" {
		attrs = append(attrs, slog.String("rule", string(r.rule)))
	}
	return attrs
}
