package handlers

import "sync"

const (
	idleLines = 4      // how many different lines there are for a message that says nothing to look up
	mostLines = 10_000 // conversations whose last line is remembered; beyond it, all are forgotten
)

// lines remembers which line each conversation heard last.
type lines struct {
	mu   sync.Mutex
	last map[string]int
}

func newLines() *lines { return &lines{last: map[string]int{}} }

// next is the number of the line to say now, counted from 1.
func (l *lines) next(conversation string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.last) >= mostLines {
		clear(l.last)
	}
	n := l.last[conversation]%idleLines + 1
	l.last[conversation] = n
	return n
}
