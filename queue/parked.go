package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Parked is a job that was tried too often.
type Parked struct {
	Number uint64 // names it for Retry and Drop
	Kind   Kind
	ID     string
	Body   []byte
	Stored time.Time // when it was put
	Parked time.Time
	Reason string
}

// ParkedJobs lists the jobs that were set aside, oldest first, at most this many.
func (q *Queue) ParkedJobs(ctx context.Context, most int) ([]Parked, error) {
	stream, err := q.js.Stream(ctx, parkedStream)
	if err != nil {
		return nil, fmt.Errorf("list the parked jobs: %w", err)
	}
	var out []Parked
	for next := stream.CachedInfo().State.FirstSeq; len(out) < most; {
		msg, err := stream.GetMsg(ctx, next, jetstream.WithGetMsgSubject("parked.>"))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return out, nil
		}
		if err != nil {
			return out, fmt.Errorf("list the parked jobs: %w", err)
		}
		out = append(out, parkedJob(msg))
		next = msg.Sequence + 1
	}
	return out, nil
}

func parkedJob(msg *jetstream.RawStreamMsg) Parked {
	p := Parked{
		Number: msg.Sequence, Kind: Kind(msg.Subject[len("parked."):]), ID: msg.Header.Get(idHeader), Body: msg.Data,
		Parked: msg.Time, Reason: msg.Header.Get(reasonHeader),
	}
	p.Stored, _ = time.Parse(time.RFC3339Nano, msg.Header.Get(storedHeader)) // versions before 0.2 wrote none: zero
	return p
}

// Retry puts a parked job anew, as if it came for the first time. ErrNotFound: no job of that number is parked.
func (q *Queue) Retry(ctx context.Context, number uint64) error {
	stream, msg, err := q.parked(ctx, number)
	if err != nil {
		return err
	}
	p := parkedJob(msg)
	header := nats.Header{}
	header.Set(idHeader, p.ID)
	header.Set(againHeader, "1") // it counts as done otherwise
	if _, err := q.js.PublishMsg(ctx, &nats.Msg{Subject: subject(p.Kind), Data: p.Body, Header: header}); err != nil {
		return fmt.Errorf("put a parked job anew: %w", err)
	}
	return deleted(stream.DeleteMsg(ctx, number))
}

// Drop forgets a parked job. ErrNotFound: no job of that number is parked.
func (q *Queue) Drop(ctx context.Context, number uint64) error {
	stream, _, err := q.parked(ctx, number)
	if err != nil {
		return err
	}
	return deleted(stream.DeleteMsg(ctx, number))
}

func (q *Queue) parked(ctx context.Context, number uint64) (jetstream.Stream, *jetstream.RawStreamMsg, error) {
	stream, err := q.js.Stream(ctx, parkedStream)
	if err != nil {
		return nil, nil, fmt.Errorf("read a parked job: %w", err)
	}
	msg, err := stream.GetMsg(ctx, number)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, nil, ErrNotFound
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read a parked job: %w", err)
	}
	return stream, msg, nil
}

func deleted(err error) error {
	if err != nil && !errors.Is(err, jetstream.ErrMsgNotFound) {
		return fmt.Errorf("forget a parked job: %w", err)
	}
	return nil
}
