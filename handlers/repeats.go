package handlers

import (
	"sync"
	"time"

	"signpost/bot"
)

const (
	repeatWithin = time.Minute
	mostRepeats  = 10_000 // messages that are remembered; beyond it, all are forgotten
)

// repeats knows the questions of the last minute. Teams sends what was not acknowledged in time again under another id and
// time, and people press a key twice: both get one answer.
type repeats struct {
	now func() time.Time

	mu   sync.Mutex
	last map[string]question
}

type question struct {
	turn string
	at   time.Time
}

func newRepeats(now func() time.Time) *repeats {
	return &repeats{now: now, last: map[string]question{}}
}

// again reports whether another turn of the same person asked the same in the same conversation within the last minute. A turn
// that comes again under its own id is no repeat: it may have been cut off.
func (r *repeats) again(a *bot.Activity) bool {
	asked := key(thread(a.Conversation.ID) + "\x00" + a.From.ID + "\x00" + a.Words() + "\x00" + string(a.Value))
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	if before, ok := r.last[asked]; ok && before.turn != a.ID && now.Sub(before.at) < repeatWithin {
		return true
	}
	if len(r.last) >= mostRepeats {
		clear(r.last)
	}
	r.last[asked] = question{a.ID, now}
	return false
}
