package graph

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/signins"
)

const (
	refusedRow = `{"value":[{"id":"r","userId":"` + anaID + `","createdDateTime":"1999-12-31T23:50:00Z","status":{"errorCode":53003},
		"appliedConditionalAccessPolicies":[{"id":"p","result":"failure"}]}]}`
	anEdit = `{"value":[{"activityDateTime":"1999-12-31T20:00:00Z","activityDisplayName":"Add conditional access policy","targetResources":[{"id":"p"}]},
		{"activityDateTime":"1999-12-31T20:00:00Z","activityDisplayName":"Add conditional access policy","targetResources":[{"id":"another policy"}]}]}`
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
					log, err := c.SignIns(t.Context(), signins.Query{Account: anaUPN, Fresh: true})
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

// groupEdit is an audit of an edit that added groups to a policy.
func groupEdit(at, policy string, groups ...string) string {
	after, err := json.Marshal(map[string]any{"conditions": map[string]any{"users": map[string]any{"includeGroups": groups}}})
	if err != nil {
		panic(err)
	}
	raw, err := json.Marshal(map[string]any{
		"activityDateTime": at, "activityDisplayName": "Update conditional access policy",
		"targetResources": []any{map[string]any{"id": policy, "modifiedProperties": []any{map[string]any{"oldValue": "{}", "newValue": string(after)}}}},
	})
	if err != nil {
		panic(err)
	}
	return string(raw)
}

func TestGroupsOfTheNewestEditsAreNamed(t *testing.T) {
	t.Parallel()
	id := func(n int) string { return fmt.Sprintf("00000000-0000-0000-0000-%012d", n) }
	edits := `{"value":[` + strings.Join([]string{
		groupEdit("1999-12-31T10:00:00Z", "p", id(5)),
		groupEdit("1999-12-31T20:00:00Z", "p", id(1), id(2), id(3), id(4)),
		groupEdit("1999-12-31T22:00:00Z", "another policy", id(6)),
		groupEdit("1999-12-31T21:00:00Z", "p", "no id"),
	}, ",") + `]}`
	tests := []struct {
		name   string
		groups func(http.ResponseWriter, *http.Request)
		asked  int // requests for names of two look-ups
		want   []string
	}{
		{"three at most", nil, 3, []string{"", "Sales", "Sales", "Sales", "", ""}},
		{"a missing permission is kept", refusing(http.StatusForbidden, "x"), 3, []string{"", "", "", "", "", ""}},
		{"one that is gone, too", refusing(http.StatusNotFound, "x"), 3, []string{"", "", "", "", "", ""}},
		{"an error is not", refusing(http.StatusBadRequest, "x"), 6, []string{"", "", "", "", "", ""}},
		{"what is no group", answering(`[]`), 6, []string{"", "", "", "", "", ""}},
		{"no answer", silent, 2, []string{"", "", "", "", "", ""}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			withStand(t, func(t *testing.T, s *stand) {
				s.beta, s.edits, s.groups = answering(refusedRow), answering(edits), test.groups
				c := s.client()
				start := time.Now()
				for range 2 {
					log, err := c.SignIns(t.Context(), signins.Query{Account: anaUPN, Fresh: true})
					if err != nil {
						t.Fatal(err)
					}
					var names []string
					for _, e := range log.Edits {
						for _, change := range e.Changes {
							names = append(names, change.Name)
						}
					}
					if diff := cmp.Diff(test.want, names); diff != "" {
						t.Errorf("names of groups (-want +got):\n%s", diff)
					}
				}
				if took := time.Since(start); took > 2*groupPatience+time.Second {
					t.Errorf("two look-ups took %s", took)
				}
				asked := s.requests("/groups/")
				if len(asked) != test.asked || asked[0].query != "$select=displayName" {
					t.Errorf("asked %d times for groups, want %d: %+v", len(asked), test.asked, asked)
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
