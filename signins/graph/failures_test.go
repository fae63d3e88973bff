package graph

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/google/go-cmp/cmp"

	"signpost/signins"
)

// waitIdle returns when every other goroutine of the bubble waits for something.
func waitIdle() { synctest.Wait() }

// Every reason has at least one way to come about, and each way is told as that reason.
func TestFailures(t *testing.T) {
	t.Parallel()
	both := func(s *stand, answer func(http.ResponseWriter, *http.Request)) { s.beta, s.v1 = answer, answer }
	tests := []struct {
		name string
		set  func(*stand)
		want signins.Failure // without Err
		took time.Duration   // how long the person waits at most; 0 means 4 s
	}{
		{
			name: "the directory has no such account",
			set: func(s *stand) {
				s.users = inTurn(refusing(http.StatusNotFound, "Request_ResourceNotFound"), answering(`{"value":[]}`))
			},
			want: signins.Failure{Reason: signins.ReasonAccountNotFound},
		},
		{
			name: "two accounts have the address",
			set: func(s *stand) {
				s.users = inTurn(refusing(http.StatusNotFound, "Request_ResourceNotFound"), answering(`{"value":[{"id":"`+anaID+`"},{"id":"`+anaID+`"}]}`))
			},
			want: signins.Failure{Reason: signins.ReasonAccountNotFound},
		},
		{
			name: "a licence is denied three times",
			set:  func(s *stand) { s.beta = refusing(http.StatusForbidden, codeNoLicence) },
			want: signins.Failure{Reason: signins.ReasonNoLicence, Code: codeNoLicence, RequestID: "req-1"},
		},
		{
			name: "the app may not read the log",
			set:  func(s *stand) { s.beta = refusing(http.StatusForbidden, "Authentication_MSGraphPermissionMissing") },
			want: signins.Failure{
				Reason: signins.ReasonNoPermission, Permission: "AuditLog.Read.All",
				Code: "Authentication_MSGraphPermissionMissing", RequestID: "req-1",
			},
		},
		{
			name: "the log's service may not read the directory",
			set:  func(s *stand) { s.beta = refusing(http.StatusForbidden, codeNoDirectory) },
			want: signins.Failure{Reason: signins.ReasonNoPermission, Permission: "Directory.Read.All", Code: codeNoDirectory, RequestID: "req-1"},
		},
		{
			name: "graph refuses the token",
			set: func(s *stand) {
				s.beta = refusing(http.StatusUnauthorized, "InvalidAuthenticationToken", "WWW-Authenticate", "Bearer realm=\"\"")
			},
			want: signins.Failure{Reason: signins.ReasonCredential, Code: "InvalidAuthenticationToken", RequestID: "req-1"},
		},
		{
			name: "entra refuses the credential",
			set: func(s *stand) {
				s.credential = func() error { return entraAnswer(http.StatusUnauthorized, "AADSTS7000222: expired") }
			},
			want: signins.Failure{Reason: signins.ReasonCredential, Code: "AADSTS7000222"},
		},
		{
			name: "a credential fails in a way of its own",
			set:  func(s *stand) { s.credential = func() error { return errors.New("no identity here\nsecond line") } },
			want: signins.Failure{Reason: signins.ReasonCredential},
		},
		{
			name: "entra throttles",
			set: func(s *stand) {
				s.credential = func() error { return entraAnswer(http.StatusTooManyRequests, "", "Retry-After", "17") }
			},
			want: signins.Failure{Reason: signins.ReasonThrottled, RetryAfter: 17 * time.Second},
		},
		{
			name: "entra is down",
			set: func(s *stand) {
				s.credential = func() error { return entraAnswer(http.StatusServiceUnavailable, "") }
			},
			want: signins.Failure{Reason: signins.ReasonUnavailable},
		},
		{
			name: "graph asks for more patience than there is, which is told at once",
			set:  func(s *stand) { s.beta = refusing(http.StatusTooManyRequests, "TooManyRequests", "Retry-After", "60") },
			want: signins.Failure{Reason: signins.ReasonThrottled, Code: "TooManyRequests", RequestID: "req-1", RetryAfter: time.Minute},
		},
		{
			name: "graph asks to wait until a date",
			set: func(s *stand) {
				s.beta = refusing(http.StatusTooManyRequests, "TooManyRequests", "Retry-After", "Sat, 01 Jan 2000 00:10:00 GMT")
			},
			want: signins.Failure{Reason: signins.ReasonThrottled, Code: "TooManyRequests", RequestID: "req-1", RetryAfter: 10 * time.Minute},
		},
		{
			name: "graph asks to wait for ever",
			set:  func(s *stand) { s.beta = refusing(http.StatusTooManyRequests, "", "Retry-After", "1e300") },
			want: signins.Failure{Reason: signins.ReasonThrottled, RequestID: "req-1", RetryAfter: forever},
		},
		{
			name: "graph does not answer",
			set:  func(s *stand) { s.beta = silent },
			want: signins.Failure{Reason: signins.ReasonTimeout},
			took: 45 * time.Second,
		},
		{
			name: "the directory does not answer",
			set:  func(s *stand) { s.users = silent },
			want: signins.Failure{Reason: signins.ReasonTimeout},
			took: 45 * time.Second,
		},
		{
			name: "graph breaks the connection",
			set:  func(s *stand) { both(s, cut) },
			want: signins.Failure{Reason: signins.ReasonUnavailable},
		},
		{
			name: "graph breaks off in the middle of an answer",
			set: func(s *stand) {
				both(s, func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Content-Length", "1000")
					answering(`{"value":[`)(w, r)
				})
			},
			want: signins.Failure{Reason: signins.ReasonUnavailable},
		},
		{
			name: "graph is down",
			set:  func(s *stand) { both(s, refusing(http.StatusInternalServerError, "generalException")) },
			want: signins.Failure{Reason: signins.ReasonUnavailable, Code: "generalException", RequestID: "req-1"},
		},
		{
			name: "graph is down and says for how long",
			set:  func(s *stand) { both(s, refusing(http.StatusServiceUnavailable, "", "Retry-After", "120")) },
			want: signins.Failure{Reason: signins.ReasonUnavailable, RequestID: "req-1", RetryAfter: 2 * time.Minute},
		},
		{
			name: "both versions refuse the question",
			set:  func(s *stand) { both(s, refusing(http.StatusBadRequest, "BadRequest")) },
			want: signins.Failure{Reason: signins.ReasonUnexpected, Code: "BadRequest", RequestID: "req-1"},
		},
		{
			name: "the answer is no JSON",
			set:  func(s *stand) { s.beta = answering("<html>") },
			want: signins.Failure{Reason: signins.ReasonUnexpected},
		},
		{
			name: "the answer is empty",
			set:  func(s *stand) { s.beta = answering("") },
			want: signins.Failure{Reason: signins.ReasonUnexpected},
		},
		{
			name: "there is no content",
			set: func(s *stand) {
				s.beta = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
			},
			want: signins.Failure{Reason: signins.ReasonUnexpected},
		},
		{
			name: "the account is no account",
			set:  func(s *stand) { s.users = answering(`{"id":"7"}`) },
			want: signins.Failure{Reason: signins.ReasonUnexpected},
		},
		{
			name: "a challenge that the sdk panics over",
			set: func(s *stand) {
				s.beta = refusing(http.StatusUnauthorized, "", "WWW-Authenticate", "Bearer claims=broken")
			},
			want: signins.Failure{Reason: signins.ReasonUnexpected},
		},
	}
	seen := map[signins.Reason]bool{}
	for _, test := range tests {
		seen[test.want.Reason] = true
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			withStand(t, func(t *testing.T, s *stand) {
				test.set(s)
				begun := time.Now()
				_, err := s.client().SignIns(t.Context(), signins.Query{Account: anaUPN})
				took, most := time.Since(begun), max(test.took, 4*time.Second)
				if took > most {
					t.Errorf("took %s, want at most %s", took, most)
				}
				got := *asFailure(t, err)
				told := got.Error()
				got.Err = nil
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("failure (-want +got):\n%s\nfrom %v", diff, err)
				}
				s.mu.Lock()
				defer s.mu.Unlock()
				for _, secret := range []string{token, "ana@", anaID, "filter", "https://", "\n"} {
					if strings.Contains(told, secret) || (secret != "\n" && strings.Contains(s.logged.String(), secret)) {
						t.Errorf("%q shows in the failure or in the log:\n%s\n%s", secret, told, s.logged.String())
					}
				}
			})
		})
	}
	for _, r := range signins.Reasons() {
		if !seen[r] {
			t.Errorf("no row for reason %s", r)
		}
	}
}

// entraAnswer is azidentity's error for an answer of Entra's; header holds names and values in turn.
func entraAnswer(status int, body string, header ...string) error {
	resp := &http.Response{StatusCode: status, Header: http.Header{}, Body: http.NoBody}
	if body != "" {
		resp.Body = readCloser{strings.NewReader(body)}
	}
	for i := 0; i < len(header); i += 2 {
		resp.Header.Set(header[i], header[i+1])
	}
	return &azidentity.AuthenticationFailedError{RawResponse: resp}
}

type readCloser struct{ *strings.Reader }

// Close does nothing.
func (readCloser) Close() error { return nil }

func TestThrottlingThatPasses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		refusal func(http.ResponseWriter, *http.Request)
		took    time.Duration
	}{
		{"at once", refusing(http.StatusTooManyRequests, "", "Retry-After", "0"), 0},
		{"after a second", refusing(http.StatusTooManyRequests, "", "Retry-After", "1"), time.Second},
		{"after a date", refusing(http.StatusTooManyRequests, "", "Retry-After", "Sat, 01 Jan 2000 00:00:30 GMT"), 30 * time.Second},
		{"after a date that has passed", refusing(http.StatusTooManyRequests, "", "Retry-After", "Sat, 01 Jan 1999 00:00:30 GMT"), 0},
		{"without a word about when", refusing(http.StatusTooManyRequests, ""), 2 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			withStand(t, func(t *testing.T, s *stand) {
				s.beta = inTurn(test.refusal, answering(page("", "a")))
				begun := time.Now()
				got, err := s.client().SignIns(t.Context(), signins.Query{Account: anaUPN})
				if err != nil || len(got.SignIns) != 1 {
					t.Fatalf("got %+v, %v", got, err)
				}
				if took := time.Since(begun); took < test.took || took > test.took+time.Second {
					t.Errorf("took %s, want %s", took, test.took)
				}
			})
		})
	}
}

func TestLicenceDeniedByMistake(t *testing.T) {
	t.Parallel()
	withStand(t, func(t *testing.T, s *stand) {
		s.beta = inTurn(refusing(http.StatusForbidden, codeNoLicence), refusing(http.StatusForbidden, codeNoLicence), answering(page("", "a")))
		got, err := s.client().SignIns(t.Context(), signins.Query{Account: anaUPN})
		if err != nil || len(got.SignIns) != 1 || len(s.requests("/beta/")) != 3 {
			t.Errorf("got %+v, %v after %d requests", got, err, len(s.requests("/beta/")))
		}
	})
}

func TestEntraOutOfReach(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]signins.Reason{
		`ClientSecretCredential: Post "https://login.microsoftonline.com/t/oauth2": dial tcp: lookup login.microsoftonline.com: no such host`: signins.ReasonUnavailable,
		`ManagedIdentityCredential: no identity assigned`: signins.ReasonCredential,
	} {
		if got := readCredentialError(errors.New(text)).reason(); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}
