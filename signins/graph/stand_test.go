package graph

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"signpost/signins"
)

const (
	anaID  = "11111111-2222-3333-4444-555555555555"
	anaUPN = "ana@contoso.com"
	token  = "very-secret-token"
)

// stand is a Graph that a test scripts: TLS and HTTP are real, the wire is in memory, so that everything runs inside a
// synctest bubble. Waiting costs no time, and a goroutine left behind fails the test.
type stand struct {
	t      *testing.T
	wire   chan net.Conn
	mu     sync.Mutex
	asked  []request
	logged bytes.Buffer
	tokens int

	// What the stand answers; nil means the answer of a tenant in order.
	users, beta, v1, policies, edits, members, groups, whatIf func(w http.ResponseWriter, r *http.Request)
	credential                                                func() error
}

// request is what the stand was asked.
type request struct {
	method, host, path, query, filter, top, prefer, auth, body string
	at                                                         time.Time
}

// withStand runs a test against a stand in a bubble.
func withStand(t *testing.T, test func(t *testing.T, s *stand)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &stand{t: t, wire: make(chan net.Conn)}
		test(t, s)
	})
}

// client starts the stand and returns a client that reaches it under Graph's own name.
func (s *stand) client(change ...func(*Options)) *Client {
	s.t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	if err := server.Listener.Close(); err != nil {
		s.t.Fatal(err)
	}
	wire := &listener{wire: s.wire, closed: make(chan struct{})}
	server.Listener = wire
	server.StartTLS()
	trusted := x509.NewCertPool()
	trusted.AddCert(server.Certificate())
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: trusted, ServerName: "example.com", MinVersion: tls.VersionTLS12},
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			a, b := net.Pipe()
			near, far := newBuffered(a), newBuffered(b)
			var err error
			select {
			case s.wire <- far:
				return near, nil
			case <-wire.closed:
				err = net.ErrClosed
			case <-ctx.Done():
				err = ctx.Err()
			}
			_, _ = near.Close(), far.Close()
			return nil, err
		},
	}
	s.t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
		time.Sleep(2 * goodbye) // of the bubble's clock, which stands still once the test returns
	})
	cloud, _ := CloudByName("public")
	opts := Options{
		Cloud: cloud, Credential: s, Transport: transport,
		Log: slog.New(slog.NewJSONHandler(&s.logged, nil)),
	}
	for _, c := range change {
		c(&opts)
	}
	c, err := New(opts)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// GetToken makes the stand the client's credential.
func (s *stand) GetToken(_ context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	s.mu.Lock()
	s.tokens++
	s.mu.Unlock()
	if len(o.Scopes) != 1 || o.Scopes[0] != "https://graph.microsoft.com/.default" {
		s.t.Errorf("token asked for %v", o.Scopes)
	}
	if s.credential != nil {
		if err := s.credential(); err != nil {
			return azcore.AccessToken{}, err
		}
	}
	return azcore.AccessToken{Token: token, ExpiresOn: time.Now().Add(time.Hour)}, nil
}

func (s *stand) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	q := r.URL.Query()
	s.mu.Lock()
	s.asked = append(s.asked, request{
		method: r.Method, host: r.Host, path: r.URL.EscapedPath(), query: r.URL.RawQuery, filter: q.Get("$filter"), top: q.Get("$top"),
		prefer: r.Header.Get("Prefer"), auth: r.Header.Get("Authorization"), body: string(body), at: time.Now(),
	})
	s.mu.Unlock()
	var answer func(http.ResponseWriter, *http.Request)
	switch path := r.URL.Path; {
	case path == "/beta/auditLogs/signIns":
		answer = or(s.beta, answering(page("")))
	case path == "/v1.0/auditLogs/signIns":
		answer = or(s.v1, answering(page("")))
	case path == "/v1.0/auditLogs/directoryAudits":
		answer = or(s.edits, answering(`{"value":[]}`))
	case path == "/v1.0/identity/conditionalAccess/policies":
		answer = or(s.policies, answering(`{"value":[]}`))
	case strings.HasPrefix(path, "/v1.0/groups/"):
		answer = or(s.groups, answering(`{"displayName":"Sales"}`))
	case path == "/v1.0/identity/conditionalAccess/evaluate":
		answer = or(s.whatIf, answering(`{"value":[]}`))
	case strings.HasSuffix(path, "/checkMemberGroups"):
		answer = or(s.members, answering(`{"value":[]}`))
	case strings.HasPrefix(path, "/v1.0/users"):
		answer = or(s.users, answering(`{"id":"`+strings.ToUpper(anaID)+`","userPrincipalName":"Ana@contoso.com","displayName":"Ana"}`))
	default:
		s.t.Errorf("unexpected request for %s", path)
		answer = refusing(http.StatusTeapot, "")
	}
	answer(w, r)
}

// requests returns what was asked of paths that hold a text, in order.
func (s *stand) requests(part string) []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []request
	for _, r := range s.asked {
		if strings.Contains(r.path, part) {
			found = append(found, r)
		}
	}
	return found
}

func or(f, otherwise func(http.ResponseWriter, *http.Request)) func(http.ResponseWriter, *http.Request) {
	if f != nil {
		return f
	}
	return otherwise
}

// answering always gives the same JSON.
func answering(body string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json;odata.metadata=minimal")
		_, _ = io.WriteString(w, body)
	}
}

// refusing always gives the same error; header holds names and values in turn.
func refusing(status int, code string, header ...string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("request-id", "req-1")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{
			"code": code, "message": "about " + anaUPN, "innerError": map[string]any{"request-id": "req-2", "date": "yesterday"},
		}})
	}
}

// inTurn gives each answer once, and the last one from then on.
func inTurn(answers ...func(http.ResponseWriter, *http.Request)) func(http.ResponseWriter, *http.Request) {
	var mu sync.Mutex
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		answer := answers[0]
		if len(answers) > 1 {
			answers = answers[1:]
		}
		mu.Unlock()
		answer(w, r)
	}
}

// silent answers nothing until the client goes away.
func silent(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// cut breaks the connection.
func cut(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// page is a page of rows with these ids, the first the newest, a minute apart.
func page(next string, ids ...string) string {
	rows := []map[string]any{}
	for i, id := range ids {
		rows = append(rows, map[string]any{
			"id": id, "userId": anaID, "createdDateTime": time.Now().UTC().Add(-time.Duration(i) * time.Minute), "status": map[string]any{"errorCode": 0},
		})
	}
	body := map[string]any{"value": rows}
	if next != "" {
		body["@odata.nextLink"] = next
	}
	raw, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// asFailure returns the failure that err must be.
func asFailure(t *testing.T, err error) *signins.Failure {
	t.Helper()
	var f *signins.Failure
	if !errors.As(err, &f) {
		t.Fatalf("error is %T (%v), want a *signins.Failure", err, err)
	}
	return f
}

// ids lists the rows of a log.
func ids(l signins.Log) []string {
	var out []string
	for _, row := range l.SignIns {
		out = append(out, row.ID)
	}
	return out
}
