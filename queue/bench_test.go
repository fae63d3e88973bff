package queue_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"

	"signpost/queue"
)

// BenchmarkTurn is a job from Put until it is settled, with one note on the way, as a turn that is answered with one message.
func BenchmarkTurn(b *testing.B) {
	for _, clients := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			q, err := queue.Open(b.Context(), queue.Options{Dir: b.TempDir(), Kinds: []queue.Kind{turns}, Log: slog.New(slog.DiscardHandler)})
			if err != nil {
				b.Fatal(err)
			}
			defer q.Close()
			ctx, stop := context.WithCancel(b.Context())
			done := make(chan struct{}, clients)
			working := make(chan error, 1)
			go func() {
				working <- q.Work(ctx, queue.Worker{Kind: turns, Parallel: 64, Handle: func(ctx context.Context, job queue.Job) error {
					err := q.Notes().Note(ctx, turns, job.ID, []byte(`"1:abcdefghijklmnop"`))
					done <- struct{}{}
					return err
				}})
			}()
			body := make([]byte, 1200)
			var n atomic.Int64
			b.SetParallelism(clients)
			b.ReportAllocs()
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := q.Put(ctx, turns, fmt.Sprintf("turn-%d", n.Add(1)), body); err != nil {
						b.Error(err)
						return
					}
					<-done
				}
			})
			b.StopTimer()
			stop()
			if err := <-working; err != nil {
				b.Fatal(err)
			}
		})
	}
}
