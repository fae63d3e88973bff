package graph

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	khttp "github.com/microsoft/kiota-http-go"
	core "github.com/microsoftgraph/msgraph-sdk-go-core"
)

// maxBody bounds an answer. A page of 1000 beta rows is about 5 MiB.
const maxBody = 32 << 20

// The answers that are refused whatever they hold.
var (
	errForeignHost = errors.New("request to a host that is not graph's refused")
	errRedirected  = errors.New("graph answered with a redirect, which is not followed")
	errTooLarge    = errors.New("graph's answer is too large")
)

// sdkVersion is the version of msgraph-sdk-go that Graph is told of, as the SDK's root package would.
const sdkVersion = "1.89.0"

// newHTTPClient puts the SDK's pipeline on top of a guard around the transport.
//
// Of the SDK's usual handlers three are left out: the one that follows redirects, the one that compresses requests
// (a retry after it would send an empty body) and the one that rewrites URLs.
func newHTTPClient(transport http.RoundTripper, host string) *http.Client {
	g := &guard{next: transport, host: host, reports: newLimiter(reportBurst, reportPeriod)}
	return &http.Client{
		Transport: khttp.NewCustomTransportWithParentTransport(g,
			core.NewGraphTelemetryHandler(&core.GraphClientOptions{GraphServiceLibraryVersion: sdkVersion}),
			khttp.NewParametersNameDecodingHandler(),
			khttp.NewRetryHandlerWithOptions(retryOptions()),
		),
		CheckRedirect: func(*http.Request, []*http.Request) error { return errRedirected },
	}
}

// defaultTransport is used where none is given. The deadline of the look-up bounds the whole exchange.
func defaultTransport() http.RoundTripper {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxIdleConnsPerHost:    8,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
	}
}

// guard is the last thing before the wire, so that retries pass it too. It sends nothing to a host other than Graph's,
// keeps report requests within Graph's limit, refuses redirects and bounds bodies.
type guard struct {
	next    http.RoundTripper
	host    string
	reports *limiter
}

// RoundTrip sends one request.
func (g *guard) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := g.admit(req); err != nil {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return nil, err
	}
	resp, err := g.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		_ = resp.Body.Close()
		return nil, errRedirected
	}
	resp.Body = &boundedBody{ReadCloser: resp.Body, left: maxBody}
	return resp, nil
}

func (g *guard) admit(req *http.Request) error {
	if req.URL.Scheme != "https" || req.URL.User != nil || !strings.EqualFold(req.URL.Host, g.host) {
		return errForeignHost
	}
	if strings.Contains(strings.ToLower(req.URL.Path), "/auditlogs/") {
		return g.reports.wait(req.Context())
	}
	return nil
}

// boundedBody fails once more than left bytes have been read, and at every read after that.
type boundedBody struct {
	io.ReadCloser
	left int64
}

// Read reads at most one byte more than is left, to tell a body that just fits from one that does not.
func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, errTooLarge
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	if b.left < 0 {
		return n, errTooLarge
	}
	return n, err
}
