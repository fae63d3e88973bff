package sandbox_test

import (
	"strings"
	"testing"

	"signpost/sandbox"
)

const pressPage = "https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/work-with-universal-actions-for-adaptive-cards"

// twoButtons has a button that old clients know, and one that they do not.
const twoButtons = `{"type":"AdaptiveCard","actions":[
	{"type":"Action.Execute","id":"b1","verb":"go","data":{"act":"go","note":"x"},"fallback":{"type":"Action.Submit","data":{"act":"go-old"}}},
	{"type":"Action.Execute","verb":"new","fallback":"drop"}]}`

// stand is a group chat of two people with a card of the bot.
type stand struct {
	*services
	bot      *fakeBot
	chat     *sandbox.Chat
	ann, bob sandbox.Person
	card     string // the id of the message
}

func newStand(t *testing.T, card string) *stand {
	t.Helper()
	s := &stand{services: start(t, sandbox.Options{}), bot: newBot(t)}
	s.ann, s.bob = s.Tenant().Helpdesk()[0], s.Tenant().Helpdesk()[1]
	s.chat = s.Teams(s.bot.url, nil).Group("Onboarding", s.ann, s.bob)
	s.card = s.post(s.chat.ID(), cardMessage(card))
	return s
}

func TestPressSendsAnInvoke(t *testing.T) {
	t.Parallel()
	s := newStand(t, twoButtons)
	s.bot.answers(200, `{"statusCode":200,"type":"application/vnd.microsoft.activity.message","value":"done"}`, nil)
	if status, err := s.chat.Press(t.Context(), s.ann, "", "go", nil); err != nil || status != 200 {
		t.Fatalf("press: status %d, %v", status, err)
	}
	wantMembers(t, s.bot.activity(t), map[string]any{
		"type": "invoke", "name": "adaptiveCard/action", "replyToId": s.card, "text": nil, "from.aadObjectId": s.ann.ID,
		"value.trigger": "manual", "value.action.type": "Action.Execute", "value.action.id": "b1", "value.action.verb": "go",
		"value.action.data.act": "go", "value.action.data.note": "x",
	}, pressPage)
	if got := s.chat.Messages()[0]; got.Toast != "done" || got.Version != 0 {
		t.Errorf("the press shows %+v", got)
	}
}

func TestAnOldClientSendsTheFallback(t *testing.T) {
	t.Parallel()
	s := newStand(t, twoButtons)
	s.chat.OldClient = true
	if status, err := s.chat.Press(t.Context(), s.ann, s.card, "go", nil); err != nil || status != 200 {
		t.Fatalf("press: status %d, %v", status, err)
	}
	wantMembers(t, s.bot.activity(t), map[string]any{
		"type": "message", "replyToId": s.card, "text": nil, "value.act": "go-old", "value.note": nil, "attachments": nil,
	}, pressPage)
	if _, err := s.chat.Press(t.Context(), s.ann, s.card, "new", nil); err == nil {
		t.Error("an old client pressed a button that it does not show")
	}
	if n := len(s.bot.activities(t)); n != 1 {
		t.Errorf("the bot got %d activities", n)
	}
}

func TestACardThatComesBackIsForWhoPressed(t *testing.T) {
	t.Parallel()
	s := newStand(t, twoButtons)
	const own = `{"type":"AdaptiveCard","body":[]}`
	answer := `{"statusCode":200,"type":"application/vnd.microsoft.card.adaptive","value":` + own + `}`
	s.bot.answers(200, answer, nil)
	if _, err := s.chat.Press(t.Context(), s.ann, s.card, "go", nil); err != nil {
		t.Fatal(err)
	}
	if got := string(s.chat.CardFor(s.ann, s.card)); got != own {
		t.Errorf("who pressed sees %s as opposed to %s", got, pressPage)
	}
	if got := string(s.chat.CardFor(s.bob, s.card)); !strings.Contains(got, "Action.Execute") {
		t.Errorf("somebody else sees %s as opposed to %s", got, pressPage)
	}
	if _, err := s.chat.Press(t.Context(), s.ann, "", "go", nil); err == nil {
		t.Error("a button was pressed that the person's own card has not")
	}
	// An update is for everybody.
	s.connector("PUT", activitiesOf(s.chat.ID())+"/"+s.card, cardMessage(twoButtons)).want(t, 200, "", connectorPage)
	if a, b := string(s.chat.CardFor(s.ann, s.card)), string(s.chat.CardFor(s.bob, s.card)); a != b {
		t.Errorf("after the update one sees %s, the other %s", a, b)
	}
	// An update that comes while the bot answers is the last word.
	s.bot.answers(200, answer, func() {
		s.connector("PUT", activitiesOf(s.chat.ID())+"/"+s.card, cardMessage(`{"type":"AdaptiveCard","lang":"en"}`))
	})
	if _, err := s.chat.Press(t.Context(), s.ann, s.card, "go", nil); err != nil {
		t.Fatal(err)
	}
	if got := string(s.chat.CardFor(s.ann, s.card)); !strings.Contains(got, "lang") {
		t.Errorf("the update was overtaken by %s", got)
	}
	if s.chat.CardFor(s.ann, "1") != nil {
		t.Error("a message that does not exist has a card")
	}
}

func TestAnswersThatTeamsDoesNotTake(t *testing.T) {
	t.Parallel()
	s := newStand(t, twoButtons)
	tests := map[string]struct {
		status int
		body   string
		wrong  bool // the answer itself is wrong, which is an error for the test that pressed
	}{
		"a failure":                  {500, "", false},
		"no body":                    {200, "", true},
		"no JSON":                    {200, "ok", true},
		"an unknown type":            {200, `{"statusCode":200,"type":"text","value":"x"}`, true},
		"a card that is none":        {200, `{"statusCode":200,"type":"application/vnd.microsoft.card.adaptive","value":{"type":"HeroCard"}}`, true},
		"a card with another status": {200, `{"statusCode":500,"type":"application/vnd.microsoft.card.adaptive","value":{"type":"AdaptiveCard"}}`, true},
		"a text that is none":        {200, `{"statusCode":200,"type":"application/vnd.microsoft.activity.message","value":{}}`, true},
		"an error of the bot":        {200, `{"statusCode":400,"type":"application/vnd.microsoft.error","value":{"code":"BadRequest","message":"no"}}`, true},
	}
	for name, test := range tests {
		s.bot.answers(test.status, test.body, nil)
		status, err := s.chat.Press(t.Context(), s.ann, s.card, "go", nil)
		if status != test.status || (err != nil) != test.wrong {
			t.Errorf("%s: status %d, %v", name, status, err)
		}
		if got := s.chat.Messages()[0]; got.Toast != "Unable to reach app. Please try again." || got.Version != 0 {
			t.Errorf("%s: shows %+v", name, got)
		}
	}
}
