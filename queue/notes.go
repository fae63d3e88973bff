package queue

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Notes are small facts about jobs that are not done yet, such as the id of the message that a turn was answered with. Once
// Note returned nil a fact survives any crash; reading one costs nothing. A fact is forgotten some time after its job.
//
// Beside them the same stream keeps which jobs are done, for as long as their ids are remembered.
type Notes struct {
	commits committer
	js      jetstream.JetStream
	seen    *seen
	log     *slog.Logger

	mu     sync.Mutex
	recent map[uint64][]byte // by sum of the job
	older  map[uint64][]byte
	begun  time.Time
	now    func() time.Time

	follower jetstream.ConsumeContext
	reached  uint64        // the last entry of the stream that is known here
	moved    chan struct{} // closed when reached grows
}

const (
	notesStream   = "NOTES"
	notesSubject  = "notes"
	notesKept     = 10 * time.Minute // twice that at most, and longer than any job takes to be delivered again
	followTimeout = 10 * time.Second
	mostNotes     = 200_000 // of jobs that are not done, in each of the two generations
)

// The ids of records: of one that lists the jobs that are done, and of a note, which begins with its job.
const (
	doneID = "done"
	noteID = "note"

	keySize = 8
)

// openNotes prepares the stream and reads what it holds.
func openNotes(ctx context.Context, js jetstream.JetStream, cfg jetstream.StreamConfig, s *seen, log *slog.Logger) (*Notes, error) {
	n := &Notes{
		js: js, seen: s, log: log, now: s.now, begun: s.now(),
		recent: map[uint64][]byte{}, moved: make(chan struct{}),
	}
	n.commits.write = n.write
	stream, err := js.CreateOrUpdateStream(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("prepare the stream of notes: %w", err)
	}
	consumer, err := js.OrderedConsumer(ctx, notesStream, jetstream.OrderedConsumerConfig{})
	if err != nil {
		return nil, fmt.Errorf("read the notes: %w", err)
	}
	n.follower, err = consumer.Consume(n.take, jetstream.ConsumeErrHandler(func(_ jetstream.ConsumeContext, err error) {
		if !errors.Is(err, nats.ErrConnectionClosed) {
			log.Warn("following the notes was interrupted", slog.Any("error", err))
		}
	}))
	if err != nil {
		return nil, fmt.Errorf("read the notes: %w", err)
	}
	if err := n.upTo(ctx, stream.CachedInfo().State); err != nil {
		n.close()
		return nil, err
	}
	return n, nil
}

// Note stores a fact about a job, in place of an older one. This process knows it even when it cannot be stored.
func (n *Notes) Note(ctx context.Context, kind Kind, job string, fact []byte) error {
	key := sum(string(kind), job)
	n.keep(key, fact)
	body := append(binary.BigEndian.AppendUint64(make([]byte, 0, keySize+len(fact)), key), fact...)
	if err := n.commits.add(ctx, record{noteID, body}); err != nil {
		return fmt.Errorf("store a note: %w", err)
	}
	return nil
}

// Noted returns what was noted about a job that is not done; nil when nothing was.
func (n *Notes) Noted(kind Kind, job string) []byte {
	key := sum(string(kind), job)
	n.mu.Lock()
	defer n.mu.Unlock()
	if fact, ok := n.recent[key]; ok {
		return fact
	}
	return n.older[key]
}

// done stores that jobs are done, so that they are not taken again should they be put once more.
func (n *Notes) done(ctx context.Context, keys []uint64) error {
	body := make([]byte, 0, keySize*len(keys))
	for _, key := range keys {
		body = binary.BigEndian.AppendUint64(body, key)
	}
	return n.commits.add(ctx, record{doneID, body})
}

// catchUp waits until everything is known here that any process had noted by now.
func (n *Notes) catchUp(ctx context.Context) error {
	stream, err := n.js.Stream(ctx, notesStream)
	if err != nil {
		return fmt.Errorf("read the notes: %w", err)
	}
	return n.upTo(ctx, stream.CachedInfo().State)
}

// upTo waits until the newest note of the stream is known here. A stream whose notes are all forgotten has none.
func (n *Notes) upTo(ctx context.Context, state jetstream.StreamState) error {
	ctx, cancel := context.WithTimeout(ctx, followTimeout)
	defer cancel()
	for {
		n.mu.Lock()
		reached, moved := n.reached, n.moved
		n.mu.Unlock()
		if state.Msgs == 0 || reached >= state.LastSeq {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return fmt.Errorf("read the notes: %w", ctx.Err())
		}
	}
}

func (n *Notes) write(ctx context.Context, batch []record) error {
	_, err := n.js.PublishMsg(ctx, &nats.Msg{Subject: notesSubject, Data: encode(batch)})
	return err
}

// take learns what a process, this one or another, has noted.
func (n *Notes) take(msg jetstream.Msg) {
	records, err := decode(msg.Data())
	if err != nil {
		n.log.Error("notes could not be read", slog.Any("error", err))
	}
	for _, r := range records {
		n.learn(r)
	}
	meta, err := msg.Metadata()
	if err != nil {
		return // it came from no stream
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.reached = meta.Sequence.Stream
	close(n.moved)
	n.moved = make(chan struct{})
}

func (n *Notes) learn(r record) {
	switch {
	case len(r.body) < keySize:
	case r.id == noteID:
		n.keep(binary.BigEndian.Uint64(r.body), r.body[keySize:])
	case r.id == doneID:
		for keys := r.body; len(keys) >= keySize; keys = keys[keySize:] {
			key := binary.BigEndian.Uint64(keys)
			n.seen.done(key)
			n.forget(key)
		}
	}
}

func (n *Notes) keep(key uint64, fact []byte) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if now := n.now(); len(n.recent) >= mostNotes || now.Sub(n.begun) > notesKept {
		n.recent, n.older, n.begun = map[uint64][]byte{}, n.recent, now
	}
	n.recent[key] = bytes.Clone(fact)
}

func (n *Notes) forget(key uint64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.recent, key)
	delete(n.older, key)
}

func (n *Notes) close() {
	if n.follower != nil {
		n.follower.Stop()
	}
}
