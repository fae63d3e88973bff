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
func NewEndpoint(o EndpointOptions) http.Handler { return &endpoint{o} }

type endpoint struct{ EndpointOptions }

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
		e.invoke(w, r, body)
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
	buffer.Grow(int(max(r.ContentLength, 0)) + bytes.MinRead)
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

// envelope is what of an activity must be known before it is decoded.
type envelope struct {
	Envelope

	kind, id, conversation string
	tenants                []string // as conversation and channelData name it
}

// admit checks who sent the activity. A status that is not 0 says that it is not taken.
func (e *endpoint) admit(r *http.Request, body []byte) (about envelope, status int) {
	headers := r.Header.Values("Authorization")
	if len(headers) != 1 {
		e.refuse("authorization-header", nil)
		return about, http.StatusUnauthorized
	}
	about, err := open(body)
	if err != nil {
		e.refuse("body", err)
		return about, http.StatusBadRequest
	}
	if err := e.Verifier.Verify(r.Context(), headers[0], about.Envelope); err != nil {
		var refusal *Refusal
		if errors.As(err, &refusal) && refusal.Rule == RuleKeys {
			e.refuse(string(refusal.Rule), refusal.Err)
			return about, http.StatusServiceUnavailable
		}
		e.refuse("token", err)
		return about, http.StatusUnauthorized
	}
	if !e.ours(about.tenants) {
		e.refuse("tenant", nil)
		return about, http.StatusForbidden
	}
	if about.kind == "" || about.conversation == "" {
		e.refuse("body", errors.New("no type or conversation"))
		return about, http.StatusBadRequest
	}
	return about, 0
}

func (e *endpoint) refuse(reason string, err error) {
	attrs := []any{slog.String("reason", reason)}
	var refusal *Refusal
	switch {
	case errors.As(err, &refusal):
		attrs = append(attrs, slog.String("rule", string(refusal.Rule))) // never the claims: whoever sent them chose them
	case err != nil && reason == string(RuleKeys):
		attrs = append(attrs, slog.Any("error", err))
	}
	e.Log.Warn("an activity was refused", attrs...)
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

// open reads the envelope. Members on which decisions rest must not stand twice.
func open(body []byte) (envelope, error) {
	members, err := object(body, "type", "id", "serviceurl", "channelid", "conversation", "channeldata", "from", "recipient", "value")
	if err != nil {
		return envelope{}, err
	}
	about := envelope{
		Envelope: Envelope{ServiceURL: text(members["serviceurl"]), ChannelID: text(members["channelid"])},
		kind:     text(members["type"]), id: text(members["id"]),
	}
	conversation, err := optional(members["conversation"])
	if err != nil {
		return envelope{}, err
	}
	about.conversation = text(conversation["id"])
	channelData, err := optional(members["channeldata"])
	if err != nil {
		return envelope{}, err
	}
	tenant, err := optional(channelData["tenant"])
	if err != nil {
		return envelope{}, err
	}
	if _, err := optional(members["from"]); err != nil {
		return envelope{}, err
	}
	for _, id := range []string{text(conversation["tenantid"]), text(tenant["id"])} {
		if id != "" {
			about.tenants = append(about.tenants, id)
		}
	}
	return about, nil
}

func optional(raw json.RawMessage) (map[string]json.RawMessage, error) {
	if raw == nil || string(raw) == "null" {
		return nil, nil
	}
	return object(raw)
}

// store keeps the activity, then says so.
func (e *endpoint) store(w http.ResponseWriter, r *http.Request, about envelope, body []byte) {
	if _, err := DecodeActivity(body); err != nil { // it could never be handled
		e.refuse("body", err)
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
func dedupKey(about envelope, body []byte) string {
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
func (e *endpoint) invoke(w http.ResponseWriter, r *http.Request, body []byte) {
	activity, err := DecodeActivity(body)
	if err != nil {
		e.refuse("body", err)
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
