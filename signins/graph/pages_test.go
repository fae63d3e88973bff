package graph

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"signpost/diagnosis"
	"signpost/signins"
)

const nextPage = "https://graph.microsoft.com/beta/auditLogs/signIns?$filter=x%20eq%20%27y%27&$skiptoken="

func TestPages(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		pages  []func(http.ResponseWriter, *http.Request)
		change func(*Options)
		rows   int
		read   int
		gaps   []diagnosis.Gap
		sent   int
	}{
		{
			name: "short and empty pages are not the end",
			pages: []func(http.ResponseWriter, *http.Request){
				answering(page(nextPage+"1", "a")), answering(page(nextPage + "2")), answering(page(nextPage+"3", "b", "c")), answering(page("", "d")),
			},
			rows: 4, read: 4, sent: 4,
		},
		{
			name:   "reading stops at the limit and says so",
			pages:  []func(http.ResponseWriter, *http.Request){answering(page(nextPage+"1", "a", "b")), answering(page(nextPage+"2", "c", "d"))},
			change: func(o *Options) { o.MaxRows = 3 },
			rows:   3, read: 4, sent: 2, gaps: []diagnosis.Gap{diagnosis.GapTruncated},
		},
		{
			name:   "a log of exactly the limit is complete",
			pages:  []func(http.ResponseWriter, *http.Request){answering(page(nextPage+"1", "a", "b")), answering(page("", "c", "d"))},
			change: func(o *Options) { o.MaxRows = 4 },
			rows:   4, read: 4, sent: 2,
		},
		{
			name:   "empty pages for ever are given up",
			pages:  []func(http.ResponseWriter, *http.Request){answering(page(nextPage+"1", "a")), answering(page(nextPage + "2"))},
			change: func(o *Options) { o.MaxRows, o.PageSize, o.Timeout = 1000, 1000, 1<<40 },
			rows:   1, read: 1, sent: 13, gaps: []diagnosis.Gap{diagnosis.GapTruncated},
		},
		{
			name:  "a later page that fails leaves the rows so far",
			pages: []func(http.ResponseWriter, *http.Request){answering(page(nextPage+"1", "a")), refusing(http.StatusInternalServerError, "UnknownError")},
			rows:  1, read: 1, sent: 2, gaps: []diagnosis.Gap{diagnosis.GapTruncated},
		},
		{
			name:  "a later page that is throttled for long leaves the rows so far",
			pages: []func(http.ResponseWriter, *http.Request){answering(page(nextPage+"1", "a")), refusing(http.StatusTooManyRequests, "", "Retry-After", "300")},
			rows:  1, read: 1, sent: 2, gaps: []diagnosis.Gap{diagnosis.GapTruncated},
		},
		{
			name:  "a row that cannot be decoded is counted",
			pages: []func(http.ResponseWriter, *http.Request){answering(strings.Replace(page("", "a"), `"value":[`, `"value":["no row",`, 1))},
			rows:  1, read: 2, sent: 1,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			withStand(t, func(t *testing.T, s *stand) {
				s.beta = inTurn(test.pages...)
				var change []func(*Options)
				if test.change != nil {
					change = append(change, test.change)
				}
				c := s.client(change...)
				got, err := c.SignIns(t.Context(), signins.Query{Account: anaUPN, At: c.opts.Now().Add(-lateness)})
				if err != nil {
					t.Fatal(err)
				}
				if len(got.SignIns) != test.rows || got.Read != test.read || len(s.requests("/beta/")) != test.sent {
					t.Errorf("%d rows, %d read, %d requests", len(got.SignIns), got.Read, len(s.requests("/beta/")))
				}
				if diff := cmp.Diff(test.gaps, got.Gaps); diff != "" {
					t.Errorf("gaps (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestNextLinkIsSentAsItCame(t *testing.T) {
	t.Parallel()
	withStand(t, func(t *testing.T, s *stand) {
		s.beta = inTurn(answering(page(nextPage+"a%2Bb%3D", "a")), answering(page("", "b")))
		if _, err := s.client().SignIns(t.Context(), signins.Query{Account: anaUPN}); err != nil {
			t.Fatal(err)
		}
		want := "$filter=x%20eq%20%27y%27&$skiptoken=a%2Bb%3D"
		if got := s.requests("/beta/")[1].query; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

// Whatever a page says, the token goes to Graph's host over https only.
func TestLinksElsewhereAreRefused(t *testing.T) {
	t.Parallel()
	for _, link := range []string{
		"https://evil.example/beta/auditLogs/signIns?$skiptoken=1",
		"http://graph.microsoft.com/beta/auditLogs/signIns?$skiptoken=1",
		"https://graph.microsoft.com:8443/beta/auditLogs/signIns",
		"https://graph.microsoft.com@evil.example/beta/auditLogs/signIns",
		"https://ana@graph.microsoft.com/beta/auditLogs/signIns",
		"https://graph.microsoft.com.evil.example/beta/auditLogs/signIns",
		"https://graph.microsoft.us/beta/auditLogs/signIns",
		"//graph.microsoft.com/beta/auditLogs/signIns",
		"/beta/auditLogs/signIns?$skiptoken=1",
		"https://graph.microsoft.com\\@evil.example/",
		"://",
	} {
		t.Run(link, func(t *testing.T) {
			t.Parallel()
			withStand(t, func(t *testing.T, s *stand) {
				s.beta = answering(page(link, "a"))
				_, err := s.client().SignIns(t.Context(), signins.Query{Account: anaUPN})
				if f := asFailure(t, err); f.Reason != signins.ReasonUnexpected {
					t.Errorf("reason %s", f.Reason)
				}
				if n := len(s.requests("/auditLogs/")); n != 1 {
					t.Errorf("%d report requests, want 1", n)
				}
			})
		})
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, target := range []string{"https://evil.example/", "/v1.0/auditLogs/signIns"} {
			t.Run(fmt.Sprint(status, " ", target), func(t *testing.T) {
				t.Parallel()
				withStand(t, func(t *testing.T, s *stand) {
					s.beta = func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, target, status) }
					_, err := s.client().SignIns(t.Context(), signins.Query{Account: anaUPN})
					if f := asFailure(t, err); f.Reason != signins.ReasonUnexpected {
						t.Errorf("reason %s", f.Reason)
					}
					if n := len(s.requests("/auditLogs/")); n != 1 {
						t.Errorf("%d report requests, want 1", n)
					}
				})
			})
		}
	}
}

func TestHugeAnswersAreBounded(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusOK, http.StatusForbidden} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			withStand(t, func(t *testing.T, s *stand) {
				sent := make(chan int, 1)
				s.beta = func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Type", "application/json")
					w.WriteHeader(status)
					chunk, total := bytes.Repeat([]byte(" "), 1<<20), 0
					for range 4 * maxBody >> 20 {
						n, err := w.Write(chunk)
						total += n
						if err != nil {
							break
						}
					}
					sent <- total
				}
				_, err := s.client().SignIns(t.Context(), signins.Query{Account: anaUPN})
				if f := asFailure(t, err); f.Reason != signins.ReasonUnexpected {
					t.Errorf("reason %s", f.Reason)
				}
				if n := <-sent; n > maxBody+4<<20 {
					t.Errorf("%d bytes were taken", n)
				}
			})
		})
	}
}

func TestCancelledLookUp(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		hang func(*stand)
	}{
		{"while the account is resolved", func(s *stand) { s.users = silent }},
		{"while the log is read", func(s *stand) { s.beta = silent }},
		{"while policies are read", func(s *stand) { s.policies = silent }},
		{"while waiting for a retry", func(s *stand) { s.beta = refusing(http.StatusTooManyRequests, "", "Retry-After", "30") }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			withStand(t, func(t *testing.T, s *stand) {
				test.hang(s)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				reached := make(chan struct{})
				context.AfterFunc(ctx, func() { close(reached) })
				c := s.client()
				done := make(chan error, 1)
				go func() {
					_, err := c.SignIns(ctx, signins.Query{Account: anaUPN})
					done <- err
				}()
				waitIdle()
				cancel()
				<-reached
				err := <-done
				if err == nil && test.name == "while policies are read" {
					return // they are no reason to fail
				}
				if f := asFailure(t, err); f.Reason != signins.ReasonTimeout {
					t.Errorf("reason %s", f.Reason)
				}
			})
		})
	}
}
