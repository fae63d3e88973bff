// Package sandbox is a local stand-in for the Microsoft services that signpost talks to: Microsoft Entra, Microsoft
// Graph, the Bot Framework's identity service and the Bot Connector, with a sample tenant and a driver that behaves as
// a Teams client.
//
// One TLS listener on the loopback address serves all four host names; Transport brings them there, so that the program
// under test keeps its real addresses, its real credentials and its certificate verification. The services follow
// what Microsoft publishes, quirks included, and where that is not known they take the stricter reading. What a
// service refuses here may work at Microsoft; what works here should work there.
//
// The room knows none of the others: it is an oracle for them.
package sandbox

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// The hosts that the sandbox stands in for.
const (
	HostBotFramework = "login.botframework.com"
	HostEntra        = "login.microsoftonline.com"
	HostGraph        = "graph.microsoft.com"
	HostConnector    = "smba.trafficmanager.net"
)

// Options set up a Sandbox. The zero value is a complete sample.
type Options struct {
	AppID    string           // the bot's app registration, a GUID
	TenantID string           // the sample tenant, a GUID
	Secret   string           // the app's client secret
	Now      func() time.Time // the services' clock; time.Now when nil. Certificates and waits use the real one
	Log      *slog.Logger     // one debug record per request; nil for none

	// EnforceGraphLimit makes Graph answer 429 after 5 report requests in 10 s.
	EnforceGraphLimit bool
	// EnforceTeamsLimit makes the connector answer 429 beyond Teams' limits per conversation.
	EnforceTeamsLimit bool
}

// What the sample is when Options do not say.
const (
	sampleAppID    = "c3a9b7d4-5e21-4f08-8b6d-90e2f1a7c345"
	sampleTenantID = "0f3c1d2e-8a47-4b6e-9c55-2d7e61a94b10"
	sampleSecret   = "only-the-sandbox-knows-this-value"
)

// Sandbox is a running stand-in. Its methods may be called from several goroutines.
type Sandbox struct {
	opts      Options
	started   time.Time
	transport *http.Transport
	server    *http.Server
	stopped   context.Context // done when the sandbox closes
	stop      context.CancelFunc

	keys   keys
	faults faults
	counts counts
	grants grants
	tenant *Tenant
	limit  reportLimit
	pages  pages
	chats  chats
	ids    messageIDs
}

// Start starts the services with the sample tenant. The caller must Close the sandbox.
func Start(opts Options) (*Sandbox, error) {
	opts.AppID = cmp.Or(opts.AppID, sampleAppID)
	opts.TenantID = cmp.Or(opts.TenantID, sampleTenantID)
	opts.Secret = cmp.Or(opts.Secret, sampleSecret)
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	s := &Sandbox{opts: opts, started: opts.Now(), tenant: newTenant(opts.Now())}
	for _, p := range Permissions() {
		s.grants.set(p, true)
	}
	if err := s.keys.rotate(); err != nil {
		return nil, fmt.Errorf("start the sandbox: %w", err)
	}
	authority, err := newAuthority(HostBotFramework, HostEntra, HostGraph, HostConnector)
	if err != nil {
		return nil, fmt.Errorf("start the sandbox: %w", err)
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the sandbox: %w", err)
	}
	s.stopped, s.stop = context.WithCancel(context.Background())
	s.transport = authority.transport(listener.Addr().String())
	s.server = &http.Server{
		Handler:           http.HandlerFunc(s.serve),
		TLSConfig:         authority.server,
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(opts.Log.Handler(), slog.LevelDebug),
	}
	go func() { _ = s.server.ServeTLS(listener, "", "") }() // returns when the server closes
	return s, nil
}

// Close stops the services and everything that waits for them.
func (s *Sandbox) Close() {
	s.stop()
	s.transport.CloseIdleConnections()
	_ = s.server.Close()
}

// AppID is the bot's app registration.
func (s *Sandbox) AppID() string { return s.opts.AppID }

// TenantID is the sample tenant's id.
func (s *Sandbox) TenantID() string { return s.opts.TenantID }

// Secret is the app's client secret. It opens nothing but this sandbox.
func (s *Sandbox) Secret() string { return s.opts.Secret }

// Tenant is the directory and the logs of the sample tenant.
func (s *Sandbox) Tenant() *Tenant { return s.tenant }

// Transport brings Microsoft's host names to the sandbox and trusts its certificate authority. Requests to any other
// host fail. It is the same transport for every caller.
func (s *Sandbox) Transport() *http.Transport { return s.transport }

// serve answers for all hosts.
func (s *Sandbox) serve(w http.ResponseWriter, r *http.Request) {
	s.counts.add(r)
	s.opts.Log.Debug("sandbox request", slog.String("host", r.Host), slog.String("method", r.Method), slog.String("path", r.URL.Path))
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	s.throughFaults(w, r, s.answer)
}

// answer leaves the request to the service of its host.
func (s *Sandbox) answer(w http.ResponseWriter, r *http.Request) {
	switch hostOf(r) {
	case HostBotFramework:
		s.serveBotFramework(w, r)
	case HostEntra:
		s.serveEntra(w, r)
	case HostGraph:
		s.serveGraph(w, r)
	case HostConnector:
		s.serveConnector(w, r)
	default:
		http.Error(w, "the sandbox does not stand in for this host", http.StatusMisdirectedRequest)
	}
}

// counts counts the requests that arrived.
type counts struct {
	mu      sync.Mutex
	hosts   map[string]int
	reports int
}

func (c *counts) add(r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.hosts == nil {
		c.hosts = map[string]int{}
	}
	c.hosts[hostOf(r)]++
	if hostOf(r) == HostGraph && isReport(graphPath(r)) {
		c.reports++
	}
}

// Requests is how many requests arrived for a host since the start or the last ResetCounts, failed ones included.
func (s *Sandbox) Requests(host string) int {
	s.counts.mu.Lock()
	defer s.counts.mu.Unlock()
	return s.counts.hosts[host]
}

// GraphReportRequests is how many of Graph's requests were report requests, which Graph limits most.
func (s *Sandbox) GraphReportRequests() int {
	s.counts.mu.Lock()
	defer s.counts.mu.Unlock()
	return s.counts.reports
}

// ResetCounts starts counting from zero.
func (s *Sandbox) ResetCounts() {
	s.counts.mu.Lock()
	defer s.counts.mu.Unlock()
	s.counts.hosts, s.counts.reports = nil, 0
}
