package handlers_test

import (
	"strings"
	"testing"
	"time"

	"signpost/bot"
	"signpost/cards"
	"signpost/signins"
)

func TestWhoMayAskAboutWhom(t *testing.T) {
	t.Parallel()
	down := &signins.Failure{Reason: signins.ReasonUnavailable, Err: errBroken}
	tests := map[string]struct {
		person, text string
		breaks       func(*stage)
		want         string // a sentence; an answer when empty
	}{
		"oneself":                             {anaID, "check me", nil, ""},
		"oneself by name":                     {anaID, "check ana@contoso.com", nil, ""},
		"oneself by name in capitals":         {anaID, "check ANA@Contoso.COM", nil, ""},
		"oneself, without a directory":        {anaID, "check me", func(s *stage) { s.directory.accountErr = down; s.directory.memberErr = down }, ""},
		"the helpdesk about others":           {helenID, "check Ana@contoso.com", nil, ""},
		"somebody else":                       {anaID, "check budi@contoso.com", nil, "refused.other"},
		"somebody who does not exist":         {anaID, "check nobody@contoso.com", nil, "refused.other"},
		"membership unknown":                  {helenID, "check ana@contoso.com", func(s *stage) { s.directory.memberErr = down }, "refused.not-sure"},
		"own name cannot be resolved":         {anaID, "check ana@contoso.com", func(s *stage) { s.directory.accountErr = down }, "refused.not-sure"},
		"the helpdesk, name unresolved":       {helenID, "check ana@contoso.com", func(s *stage) { s.directory.accountErr = down }, ""},
		"somebody whom Teams does not name":   {"", "check me", nil, "refused.unknown-person"},
		"somebody with a name for an id":      {"ana@contoso.com", "check me", nil, "refused.unknown-person"},
		"nobody, about an account that is ''": {"", "check ana@contoso.com", nil, "refused.unknown-person"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage()
			if test.breaks != nil {
				test.breaks(s)
			}
			s.say(t, test.person, personal, "m1", test.text)
			s.work(t)
			if test.want == "" {
				wantShown(t, s.chat.shown(t, 1), titleRefused)
				return
			}
			wantShown(t, s.chat.shown(t, 1), test.want)
			s.source.wantAsked(t)
			if c := s.cases.only(t); c.Finding != nil {
				t.Error("a refused case has a finding")
			}
		})
	}
}

func TestAMembershipIsBelievedForFiveMinutes(t *testing.T) {
	t.Parallel()
	s := newStage()
	ask := func(id string, asks int) {
		t.Helper()
		s.say(t, helenID, personal, id, "check ana@contoso.com")
		s.work(t)
		if s.directory.memberAsks != asks {
			t.Errorf("the directory was asked %d times, want %d", s.directory.memberAsks, asks)
		}
	}
	ask("m1", 1)
	ask("m2", 1)
	s.now = s.now.Add(5 * time.Minute)
	ask("m3", 2)
}

// What is stored outlives the settings: a tenant may be gone from them.
func TestATenantThatIsNotServedGetsNoAnswer(t *testing.T) {
	t.Parallel()
	s := newStage()
	turn := says(anaID, personal, "m1", "check me")
	turn.Conversation.TenantID = "7e1a0000-0000-4000-8000-0000000000ff"
	if err := s.bot.OnMessage(t.Context(), turn); err != nil {
		t.Fatal(err)
	}
	s.work(t)
	wantShown(t, s.chat.shown(t, 1), "refused.unknown-person")
	s.source.wantAsked(t)

	s = newStage()
	turn = says(anaID, personal, "m1", "check me")
	turn.Conversation.TenantID = strings.ToUpper(tenantID)
	if err := s.bot.OnMessage(t.Context(), turn); err != nil {
		t.Fatal(err)
	}
	s.work(t)
	wantShown(t, s.chat.shown(t, 1), titleRefused)
}

var private = []string{"CA02", "Recife", "192.0.2.44", "LAPTOP"}

func TestAnAnswerThatOthersReadHoldsNothingPrivate(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{channel, "groupChat", ""} {
		s := newStage()
		s.say(t, anaID, kind, "m1", "check me")
		s.work(t)
		wantShown(t, s.chat.shown(t, 1), titleRefused)
		for _, p := range append(private, "ana@contoso.com", anaID) {
			if strings.Contains(s.chat.shown(t, 1), p) {
				t.Errorf("in a conversation of type %q the answer holds %q", kind, p)
			}
		}
	}
}

func TestDetailsAreForTheEntitled(t *testing.T) {
	t.Parallel()
	s := newStage()
	s.say(t, anaID, channel, "m1", "check me")
	c := s.cases.only(t)
	details := func(person string) bot.Activity {
		return presses(person, channel, "i-"+person, "bot-1", cards.VerbDetails, about(c))
	}
	s.wantToast(t, details(anaID), "refused.expired") // nothing is found yet
	s.work(t)
	s.wantCard(t, details(anaID), "answer.evidence")
	s.wantCard(t, details(helenID), "answer.evidence")
	s.wantToast(t, details(budiID), "refused.other")
	s.wantToast(t, details(""), "refused.unknown-person")
	for _, verb := range []string{cards.VerbAgain, cards.VerbNotIt} {
		s.wantToast(t, presses(budiID, channel, "i2", "bot-1", verb, about(c)), "refused.other")
	}
	s.source.wantAsked(t, anaID)
}

func TestAButtonFromElsewhereOpensNothing(t *testing.T) {
	t.Parallel()
	s := newStage()
	s.say(t, helenID, personal, "m1", "check ana@contoso.com")
	s.work(t)
	c := s.cases.only(t)
	otherTenant := presses(helenID, personal, "i0", "bot-1", cards.VerbDetails, about(c))
	otherTenant.Conversation.TenantID = "7e1a0000-0000-4000-8000-0000000000ff"
	for name, a := range map[string]bot.Activity{
		"another conversation": presses(helenID, channel, "i1", "bot-1", cards.VerbDetails, about(c)),
		"another tenant":       otherTenant,
		"unknown reference":    presses(helenID, personal, "i2", "bot-1", cards.VerbDetails, map[string]string{cards.DataCase: "SP-AAAAAAAA"}),
		"a store key":          presses(helenID, personal, "i3", "bot-1", cards.VerbDetails, map[string]string{cards.DataCase: "cases.>"}),
		"a line break":         presses(helenID, personal, "i4", "bot-1", cards.VerbDetails, map[string]string{cards.DataCase: c.Reference[:6] + "\n" + c.Reference[6:]}),
		"no reference":         presses(helenID, personal, "i5", "bot-1", cards.VerbDetails, nil),
		"an unknown verb":      presses(helenID, personal, "i6", "bot-1", "delete", about(c)),
	} {
		t.Run(name, func(t *testing.T) { s.wantToast(t, a, "refused.expired") })
	}
}
