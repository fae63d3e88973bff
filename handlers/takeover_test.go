package handlers_test

import (
	"testing"

	"signpost/cards"
)

// The values of a press come from the client. Nobody may use them to put an answer of their own in the place of
// somebody else's.
func TestNobodyTakesOverTheCaseOfSomebodyElse(t *testing.T) {
	t.Parallel()
	for _, found := range []bool{false, true} {
		s := newStage()
		s.say(t, anaID, channel, "m1", "check me")
		if found {
			s.work(t)
		}
		c := s.cases.only(t)
		s.wantToast(t, presses(budiID, channel, "i1", "bot-1", cards.VerbCheck, about(c, cards.InputAccount, budiID)), "refused.expired")
		if err := s.bot.OnMessage(t.Context(), submits(budiID, channel, "s1", "bot-1", cards.VerbCheck, about(c, cards.InputAccount, budiID))); err != nil {
			t.Fatal(err)
		}
		wantShown(t, s.chat.shown(t, 2), "refused.expired")
		s.work(t)
		s.source.wantAsked(t, anaID)
		wantShown(t, s.chat.shown(t, 1), titleRefused)
		if c := s.cases.only(t); c.Subject != anaID || c.Where.UserAADObjectID != anaID {
			t.Errorf("the case went over to %s", c.Where.UserAADObjectID)
		}
	}
}

func TestAFormIsForWhoAskedAndForTheHelpdesk(t *testing.T) {
	t.Parallel()
	s := newStage()
	s.say(t, anaID, channel, "m1", "There was an error validating access token")
	c := s.cases.only(t)
	form := about(c, cards.InputAddress, "budi@contoso.com")
	s.wantToast(t, presses(budiID, channel, "i1", "bot-1", cards.VerbCheck, form), "refused.expired")
	s.wantToast(t, presses(anaID, channel, "i2", "bot-1", cards.VerbCheck, form), "refused.other")
	s.wantCard(t, presses(helenID, channel, "i3", "bot-1", cards.VerbCheck, form), "checking.title")
	s.work(t)
	s.source.wantAsked(t, budiID)
	wantShown(t, s.chat.shown(t, 1), titleRefused)
}

// The client says on which message a button stands. What the bot knows counts more.
func TestAPressChangesTheMessageOfItsCaseOnly(t *testing.T) {
	t.Parallel()
	for _, client := range []string{"today's client", "an old client"} {
		t.Run(client, func(t *testing.T) {
			t.Parallel()
			s := newStage()
			s.say(t, anaID, channel, "m1", "check me")
			s.work(t)
			before := s.chat.shown(t, 1)
			s.cases.forget()
			s.say(t, budiID, channel, "m2", "There was an error validating access token")
			form := about(s.cases.only(t), cards.InputAccount, budiID)
			if client == "an old client" {
				if err := s.bot.OnMessage(t.Context(), submits(budiID, channel, "s1", "bot-1", cards.VerbCheck, form)); err != nil {
					t.Fatal(err)
				}
			} else {
				s.wantCard(t, presses(budiID, channel, "i1", "bot-1", cards.VerbCheck, form), "checking.title")
			}
			s.work(t)
			if s.chat.shown(t, 1) != before {
				t.Error("Budi changed the message with Ana's answer")
			}
			wantShown(t, s.chat.shown(t, 2), titleRefused)
		})
	}
}

func TestAFormWhoseCaseIsForgotten(t *testing.T) {
	t.Parallel()
	form := map[string]string{cards.DataCase: "SP-AAAAAAAA", cards.InputAccount: budiID}

	t.Run("still works in a personal chat", func(t *testing.T) {
		t.Parallel()
		s := newStage()
		s.say(t, budiID, personal, "m1", "There was an error validating access token")
		s.cases.forget()
		s.wantCard(t, presses(budiID, personal, "i1", "bot-1", cards.VerbCheck, form), "checking.title")
		s.work(t)
		wantShown(t, s.chat.shown(t, 1), titleRefused)
	})
	t.Run("changes nobody's message where others are", func(t *testing.T) {
		t.Parallel()
		s := newStage()
		s.say(t, anaID, channel, "m1", "check me")
		s.work(t)
		before := s.chat.shown(t, 1)
		s.wantToast(t, presses(budiID, channel, "i1", "bot-1", cards.VerbCheck, form), "refused.expired")
		s.work(t)
		if s.chat.shown(t, 1) != before {
			t.Error("Budi changed the message with Ana's answer")
		}
	})
	t.Run("needs a message to become the answer", func(t *testing.T) {
		t.Parallel()
		s := newStage()
		s.wantToast(t, presses(budiID, personal, "i1", "", cards.VerbCheck, form), "refused.expired")
	})
}
