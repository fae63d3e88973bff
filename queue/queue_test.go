package queue_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/queue"
)

const turns queue.Kind = "turns"

func open(t *testing.T, dir string) *queue.Queue {
	t.Helper()
	q, err := queue.Open(t.Context(), queue.Options{Dir: dir, Kinds: []queue.Kind{turns}, Deliveries: 2, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	return q
}

// work runs a worker until it has handled want jobs, and returns their bodies.
func work(t *testing.T, q *queue.Queue, want int, w queue.Worker) []string {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	got := make(chan string, want)
	handle := w.Handle
	var n atomic.Int64
	w.Handle = func(ctx context.Context, job queue.Job) error {
		defer func() {
			if n.Add(1) == int64(want) {
				stop()
			}
		}()
		got <- string(job.Body)
		if handle != nil {
			return handle(ctx, job)
		}
		return nil
	}
	if err := q.Work(ctx, w); err != nil {
		t.Fatalf("work: %v", err)
	}
	close(got)
	var bodies []string
	for b := range got {
		bodies = append(bodies, b)
	}
	if len(bodies) != want {
		t.Fatalf("handled %d jobs, want %d", len(bodies), want)
	}
	return bodies
}

func TestAJobPutBeforeARestartIsDeliveredAfterIt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	q := open(t, dir)
	if err := q.Put(t.Context(), turns, "1", []byte("hello")); err != nil {
		t.Fatal(err)
	}
	q.Close()

	q = open(t, dir)
	defer q.Close()
	if diff := cmp.Diff([]string{"hello"}, work(t, q, 1, queue.Worker{Kind: turns})); diff != "" {
		t.Error(diff)
	}
}

func TestTheSameIDIsStoredOnceEvenAfterARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	q := open(t, dir)
	for range 2 {
		if err := q.Put(t.Context(), turns, "1", []byte("once")); err != nil {
			t.Fatal(err)
		}
	}
	q.Close()
	q = open(t, dir)
	defer q.Close()
	if err := q.Put(t.Context(), turns, "1", []byte("once")); err != nil {
		t.Fatal(err)
	}
	if err := q.Put(t.Context(), turns, "2", []byte("other")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"once", "other"}, work(t, q, 2, queue.Worker{Kind: turns})); diff != "" {
		t.Error(diff)
	}
}

func TestAFailedJobComesBackAndIsParkedAfterItsLastTry(t *testing.T) {
	t.Parallel()
	q := open(t, t.TempDir())
	defer q.Close()
	if err := q.Put(t.Context(), turns, "1", []byte("bad")); err != nil {
		t.Fatal(err)
	}
	fail := func(context.Context, queue.Job) error { return errors.New("no") }
	parked := make(chan string, 1)
	work(t, q, 2, queue.Worker{Kind: turns, Handle: fail, Parked: func(_ context.Context, _ queue.Job, reason error) {
		parked <- reason.Error()
	}})
	if got := <-parked; got != "no" {
		t.Errorf("parked with reason %q", got)
	}
}

func TestAPanicDoesNotStopTheWorker(t *testing.T) {
	t.Parallel()
	q := open(t, t.TempDir())
	defer q.Close()
	for _, id := range []string{"1", "2"} {
		if err := q.Put(t.Context(), turns, id, []byte(id)); err != nil {
			t.Fatal(err)
		}
	}
	first := true
	got := work(t, q, 2, queue.Worker{Kind: turns, Handle: func(context.Context, queue.Job) error {
		if first {
			first = false
			panic("boom")
		}
		return nil
	}})
	if diff := cmp.Diff([]string{"1", "2"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAJobInFlightWhenTheWorkerStopsIsHandedBack(t *testing.T) {
	t.Parallel()
	q := open(t, t.TempDir())
	defer q.Close()
	if err := q.Put(t.Context(), turns, "1", []byte("slow")); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	err := q.Work(ctx, queue.Worker{Kind: turns, Grace: time.Millisecond, Handle: func(ctx context.Context, _ queue.Job) error {
		stop()
		<-ctx.Done()
		return ctx.Err()
	}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"slow"}, work(t, q, 1, queue.Worker{Kind: turns})); diff != "" {
		t.Error(diff)
	}
}

func TestOpenSaysWhatIsWrongWithTheDirectory(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/file"
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if q, err := queue.Open(t.Context(), queue.Options{Dir: file, Log: slog.New(slog.DiscardHandler)}); err == nil {
		q.Close()
		t.Fatal("opened a queue in a file")
	}
}

func TestABucketKeepsValuesAndCreatesOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	q := open(t, dir)
	b, err := q.Bucket(t.Context(), "cases", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Put(t.Context(), "k", "v1"); err != nil {
		t.Fatal(err)
	}
	if made, err := b.Create(t.Context(), "k", "v2"); err != nil || made {
		t.Errorf("Create over a value = %v, %v", made, err)
	}
	q.Close()
	q = open(t, dir)
	defer q.Close()
	if b, err = q.Bucket(t.Context(), "cases", time.Hour); err != nil {
		t.Fatal(err)
	}
	var got string
	if err := b.Read(t.Context(), "k", &got); err != nil || got != "v1" {
		t.Errorf("Read = %q, %v", got, err)
	}
	if err := b.Delete(t.Context(), "k"); err != nil {
		t.Fatal(err)
	}
	if err := b.Read(t.Context(), "k", &got); !errors.Is(err, queue.ErrNotFound) {
		t.Errorf("Read after Delete = %v, want ErrNotFound", err)
	}
	if err := b.Delete(t.Context(), "k"); err != nil {
		t.Errorf("Delete of nothing = %v", err)
	}
}

func TestAJobThatIsPutOffIsNotParked(t *testing.T) {
	t.Parallel()
	q, err := queue.Open(t.Context(), queue.Options{Dir: t.TempDir(), Kinds: []queue.Kind{turns}, Deliveries: 1, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Close)
	if err := q.Put(t.Context(), turns, "a", []byte("x")); err != nil {
		t.Fatal(err)
	}
	var deliveries []int
	work(t, q, 2, queue.Worker{
		Kind: turns,
		Handle: func(_ context.Context, job queue.Job) error {
			if deliveries = append(deliveries, job.Delivery); len(deliveries) == 1 {
				return queue.Later(errors.New("Teams is down"), 0)
			}
			return nil
		},
		Parked: func(context.Context, queue.Job, error) { t.Error("the job was parked") },
	})
	if diff := cmp.Diff([]int{1, 1}, deliveries); diff != "" {
		t.Errorf("deliveries (-want +got):\n%s", diff)
	}
}
