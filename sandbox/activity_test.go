package sandbox_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"signpost/sandbox"
)

const (
	conversationPage = "https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/conversation-messages"
	channelPage      = "https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/channel-messages"
	eventPage        = "https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/subscribe-to-conversation-events"
)

// at walks down an object by names with dots between.
func at(o map[string]any, path string) any {
	var v any = o
	for name := range strings.SplitSeq(path, ".") {
		inner, _ := v.(map[string]any)
		v = inner[name]
	}
	return v
}

// wantMembers checks members of an activity, by path.
func wantMembers(t *testing.T, activity, want map[string]any, page string) {
	t.Helper()
	for path, value := range want {
		if got := at(activity, path); got != value {
			t.Errorf("%s is %v, want %v as in %s", path, got, value, page)
		}
	}
}

func TestMessagesOfAPersonalChat(t *testing.T) {
	t.Parallel()
	s, bot := start(t, sandbox.Options{}), newBot(t)
	p := s.Tenant().MustPerson("hana.wijaya@contoso.com")
	chat := s.Teams(bot.url, nil).Personal(p)
	bot.answers(202, "", nil)
	if status, err := chat.Say(t.Context(), p, "a <b> & c"); err != nil || status != 202 {
		t.Fatalf("say: status %d, %v", status, err)
	}
	a := bot.activity(t)
	wantMembers(t, a, map[string]any{
		"type": "message", "channelId": "msteams", "text": "a <b> & c", "textFormat": "plain",
		"serviceUrl": "https://smba.trafficmanager.net/emea/" + s.TenantID() + "/",
		"timestamp":  "2026-11-23T12:00:00.0000000Z", "localTimestamp": "2026-11-23T19:00:00.0000000+07:00",
		"localTimezone": "Asia/Jakarta", "locale": "id-ID", "from.aadObjectId": p.ID, "from.name": p.Name,
		"recipient.id": "28:" + s.AppID(), "conversation.id": chat.ID(), "conversation.conversationType": "personal",
		"conversation.tenantId": s.TenantID(), "conversation.isGroup": nil, "channelData.tenant.id": s.TenantID(),
		"channelData.team": nil, "id": chat.Messages()[0].ID, "replyToId": nil,
	}, conversationPage)
	raw, _ := json.Marshal(a)
	if strings.Contains(string(raw), "mention") || !strings.Contains(string(raw), `"clientInfo"`) {
		t.Errorf("the entities are %v, want the client's alone", a["entities"])
	}
	if from, _ := at(a, "from.id").(string); !strings.HasPrefix(from, "29:") {
		t.Errorf("the person is %q to the bot, want an id of the app's own", from)
	}
	if again := s.Teams(bot.url, nil).Personal(p); again.ID() == chat.ID() {
		t.Error("two Teams share a chat")
	}
}

func TestMessagesThatMentionTheBot(t *testing.T) {
	t.Parallel()
	s, bot := start(t, sandbox.Options{}), newBot(t)
	p := s.Tenant().Helpdesk()[0]
	teams := s.Teams(bot.url, nil)
	for kind, chat := range map[string]*sandbox.Chat{
		"groupChat": teams.Group("Onboarding", p), "channel": teams.Channel("IT", "Helpdesk"),
	} {
		if _, err := chat.Say(t.Context(), p, "a <b> & c"); err != nil {
			t.Fatal(err)
		}
		a := bot.activity(t)
		wantMembers(t, a, map[string]any{
			"text": "<at>Signpost</at>&nbsp;a &lt;b&gt; &amp; c", "conversation.conversationType": kind, "conversation.isGroup": true,
		}, channelPage)
		entities, _ := a["entities"].([]any)
		mention, _ := entities[0].(map[string]any)
		wantMembers(t, mention, map[string]any{
			"type": "mention", "text": "<at>Signpost</at>", "mentioned.id": "28:" + s.AppID(), "mentioned.name": "Signpost",
		}, channelPage)
		if got := chat.Messages()[0].Text; got != "a <b> & c" {
			t.Errorf("the chat shows %q", got)
		}
	}
}

func TestThreadsOfAChannel(t *testing.T) {
	t.Parallel()
	s, bot := start(t, sandbox.Options{}), newBot(t)
	p := s.Tenant().Helpdesk()[0]
	teams := s.Teams(bot.url, nil)
	chat := teams.Channel("IT", "Helpdesk")
	if teams.Channel("IT", "Helpdesk") != chat || teams.Channel("IT", "General") == chat {
		t.Error("the names of a channel do not tell it from others")
	}
	if _, err := chat.Say(t.Context(), p, "first"); err != nil {
		t.Fatal(err)
	}
	root := chat.Messages()[0].ID
	thread := chat.ID() + ";messageid=" + root
	wantMembers(t, bot.activity(t), map[string]any{
		"id": root, "conversation.id": thread, "channelData.channel.id": chat.ID(), "channelData.teamsChannelId": chat.ID(),
		"channelData.team.name": "IT",
	}, channelPage)
	if _, err := chat.Reply(t.Context(), p, root, "more"); err != nil {
		t.Fatal(err)
	}
	if got := at(bot.activity(t), "conversation.id"); got != thread {
		t.Errorf("the reply came in %v, want %s as in %s", got, thread, channelPage)
	}
	s.post(thread, message("an answer"))
	s.post(chat.ID(), message("news"))
	var threads []string
	for _, m := range chat.Messages() {
		threads = append(threads, m.Thread)
	}
	if threads[1] != root || threads[2] != root || threads[3] != chat.Messages()[3].ID {
		t.Errorf("the threads are %v, want %s three times, then one of its own", threads, root)
	}
	if _, err := chat.Reply(t.Context(), p, "1", "lost"); err == nil {
		t.Error("a reply to nothing was sent")
	}
}

func TestInstallationIsToldTwice(t *testing.T) {
	t.Parallel()
	s, bot := start(t, sandbox.Options{}), newBot(t)
	p := s.Tenant().Helpdesk()[0]
	chat := s.Teams(bot.url, nil).Channel("IT", "Helpdesk")
	if status, err := chat.Install(t.Context(), p); err != nil || status != 200 {
		t.Fatalf("install: status %d, %v", status, err)
	}
	told := bot.activities(t)
	if len(told) != 2 {
		t.Fatalf("the bot was told %d times, want 2 as in %s", len(told), eventPage)
	}
	wantMembers(t, told[0], map[string]any{"type": "conversationUpdate", "channelData.eventType": "teamMemberAdded", "channelData.team.name": "IT"}, eventPage)
	added, _ := told[0]["membersAdded"].([]any)
	if member, _ := added[0].(map[string]any); len(added) != 1 || member["id"] != at(told[0], "recipient.id") {
		t.Errorf("added was %v, want the bot as in %s", added, eventPage)
	}
	wantMembers(t, told[1], map[string]any{"type": "installationUpdate", "action": "add", "from.aadObjectId": p.ID}, eventPage)
	team, _ := at(told[1], "conversation.id").(string)
	if team == chat.ID() || strings.Contains(team, "messageid") {
		t.Errorf("it was told in %q, want the team as in %s", team, eventPage)
	}
	s.post(team, message("welcome"))
	if _, err := chat.Uninstall(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	wantMembers(t, bot.activity(t), map[string]any{"type": "installationUpdate", "action": "remove"}, eventPage)
	s.connector("POST", activitiesOf(team), message("bye")).want(t, 403, "BotNotInConversationRoster", limitsPage)
	if _, err := chat.Install(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	s.post(team, message("welcome back"))
}

// Teams sends an activity again, the same in all, when the answer was slow.
// Source: https://github.com/microsoft/botbuilder-dotnet/issues/5005
func TestResend(t *testing.T) {
	t.Parallel()
	s, bot := start(t, sandbox.Options{}), newBot(t)
	p := s.Tenant().Helpdesk()[0]
	chat := s.Teams(bot.url, nil).Personal(p)
	if _, err := chat.Resend(t.Context()); err == nil {
		t.Error("nothing was sent again")
	}
	if _, err := chat.Say(t.Context(), p, "hi"); err != nil {
		t.Fatal(err)
	}
	s.clock.turn(15 * time.Second)
	if _, err := chat.Resend(t.Context()); err != nil {
		t.Fatal(err)
	}
	bot.mu.Lock()
	defer bot.mu.Unlock()
	if len(bot.got) != 2 || string(bot.got[0]) != string(bot.got[1]) {
		t.Errorf("the bot got %s, want the same twice", bot.got)
	}
}

func TestOnlyThePeopleOfAChatSpeakInIt(t *testing.T) {
	t.Parallel()
	s, bot := start(t, sandbox.Options{}), newBot(t)
	in, out := s.Tenant().Helpdesk()[0], s.Tenant().Helpdesk()[1]
	teams := s.Teams(bot.url, nil)
	for _, chat := range []*sandbox.Chat{teams.Personal(in), teams.Group("Onboarding", in)} {
		if _, err := chat.Say(t.Context(), out, "hi"); err == nil {
			t.Error("a stranger spoke")
		}
		if _, err := chat.Press(t.Context(), out, "", "x", nil); err == nil || !strings.Contains(err.Error(), "not in the chat") {
			t.Errorf("a stranger pressed: %v", err)
		}
	}
	if _, err := teams.Channel("IT", "Helpdesk").Say(t.Context(), out, "hi"); err != nil {
		t.Errorf("in a channel: %v", err)
	}
}

func TestABotThatCannotBeReached(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	p := s.Tenant().Helpdesk()[0]
	chat := s.Teams("http://127.0.0.1:1", nil).Personal(p)
	if _, err := chat.Say(t.Context(), p, "hi"); err == nil {
		t.Error("the message arrived nowhere, without an error")
	}
	if len(chat.Messages()) != 1 {
		t.Error("the person's own message is not there")
	}
}
