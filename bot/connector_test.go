package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/google/go-cmp/cmp"

	"signpost/bot"
)

// answer is what the remote side says to one request.
type answer struct {
	status int
	header http.Header
	body   string
	err    error
}

type request struct{ method, address, authorization, body string }

// remote stands in for the Connector, and for what gives the bot its token.
type remote struct {
	answers []answer // in order; the last one is repeated
	failed  error    // of the token

	mu     sync.Mutex
	got    []request
	tokens int
	scopes []string
}

func (s *remote) connector(t testing.TB) *bot.Connector {
	t.Helper()
	cloud, _ := bot.CloudByName("public")
	return bot.NewConnector(bot.ConnectorOptions{Cloud: cloud, Credential: s, HTTP: &http.Client{Transport: s}, Log: quiet()})
}

// GetToken implements azcore.TokenCredential.
func (s *remote) GetToken(_ context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens++
	s.scopes = o.Scopes
	return azcore.AccessToken{Token: "the-bots-token"}, s.failed
}

// RoundTrip implements http.RoundTripper.
func (s *remote) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.answers[min(len(s.got), len(s.answers)-1)]
	s.got = append(s.got, request{r.Method, r.URL.String(), r.Header.Get("Authorization"), string(body)})
	if a.err != nil {
		return nil, a.err
	}
	header := a.header
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: a.status, Header: header, Body: io.NopCloser(strings.NewReader(a.body)), Request: r}, nil
}

func place() bot.Reference {
	return bot.Reference{
		ServiceURL: service, TenantID: tenant, ConversationID: "a:1", ConversationType: "personal",
		BotID: "28:" + appID, BotName: "Signpost", UserID: "29:user", UserName: "Rina",
	}
}

func TestAMessageIsPostedAsTheConnectorWantsIt(t *testing.T) {
	t.Parallel()
	teams := &remote{answers: []answer{{status: http.StatusCreated, body: `{"id":"1700"}`}}}
	id, err := teams.connector(t).Post(t.Context(), place(), bot.Message{Summary: "an answer", Card: json.RawMessage(`{"type":"AdaptiveCard"}`)})
	if err != nil || id != "1700" {
		t.Fatalf("Post returned %q, %v; want the id 1700", id, err)
	}
	want := []request{{
		"POST", service + "v3/conversations/a:1/activities", "Bearer the-bots-token",
		`{"type":"message","from":{"id":"28:` + appID + `","name":"Signpost"},"recipient":{"id":"29:user","name":"Rina"},` +
			`"conversation":{"id":"a:1"},"summary":"an answer",` +
			`"attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","content":{"type":"AdaptiveCard"}}]}`,
	}}
	if diff := cmp.Diff(want, teams.got, cmp.AllowUnexported(request{})); diff != "" {
		t.Errorf("the request (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"https://api.botframework.com/.default"}, teams.scopes); diff != "" {
		t.Errorf("the token's scope (-want +got):\n%s", diff)
	}
}

func TestAGroupMessageHasNoRecipient(t *testing.T) {
	t.Parallel()
	teams := &remote{answers: []answer{{status: http.StatusOK, body: `{}`}}}
	where := place()
	where.ConversationType = "channel"
	if _, err := teams.connector(t).Post(t.Context(), where, bot.Message{Text: "hello"}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(teams.got[0].body, "29:user") {
		t.Errorf("a message to a channel names a recipient: %s", teams.got[0].body)
	}
}

func TestIdsCannotLeaveTheirPlaceInTheAddress(t *testing.T) {
	t.Parallel()
	for id, escaped := range map[string]string{
		"19:x@thread.tacv2;messageid=17": "19:x@thread.tacv2%3Bmessageid=17",
		"../../v3/attachments":           "..%2F..%2Fv3%2Fattachments",
		"..":                             "%2E%2E",
		".":                              "%2E",
		"a?b#c":                          "a%3Fb%23c",
		"a%2fb":                          "a%252fb",
		"a b\r\nHost: x":                 "a%20b%0D%0AHost:%20x",
		`a\b`:                            "a%5Cb",
		"ä":                              "%C3%A4",
	} {
		teams := &remote{answers: []answer{{status: http.StatusOK, body: `{}`}}}
		where := place()
		where.ConversationID = id
		if err := teams.connector(t).Put(t.Context(), where, id, bot.Message{Text: "x"}); err != nil {
			t.Errorf("with id %q: %v", id, err)
			continue
		}
		want := service + "v3/conversations/" + escaped + "/activities/" + escaped
		if got := teams.got[0].address; got != want {
			t.Errorf("with id %q the address is\n%s, want\n%s", id, got, want)
		}
	}
}

func TestNothingIsSentWithoutIds(t *testing.T) {
	t.Parallel()
	teams := &remote{answers: []answer{{status: http.StatusOK}}}
	c := teams.connector(t)
	if err := c.Put(t.Context(), place(), "", bot.Message{Text: "x"}); err == nil {
		t.Error("a message without an id was updated")
	}
	nowhere := place()
	nowhere.ConversationID = ""
	if _, err := c.Post(t.Context(), nowhere, bot.Message{Text: "x"}); err == nil {
		t.Error("a message was posted into no conversation")
	}
	if err := c.Delete(t.Context(), place(), ""); err == nil {
		t.Error("a message without an id was deleted")
	}
	for _, card := range []string{`{`, `{}}`, ``, `{},"x":{}`} {
		if _, err := c.Post(t.Context(), place(), bot.Message{Card: json.RawMessage(card)}); err == nil {
			t.Errorf("the broken card %q was posted", card)
		}
	}
	if len(teams.got) != 0 {
		t.Errorf("requests were sent: %v", teams.got)
	}
}

func TestAnswersBecomeSendErrors(t *testing.T) {
	t.Parallel()
	coded := func(code string) string { return `{"error":{"code":"` + code + `","message":"no"}}` }
	retryAfter := func(s string) http.Header { return http.Header{"Retry-After": {s}} }
	dial := &net.OpError{Op: "dial", Err: errors.New("refused")}
	read := &net.OpError{Op: "read", Err: errors.New("reset")}
	for _, r := range []struct {
		name      string
		answer    answer
		want      bot.SendError // but for Err; only a POST is uncertain
		post, put int           // how often each is sent; a DELETE as often as a PUT
	}{
		{"400", answer{status: 400, body: coded("BadArgument")}, bot.SendError{Status: 400, Code: "BadArgument"}, 1, 1},
		{"401", answer{status: 401, body: "not JSON"}, bot.SendError{Status: 401}, 1, 1},
		{"403", answer{status: 403, body: coded("BotNotInConversationRoster")}, bot.SendError{Status: 403, Code: "BotNotInConversationRoster", Gone: true}, 1, 1},
		{"403 of a person who blocked the bot", answer{status: 403, body: coded("ConversationBlockedByUser")}, bot.SendError{Status: 403, Code: "ConversationBlockedByUser", Gone: true}, 1, 1},
		{"403 of an administrator who blocked the bot", answer{status: 403, body: coded("BotDisabledByAdmin")}, bot.SendError{Status: 403, Code: "BotDisabledByAdmin", Gone: true}, 1, 1},
		{"403 with a subcode", answer{status: 403, body: `{"errorCode":209,"message":"{\r\n  \"subCode\": \"MessageWritesBlocked\"}"}`}, bot.SendError{Status: 403, Code: "MessageWritesBlocked", Gone: true}, 1, 1},
		{"403 with a subcode below a code", answer{status: 403, body: `{"error":{"code":"ForbiddenOperationException","message":"{\"subCode\":\"MessageWritesBlocked\"}"}}`}, bot.SendError{Status: 403, Code: "MessageWritesBlocked", Gone: true}, 1, 1},
		{"403 of a message that is not the bot's", answer{status: 403, body: coded("ForbiddenOperationException")}, bot.SendError{Status: 403, Code: "ForbiddenOperationException"}, 1, 1},
		{"403 of another cloud's host", answer{status: 403, body: coded("InvalidBotApiHost")}, bot.SendError{Status: 403, Code: "InvalidBotApiHost"}, 1, 1},
		{"403 of a permission", answer{status: 403, body: coded("NotEnoughPermissions")}, bot.SendError{Status: 403, Code: "NotEnoughPermissions"}, 1, 1},
		{"403 and no code", answer{status: 403}, bot.SendError{Status: 403}, 1, 1},
		{"400 with a code of a 403", answer{status: 400, body: coded("BotDisabledByAdmin")}, bot.SendError{Status: 400, Code: "BotDisabledByAdmin"}, 1, 1},
		{"404 of the conversation, believed the second time", answer{status: 404, body: coded("ConversationNotFound")}, bot.SendError{Status: 404, Code: "ConversationNotFound", Gone: true}, 2, 2},
		{"404 of something else", answer{status: 404}, bot.SendError{Status: 404, Gone: true}, 1, 1},
		{"408", answer{status: 408}, bot.SendError{Status: 408, Uncertain: true}, 1, 1},
		{"412", answer{status: 412}, bot.SendError{Status: 412}, 3, 3},
		{"413", answer{status: 413, body: coded("MessageSizeTooBig")}, bot.SendError{Status: 413, Code: "MessageSizeTooBig", TooLarge: true}, 1, 1},
		{"429", answer{status: 429, header: retryAfter("2")}, bot.SendError{Status: 429, RetryAfter: 2 * time.Second}, 3, 3},
		{"429 and an hour to wait", answer{status: 429, header: retryAfter("3600")}, bot.SendError{Status: 429, RetryAfter: time.Hour}, 1, 1},
		{"429 and an unreadable wait", answer{status: 429, header: retryAfter("soon")}, bot.SendError{Status: 429}, 3, 3},
		{"429 and a negative wait", answer{status: 429, header: retryAfter("-5")}, bot.SendError{Status: 429}, 3, 3},
		{"500", answer{status: 500}, bot.SendError{Status: 500, Uncertain: true}, 1, 1},
		{"502", answer{status: 502}, bot.SendError{Status: 502, Uncertain: true}, 1, 3},
		{"503", answer{status: 503, header: retryAfter("1")}, bot.SendError{Status: 503, RetryAfter: time.Second, Uncertain: true}, 1, 3},
		{"504", answer{status: 504}, bot.SendError{Status: 504, Uncertain: true}, 1, 3},
		{"a redirect", answer{status: 307, header: http.Header{"Location": {"https://evil.example/"}}}, bot.SendError{Status: 307}, 1, 1},
		{"no connection", answer{err: dial}, bot.SendError{}, 3, 3},
		{"a connection that broke", answer{err: read}, bot.SendError{Uncertain: true}, 1, 1},
		{"a long refusal", answer{status: 400, body: `{"pad":"` + strings.Repeat("x", 1<<20) + `","error":{"code":"X"}}`}, bot.SendError{Status: 400}, 1, 1},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				for method, times := range map[string]int{"POST": r.post, "PUT": r.put, "DELETE": r.put} {
					teams := &remote{answers: []answer{r.answer}}
					var err error
					switch c := teams.connector(t); method {
					case "POST":
						_, err = c.Post(t.Context(), place(), bot.Message{Text: "x"})
					case "PUT":
						err = c.Put(t.Context(), place(), "1", bot.Message{Text: "x"})
					case "DELETE":
						err = c.Delete(t.Context(), place(), "1")
					}
					var failed *bot.SendError
					if !errors.As(err, &failed) {
						t.Fatalf("%s returned %T, want a *bot.SendError: %v", method, err, err)
					}
					if r.answer.err != nil && !errors.Is(err, r.answer.err) {
						t.Errorf("%s: the error does not wrap %v: %v", method, r.answer.err, err)
					}
					got, want := *failed, r.want
					got.Err = nil
					want.Uncertain = method == "POST" && r.want.Uncertain
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("%s: the error (-want +got):\n%s", method, diff)
					}
					if len(teams.got) != times {
						t.Errorf("%s was sent %d times, want %d", method, len(teams.got), times)
					}
					for _, sent := range teams.got {
						if !strings.HasPrefix(sent.address, service) {
							t.Errorf("%s: the token went to %s", method, sent.address)
						}
					}
					if strings.Contains(err.Error(), "the-bots-token") {
						t.Errorf("%s: the error shows the token: %v", method, err)
					}
				}
			})
		})
	}
}

func TestAPostIsSentAgainAfterTheTimeThatTheServiceAsksFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		teams := &remote{answers: []answer{
			{status: 429, header: http.Header{"Retry-After": {"7"}}}, {status: 201, body: `{"id":"2"}`},
		}}
		began := time.Now()
		id, err := teams.connector(t).Post(t.Context(), place(), bot.Message{Text: "x"})
		if err != nil || id != "2" {
			t.Errorf("Post returned %q, %v; want the id of the second try", id, err)
		}
		if took := time.Since(began); took < 7*time.Second || took > 8*time.Second {
			t.Errorf("the second try came after %v, want 7s and a little more than others", took)
		}
		// Who has less time than that gives up at once.
		hurried, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		teams = &remote{answers: teams.answers}
		began = time.Now()
		if _, err := teams.connector(t).Post(hurried, place(), bot.Message{Text: "x"}); err == nil || time.Since(began) != 0 {
			t.Errorf("with 5s left Post returned %v after %v, want an error at once", err, time.Since(began))
		}
	})
}

func TestWithoutATokenNothingIsSent(t *testing.T) {
	t.Parallel()
	teams := &remote{answers: []answer{{status: 201}}, failed: errors.New("the certificate ran out")}
	_, err := teams.connector(t).Post(t.Context(), place(), bot.Message{Text: "x"})
	var failed *bot.SendError
	if !errors.As(err, &failed) || failed.Status != 0 || !errors.Is(err, teams.failed) {
		t.Errorf("Post returned %v, want a *bot.SendError that wraps %v", err, teams.failed)
	}
	if len(teams.got) != 0 {
		t.Errorf("requests were sent: %v", teams.got)
	}
}

func TestAnAcceptedMessageIsNotSentAgainForItsAnswer(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"empty": "", "not JSON": "<html>", "too long": `{"pad":"` + strings.Repeat("x", 1<<20) + `","id":"1"}`,
	} {
		teams := &remote{answers: []answer{{status: 201, body: body}}}
		if id, err := teams.connector(t).Post(t.Context(), place(), bot.Message{Text: "x"}); err != nil || id != "" {
			t.Errorf("%s: Post returned %q, %v; want no id and no error", name, id, err)
		}
		if len(teams.got) != 1 {
			t.Errorf("%s: the message was sent %d times", name, len(teams.got))
		}
	}
}

func TestAConversationThatIsFoundTheSecondTimeGetsItsMessage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		lost := answer{status: 404, body: `{"error":{"code":"ConversationNotFound"}}`}
		teams := &remote{answers: []answer{lost, {status: 201, body: `{"id":"2"}`}}}
		began := time.Now()
		if id, err := teams.connector(t).Post(t.Context(), place(), bot.Message{Text: "x"}); err != nil || id != "2" {
			t.Errorf("Post returned %q, %v; want the id of the second try", id, err)
		}
		if time.Since(began) == 0 {
			t.Error("the second try came without a pause")
		}
	})
}

func TestAMessageThatIsRemovedAlreadyIsDeleted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		removed := answer{status: 404, body: `{"error":{"code":"ActivityNotFoundInConversation"}}`}
		teams := &remote{answers: []answer{{status: 504}, removed}} // the first try removed it
		if err := teams.connector(t).Delete(t.Context(), place(), "1"); err != nil || len(teams.got) != 2 {
			t.Errorf("Delete returned %v after %d requests, want none after 2", err, len(teams.got))
		}
		if got := teams.got[0]; got.method != "DELETE" || got.body != "" || got.address != service+"v3/conversations/a:1/activities/1" {
			t.Errorf("the request is %+v", got)
		}
	})
}

func TestAMessageThatIsTooLargeIsNotSent(t *testing.T) {
	t.Parallel()
	empty, err := bot.SizeOf(place(), bot.Message{Card: json.RawMessage(`""`)})
	if err != nil {
		t.Fatal(err)
	}
	for extra, sent := range map[int]bool{0: true, 1: false} {
		teams := &remote{answers: []answer{{status: 201, body: `{"id":"1"}`}}}
		large := bot.Message{Card: json.RawMessage(`"` + strings.Repeat("x", bot.MaxActivity-empty+extra) + `"`)}
		_, err := teams.connector(t).Post(t.Context(), place(), large)
		var failed *bot.SendError
		switch {
		case sent && (err != nil || len(teams.got) != 1 || len(teams.got[0].body) != bot.MaxActivity):
			t.Errorf("a message of just the size: %v, %d requests", err, len(teams.got))
		case !sent && (!errors.As(err, &failed) || !failed.TooLarge || failed.Passing() || len(teams.got) != 0):
			t.Errorf("a message of a byte more: %v, %d requests; want a lasting *bot.SendError that says too large", err, len(teams.got))
		}
	}
	if _, err := bot.SizeOf(place(), bot.Message{Card: json.RawMessage(`{`)}); err == nil {
		t.Error("a broken card has a size")
	}
}
