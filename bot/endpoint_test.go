package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/bot"
)

// desk is an endpoint with everything around it.
type desk struct {
	issuer  *authority
	handler http.Handler
	log     *journal
	failure error // of the store
	answer  bot.InvokeResponse

	mu      sync.Mutex
	keys    []string
	stored  []string
	invoked []bot.Activity
}

// journal is a log that is read while others write it.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write implements io.Writer.
func (j *journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(line)
}

// String is all that was written.
func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	d := &desk{issuer: newAuthority(t, "public"), log: &journal{}, answer: bot.ToastResponse("done")}
	d.handler = bot.NewEndpoint(bot.EndpointOptions{
		Tenants: []string{"00000000-0000-0000-0000-000000000001", tenant}, Verifier: d.issuer.verifier((&clock{t: noon}).now),
		Store: d.store, Invoker: d, Log: slog.New(slog.NewTextHandler(d.log, nil)),
	})
	return d
}

func (d *desk) store(ctx context.Context, key string, body []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, limited := ctx.Deadline(); !limited {
		return errors.New("the store was given no deadline")
	}
	if d.failure != nil {
		return d.failure
	}
	d.keys, d.stored = append(d.keys, key), append(d.stored, string(body))
	return nil
}

// OnInvoke implements bot.Invoker.
func (d *desk) OnInvoke(ctx context.Context, a bot.Activity) bot.InvokeResponse {
	d.mu.Lock()
	defer d.mu.Unlock()
	if deadline, limited := ctx.Deadline(); !limited || time.Until(deadline) > 5*time.Second {
		return bot.InvokeResponse{Status: http.StatusInternalServerError}
	}
	d.invoked = append(d.invoked, a)
	return d.answer
}

func (d *desk) post(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	return w
}

// message is a good activity with its members changed as in announced.
func message(changes members) string {
	raw, err := json.Marshal(with(members{
		"type": "message", "id": "1700", "serviceUrl": service, "channelId": "msteams", "text": "hello",
		"from":         members{"id": "29:user", "aadObjectId": "o", "name": "Rina"},
		"recipient":    members{"id": "28:" + appID, "name": "Signpost"},
		"conversation": members{"id": "a:1", "conversationType": "personal", "tenantId": tenant},
		"channelData":  members{"tenant": members{"id": tenant}},
	}, changes))
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// inject writes more members into the front of an object.
func inject(object, more string) string { return "{" + more + "," + strings.TrimPrefix(object, "{") }

func delivery(t testing.TB, body string) *http.Request {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/api/messages", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("Authorization", "Bearer "+signed(t, "good", "good", nil, nil))
	return r
}

func TestTheEndpointAnswers(t *testing.T) {
	t.Parallel()
	conversation := func(changes members) members {
		return members{"conversation": with(members{"id": "a:1", "tenantId": tenant}, changes)}
	}
	other := "99999999-8888-7777-6666-000000000000"
	for _, r := range []struct {
		name   string
		body   string
		change func(r *http.Request)
		status int
		stored bool
	}{
		{"a message", message(nil), nil, 202, true},
		{"a message without charset", message(nil), func(r *http.Request) { r.Header.Set("Content-Type", "application/json") }, 202, true},
		{"an installation", message(members{"type": "installationUpdate", "action": "add", "id": nil}), nil, 202, true},
		{"new members", message(members{"type": "conversationUpdate", "membersAdded": []members{{"id": "28:" + appID}}}), nil, 202, true},
		{"typing", message(members{"type": "typing"}), nil, 200, false},
		{"a type that nobody knows", message(members{"type": "Message"}), nil, 200, false},
		{"a message of almost 1 MiB", message(members{"text": strings.Repeat("x", 1<<20-1000)}), nil, 202, true},

		{"another method", message(nil), func(r *http.Request) { r.Method = http.MethodGet }, 405, false},
		{"no content type", message(nil), func(r *http.Request) { r.Header.Del("Content-Type") }, 415, false},
		{"another content type", message(nil), func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 415, false},
		{"a content type that cannot be read", message(nil), func(r *http.Request) { r.Header.Set("Content-Type", "application/json;;=") }, 415, false},
		{"more than 1 MiB", message(members{"text": strings.Repeat("x", 1<<20)}), nil, 413, false},
		{"more than 1 MiB of unsaid length", message(members{"text": strings.Repeat("x", 1<<20)}), func(r *http.Request) { r.ContentLength = -1 }, 413, false},
		{"a body that breaks off", message(nil), func(r *http.Request) {
			r.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"type":`), iotest.ErrReader(io.ErrUnexpectedEOF)))
		}, 400, false},

		{"an empty body", "", nil, 400, false},
		{"not JSON", "type=message", nil, 400, false},
		{"a list", "[" + message(nil) + "]", nil, 400, false},
		{"null", "null", nil, 400, false},
		{"two activities", message(nil) + message(nil), nil, 400, false},
		{"a bracket too many", message(nil) + "}", nil, 400, false},
		{"a square bracket too many", message(nil) + "]", nil, 400, false},
		{"spaces behind it", message(nil) + " \n", nil, 202, true},
		{"a serviceUrl twice", inject(message(nil), `"serviceUrl":"https://evil.example/"`), nil, 400, false},
		{"a serviceUrl twice in another case", inject(message(nil), `"SERVICEURL":"https://evil.example/"`), nil, 400, false},
		{"a serviceUrl twice to Unicode's folding", inject(message(nil), "\"\u017ferviceUrl\":\"https://evil.example/\""), nil, 400, false},
		{"a conversation twice", inject(message(nil), `"conversation":{}`), nil, 400, false},
		{"a conversation twice to Unicode's folding", inject(message(nil), `"conver\u017fation":{}`), nil, 400, false},
		{"a tenant twice", message(members{"conversation": json.RawMessage(`{"id":"a:1","tenantId":"` + tenant + `","TenantID":"` + other + `"}`)}), nil, 400, false},
		{"a text twice", inject(message(nil), `"Text":"goodbye"`), nil, 400, false},
		{"a recipient with a member twice", message(members{"recipient": json.RawMessage(`{"id":"28:a","ID":"28:b"}`)}), nil, 400, false},
		{"an unknown member twice", inject(message(nil), `"x":1,"x":2`), nil, 202, true},
		{"no type", message(members{"type": nil}), nil, 400, false},
		{"a type that is a number", message(members{"type": 1}), nil, 400, false},
		{"no conversation", message(members{"conversation": nil}), nil, 400, false},
		{"a conversation without an id", message(conversation(members{"id": nil})), nil, 400, false},
		{"a conversation that is a text", message(members{"conversation": "a:1"}), nil, 400, false},
		{"a sender that is a text", message(members{"from": "29:user"}), nil, 400, false},
		{"a text that is a number", message(members{"text": 5}), nil, 400, false},
		{"a recipient that is a list", message(members{"recipient": []int{}}), nil, 400, false},

		{"no token", message(nil), func(r *http.Request) { r.Header.Del("Authorization") }, 401, false},
		{"two tokens", message(nil), func(r *http.Request) { r.Header.Add("Authorization", r.Header.Get("Authorization")) }, 401, false},
		{"an expired token", message(nil), func(r *http.Request) {
			r.Header.Set("Authorization", "Bearer "+signed(t, "good", "good", members{"exp": at(-time.Hour)}, nil))
		}, 401, false},
		{"no serviceUrl", message(members{"serviceUrl": nil}), nil, 401, false},
		{"another serviceUrl", message(members{"serviceUrl": "https://evil.example/"}), nil, 401, false},
		{"another channel", message(members{"channelId": "webchat"}), nil, 401, false},
		{"no channel", message(members{"channelId": nil}), nil, 401, false},

		{"the tenant in capitals", message(conversation(members{"tenantId": strings.ToUpper(tenant)})), nil, 202, true},
		{"the tenant in the conversation only", message(members{"channelData": nil}), nil, 202, true},
		{"the tenant in the channel's data only", message(conversation(members{"tenantId": nil})), nil, 202, true},
		{"no tenant", message(members{"channelData": members{}, "conversation": members{"id": "a:1"}}), nil, 403, false},
		{"another tenant", message(members{"channelData": nil, "conversation": members{"id": "a:1", "tenantId": other}}), nil, 403, false},
		{"another tenant in the conversation", message(conversation(members{"tenantId": other})), nil, 403, false},
		{"another tenant in the channel's data", message(members{"channelData": members{"tenant": members{"id": other}}}), nil, 403, false},
		{"two of our tenants", message(conversation(members{"tenantId": "00000000-0000-0000-0000-000000000001"})), nil, 403, false},
		{"typing in another tenant", message(members{"type": "typing", "channelData": members{"tenant": members{"id": other}}}), nil, 403, false},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			d, request := newDesk(t), delivery(t, r.body)
			if r.change != nil {
				r.change(request)
			}
			w := d.post(request)
			if w.Code != r.status {
				t.Errorf("the answer is %d, want %d; log: %s", w.Code, r.status, d.log)
			}
			if w.Body.Len() != 0 {
				t.Errorf("the answer has a body: %s", w.Body)
			}
			var want []string
			if r.stored {
				want = []string{r.body}
			}
			if diff := cmp.Diff(want, d.stored); diff != "" {
				t.Errorf("what was stored (-want +got):\n%s", diff)
			}
			if token := request.Header.Get("Authorization"); len(token) > 7 && strings.Contains(d.log.String(), token[7:]) {
				t.Errorf("the log shows the token: %s", d.log)
			}
		})
	}
}

func TestARefusalIsLoggedWithItsRuleAndWithoutClaims(t *testing.T) {
	t.Parallel()
	d, request := newDesk(t), delivery(t, message(nil))
	request.Header.Set("Authorization", "Bearer "+signed(t, "good", "good", members{"iss": "https://injected.example\nlevel=INFO"}, nil))
	d.post(request)
	if got := d.log.String(); !strings.Contains(got, "rule=issuer") || strings.Contains(got, "injected") {
		t.Errorf("the log says %q, want rule=issuer and nothing of the claim", got)
	}
}

func TestAnActivityThatCannotBeStoredIsNotAcknowledged(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.failure = errors.New("the disk is full")
	w := d.post(delivery(t, message(nil)))
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("the answer is %d with headers %v, want 503 with Retry-After", w.Code, w.Header())
	}
	d.failure = nil
	if w := d.post(delivery(t, message(nil))); w.Code != http.StatusAccepted {
		t.Errorf("sent again, the answer is %d, want 202", w.Code)
	}
}

func TestWhileKeysCannotBeReadTheAnswerIs503(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.issuer.answer = down
	if w := d.post(delivery(t, message(nil))); w.Code != http.StatusServiceUnavailable {
		t.Errorf("the answer is %d, want 503 so that Teams sends it again", w.Code)
	}
	if len(d.stored) != 0 {
		t.Errorf("stored %q without a verified token", d.stored)
	}
	d.issuer.set(func(a *authority) { a.answer = nil })
	if w := d.post(delivery(t, message(nil))); w.Code != http.StatusAccepted {
		t.Errorf("after the keys were there, the answer is %d, want 202", w.Code)
	}
}

func TestTheSameActivityHasTheSameKey(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	first := message(nil)
	for _, body := range []string{
		first, message(members{"text": "the same id"}),
		message(members{"id": "1701"}), message(members{"conversation": members{"id": "a:2", "tenantId": tenant}}),
		message(members{"id": nil}), message(members{"id": nil, "text": "other"}), message(members{"id": nil}),
	} {
		d.post(delivery(t, body))
	}
	if len(d.keys) != 7 {
		t.Fatalf("stored %d activities, want 7", len(d.keys))
	}
	number := map[string]int{}
	var got []int
	for _, key := range d.keys {
		if _, known := number[key]; !known {
			number[key] = len(number)
		}
		got = append(got, number[key])
	}
	if diff := cmp.Diff([]int{0, 0, 1, 2, 3, 4, 3}, got); diff != "" {
		t.Errorf("which keys are the same (-want +got):\n%s", diff)
	}
}

func TestInvokesAreAnsweredInTheResponse(t *testing.T) {
	t.Parallel()
	body := message(members{"type": "invoke", "name": "adaptiveCard/action", "value": members{"action": members{"verb": "again"}}})
	for _, r := range []struct {
		name   string
		answer bot.InvokeResponse
		status int
		body   string
	}{
		{
			"a card", bot.CardResponse(json.RawMessage(`{"type":"AdaptiveCard"}`)), 200,
			`{"statusCode":200,"type":"application/vnd.microsoft.card.adaptive","value":{"type":"AdaptiveCard"}}`,
		},
		{
			"a short text", bot.ToastResponse("done"), 200,
			`{"statusCode":200,"type":"application/vnd.microsoft.activity.message","value":"done"}`,
		},
		{
			"a bad request", bot.BadRequestResponse("unreadable"), 200,
			`{"statusCode":400,"type":"application/vnd.microsoft.error","value":{"code":"BadRequest","message":"unreadable"}}`,
		},
		{"an unknown invoke", bot.NotImplementedResponse(), 501, ""},
		{"a card that cannot be encoded", bot.CardResponse(json.RawMessage(`{`)), 500, ""},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.answer = r.answer
			w := d.post(delivery(t, body))
			if w.Code != r.status || w.Body.String() != r.body {
				t.Errorf("the answer is %d %s\nwant %d %s", w.Code, w.Body, r.status, r.body)
			}
			if kind := w.Header().Get("Content-Type"); r.body != "" && kind != "application/json" {
				t.Errorf("the answer is of type %q", kind)
			}
			if len(d.stored) != 0 || len(d.invoked) != 1 || d.invoked[0].Name != "adaptiveCard/action" {
				t.Errorf("stored %q, invoked %v; want one invoke and nothing stored", d.stored, d.invoked)
			}
		})
	}
}

func TestAnInvokeThatIsNotAdmittedReachesNobody(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	invoke := members{"type": "invoke"}
	for want, body := range map[int]string{
		400: message(with(invoke, members{"name": 5})),
		401: message(with(invoke, members{"channelId": "webchat"})),
		403: message(with(invoke, members{"channelData": members{"tenant": members{"id": "x"}}})),
	} {
		if w := d.post(delivery(t, body)); w.Code != want {
			t.Errorf("the answer is %d, want %d for %s", w.Code, want, body)
		}
	}
	if len(d.invoked) != 0 {
		t.Errorf("invoked: %v", d.invoked)
	}
}

func TestARealServerTakesAnActivityAndRefusesALongOne(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	server := httptest.NewServer(d.handler)
	defer server.Close()
	for want, body := range map[int]string{202: message(nil), 413: message(members{"text": strings.Repeat("x", 2<<20)})} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, io.MultiReader(strings.NewReader(body))) // chunked
		if err != nil {
			t.Fatal(err)
		}
		request.Header = delivery(t, "").Header
		response, err := server.Client().Do(request)
		if err != nil {
			t.Fatalf("post to the server: %v", err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("the server answered %d, want %d", response.StatusCode, want)
		}
	}
}

func TestALengthThatIsOnlySaidCostsNoMemory(t *testing.T) { //nolint:paralleltest // it looks at the memory of the process
	d, request := newDesk(t), delivery(t, "{")
	request.ContentLength = 1 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	w := d.post(request)
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; w.Code != http.StatusBadRequest || took > 256<<10 {
		t.Errorf("the answer is %d after %d bytes of memory, want 400 after much less than a MiB", w.Code, took)
	}
}
