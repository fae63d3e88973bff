package queue_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/queue"
)

func TestJobsThatArriveTogetherAreAllDelivered(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	q := open(t, dir)
	const jobs = 500
	var putting sync.WaitGroup
	var want []string
	for i := range jobs {
		body := strings.Repeat("x", i)
		want = append(want, body)
		putting.Go(func() {
			if err := q.Put(t.Context(), turns, fmt.Sprint(i), []byte(body)); err != nil {
				t.Error(err)
			}
		})
	}
	putting.Wait()
	q.Close() // what was put survives
	q = open(t, dir)
	defer q.Close()
	got := work(t, q, jobs, queue.Worker{Kind: turns, Parallel: 8})
	slices.SortFunc(got, func(a, b string) int { return len(a) - len(b) })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("jobs (-want +got):\n%s", diff)
	}
}

func TestAJobThatIsPutTwiceAtTheSameTimeIsStoredOnce(t *testing.T) {
	t.Parallel()
	q := open(t, t.TempDir())
	defer q.Close()
	var putting sync.WaitGroup
	for range 50 {
		putting.Go(func() {
			if err := q.Put(t.Context(), turns, "1", []byte("once")); err != nil {
				t.Error(err)
			}
		})
	}
	putting.Wait()
	if err := q.Put(t.Context(), turns, "2", []byte("other")); err != nil {
		t.Fatal(err)
	}
	got := work(t, q, 2, queue.Worker{Kind: turns})
	slices.Sort(got)
	if diff := cmp.Diff([]string{"once", "other"}, got); diff != "" {
		t.Error(diff)
	}
}

// One of the jobs that were stored together fails; the others are done and stay so.
func TestAJobThatFailsComesBackAlone(t *testing.T) {
	t.Parallel()
	q := open(t, t.TempDir())
	defer q.Close()
	var putting sync.WaitGroup
	for i := range 20 {
		putting.Go(func() {
			if err := q.Put(t.Context(), turns, fmt.Sprint(i), fmt.Appendf(nil, "%02d", i)); err != nil {
				t.Error(err)
			}
		})
	}
	putting.Wait()
	var mu sync.Mutex
	tries := map[string]int{}
	work(t, q, 21, queue.Worker{Kind: turns, Parallel: 4, Handle: func(_ context.Context, job queue.Job) error {
		mu.Lock()
		defer mu.Unlock()
		if tries[string(job.Body)]++; string(job.Body) == "07" && tries["07"] == 1 {
			return errors.New("no")
		}
		return nil
	}})
	for body, n := range tries {
		if want := map[bool]int{true: 2, false: 1}[body == "07"]; n != want {
			t.Errorf("job %s was tried %d times, want %d", body, n, want)
		}
	}
}

// Whoever dies between doing and saying so leaves a note, and the job is done again knowing it.
func TestWhatIsNotedSurvivesTheProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	q := open(t, dir)
	if err := q.Put(t.Context(), turns, "1", []byte("a")); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	err := q.Work(ctx, queue.Worker{Kind: turns, Grace: time.Millisecond, Handle: func(ctx context.Context, job queue.Job) error {
		if err := q.Notes().Note(ctx, turns, job.ID, []byte("sent")); err != nil {
			t.Error(err)
		}
		stop()
		<-ctx.Done()
		return ctx.Err()
	}})
	if err != nil {
		t.Fatal(err)
	}
	q.Close()
	q = open(t, dir)
	defer q.Close()
	var noted string
	work(t, q, 1, queue.Worker{Kind: turns, Handle: func(_ context.Context, job queue.Job) error {
		noted = string(q.Notes().Noted(turns, job.ID))
		return nil
	}})
	if noted != "sent" {
		t.Errorf("noted %q, want what was noted before", noted)
	}
	if got := q.Notes().Noted(turns, "2"); got != nil {
		t.Errorf("of another job %q is noted", got)
	}
}

func TestADoneJobIsNotTakenAgainAfterARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	q := open(t, dir)
	for _, id := range []string{"1", "2"} {
		if err := q.Put(t.Context(), turns, id, []byte(id)); err != nil {
			t.Fatal(err)
		}
	}
	work(t, q, 2, queue.Worker{Kind: turns})
	q.Close()
	q = open(t, dir)
	defer q.Close()
	for _, id := range []string{"1", "2", "3"} {
		if err := q.Put(t.Context(), turns, id, []byte(id)); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"3"}, work(t, q, 1, queue.Worker{Kind: turns})); diff != "" {
		t.Error(diff)
	}
}

func TestAJobForLaterComesAtItsTimeAlsoAfterARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	q := open(t, dir)
	at := time.Now().Add(1500 * time.Millisecond)
	if err := q.PutAt(t.Context(), turns, "later", []byte("later"), at); err != nil {
		t.Fatal(err)
	}
	if err := q.PutAt(t.Context(), turns, "now", []byte("now"), at.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"now"}, work(t, q, 1, queue.Worker{Kind: turns})); diff != "" {
		t.Error(diff)
	}
	q.Close()
	q = open(t, dir)
	defer q.Close()
	if diff := cmp.Diff([]string{"later"}, work(t, q, 1, queue.Worker{Kind: turns})); diff != "" {
		t.Error(diff)
	}
	if early := time.Until(at); early > 0 {
		t.Errorf("it came %s too early", early)
	}
}

func TestAParkedJobCanBeListedRetriedAndDropped(t *testing.T) {
	t.Parallel()
	q, err := queue.Open(t.Context(), queue.Options{Dir: t.TempDir(), Kinds: []queue.Kind{turns}, Deliveries: 2, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	for _, id := range []string{"bad", "worse"} {
		if err := q.Put(t.Context(), turns, id, []byte(id)); err != nil {
			t.Fatal(err)
		}
	}
	told := make(chan string, 2)
	work(t, q, 4, queue.Worker{
		Kind:   turns,
		Handle: func(context.Context, queue.Job) error { return errors.New("it is broken") },
		Parked: func(_ context.Context, job queue.Job, _ error) { told <- job.ID },
	})
	<-told
	<-told
	parked, err := q.ParkedJobs(t.Context(), 10)
	if err != nil || len(parked) != 2 {
		t.Fatalf("parked %+v, %v; want two jobs", parked, err)
	}
	if p := parked[0]; p.ID != "bad" || string(p.Body) != "bad" || p.Kind != turns || p.Reason != "it is broken" || p.Stored.IsZero() {
		t.Errorf("parked %+v", p)
	}
	if err := q.Drop(t.Context(), parked[1].Number); err != nil {
		t.Fatal(err)
	}
	if err := q.Retry(t.Context(), parked[0].Number); err != nil {
		t.Fatal(err)
	}
	tries := 0
	again := work(t, q, 2, queue.Worker{Kind: turns, Handle: func(context.Context, queue.Job) error {
		if tries++; tries == 1 {
			return errors.New("not yet")
		}
		return nil
	}})
	if diff := cmp.Diff([]string{"bad", "bad"}, again); diff != "" {
		t.Error(diff)
	}
	for _, number := range []uint64{parked[0].Number, parked[1].Number, 99} {
		if err := q.Drop(t.Context(), number); !errors.Is(err, queue.ErrNotFound) {
			t.Errorf("Drop(%d) = %v, want ErrNotFound", number, err)
		}
	}
	if left, err := q.ParkedJobs(t.Context(), 10); err != nil || len(left) != 0 {
		t.Errorf("parked still %+v, %v", left, err)
	}
}

func TestAQueueOpensWhenAllItsNotesAreForgotten(t *testing.T) {
	t.Parallel()
	opts := queue.Options{Dir: t.TempDir(), Kinds: []queue.Kind{turns}, DedupWindow: 200 * time.Millisecond, Log: slog.New(slog.DiscardHandler)}
	q, err := queue.Open(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Put(t.Context(), turns, "1", []byte("a")); err != nil {
		t.Fatal(err)
	}
	work(t, q, 1, queue.Worker{Kind: turns})
	q.Close()
	<-time.After(2 * opts.DedupWindow)
	if q, err = queue.Open(t.Context(), opts); err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	if err := q.Put(t.Context(), turns, "1", []byte("anew")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"anew"}, work(t, q, 1, queue.Worker{Kind: turns})); diff != "" {
		t.Error(diff)
	}
}
