package bot

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	mostBody       = 1 << 20
	firstRead      = 8 << 10 // memory for a body before it comes: a length that is only said costs no more
	invokeDeadline = 4500 * time.Millisecond
	storeDeadline  = 5 * time.Second
)

// EndpointOptions is what the endpoint needs.
type EndpointOptions struct {
	Tenants  []string // ids of the tenants whose activities are taken
	Verifier *Verifier
	// Store keeps an activity durably, the same key once. The activity is answered 202 only after it returned nil.
	Store   func(ctx context.Context, key string, body []byte) error
	Invoker Invoker
	Log     *slog.Logger
}

// NewEndpoint returns the handler to which the Bot Connector posts. What it answers:
//
//   - 202: a message or an installation, stored; 200: another kind of activity, passed over, or an invoke;
//   - 400: not an activity; 401: a token that breaks a rule; 403: another tenant; 405, 413, 415 as HTTP says;
//   - 501: an invoke that the bot does not know;
//   - 503: an activity that could not be stored; Teams sends it again.
//
// The body of a refusal is empty.
func NewEndpoint(o EndpointOptions) http.Handler { return &endpoint{o, newRefusals(o.Log)} }

type endpoint struct {
	EndpointOptions

	refusals *refusals
}

// ServeHTTP implements http.Handler.
func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, status := readBody(w, r)
	if status != 0 {
		w.WriteHeader(status)
		return
	}
	about, status := e.admit(r, body)
	if status != 0 {
		w.WriteHeader(status)
		return
	}
	switch about.kind {
	case typeMessage, typeConversationUpdate, typeInstallationUpdate:
		e.store(w, r, about, body)
	case typeInvoke:
		e.invoke(w, r, about)
	default:
		w.WriteHeader(http.StatusOK) // typing, reactions, read receipts: nothing to answer
	}
}

// readBody reads a POST of JSON of at most 1 MiB; a status that is not 0 says why not.
func readBody(w http.ResponseWriter, r *http.Request) (body []byte, status int) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return nil, http.StatusMethodNotAllowed
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, http.StatusUnsupportedMediaType
	}
	if r.ContentLength > mostBody {
		return nil, http.StatusRequestEntityTooLarge
	}
	var buffer bytes.Buffer
	buffer.Grow(int(min(max(r.ContentLength, 0), firstRead)) + bytes.MinRead)
	_, err := buffer.ReadFrom(http.MaxBytesReader(w, r.Body, mostBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, http.StatusRequestEntityTooLarge
	case err != nil:
		return nil, http.StatusBadRequest
	}
	return buffer.Bytes(), 0
}

// admit checks who sent the activity. A status that is not 0 says that it is not taken.
func (e *endpoint) admit(r *http.Request, body []byte) (about *arrival, status int) {
	headers := r.Header.Values("Authorization")
	if len(headers) != 1 {
		e.refusals.note("authorization-header", nil)
		return nil, http.StatusUnauthorized
	}
	about, err := arrive(body)
	if err != nil {
		e.refusals.note("body", err)
		return nil, http.StatusBadRequest
	}
	if err := e.Verifier.Verify(r.Context(), headers[0], about.Envelope); err != nil {
		var refusal *Refusal
		if errors.As(err, &refusal) && refusal.Rule == RuleKeys {
			e.refusals.note(string(refusal.Rule), refusal.Err)
			return nil, http.StatusServiceUnavailable
		}
		e.refusals.note("token", err)
		return nil, http.StatusUnauthorized
	}
	if !e.ours(about.tenants) {
		e.refusals.note("tenant", nil)
		return nil, http.StatusForbidden
	}
	if about.kind == "" || about.conversation == "" {
		e.refusals.note("body", errors.New("no type or conversation"))
		return nil, http.StatusBadRequest
	}
	return about, 0
}

// ours reports whether the activity names its tenant, without contradiction, and it is one of ours.
func (e *endpoint) ours(tenants []string) bool {
	if len(tenants) == 0 {
		return false
	}
	for _, id := range tenants {
		if !strings.EqualFold(id, tenants[0]) {
			return false
		}
	}
	return slices.ContainsFunc(e.Tenants, func(own string) bool { return strings.EqualFold(own, tenants[0]) })
}

// store keeps the activity, then says so.
func (e *endpoint) store(w http.ResponseWriter, r *http.Request, about *arrival, body []byte) {
	if _, err := about.parts.decode(); err != nil { // it could never be handled
		e.refusals.note("body", err)
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), storeDeadline)
	defer cancel()
	if err := e.Store(ctx, dedupKey(about, body), body); err != nil {
		e.Log.Error("an activity could not be stored", slog.String("type", about.kind), slog.Any("error", err))
		w.Header().Set("Retry-After", "5")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

// dedupKey is the same for the same activity. Some installation updates have no id; their content stands in for it.
func dedupKey(about *arrival, body []byte) string {
	id := []byte(about.id)
	if len(id) == 0 {
		id = body
	}
	hash := sha256.New()
	_, _ = io.WriteString(hash, about.conversation+"\x00")
	_, _ = hash.Write(id)
	return hex.EncodeToString(hash.Sum(nil))
}

// invoke answers in the response.
func (e *endpoint) invoke(w http.ResponseWriter, r *http.Request, about *arrival) {
	activity, err := about.parts.decode()
	if err != nil {
		e.refusals.note("body", err)
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), invokeDeadline)
	defer cancel()
	answer := e.Invoker.OnInvoke(ctx, activity)
	if answer.Body == nil {
		w.WriteHeader(answer.Status)
		return
	}
	encoded, err := json.Marshal(answer.Body)
	if err != nil {
		e.Log.Error("an answer to an invoke could not be encoded", slog.Any("error", err))
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(answer.Status)
	_, _ = w.Write(encoded) // whoever hung up does not read it
}
