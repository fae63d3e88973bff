package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// What a job that was given back carries with it.
const (
	idHeader     = "Signpost-Id"
	triesHeader  = "Signpost-Tries"  // failed deliveries so far
	storedHeader = "Signpost-Stored" // when it was put
	reasonHeader = "Signpost-Reason" // why it was parked
	againHeader  = "Signpost-Again"  // it was parked, and an operator wants it tried anew
)

// delivery is a message with its jobs. It is settled as a whole, once each of them has an outcome.
type delivery struct {
	queue *Queue
	kind  Kind
	tell  func(context.Context, Job, error) // of a job that was parked; may be nil
	msg   jetstream.Msg
	jobs  []delivered
	split bool // it was delivered too often for one of many jobs to be the fault of all
	anew  bool // a parked job that is to be tried although it counts as done
	left  atomic.Int64
}

type delivered struct {
	Job
	outcome
}

// outcome is what is to become of a job. The zero value means that it is done.
type outcome struct {
	again error // it is tried again after wait
	wait  time.Duration
	free  bool  // and this try does not count
	given bool  // it was put again
	park  error // it is set aside
}

// receive reads the jobs of a message.
func (q *Queue) receive(ctx context.Context, w *Worker, msg jetstream.Msg) (*delivery, error) {
	kind := w.Kind
	meta, err := msg.Metadata()
	if err != nil {
		return nil, fmt.Errorf("read the message's metadata: %w", err)
	}
	d := &delivery{queue: q, kind: kind, tell: w.Parked, msg: msg}
	if meta.NumDelivered > 1 { // whoever had it before may have noted something, or done a part
		if err := q.notes.catchUp(ctx); err != nil {
			q.opts.Log.Warn("the notes about jobs may be incomplete", slog.Any("error", err))
		}
	}
	header := msg.Headers()
	if header.Get(formatHeader) != formatRecords {
		job := Job{Kind: kind, ID: header.Get(idHeader), Body: msg.Data(), Delivery: int(meta.NumDelivered), Stored: meta.Timestamp}
		if tries, err := strconv.Atoi(header.Get(triesHeader)); err == nil {
			job.Delivery += tries
		}
		if stored, err := time.Parse(time.RFC3339Nano, header.Get(storedHeader)); err == nil {
			job.Stored = stored
		}
		d.jobs = []delivered{{Job: job}}
		d.anew = header.Get(againHeader) != ""
		return d, nil
	}
	records, err := decode(msg.Data())
	if err != nil {
		return nil, err
	}
	for _, r := range records {
		d.jobs = append(d.jobs, delivered{Job: Job{Kind: kind, ID: r.id, Body: r.body, Delivery: int(meta.NumDelivered), Stored: meta.Timestamp}})
	}
	d.split = len(d.jobs) > 1 && int(meta.NumDelivered) > q.opts.Deliveries
	return d, nil
}

// separate puts every job anew, as a message of its own: one of them may kill the process, and must not take the others
// along.
func (d *delivery) separate(ctx context.Context) {
	for i := range d.jobs {
		d.jobs[i].outcome = outcome{again: errors.New("delivered too often together with others")}
		d.jobs[i].Delivery = 0
	}
	d.settle(ctx)
}

// settle stores the outcome of every job, then lets the message go.
func (d *delivery) settle(ctx context.Context) {
	ctx = context.WithoutCancel(ctx)
	log := d.queue.opts.Log
	if err := d.store(ctx); err != nil {
		log.Warn("the outcome of jobs could not be stored", slog.String("kind", string(d.kind)), slog.Any("error", err))
		if err := d.msg.NakWithDelay(backoff[0]); err != nil {
			log.Warn("jobs could not be handed back; they come again by themselves", slog.String("kind", string(d.kind)), slog.Any("error", err))
		}
		return
	}
	if err := d.msg.Ack(); err != nil {
		log.Warn("the outcome of jobs could not be stored", slog.String("kind", string(d.kind)), slog.Any("error", err))
	}
}

// store writes what became of the jobs.
func (d *delivery) store(ctx context.Context) error {
	if err := d.giveBack(ctx); err != nil {
		return err
	}
	var done []uint64
	for i := range d.jobs {
		j := &d.jobs[i]
		switch {
		case j.again != nil:
			continue
		case j.park != nil:
			if err := d.queue.park(ctx, j.Job, j.park); err != nil {
				return err
			}
			if d.tell != nil {
				d.tell(ctx, j.Job, j.park)
			}
		}
		if j.ID != "" {
			done = append(done, sum(string(j.Kind), j.ID))
		}
	}
	if len(done) == 0 {
		return nil
	}
	return d.queue.notes.done(ctx, done)
}

// giveBack puts the jobs that are to be tried again, each as a message of its own that is delivered after its time.
func (d *delivery) giveBack(ctx context.Context) error {
	for i := range d.jobs {
		j := &d.jobs[i]
		if j.again == nil || j.given {
			continue
		}
		d.queue.opts.Log.Warn("a job will be tried again", slog.String("kind", string(j.Kind)), slog.Int("delivery", j.Delivery),
			slog.Bool("put_off", j.free), slog.Duration("wait", j.wait), slog.Any("error", j.again))
		tries := j.Delivery
		if j.free {
			tries--
		}
		if err := d.queue.putLater(ctx, j.Job, tries, j.wait, d.anew); err != nil {
			return err
		}
		j.given = true
	}
	return nil
}

// putLater stores a job that is delivered after wait.
func (q *Queue) putLater(ctx context.Context, job Job, tries int, wait time.Duration, anew bool) error {
	header := nats.Header{}
	header.Set(idHeader, job.ID)
	header.Set(triesHeader, strconv.Itoa(tries))
	header.Set(storedHeader, job.Stored.UTC().Format(time.RFC3339Nano))
	if anew {
		header.Set(againHeader, "1")
	}
	msg := &nats.Msg{Subject: subject(job.Kind), Data: job.Body, Header: header}
	if wait > 0 {
		name := job.ID
		if name == "" { // what waits under one name replaces what waited there before
			name = string(job.Body)
		}
		msg.Subject = delayed(job.Kind, strconv.FormatUint(sum(string(job.Kind), name), 16))
		header.Set("Nats-Schedule", "@at "+q.opts.Now().Add(wait).UTC().Format(time.RFC3339Nano))
		header.Set("Nats-Schedule-Target", subject(job.Kind))
	}
	if _, err := q.js.PublishMsg(ctx, msg); err != nil {
		return fmt.Errorf("put a %s job for later: %w", job.Kind, err)
	}
	return nil
}

func delayed(kind Kind, token string) string { return "later." + string(kind) + "." + token }

// park sets a job aside for a person to look at.
func (q *Queue) park(ctx context.Context, job Job, reason error) error {
	const longest = 4 << 10
	q.opts.Log.Error("a job was parked", slog.String("kind", string(job.Kind)), slog.Int("delivery", job.Delivery), slog.Any("error", reason))
	parked := &nats.Msg{Subject: "parked." + string(job.Kind), Data: job.Body, Header: nats.Header{}}
	parked.Header.Set(idHeader, job.ID)
	parked.Header.Set(storedHeader, job.Stored.UTC().Format(time.RFC3339Nano))
	text := reason.Error()
	parked.Header.Set(reasonHeader, text[:min(len(text), longest)])
	_, err := q.js.PublishMsg(ctx, parked)
	return err
}

// PutAt stores a job that is delivered at a time, or at once when that is past. The same id at the same time replaces what was
// put before; unlike Put it does not remember ids.
func (q *Queue) PutAt(ctx context.Context, kind Kind, id string, body []byte, at time.Time) error {
	job := Job{Kind: kind, ID: id, Body: body, Stored: q.opts.Now()}
	return q.putLater(ctx, job, 0, at.Sub(q.opts.Now()), false)
}
