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
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// The hosts that the sandbox stands in for.
const (
	HostBotFramework = "login.botframework.com"
	HostEntra        = "login.microsoftonline.com"
	HostGraph        = "graph.microsoft.com"
	HostConnector    = "smba.trafficmanager.net"
)

// Options set up a Sandbox. The zero value is good for playing: real time, and no limits.
type Options struct {
	// Now is the services' clock; time.Now when nil. Certificates and waits use the real one.
	Now func() time.Time
	// EnforceGraphLimit makes Graph answer 429 after 5 report requests in 10 s.
	EnforceGraphLimit bool
	// EnforceTeamsLimit makes the connector answer 429 beyond Teams' limits per conversation and per tenant.
	EnforceTeamsLimit bool
}

// The sample tenant and the bot's app registration in it.
const (
	tenantID = "0f3c1d2e-8a47-4b6e-9c55-2d7e61a94b10"
	appID    = "c3a9b7d4-5e21-4f08-8b6d-90e2f1a7c345"
	secret   = "only-the-sandbox-knows-this-value"
)

// Sandbox is a running stand-in. Its methods may be called from several goroutines.
type Sandbox struct {
	opts      Options
	transport *http.Transport
	server    *http.Server
	stopped   context.Context // done when the sandbox closes
	stop      context.CancelFunc

	keys    keys
	faults  faults
	grants  grants
	tenant  *Tenant
	reports window // the report requests of the one app in the one tenant
	sends   window // the requests to the connector of the one app in the one tenant
	pages   pages
	chats   chats
	ids     messageIDs
}

// Start starts the services with the sample tenant. The caller must Close the sandbox.
func Start(opts Options) (*Sandbox, error) {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	s := &Sandbox{opts: opts, tenant: newTenant(opts.Now())}
	for _, p := range permissions {
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
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug), // about clients that hang up
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
func (s *Sandbox) AppID() string { return appID }

// TenantID is the sample tenant's id.
func (s *Sandbox) TenantID() string { return tenantID }

// Secret is the app's client secret. It opens nothing but this sandbox.
func (s *Sandbox) Secret() string { return secret }

// Tenant is the directory and the logs of the sample tenant.
func (s *Sandbox) Tenant() *Tenant { return s.tenant }

// Transport brings Microsoft's host names to the sandbox and trusts its certificate authority. Requests to any other
// host fail. It is the same transport for every caller.
func (s *Sandbox) Transport() *http.Transport { return s.transport }

// serve answers for all hosts.
func (s *Sandbox) serve(w http.ResponseWriter, r *http.Request) {
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
