package graph

import (
	"context"
	"sync"
	"time"
)

// memoSize bounds how many answers a memo holds, so that asking about ever new people does not fill the memory.
const memoSize = 10_000

// memo keeps answers for a while and lets those who ask for the same thing at the same time share one load. Errors
// are not kept. Unlike x/sync/singleflight a load does not end with the caller who happened to begin it, nor go on
// after the last one has given up.
type memo[T any] struct {
	ttl, timeout time.Duration
	now          func() time.Time
	mu           sync.Mutex
	kept         map[string]kept[T]
	swept        time.Time // when what is too old was last dropped
	loads        map[string]*load[T]
}

type kept[T any] struct {
	value T
	until time.Time
}

type load[T any] struct {
	waiting int
	cancel  context.CancelFunc
	done    chan struct{} // closed once value and err are set
	value   T
	err     error
}

// newMemo keeps answers for ttl and gives a load timeout to finish.
func newMemo[T any](ttl, timeout time.Duration, now func() time.Time) *memo[T] {
	return &memo[T]{ttl: ttl, timeout: timeout, now: now, kept: map[string]kept[T]{}, loads: map[string]*load[T]{}}
}

// get returns the kept answer, or the one that fetch finds.
func (m *memo[T]) get(ctx context.Context, key string, fetch func(context.Context) (T, error)) (T, error) {
	var zero T
	if ctx.Err() != nil {
		return zero, ctx.Err()
	}
	m.mu.Lock()
	if k, ok := m.kept[key]; ok && m.now().Before(k.until) {
		m.mu.Unlock()
		return k.value, nil
	}
	l := m.loads[key]
	if l == nil {
		l = m.begin(ctx, key, fetch)
	}
	l.waiting++
	m.mu.Unlock()
	select {
	case <-l.done:
		return l.value, l.err
	case <-ctx.Done():
		m.giveUp(key, l)
		return zero, ctx.Err()
	}
}

// begin is called with the lock held.
func (m *memo[T]) begin(ctx context.Context, key string, fetch func(context.Context) (T, error)) *load[T] {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), m.timeout)
	l := &load[T]{cancel: cancel, done: make(chan struct{})}
	m.loads[key] = l
	go func() {
		defer cancel()
		value, err := fetch(ctx)
		m.mu.Lock()
		defer m.mu.Unlock()
		l.value, l.err = value, err
		close(l.done)
		if m.loads[key] == l {
			delete(m.loads, key)
		}
		if err == nil {
			m.keep(key, value)
		}
	}()
	return l
}

// forget drops the kept answer, so that whoever asks next gets a new one.
func (m *memo[T]) forget(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.kept, key)
}

func (m *memo[T]) giveUp(key string, l *load[T]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l.waiting--
	if l.waiting > 0 {
		return
	}
	l.cancel()
	if m.loads[key] == l {
		delete(m.loads, key) // whoever asks next begins anew
	}
}

// keep is called with the lock held.
func (m *memo[T]) keep(key string, value T) {
	now := m.now()
	if len(m.kept) >= memoSize || now.Sub(m.swept) > m.ttl {
		m.swept = now
		for other, k := range m.kept {
			if !now.Before(k.until) {
				delete(m.kept, other)
			}
		}
	}
	if len(m.kept) >= memoSize {
		clear(m.kept)
	}
	m.kept[key] = kept[T]{value: value, until: now.Add(m.ttl)}
}
