package queue

import (
	"context"
	"sync"
	"time"
)

// The size of what is written as one message.
const (
	mostRecords    = 256
	mostBatchBytes = 512 << 10 // a single record may be larger
)

// commitTimeout is how long one write may take. It is not the context's of whoever asked for it: others wait for it, too.
const commitTimeout = 5 * time.Second

// committer writes what several callers bring at the same time as one message: a disk syncs a hundred records as fast as
// one. While a write is under way the next ones gather; nobody waits for company.
type committer struct {
	write func(ctx context.Context, batch []record) error

	mu      sync.Mutex
	waiting []*commit
	leading bool // somebody is writing
}

// commit is a record on its way.
type commit struct {
	record
	turn chan bool // true: it is your turn to write for all; false: it is written, see err
	err  error
}

// add returns once the record is written, or could not be. When ctx ends before, the record may still be written.
func (c *committer) add(ctx context.Context, r record) error {
	own := &commit{record: r, turn: make(chan bool, 1)}
	c.mu.Lock()
	c.waiting = append(c.waiting, own)
	lead := !c.leading
	c.leading = true
	c.mu.Unlock()
	if !lead {
		select {
		case lead = <-own.turn:
		case <-ctx.Done():
			go func() { // whoever is told to lead must
				if <-own.turn {
					c.lead()
				}
			}()
			return ctx.Err()
		}
	}
	if lead {
		c.lead()
		<-own.turn
	}
	return own.err
}

// lead writes what waits, the leader's own record among it, and hands over to the first of those who came meanwhile.
func (c *committer) lead() {
	c.mu.Lock()
	batch := c.take()
	c.mu.Unlock()

	records := make([]record, len(batch))
	for i, one := range batch {
		records[i] = one.record
	}
	ctx, cancel := context.WithTimeout(context.Background(), commitTimeout)
	err := c.write(ctx, records)
	cancel()

	c.mu.Lock()
	var next *commit
	if len(c.waiting) > 0 {
		next = c.waiting[0]
	}
	c.leading = next != nil
	c.mu.Unlock()
	if next != nil {
		next.turn <- true
	}
	for _, one := range batch {
		one.err = err
		one.turn <- false
	}
}

// take removes the next batch from what waits. The caller holds mu.
func (c *committer) take() []*commit {
	size, n := 0, 0
	for n < len(c.waiting) && n < mostRecords && (n == 0 || size+len(c.waiting[n].body) <= mostBatchBytes) {
		size += len(c.waiting[n].body)
		n++
	}
	batch := c.waiting[:n:n]
	c.waiting = append([]*commit(nil), c.waiting[n:]...)
	return batch
}
