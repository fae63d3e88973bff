package sandbox_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"signpost/sandbox"
)

// noon is when every test begins.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// clock is the services' clock, which a test turns.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) turn(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// services is a running sandbox with a client that reaches it.
type services struct {
	*sandbox.Sandbox
	t      *testing.T
	clock  *clock
	client *http.Client
}

func start(t *testing.T, opts sandbox.Options) *services {
	t.Helper()
	c := &clock{now: noon}
	opts.Now = c.Now
	box, err := sandbox.Start(opts)
	if err != nil {
		t.Fatalf("start the sandbox: %v", err)
	}
	t.Cleanup(box.Close)
	return &services{Sandbox: box, t: t, clock: c, client: &http.Client{Transport: box.Transport(), Timeout: time.Minute}}
}

// answer is a response that was read.
type answer struct {
	status int
	header http.Header
	raw    []byte
	body   map[string]any // nil when raw is no JSON object
}

func (s *services) do(r *http.Request) answer {
	s.t.Helper()
	response, err := s.client.Do(r)
	if err != nil {
		s.t.Fatalf("%s %s: %v", r.Method, r.URL, err)
	}
	defer func() { _ = response.Body.Close() }()
	a := answer{status: response.StatusCode, header: response.Header}
	if a.raw, err = io.ReadAll(response.Body); err != nil {
		s.t.Fatalf("%s %s: %v", r.Method, r.URL, err)
	}
	_ = json.Unmarshal(a.raw, &a.body)
	return a
}

func (s *services) request(method, address, body string) *http.Request {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

func (s *services) get(address string) answer {
	s.t.Helper()
	return s.do(s.request(http.MethodGet, address, ""))
}

const (
	scopeGraph     = "https://graph.microsoft.com/.default"
	scopeConnector = "https://api.botframework.com/.default"
)

// askToken posts a form to the token endpoint of a tenant.
func (s *services) askToken(tenant string, form url.Values) answer {
	s.t.Helper()
	r := s.request(http.MethodPost, "https://"+sandbox.HostEntra+"/"+tenant+"/oauth2/v2.0/token", form.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.do(r)
}

// form is a good request for a token.
func (s *services) form(scope string) url.Values {
	return url.Values{
		"grant_type": {"client_credentials"}, "client_id": {s.AppID()}, "client_secret": {s.Secret()}, "scope": {scope},
	}
}

func (s *services) token(scope string) string {
	s.t.Helper()
	token, _ := s.askToken(s.TenantID(), s.form(scope)).body["access_token"].(string)
	if token == "" {
		s.t.Fatalf("no token for %s", scope)
	}
	return token
}

// graph asks Graph with a token of its own. pathAndQuery begins with the version; headers are pairs.
func (s *services) graph(method, pathAndQuery, body string, headers ...string) answer {
	s.t.Helper()
	r := s.request(method, "https://"+sandbox.HostGraph+pathAndQuery, body)
	r.Header.Set("Authorization", "Bearer "+s.token(scopeGraph))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return s.do(r)
}

// connector sends to the Bot Connector with a token of its own. path begins after the service URL.
func (s *services) connector(method, path string, body []byte) answer {
	s.t.Helper()
	address := "https://" + sandbox.HostConnector + "/emea/" + s.TenantID() + "/" + path
	r, err := http.NewRequestWithContext(s.t.Context(), method, address, bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.token(scopeConnector))
	return s.do(r)
}

// errorCode is the code of an error of Graph or the connector, and empty for anything else.
func (a answer) errorCode() string {
	problem, _ := a.body["error"].(map[string]any)
	code, _ := problem["code"].(string)
	return code
}

// values are the members of an OData collection.
func (a answer) values() []map[string]any {
	list, _ := a.body["value"].([]any)
	var all []map[string]any
	for _, v := range list {
		o, _ := v.(map[string]any)
		all = append(all, o)
	}
	return all
}

// want checks the status and the error code of an answer. page is where Microsoft says so.
func (a answer) want(t *testing.T, status int, code, page string) {
	t.Helper()
	if a.status != status || a.errorCode() != code {
		t.Errorf("answered %d %q, want %d %q as in %s\n%s", a.status, a.errorCode(), status, code, page, a.raw)
	}
}
