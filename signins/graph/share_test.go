package graph

import (
	"sync"
	"testing"
	"time"

	"signpost/signins"
)

func TestQuestionsAboutOneAccountShareOneReading(t *testing.T) {
	t.Parallel()
	withStand(t, func(t *testing.T, s *stand) {
		s.beta = answering(`{"value":[{"id":"r1","userId":"` + anaID + `","createdDateTime":"1999-12-31T23:00:00Z","status":{"errorCode":0}}]}`)
		c := s.client()
		ask := func(q signins.Query) {
			t.Helper()
			if log, err := c.SignIns(t.Context(), q); err != nil || len(log.SignIns) != 1 {
				t.Errorf("%d rows, %v; want one", len(log.SignIns), err)
			}
		}
		wantAsked := func(n int, when string) {
			t.Helper()
			if got := len(s.requests("signIns")); got != n {
				t.Errorf("%s, Graph was asked %d times, want %d", when, got, n)
			}
		}
		var together sync.WaitGroup
		for range 20 {
			together.Go(func() { ask(signins.Query{Account: anaUPN}) })
		}
		together.Wait()
		wantAsked(1, "asked by many at once")
		time.Sleep(59 * time.Second)
		ask(signins.Query{Account: anaUPN, At: time.Now().Add(-time.Minute)})
		wantAsked(1, "asked within a minute")
		ask(signins.Query{Account: anaUPN, Fresh: true})
		wantAsked(2, "asked to look anew")
		ask(signins.Query{Account: anaUPN, At: time.Now().Add(-3 * time.Hour)})
		wantAsked(3, "asked about another time")
		time.Sleep(61 * time.Second)
		ask(signins.Query{Account: anaUPN})
		wantAsked(4, "asked after more than a minute")
	})
}
