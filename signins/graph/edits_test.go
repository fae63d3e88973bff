package graph

import (
	"net/http"
	"testing"
	"time"

	"signpost/signins"
)

const (
	refusedRow = `{"value":[{"id":"r","userId":"` + anaID + `","createdDateTime":"1999-12-31T23:50:00Z","status":{"errorCode":53003},
		"appliedConditionalAccessPolicies":[{"id":"p","result":"failure"}]}]}`
	anEdit = `{"value":[{"activityDateTime":"1999-12-31T20:00:00Z","activityDisplayName":"Add conditional access policy","targetResources":[{"id":"p"}]}]}`
)

func TestEditsOfPolicies(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name        string
		rows, edits func(http.ResponseWriter, *http.Request)
		asked, want int // requests for edits of two look-ups, edits in the answer
	}{
		{"no policy refused: nothing is asked", answering(page("", "a")), nil, 0, 0},
		{"what was found is kept", answering(refusedRow), answering(anEdit), 1, 1},
		{"a missing permission is kept, too", answering(refusedRow), refusing(http.StatusForbidden, "x"), 1, 0},
		{"an error is none of the answer's business", answering(refusedRow), refusing(http.StatusInternalServerError, "x"), 2, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			withStand(t, func(t *testing.T, s *stand) {
				s.beta, s.edits = test.rows, test.edits
				c := s.client()
				for range 2 {
					log, err := c.SignIns(t.Context(), signins.Query{Account: anaUPN})
					if err != nil || len(log.Edits) != test.want {
						t.Fatalf("%d edits, %v; want %d", len(log.Edits), err, test.want)
					}
				}
				if n := len(s.requests("directoryAudits")); n != test.asked {
					t.Errorf("asked %d times for edits, want %d", n, test.asked)
				}
			})
		})
	}
}

// Edits share Graph's limit with the log. When they cannot be had in time, the answer comes without them, and without
// taking a place from the next person's question.
func TestEditsTakeNoPlaceThatTheyCannotUse(t *testing.T) {
	t.Parallel()
	withStand(t, func(t *testing.T, s *stand) {
		s.beta = answering(page("", "a"))
		c := s.client()
		ask := func() {
			t.Helper()
			if _, err := c.SignIns(t.Context(), signins.Query{Account: anaUPN}); err != nil {
				t.Fatal(err)
			}
		}
		for range reportBurst - 1 {
			ask()
		}
		s.beta = answering(refusedRow)
		start := time.Now()
		ask() // the last place of the period; none is left for the edits
		if took := time.Since(start); took > time.Second {
			t.Errorf("the answer took %s, want it without edits at once", took)
		}
		time.Sleep(reportPeriod)
		s.beta = answering(page("", "a"))
		start = time.Now()
		for range reportBurst {
			ask()
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("the next period's questions took %s: a place was lost", took)
		}
	})
}
