package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Job is a delivered job.
type Job struct {
	Kind     Kind
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
		MaxAckPending: 4 * w.Parallel,
	})
	if err != nil {
		return fmt.Errorf("prepare the %s consumer: %w", w.Kind, err)
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(w.Parallel))
	if err != nil {
		return fmt.Errorf("receive %s jobs: %w", w.Kind, err)
	}
	stopped := context.AfterFunc(ctx, messages.Stop)
	defer stopped()

	inFlight, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	lastCall := context.AfterFunc(ctx, func() { time.AfterFunc(w.Grace, cancel) })
	defer lastCall()

	var busy sync.WaitGroup
	for range w.Parallel {
		busy.Go(func() { q.deliver(inFlight, messages, w) })
	}
	busy.Wait()
	return nil
}

func (q *Queue) deliver(ctx context.Context, messages jetstream.MessagesContext, w Worker) {
	for {
		msg, err := messages.Next()
		switch {
		case errors.Is(err, jetstream.ErrMsgIteratorClosed):
			return
		case err != nil:
			q.opts.Log.Warn("receiving jobs was interrupted", slog.String("kind", string(w.Kind)), slog.Any("error", err))
			if errors.Is(err, nats.ErrConnectionClosed) {
				return
			}
		default:
			q.try(ctx, msg, w)
		}
	}
}

// try delivers one job once, and settles what becomes of it.
func (q *Queue) try(ctx context.Context, msg jetstream.Msg, w Worker) {
	meta, err := msg.Metadata()
	if err != nil {
		q.opts.Log.Error("a job has no metadata", slog.String("kind", string(w.Kind)), slog.Any("error", err))
		return
	}
	putOff := q.timesPutOff(ctx, meta)
	job := Job{Kind: w.Kind, Body: msg.Data(), Delivery: int(meta.NumDelivered) - putOff, Stored: meta.Timestamp}
	if job.Delivery > q.opts.Deliveries {
		q.park(ctx, msg, job, w, errors.New("delivered too often without an outcome; the process may have died of it"))
		return
	}
	tryCtx, cancel := context.WithTimeout(ctx, w.Timeout)
	err = handle(tryCtx, job, w.Handle)
	cancel()
	var later *laterError
	switch {
	case err == nil:
		err = msg.DoubleAck(context.WithoutCancel(ctx))
	case ctx.Err() != nil:
		err = msg.Nak() // we are stopping: hand it back at once
	case errors.As(err, &later) && time.Since(job.Stored) < q.opts.Patience:
		err = q.putItOff(ctx, msg, meta, putOff+1, later)
	case job.Delivery >= q.opts.Deliveries:
		q.park(ctx, msg, job, w, err)
		return
	default:
		wait := backoff[min(job.Delivery, len(backoff))-1]
		q.opts.Log.Warn("a job failed and will be tried again", slog.String("kind", string(w.Kind)),
			slog.Int("delivery", job.Delivery), slog.Duration("wait", wait), slog.Any("error", err))
		err = msg.NakWithDelay(wait)
	}
	if err != nil {
		q.opts.Log.Warn("the outcome of a job could not be stored", slog.String("kind", string(w.Kind)), slog.Any("error", err))
	}
}

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

// timesPutOff is how many of a message's deliveries ended with Later.
func (q *Queue) timesPutOff(ctx context.Context, meta *jetstream.MsgMetadata) int {
	var times int
	if meta.NumDelivered > 1 {
		_ = q.putOff.Read(ctx, putOffKey(meta), &times) // none, as for nearly every job
	}
	return times
}

func (q *Queue) putItOff(ctx context.Context, msg jetstream.Msg, meta *jetstream.MsgMetadata, times int, later *laterError) error {
	wait := max(later.after, backoff[min(times, len(backoff))-1])
	q.opts.Log.Warn("a job is put off", slog.String("subject", msg.Subject()), slog.Int("times", times),
		slog.Duration("wait", wait), slog.Any("error", later.error))
	if err := q.putOff.Put(context.WithoutCancel(ctx), putOffKey(meta), times); err != nil {
		return err // it counts as a failed delivery then, and comes again after the acknowledgement's time
	}
	return msg.NakWithDelay(wait)
}

func putOffKey(meta *jetstream.MsgMetadata) string {
	return strconv.FormatUint(meta.Sequence.Stream, 10)
}

// handle turns a panic into an error, so that one bad job cannot take the process with it.
func handle(ctx context.Context, job Job, do func(context.Context, Job) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return do(ctx, job)
}

// park sets a job aside for a person to look at, and takes it from the stream.
func (q *Queue) park(ctx context.Context, msg jetstream.Msg, job Job, w Worker, reason error) {
	ctx = context.WithoutCancel(ctx)
	q.opts.Log.Error("a job was parked", slog.String("kind", string(w.Kind)), slog.Int("delivery", job.Delivery), slog.Any("error", reason))
	parked := &nats.Msg{Subject: "parked." + string(w.Kind), Data: job.Body, Header: nats.Header{}}
	parked.Header.Set("Signpost-Stored", job.Stored.UTC().Format(time.RFC3339Nano))
	if _, err := q.js.PublishMsg(ctx, parked); err != nil {
		q.opts.Log.Error("a job could not be parked and stays in the queue", slog.String("kind", string(w.Kind)), slog.Any("error", err))
		return
	}
	if w.Parked != nil {
		w.Parked(ctx, job, reason)
	}
	if err := msg.Term(); err != nil {
		q.opts.Log.Warn("the outcome of a job could not be stored", slog.String("kind", string(w.Kind)), slog.Any("error", err))
	}
}
