package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Job is a delivered job.
type Job struct {
	Kind     Kind
	ID       string // empty for jobs that versions before 0.2 stored
	Body     []byte
	Delivery int       // 1 for the first time; tries that ended with Later do not count
	Stored   time.Time // when Put stored it
}

// Worker says how jobs of one kind are worked on.
type Worker struct {
	Kind     Kind
	Parallel int           // how many at once; 0 means 1
	Timeout  time.Duration // how long one try may take; 0 means 1 min
	Grace    time.Duration // how long jobs in flight may go on once Work's context is done; 0 means 8 s

	// Handle does the job. nil means done. An error gives the job back, to be tried again later, until Options.Deliveries; one
	// made by Later until Options.Patience.
	Handle func(ctx context.Context, job Job) error
	// Parked is told of a job that was tried for the last time. It may be nil.
	Parked func(ctx context.Context, job Job, reason error)
}

// backoff is how long a job waits after its nth failed delivery; the last entry holds for all later ones.
var backoff = []time.Duration{time.Second, 5 * time.Second, 15 * time.Second, time.Minute}

// prefetched is how many messages, of one job or many, a worker has at hand beside those it works on. Few, for the time in
// which they must be settled has begun.
const prefetched = 4

// Work delivers jobs to w until ctx is done, then lets those in flight finish within the grace and gives back the rest.
// It returns nil after that, or an error when deliveries cannot be had at all.
func (q *Queue) Work(ctx context.Context, w Worker) error {
	w.Parallel = max(w.Parallel, 1)
	if w.Timeout == 0 {
		w.Timeout = time.Minute
	}
	if w.Grace == 0 {
		w.Grace = 8 * time.Second
	}
	consumer, err := q.js.CreateOrUpdateConsumer(ctx, jobStream, jetstream.ConsumerConfig{
		Durable:       "worker-" + string(w.Kind),
		FilterSubject: subject(w.Kind),
		AckPolicy:     jetstream.AckExplicitPolicy,
		AckWait:       w.Timeout + w.Grace, // a killed process gives its jobs back after this
		MaxAckPending: 4 * max(w.Parallel, prefetched),
	})
	if err != nil {
		return fmt.Errorf("prepare the %s consumer: %w", w.Kind, err)
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(prefetched))
	if err != nil {
		return fmt.Errorf("receive %s jobs: %w", w.Kind, err)
	}
	stopped := context.AfterFunc(ctx, messages.Stop)
	defer stopped()

	inFlight, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	lastCall := context.AfterFunc(ctx, func() { time.AfterFunc(w.Grace, cancel) })
	defer lastCall()

	shift := shift{queue: q, worker: w, slots: make(chan struct{}, w.Parallel)}
	defer func() {
		shift.busy.Wait()
		flushing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = q.conn.FlushWithContext(flushing) // or what was handed back would come again only after its time
	}()
	for {
		msg, err := messages.Next()
		switch {
		case errors.Is(err, jetstream.ErrMsgIteratorClosed):
			return nil
		case err != nil:
			q.opts.Log.Warn("receiving jobs was interrupted", slog.String("kind", string(w.Kind)), slog.Any("error", err))
			if errors.Is(err, nats.ErrConnectionClosed) {
				return nil
			}
		default:
			shift.begin(inFlight, msg)
		}
	}
}

// shift is one Work.
type shift struct {
	queue  *Queue
	worker Worker
	slots  chan struct{} // one for each job that is being worked on
	busy   sync.WaitGroup
}

// begin works on the jobs of a message, each as soon as there is a slot for it.
func (s *shift) begin(ctx context.Context, msg jetstream.Msg) {
	d, err := s.queue.receive(ctx, &s.worker, msg)
	if err != nil {
		s.queue.opts.Log.Error("a stored message could not be read", slog.String("kind", string(s.worker.Kind)), slog.Any("error", err))
		d = &delivery{queue: s.queue, kind: s.worker.Kind, msg: msg}
		d.jobs = []delivered{{Job{Kind: s.worker.Kind, Body: msg.Data()}, outcome{park: err}}}
		d.settle(ctx)
		return
	}
	if d.split {
		d.separate(ctx)
		return
	}
	if len(d.jobs) == 0 {
		d.settle(ctx)
		return
	}
	d.left.Store(int64(len(d.jobs)))
	for i := range d.jobs {
		s.slots <- struct{}{}
		s.busy.Go(func() {
			defer func() { <-s.slots }()
			d.jobs[i].outcome = s.try(ctx, d.jobs[i].Job, d.anew)
			if d.left.Add(-1) == 0 {
				d.settle(ctx)
			}
		})
	}
}

// try does one job once, and says what is to become of it.
func (s *shift) try(ctx context.Context, job Job, anew bool) outcome {
	q, w := s.queue, &s.worker
	key := sum(string(job.Kind), job.ID)
	switch {
	case job.ID != "" && !anew && q.seen.isDone(key):
		return outcome{} // it was put twice, or the process died before it could say so
	case job.ID != "" && !q.seen.begin(key):
		return outcome{again: errUnderWay, wait: backoff[0], free: true} // it was put twice, and the other is not done yet
	}
	if job.Delivery > q.opts.Deliveries {
		q.seen.end(key, false)
		return outcome{park: errors.New("delivered too often without an outcome; the process may have died of it")}
	}
	tryCtx, cancel := context.WithTimeout(ctx, w.Timeout)
	err := handle(tryCtx, job, w.Handle)
	cancel()
	if job.ID != "" {
		q.seen.end(key, err == nil)
	}
	var later *laterError
	switch {
	case err == nil:
		return outcome{}
	case ctx.Err() != nil: // we are stopping: whoever comes next gets it at once
		return outcome{again: err, free: true}
	case errors.As(err, &later) && q.opts.Now().Sub(job.Stored) < q.opts.Patience:
		wait := max(later.after, backoff[min(job.Delivery, len(backoff))-1])
		wait += rand.N(wait/4 + 1) //nolint:gosec // so that all that met the same outage do not come back together
		return outcome{again: later, wait: wait, free: true}
	case job.Delivery >= q.opts.Deliveries:
		return outcome{park: err}
	default:
		return outcome{again: err, wait: backoff[min(job.Delivery, len(backoff))-1]}
	}
}

var errUnderWay = errors.New("the same job is being worked on")

// Later makes an error that says: the job is all right, but something that it needs is not there at the moment. The job is
// tried again, after the given time at the earliest, for as long as Options.Patience. nil stays nil.
func Later(err error, after time.Duration) error {
	if err == nil {
		return nil
	}
	return &laterError{err, after}
}

type laterError struct {
	error
	after time.Duration
}

// Unwrap returns the error that Later was given.
func (e *laterError) Unwrap() error { return e.error }

// handle turns a panic into an error, so that one bad job cannot take the process with it.
func handle(ctx context.Context, job Job, do func(context.Context, Job) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return do(ctx, job)
}
