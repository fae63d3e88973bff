package bot_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"signpost/bot"
)

func TestActivitiesThatCannotBeReadAreErrors(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"", "null", "[]", `{}`, `{"type":""}`, `{"type":1}`, `{"type":"message","text":1}`, `{"type":"message","entities":{}}`,
		message(nil) + "}", message(nil) + message(nil),
	} {
		if a, err := bot.DecodeActivity([]byte(body)); err == nil {
			t.Errorf("%s was decoded: %+v", body, a)
		}
	}
}

func TestAnEntityThatCannotBeReadIsDropped(t *testing.T) {
	t.Parallel()
	a := decode(t, message(members{"entities": []any{1, members{"type": 1}, nil, members{"type": "clientInfo", "locale": "id-ID", "timezone": "Asia/Jakarta"}}}))
	if a.Language() != "id-ID" || a.Timezone() != "Asia/Jakarta" {
		t.Errorf("language %q, time zone %q; want those of the client", a.Language(), a.Timezone())
	}
	a = decode(t, message(members{"locale": "en-GB", "localTimezone": "Europe/London"}))
	if a.Language() != "en-GB" || a.Timezone() != "Europe/London" {
		t.Errorf("language %q, time zone %q; want those of the activity", a.Language(), a.Timezone())
	}
}

func TestWordsAreWithoutMentionsOfTheBot(t *testing.T) {
	t.Parallel()
	mention := func(id, text string) members {
		return members{"type": "mention", "mentioned": members{"id": id}, "text": text}
	}
	for text, want := range map[string]string{
		"<at>Signpost</at>&nbsp;why &amp; how?\r\n": "why & how?",
		"ask <at>Rina</at> <at>Signpost</at>":       "ask <at>Rina</at>",
		"":                                          "",
	} {
		a := decode(t, message(members{"text": text, "entities": []members{
			mention("28:"+appID, "<at>Signpost</at>"), mention("29:rina", "<at>Rina</at>"), mention("28:"+appID, ""),
		}}))
		if got := a.Words(); got != want {
			t.Errorf("the words of %q are %q, want %q", text, got, want)
		}
	}
}

func TestAReferenceHasWhatIsNeededToGoOn(t *testing.T) {
	t.Parallel()
	want := bot.Reference{
		ServiceURL: service, TenantID: tenant, ConversationID: "a:1", ConversationType: "personal", BotID: "28:" + appID, BotName: "Signpost",
		UserID: "29:user", UserName: "Rina", UserAADObjectID: "o", Locale: "en-GB",
	}
	conversation := members{"id": "a:1", "conversationType": "personal"} // the tenant stands in channelData alone
	for name, changes := range map[string]members{
		"the tenant stands in the conversation": {"locale": "en-GB"},
		"the tenant stands in channelData":      {"locale": "en-GB", "conversation": conversation},
	} {
		a := decode(t, message(changes))
		if diff := cmp.Diff(want, a.Reference()); diff != "" {
			t.Errorf("%s: the reference (-want +got):\n%s", name, diff)
		}
	}
}

func TestCardActionsAreReadWithCare(t *testing.T) {
	t.Parallel()
	many := members{}
	for i := range 51 {
		many[strconv.Itoa(i)] = "x"
	}
	invoke := func(data any) members {
		return members{"type": "invoke", "value": members{"action": members{"verb": "check", "data": data}}}
	}
	for _, r := range []struct {
		name    string
		changes members
		want    *bot.CardAction // nil: an error
	}{
		{"a button", invoke(members{"case": "7", "user": "rina"}), &bot.CardAction{Verb: "check", Data: map[string]string{"case": "7", "user": "rina"}}},
		{"a button without data", invoke(nil), &bot.CardAction{Verb: "check", Data: map[string]string{}}},
		{"values that are no texts are left out", invoke(members{"case": 7, "list": []string{"x"}, "none": nil}), &bot.CardAction{Verb: "check", Data: map[string]string{}}},
		{"a value that is too long is left out", invoke(members{"a": strings.Repeat("x", 4095), "b": strings.Repeat("x", 4094)}), &bot.CardAction{Verb: "check", Data: map[string]string{"b": strings.Repeat("x", 4094)}}},
		{"a message of an older client", members{"value": members{"verb": "check", "case": "7"}}, &bot.CardAction{Verb: "check", Data: map[string]string{"verb": "check", "case": "7"}}},
		{"a message without a value", nil, &bot.CardAction{Data: map[string]string{}}},
		{"too many members", invoke(many), nil},
		{"data that is a list", invoke([]string{"x"}), nil},
		{"no verb", members{"type": "invoke", "value": members{"action": members{}}}, nil},
		{"no value", members{"type": "invoke"}, nil},
		{"a value that is a text", members{"value": "check"}, nil},
		{"an action that is a text", members{"type": "invoke", "value": members{"action": "check"}}, nil},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			a := decode(t, message(r.changes))
			got, err := a.CardAction()
			if r.want == nil {
				if err == nil {
					t.Errorf("CardAction returned %v, want an error", got)
				}
				return
			}
			if diff := cmp.Diff(*r.want, got); err != nil || diff != "" {
				t.Errorf("CardAction returned %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// FuzzEndpoint posts bodies with a good token. Whatever is stored names, to the worker that decodes it, the Connector and
// the tenant that were checked.
func FuzzEndpoint(f *testing.F) {
	invoke := message(members{"type": "invoke", "value": members{"action": members{"verb": "check", "data": members{"a": "b"}}}})
	for _, body := range []string{
		message(nil), invoke, message(nil) + "}", "{}", "null", "", message(members{"channelData": nil}), message(members{"id": nil}),
		message(members{"conversation": members{"id": "a:1"}}), message(members{"type": "installationUpdate", "action": "add"}),
		inject(message(nil), "\"\u017ferviceUrl\":\"https://evil.example/\""), inject(message(nil), `"ChannelData":{"tenant":{"id":"x"}}`),
		message(members{"entities": []members{{"type": "mention", "mentioned": members{"id": "28:" + appID}, "text": "x"}}}),
	} {
		f.Add([]byte(body))
	}
	d := newDesk(f)
	token := "Bearer " + signed(f, "good", "good", nil, nil)
	f.Fuzz(func(t *testing.T, body []byte) {
		d.mu.Lock()
		d.stored, d.invoked = nil, nil
		d.mu.Unlock()
		request := delivery(t, string(body))
		request.Header.Set("Authorization", token)
		w := d.post(request)
		if (w.Code == 202) != (len(d.stored) == 1) {
			t.Fatalf("the answer is %d, stored %q", w.Code, d.stored)
		}
		var taken []bot.Activity
		for _, stored := range d.stored {
			a, err := bot.DecodeActivity([]byte(stored))
			if err != nil {
				t.Fatalf("what was stored cannot be decoded: %v", err)
			}
			taken = append(taken, a)
		}
		for _, a := range append(taken, d.invoked...) {
			where := a.Reference()
			switch {
			case a.Type == "", where.ConversationID == "", a.ChannelID != "msteams":
				t.Errorf("taken without a type, a conversation or our channel: %+v", a)
			case !strings.EqualFold(strings.TrimSuffix(where.ServiceURL, "/"), strings.TrimSuffix(service, "/")):
				t.Errorf("taken with serviceUrl %q, which no token vouches for", where.ServiceURL)
			case !strings.EqualFold(where.TenantID, tenant) && where.TenantID != "00000000-0000-0000-0000-000000000001":
				t.Errorf("taken from tenant %q", where.TenantID)
			}
			_, _ = a.CardAction() // must not panic
			_ = a.Words()
		}
	})
}
