// Package queue keeps turns until they are done, and the little state that outlives them.
//
// It is a thin layer over NATS JetStream, embedded in the process with a file store that syncs every write: once Put
// returned nil a job survives any crash, and it is delivered again until its handler succeeds or it is parked. Jobs that
// are put at the same time are written as one message. The package knows nothing of Teams or of sign-ins; a job is an id
// and bytes.
package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Kind separates jobs that must not wait for each other: each kind has workers of its own.
type Kind string

// Options says how to open a queue.
type Options struct {
	Dir         string        // where the store lies; created with mode 0700 when missing
	Kinds       []Kind        // every kind that will be put or worked on
	DedupWindow time.Duration // how long an id is remembered, so that putting it again does nothing; 0 means 2 h
	Deliveries  int           // how often a job is tried before it is parked; 0 means 5
	Patience    time.Duration // how long a job that fails with Later is kept; 0 means 24 h
	Log         *slog.Logger
	Now         func() time.Time // nil: time.Now
}

// Queue is an open queue. It is safe for concurrent use.
type Queue struct {
	opts    Options
	server  *server.Server
	conn    *nats.Conn
	js      jetstream.JetStream
	seen    *seen
	notes   *Notes
	commits map[Kind]*committer
}

const (
	jobStream    = "JOBS"
	parkedStream = "PARKED"
	startTimeout = 10 * time.Second
)

// Open starts the embedded server on the store in opts.Dir and makes the streams ready. Close it when done.
func Open(ctx context.Context, opts Options) (*Queue, error) {
	if opts.DedupWindow == 0 {
		opts.DedupWindow = 2 * time.Hour
	}
	if opts.Deliveries == 0 {
		opts.Deliveries = 5
	}
	if opts.Patience == 0 {
		opts.Patience = 24 * time.Hour
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if err := os.MkdirAll(opts.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	q := &Queue{opts: opts, seen: newSeen(opts.DedupWindow, opts.Now), commits: map[Kind]*committer{}}
	if err := q.start(); err != nil {
		return nil, err
	}
	if err := q.prepare(ctx); err != nil {
		q.Close()
		return nil, err
	}
	return q, nil
}

// start runs the embedded server. It listens on no port: only this process can reach it.
func (q *Queue) start() error {
	embedded, err := server.NewServer(&server.Options{
		ServerName: "signpost",
		DontListen: true,
		JetStream:  true,
		StoreDir:   q.opts.Dir,
		SyncAlways: true,
		MaxPayload: mostPayload,
		NoSigs:     true,
		NoLog:      true,
	})
	if err != nil {
		return fmt.Errorf("configure the embedded queue: %w", err)
	}
	q.server = embedded
	embedded.Start()
	if !embedded.ReadyForConnections(startTimeout) {
		embedded.Shutdown()
		return fmt.Errorf("the embedded queue did not start within %s on %s; is another signpost using this data directory?", startTimeout, q.opts.Dir)
	}
	if q.conn, err = nats.Connect("", nats.InProcessServer(embedded), nats.Name("signpost")); err != nil {
		embedded.Shutdown()
		return fmt.Errorf("connect to the embedded queue: %w", err)
	}
	if q.js, err = jetstream.New(q.conn); err != nil {
		q.Close()
		return fmt.Errorf("use the embedded queue: %w", err)
	}
	return nil
}

// mostPayload is what one message may hold: a batch, or a single job of the endpoint's largest body.
const mostPayload = 4 << 20

func (q *Queue) prepare(ctx context.Context) error {
	var subjects []string
	for _, kind := range q.opts.Kinds {
		subjects = append(subjects, subject(kind), delayed(kind, "*"))
		q.commits[kind] = &committer{write: func(ctx context.Context, batch []record) error { return q.write(ctx, kind, batch) }}
	}
	_, err := q.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name:              jobStream,
		Subjects:          subjects,
		Retention:         jetstream.WorkQueuePolicy,
		Storage:           jetstream.FileStorage,
		Duplicates:        q.opts.DedupWindow,
		AllowMsgSchedules: true,
	})
	if err != nil {
		return fmt.Errorf("prepare the job stream: %w", err)
	}
	_, err = q.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name:     parkedStream,
		Subjects: []string{"parked.>"},
		Storage:  jetstream.FileStorage,
	})
	if err != nil {
		return fmt.Errorf("prepare the stream of parked jobs: %w", err)
	}
	q.notes, err = openNotes(ctx, q.js, jetstream.StreamConfig{
		Name:     notesStream,
		Subjects: []string{notesSubject},
		Storage:  jetstream.FileStorage,
		MaxAge:   q.opts.DedupWindow,
	}, q.seen, q.opts.Log)
	if err != nil {
		return err
	}
	return q.learnPending(ctx)
}

// mostPending is how many messages are looked through for the ids of jobs that wait; of those behind them the same job may
// be stored once more, and is then passed over when its turn comes.
const mostPending = 20_000

// learnPending remembers the jobs that a process before this one stored.
func (q *Queue) learnPending(ctx context.Context) error {
	stream, err := q.js.Stream(ctx, jobStream)
	if err != nil {
		return fmt.Errorf("read the job stream: %w", err)
	}
	for _, kind := range q.opts.Kinds {
		next := stream.CachedInfo().State.FirstSeq
		for range mostPending {
			msg, err := stream.GetMsg(ctx, next, jetstream.WithGetMsgSubject(subject(kind)))
			if errors.Is(err, jetstream.ErrMsgNotFound) {
				break
			}
			if err != nil {
				return fmt.Errorf("read the jobs that wait: %w", err)
			}
			records, err := decode(msg.Data)
			if msg.Header.Get(formatHeader) != formatRecords {
				records = []record{{id: msg.Header.Get(idHeader)}}
			} else if err != nil {
				q.opts.Log.Error("a stored message could not be read", slog.Any("error", err))
			}
			for _, r := range records {
				if r.id != "" {
					q.seen.stored(sum(string(kind), r.id))
				}
			}
			next = msg.Sequence + 1
		}
	}
	return nil
}

// Notes are what is noted about jobs.
func (q *Queue) Notes() *Notes { return q.notes }

// Put stores a job. Once it returns nil the job is on disk; an id that was put within the dedup window is stored once.
func (q *Queue) Put(ctx context.Context, kind Kind, id string, body []byte) error {
	err := q.seen.once(ctx, kind, id, func() error { return q.commits[kind].add(ctx, record{id, body}) })
	if err != nil {
		return fmt.Errorf("store %s job: %w", kind, err)
	}
	return nil
}

// write stores jobs as one message.
func (q *Queue) write(ctx context.Context, kind Kind, batch []record) error {
	msg := &nats.Msg{Subject: subject(kind), Data: encode(batch), Header: nats.Header{}}
	msg.Header.Set(formatHeader, formatRecords)
	_, err := q.js.PublishMsg(ctx, msg)
	return err
}

// Healthy reports whether the queue can store and deliver: nil, or what is wrong.
func (q *Queue) Healthy(ctx context.Context) error {
	if !q.conn.IsConnected() {
		return errors.New("not connected to the queue")
	}
	if _, err := q.js.Stream(ctx, jobStream); err != nil {
		return fmt.Errorf("read the job stream: %w", err)
	}
	return nil
}

// Close stops the embedded server. Jobs that are not done stay in the store.
func (q *Queue) Close() {
	if q.notes != nil {
		q.notes.close()
	}
	if q.conn != nil {
		q.conn.Close()
	}
	q.server.Shutdown()
	q.server.WaitForShutdown()
}

func subject(kind Kind) string { return "jobs." + string(kind) }
