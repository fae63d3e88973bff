package sandbox

import (
	"cmp"
	"maps"
	"math"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Fault is something that goes wrong at a service. The first three fields choose requests, empty ones any; the rest
// says what happens to them. A Fault with nothing but a Delay makes the service slow; one without any effect answers 503.
type Fault struct {
	Host         string
	PathContains string
	Method       string
	Times        int // how often it strikes; 0 until it is mended

	Status     int
	Body       string        // empty: an error as the host would write it
	RetryAfter time.Duration // rounded up to whole seconds
	Delay      time.Duration // before anything else
	Reset      bool          // close the connection without an answer
	Garbage    bool          // answer something that is not JSON, as if it were, with Status or 200
	Late       bool          // the service does what it was asked first, and only then its answer is lost to the fault
}

type faults struct {
	mu   sync.Mutex
	next int
	all  map[int]*Fault
}

// Break makes requests fail until they are mended or Times is used up. Of several faults that fit, the oldest strikes.
func (s *Sandbox) Break(f Fault) (mend func()) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	if s.faults.all == nil {
		s.faults.all = map[int]*Fault{}
	}
	s.faults.next++
	id := s.faults.next
	s.faults.all[id] = &f
	return func() {
		s.faults.mu.Lock()
		defer s.faults.mu.Unlock()
		delete(s.faults.all, id)
	}
}

// take returns the fault that strikes the request.
func (f *faults) take(r *http.Request) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(f.all)) {
		fault := f.all[id]
		if !fault.hits(r) {
			continue
		}
		if fault.Times > 0 {
			if fault.Times--; fault.Times == 0 {
				delete(f.all, id)
			}
		}
		return *fault, true
	}
	return Fault{}, false
}

func (f *Fault) hits(r *http.Request) bool {
	return (f.Host == "" || f.Host == hostOf(r)) && (f.Method == "" || f.Method == r.Method) &&
		strings.Contains(r.URL.Path, f.PathContains)
}

// throughFaults answers a request, or breaks it.
func (s *Sandbox) throughFaults(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
	f, broken := s.faults.take(r)
	if !broken {
		answer(w, r)
		return
	}
	if f.Delay > 0 && !s.wait(r, f.Delay) {
		panic(http.ErrAbortHandler)
	}
	if f.Late {
		answer(&lostAnswer{header: http.Header{}}, r)
	}
	switch {
	case f.Reset:
		panic(http.ErrAbortHandler)
	case f.Garbage:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(cmp.Or(f.Status, http.StatusOK))
		_, _ = w.Write([]byte(`{"value":[{"id":` + "\x00<html>"))
	case f.Status == 0 && f.Body == "" && f.RetryAfter == 0 && f.Delay > 0 && !f.Late:
		answer(w, r)
	default:
		f.write(w, r)
	}
}

func (f *Fault) write(w http.ResponseWriter, r *http.Request) {
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds()))))
	}
	status := cmp.Or(f.Status, http.StatusServiceUnavailable)
	if f.Body == "" {
		f.writeError(w, r, status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(f.Body))
}

// writeError is an error in the shape of the host's own.
func (f *Fault) writeError(w http.ResponseWriter, r *http.Request, status int) {
	const message = "The sandbox was told to fail."
	name := strings.ReplaceAll(http.StatusText(status), " ", "")
	switch hostOf(r) {
	case HostEntra:
		writeJSON(w, status, map[string]any{
			"error": "temporarily_unavailable", "error_description": "AADSTS90033: " + message, "error_codes": []int{90033},
		})
	case HostGraph:
		writeJSON(w, status, map[string]any{"error": map[string]any{"code": name, "message": message, "innerError": map[string]any{
			"request-id": newGUID(), "client-request-id": r.Header.Get("Client-Request-Id"),
		}}})
	case HostConnector:
		connectorError(w, status, name, message)
	default:
		http.Error(w, message, status)
	}
}

// lostAnswer takes an answer that nobody gets to see.
type lostAnswer struct{ header http.Header }

func (l *lostAnswer) Header() http.Header         { return l.header }
func (l *lostAnswer) Write(p []byte) (int, error) { return len(p), nil }
func (l *lostAnswer) WriteHeader(int)             {}

// wait waits, and reports whether the time passed before the request or the sandbox ended.
func (s *Sandbox) wait(r *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
	case <-s.stopped.Done():
	}
	return false
}

// hostOf is the host name that a request is for, without its port.
func hostOf(r *http.Request) string {
	if host, _, err := net.SplitHostPort(r.Host); err == nil {
		return strings.ToLower(host)
	}
	return strings.ToLower(r.Host)
}
