package queue_test

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/queue"
)

// testdata/v0.1.tar.gz is the data directory that version 0.1 wrote: two turns, a look-up and a case, and its buckets.
func TestADataDirectoryOfAnOlderVersionGoesOn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	unpack(t, "testdata/v0.1.tar.gz", dir)
	const lookUps queue.Kind = "look-ups"
	q, err := queue.Open(t.Context(), queue.Options{Dir: dir, Kinds: []queue.Kind{turns, lookUps}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	tries := map[string]int{}
	bodies := work(t, q, 4, queue.Worker{Kind: turns, Handle: func(_ context.Context, job queue.Job) error {
		if tries[string(job.Body)]++; tries[string(job.Body)] == 1 {
			return errors.New("each fails once")
		}
		return nil
	}})
	got := slices.Compact(slices.Sorted(slices.Values(bodies)))
	got = append(got, work(t, q, 1, queue.Worker{Kind: lookUps})...)
	if diff := cmp.Diff([]string{"turn 1", "turn 2", "look-up"}, got); diff != "" {
		t.Errorf("jobs (-want +got):\n%s", diff)
	}
	cases, err := q.Bucket(t.Context(), "cases", 24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	var c struct{ Account string }
	if err := cases.Read(t.Context(), "SP-AAAAAAAA", &c); err != nil || c.Account != "ana@contoso.com" {
		t.Errorf("the case is %+v, %v", c, err)
	}
}

func unpack(t *testing.T, archive, dir string) {
	t.Helper()
	file, err := os.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	for in := tar.NewReader(plain); ; {
		entry, err := in.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, filepath.Clean("/"+entry.Name))
		if entry.FileInfo().IsDir() {
			if err := os.MkdirAll(path, 0o700); err != nil {
				t.Fatal(err)
			}
			continue
		}
		body, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
