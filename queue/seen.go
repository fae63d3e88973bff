package queue

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"sync"
	"time"
)

// mostSeen bounds each generation of what is remembered: about 20 bytes each, so 20 MB in all.
const mostSeen = 500_000

// seen remembers for a while which jobs were put, and which of them are done, by small numbers. It forgets by generations:
// a job is remembered for at least half its window unless more than half a million follow it.
type seen struct {
	window time.Duration
	now    func() time.Time

	mu      sync.Mutex
	recent  map[uint64]bool // whether the job is done
	older   map[uint64]bool
	since   time.Time // when recent was begun
	flights map[uint64]*flight
	busy    map[uint64]bool // the jobs that are being worked on
}

// flight is a job that is being stored.
type flight struct {
	done chan struct{}
	err  error
}

func newSeen(window time.Duration, now func() time.Time) *seen {
	return &seen{window: window, now: now, recent: map[uint64]bool{}, flights: map[uint64]*flight{}, busy: map[uint64]bool{}, since: now()}
}

// once does store unless the job was stored before; who asks while it is being stored waits for the outcome.
func (s *seen) once(ctx context.Context, kind Kind, id string, store func() error) error {
	key := sum(string(kind), id)
	s.mu.Lock()
	if _, stored := s.look(key); stored {
		s.mu.Unlock()
		return nil
	}
	if f := s.flights[key]; f != nil {
		s.mu.Unlock()
		select {
		case <-f.done:
			return f.err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	f := &flight{done: make(chan struct{})}
	s.flights[key] = f
	s.mu.Unlock()

	f.err = store()
	s.mu.Lock()
	delete(s.flights, key)
	if f.err == nil {
		s.remember(key, false)
	}
	s.mu.Unlock()
	close(f.done)
	return f.err
}

// stored remembers a job that is in the store.
func (s *seen) stored(key uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.look(key); !known {
		s.remember(key, false)
	}
}

// begin reports whether nobody in this process works on a job, and says that somebody does from now on, until end.
func (s *seen) begin(key uint64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy[key] {
		return false
	}
	s.busy[key] = true
	return true
}

func (s *seen) end(key uint64, done bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.busy, key)
	if done {
		s.remember(key, true)
	}
}

// done remembers that a job is done.
func (s *seen) done(key uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remember(key, true)
}

// isDone reports whether a job is known to be done.
func (s *seen) isDone(key uint64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	done, _ := s.look(key)
	return done
}

// look and remember are called with mu held.
func (s *seen) look(key uint64) (done, stored bool) {
	if done, stored = s.recent[key]; !stored {
		done, stored = s.older[key]
	}
	return done, stored
}

func (s *seen) remember(key uint64, done bool) {
	if now := s.now(); len(s.recent) >= mostSeen || now.Sub(s.since) > s.window/2 {
		s.recent, s.older, s.since = map[uint64]bool{}, s.recent, now
	}
	s.recent[key] = done
}

// sum is a number for a job, the same in every process.
func sum(kind, id string) uint64 {
	hash := sha256.Sum256([]byte(kind + "\x00" + id))
	return binary.BigEndian.Uint64(hash[:])
}
