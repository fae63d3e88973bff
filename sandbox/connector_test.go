package sandbox_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"signpost/sandbox"
)

const (
	connectorPage = "https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference"
	limitsPage    = "https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit"
	sizePage      = "https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages"
)

// message is the body of a message with that text.
func message(text string) []byte {
	body, _ := json.Marshal(map[string]any{"type": "message", "text": text})
	return body
}

// cardMessage is the body of a message with that card.
func cardMessage(card string) []byte {
	body, _ := json.Marshal(map[string]any{"type": "message", "attachments": []any{map[string]any{
		"contentType": "application/vnd.microsoft.card.adaptive", "content": json.RawMessage(card),
	}}})
	return body
}

// activitiesOf is the path of the activities of a conversation.
func activitiesOf(conversation string) string {
	return "v3/conversations/" + url.PathEscape(conversation) + "/activities"
}

// post lets the bot send a message and returns its id.
func (s *services) post(conversation string, body []byte) string {
	s.t.Helper()
	a := s.connector("POST", activitiesOf(conversation), body)
	id, _ := a.body["id"].(string)
	if a.status != 201 || id == "" {
		s.t.Fatalf("the bot's message was answered %d: %s", a.status, a.raw)
	}
	return id
}

func TestBotMessagesAreSentUpdatedAndDeleted(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	p := s.Tenant().Helpdesk()[0]
	chat := s.Teams("http://127.0.0.1:1", nil).Personal(p)
	first, second := s.post(chat.ID(), message("one")), s.post(chat.ID(), cardMessage(`{"type":"AdaptiveCard"}`))
	if first >= second {
		t.Errorf("message %s comes after %s", second, first)
	}
	all := chat.Messages()
	if len(all) != 2 || all[0].Text != "one" || all[0].From != "Signpost" || all[1].ID != second || string(all[1].Card) != `{"type":"AdaptiveCard"}` {
		t.Fatalf("the chat shows %+v", all)
	}
	if a := s.connector("PUT", activitiesOf(chat.ID())+"/"+second, message("two")); a.status != 200 || a.body["id"] != second {
		t.Errorf("the update was answered %d %s, as opposed to %s", a.status, a.raw, connectorPage)
	}
	if got := chat.Messages()[1]; got.Text != "two" || got.Card != nil || got.Version != 1 {
		t.Errorf("the update shows %+v", got)
	}
	s.connector("DELETE", activitiesOf(chat.ID())+"/"+first, nil).want(t, 200, "", connectorPage)
	if all := chat.Messages(); len(all) != 1 || all[0].ID != second {
		t.Errorf("after the deletion the chat shows %+v", all)
	}
	s.connector("POST", activitiesOf(chat.ID()), []byte(`{"type":"typing"}`)).want(t, 201, "", connectorPage)
	if n := len(chat.Messages()); n != 1 {
		t.Errorf("typing left %d messages", n)
	}
}

func TestWhatTheConnectorRefuses(t *testing.T) {
	t.Parallel()
	const codesPage = limitsPage + "#response-to-status-codes"
	s := start(t, sandbox.Options{})
	bot := newBot(t)
	p := s.Tenant().Helpdesk()[0]
	teams := s.Teams(bot.url, nil)
	chat, left := teams.Personal(p), teams.Personal(s.Tenant().Helpdesk()[1])
	gone := s.post(left.ID(), message("before"))
	if _, err := left.Uninstall(t.Context(), s.Tenant().Helpdesk()[1]); err != nil {
		t.Fatal(err)
	}
	if _, err := chat.Say(t.Context(), p, "mine"); err != nil {
		t.Fatal(err)
	}
	persons := chat.Messages()[0].ID
	here, there := activitiesOf(chat.ID()), activitiesOf(left.ID())
	tests := map[string]struct {
		method, path string
		body         []byte
		status       int
		code         string
		page         string
	}{
		"unknown conversation":                {"POST", activitiesOf("a:nobody"), message("x"), 404, "ConversationNotFound", codesPage},
		"update of an unknown message":        {"PUT", here + "/1", message("x"), 404, "ActivityNotFoundInConversation", codesPage},
		"deletion of an unknown message":      {"DELETE", here + "/1", nil, 404, "ActivityNotFoundInConversation", codesPage},
		"update of a person's message":        {"PUT", here + "/" + persons, message("x"), 403, "ForbiddenOperationException", codesPage},
		"deletion of a person's message":      {"DELETE", here + "/" + persons, nil, 403, "ForbiddenOperationException", codesPage},
		"message after the bot was removed":   {"POST", there, message("x"), 403, "BotNotInConversationRoster", codesPage},
		"update after the bot was removed":    {"PUT", there + "/" + gone, message("x"), 403, "BotNotInConversationRoster", codesPage},
		"message without anything":            {"POST", here, []byte(`{"type":"message"}`), 400, "BadSyntax", connectorPage},
		"activity without a type":             {"POST", here, []byte(`{"text":"x"}`), 400, "BadSyntax", connectorPage},
		"what is no JSON":                     {"POST", here, []byte(`hello`), 400, "BadSyntax", connectorPage},
		"a message of 100 KB in UTF-16":       {"POST", here, message(strings.Repeat("x", 50<<10)), 413, "MessageSizeTooBig", sizePage},
		"an emoji is four bytes":              {"POST", here, message(strings.Repeat("🙂", 25<<10)), 413, "MessageSizeTooBig", sizePage},
		"a message of more than it will read": {"POST", here, message(strings.Repeat("x", 2<<20)), 413, "MessageSizeTooBig", sizePage},
		"a message that just fits":            {"POST", here, message(strings.Repeat("é", 50<<10-28)), 201, "", sizePage},
		"a read of messages":                  {"GET", here, nil, 405, "", connectorPage},
		"an address without activities":       {"POST", "v3/conversations/" + url.PathEscape(chat.ID()), message("x"), 404, "", connectorPage},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s.connector(test.method, test.path, test.body).want(t, test.status, test.code, test.page)
		})
	}
}

// The address of an activity names the tenant, but for bots that have not heard from it yet.
func TestServiceAddresses(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	chat := s.Teams("http://127.0.0.1:1", nil).Personal(s.Tenant().Helpdesk()[0])
	for base, status := range map[string]int{
		"/emea/" + strings.ToUpper(s.TenantID()):     201,
		"/amer/" + s.TenantID():                      201,
		"/teams":                                     201,
		"/emea/11111111-2222-4333-8444-555555555555": 404,
		"":     404,
		"/v3x": 404,
	} {
		r := s.request("POST", "https://"+sandbox.HostConnector+base+"/"+activitiesOf(chat.ID()), string(message("x")))
		r.Header.Set("Authorization", "Bearer "+s.token(scopeConnector))
		if a := s.do(r); a.status != status {
			t.Errorf("%s: answered %d, want %d", base, a.status, status)
		}
	}
}

// Teams may split a message that has text and attachments, and then says no id.
// Source: https://github.com/microsoft/botframework-sdk/issues/6366
func TestTextWithAttachmentsHasNoID(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	chat := s.Teams("http://127.0.0.1:1", nil).Personal(s.Tenant().Helpdesk()[0])
	body := strings.Replace(string(cardMessage(`{"type":"AdaptiveCard"}`)), `"type":"message"`, `"type":"message","text":"x"`, 1)
	a := s.connector("POST", activitiesOf(chat.ID()), []byte(body))
	if _, has := a.body["id"]; has || a.status != 201 || len(chat.Messages()) != 1 {
		t.Errorf("answered %d %s, want 201 and no id", a.status, a.raw)
	}
}

func TestConversationLimit(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{EnforceTeamsLimit: true})
	teams := s.Teams("http://127.0.0.1:1", nil)
	chat, other := teams.Personal(s.Tenant().Helpdesk()[0]), teams.Personal(s.Tenant().Helpdesk()[1])
	send := func(method, path string, status int, code, wait string) {
		t.Helper()
		a := s.connector(method, path, message("x"))
		a.want(t, status, code, limitsPage)
		if got := a.header.Get("Retry-After"); got != wait {
			t.Errorf("retry after %q, want %q", got, wait)
		}
	}
	here := activitiesOf(chat.ID())
	id := s.post(chat.ID(), message("x"))
	for range 6 {
		send("POST", here, 201, "", "")
	}
	send("PUT", here+"/"+id, 429, "TooManyRequests", "1") // the eighth within a second; updates count
	send("POST", activitiesOf(other.ID()), 201, "", "")   // each conversation by itself
	s.clock.turn(time.Second)
	send("POST", here, 429, "TooManyRequests", "1") // the ninth within two seconds
	send("DELETE", here+"/"+id, 200, "", "")
	s.clock.turn(2 * time.Second)
	send("POST", here, 201, "", "")
}

func TestTenantLimit(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{EnforceTeamsLimit: true})
	teams := s.Teams("http://127.0.0.1:1", nil)
	people := s.Tenant().Helpdesk()
	var last string
	for i := range 31 {
		if i%6 == 0 { // each conversation by itself is far from its limit
			last = activitiesOf(teams.Group("", people[0], people[1]).ID())
		}
		status, code := 201, ""
		if i == 30 {
			status, code = 429, "TooManyRequests"
		}
		s.connector("POST", last, message("x")).want(t, status, code, limitsPage)
	}
	s.clock.turn(time.Second)
	s.connector("POST", last, message("x")).want(t, 201, "", limitsPage)
}
