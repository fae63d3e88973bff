package graph

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/diagnosis"
	"signpost/signins"
)

const betaFilter = " and signInEventTypes/any(t: t eq 'interactiveUser' or t eq 'nonInteractiveUser')"

// In a bubble it is midnight UTC 2000-01-01.
func TestQuestion(t *testing.T) {
	t.Parallel()
	now := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name   string
		at     time.Time
		change func(*Options)
		want   []string // the filters of beta, in order, without the account and the event types
	}{
		{
			name: "a failure just now is looked for in the last day, then in the last week",
			want: []string{"createdDateTime ge 1999-12-31T00:00:00Z", "createdDateTime ge 1999-12-25T00:00:00Z"},
		},
		{
			name: "a failure some hours ago leaves the end open",
			at:   now.Add(-3 * time.Hour),
			want: []string{"createdDateTime ge 1999-12-30T21:00:00Z", "createdDateTime ge 1999-12-24T21:00:00Z"},
		},
		{
			name: "a failure some days ago ends the window as long after it",
			at:   now.Add(-72 * time.Hour),
			want: []string{
				"createdDateTime ge 1999-12-28T00:00:00Z and createdDateTime le 1999-12-30T00:00:00Z",
				"createdDateTime ge 1999-12-22T00:00:00Z",
			},
		},
		{
			name: "a failure in the future counts as just now",
			at:   now.Add(time.Hour),
			want: []string{"createdDateTime ge 1999-12-31T00:00:00Z", "createdDateTime ge 1999-12-25T00:00:00Z"},
		},
		{
			name: "a time in another zone is sent as UTC",
			at:   now.Add(-3 * time.Hour).In(time.FixedZone("WIB", 7*3600)),
			want: []string{"createdDateTime ge 1999-12-30T21:00:00Z", "createdDateTime ge 1999-12-24T21:00:00Z"},
		},
		{
			name:   "nothing is asked for that the tenant keeps no more",
			at:     now.Add(-48 * time.Hour),
			change: func(o *Options) { o.Retention = 60 * time.Hour },
			want: []string{
				"createdDateTime ge 1999-12-29T12:00:00Z and createdDateTime le 1999-12-31T00:00:00Z",
				"createdDateTime ge 1999-12-29T12:00:00Z",
			},
		},
		{
			name:   "a failure before everything that is kept asks nothing",
			at:     now.Add(-400 * 24 * time.Hour),
			change: func(*Options) {},
		},
		{
			name:   "a wide window no wider than the first is not asked for",
			change: func(o *Options) { o.WideWindow = o.Window },
			want:   []string{"createdDateTime ge 1999-12-31T00:00:00Z"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			withStand(t, func(t *testing.T, s *stand) {
				change := func(o *Options) {
					o.Window = 24 * time.Hour
					if test.change != nil {
						test.change(o)
					}
				}
				if _, err := s.client(change).SignIns(t.Context(), signins.Query{Account: anaUPN, At: test.at}); err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, r := range s.requests("/beta/auditLogs/") {
					f, ok := strings.CutPrefix(r.filter, "userId eq '"+anaID+"' and ")
					f, ok2 := strings.CutSuffix(f, betaFilter)
					if !ok || !ok2 || r.top != "200" || r.prefer != "include-unknown-enum-members" || r.auth != "Bearer "+token || r.host != "graph.microsoft.com" {
						t.Errorf("odd request: %+v", r)
					}
					got = append(got, f)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("filters (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	withStand(t, func(t *testing.T, s *stand) {
		s.policies = answering(`{"value":[{"id":"p1","displayName":"Require MFA"}]}`)
		s.beta = func(w http.ResponseWriter, r *http.Request) {
			answering(strings.Replace(page("", "new", "old"), `"value":[`, `"value":[{"id":"older","userId":"`+anaID+`","createdDateTime":"1999-12-31T09:00:00Z"},`, 1))(w, r)
		}
		got, err := s.client().SignIns(t.Context(), signins.Query{Account: anaUPN})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"new", "old", "older"}, ids(got)); diff != "" {
			t.Errorf("rows are not newest first (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(signins.Account{ID: anaID, UPN: "Ana@contoso.com", Name: "Ana"}, got.Account); diff != "" {
			t.Errorf("account (-want +got):\n%s", diff)
		}
		if len(got.Policies) != 1 || got.Policies[0].Name != "Require MFA" || got.Read != 3 {
			t.Errorf("policies %+v, read %d", got.Policies, got.Read)
		}
		if n := len(s.requests("/auditLogs/")); n != 1 {
			t.Errorf("%d report requests, want 1", n)
		}
	})
}

func TestLogMayBeLate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		ago  time.Duration // 0: nobody said
		want []diagnosis.Gap
	}{
		{"nobody said when", 0, []diagnosis.Gap{diagnosis.GapLate}},
		{"five minutes ago", 5 * time.Minute, []diagnosis.Gap{diagnosis.GapLate}},
		{"in the future", -time.Hour, []diagnosis.Gap{diagnosis.GapLate}},
		{"ten minutes ago the row is written", 10 * time.Minute, nil},
		{"yesterday", 24 * time.Hour, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			withStand(t, func(t *testing.T, s *stand) {
				q := signins.Query{Account: anaUPN}
				if test.ago != 0 {
					q.At = time.Now().Add(-test.ago)
				}
				got, err := s.client().SignIns(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.want, got.Gaps); diff != "" {
					t.Errorf("gaps (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestFallBackToV1(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		beta  func(http.ResponseWriter, *http.Request)
		betas int // requests sent to beta
	}{
		{"beta refuses the filter", refusing(http.StatusBadRequest, "BadRequest"), 1},
		{"the cloud has no beta", refusing(http.StatusNotFound, "ResourceNotFound"), 1},
		{"beta fails twice", refusing(http.StatusInternalServerError, "UnknownError"), 2},
		{"beta is down, which is not waited for", refusing(http.StatusServiceUnavailable, "", "Retry-After", "20"), 2},
		{"a gateway answers in HTML", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(http.StatusBadGateway)
			_, _ = w.Write([]byte("<html>no</html>"))
		}, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			withStand(t, func(t *testing.T, s *stand) {
				s.beta, s.v1 = test.beta, answering(page("", "a"))
				begun := time.Now()
				got, err := s.client().SignIns(t.Context(), signins.Query{Account: anaUPN, At: time.Now().Add(-time.Hour)})
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff([]diagnosis.Gap{diagnosis.GapNonInteractive}, got.Gaps); diff != "" {
					t.Errorf("gaps (-want +got):\n%s", diff)
				}
				if len(got.SignIns) != 1 || len(s.requests("/beta/")) != test.betas || time.Since(begun) > 3*time.Second {
					t.Errorf("%d rows, %d requests to beta, took %s", len(got.SignIns), len(s.requests("/beta/")), time.Since(begun))
				}
				for _, r := range s.requests("/v1.0/auditLogs/") {
					if strings.Contains(r.filter, "signInEventTypes") {
						t.Errorf("v1.0 was asked with beta's filter: %s", r.filter)
					}
				}
			})
		})
	}
	t.Run("a passing error of beta does not cost the non-interactive rows", func(t *testing.T) {
		t.Parallel()
		withStand(t, func(t *testing.T, s *stand) {
			s.beta = inTurn(refusing(http.StatusInternalServerError, "UnknownError"), answering(page("", "a")))
			got, err := s.client().SignIns(t.Context(), signins.Query{Account: anaUPN, At: time.Now().Add(-time.Hour)})
			if err != nil || len(got.SignIns) != 1 || got.Gaps != nil {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	})
	t.Run("the wide window is asked of v1.0 at once", func(t *testing.T) {
		t.Parallel()
		withStand(t, func(t *testing.T, s *stand) {
			s.beta = refusing(http.StatusBadRequest, "BadRequest")
			if _, err := s.client().SignIns(t.Context(), signins.Query{Account: anaUPN}); err != nil {
				t.Fatal(err)
			}
			if b, v := len(s.requests("/beta/")), len(s.requests("/v1.0/auditLogs/")); b != 1 || v != 2 {
				t.Errorf("%d requests to beta and %d to v1.0", b, v)
			}
		})
	})
}
