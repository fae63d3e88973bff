package handlers_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"signpost/cards"
)

func TestAnInvokeOfAnotherNameIsNotImplemented(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "task/fetch", "composeExtension/query", "AdaptiveCard/Action"} {
		a := presses(anaID, personal, "i1", "bot-1", cards.VerbAgain, nil)
		a.Name = name
		if got := newStage().bot.OnInvoke(t.Context(), a).Status; got != http.StatusNotImplemented {
			t.Errorf("%q was answered %d, want 501", name, got)
		}
	}
}

func TestAPressIsAnsweredInTimeWhateverIsSlow(t *testing.T) {
	t.Parallel()
	slow := func(ctx context.Context, _ string) error { <-ctx.Done(); return ctx.Err() }
	for name, breaks := range map[string]func(*stage){
		"reading": func(s *stage) { s.cases.read = slow },
		"writing": func(s *stage) { s.cases.write = slow },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newStage()
				s.say(t, anaID, personal, "m1", "There was an error validating access token")
				press := presses(anaID, personal, "i1", "bot-1", cards.VerbCheck, about(s.cases.only(t), cards.InputAccount, anaID))
				breaks(s)
				start := time.Now()
				s.answerTo(t, press)
				if took := time.Since(start); took > 3*time.Second {
					t.Errorf("the press took %s, want at most 3 s", took)
				}
			})
		})
	}
}

func TestAPressWhoseLookUpCannotBeStoredSaysSo(t *testing.T) {
	t.Parallel()
	s := newStage()
	s.say(t, anaID, personal, "m1", "There was an error validating access token")
	s.jobs.fail = errBroken
	form := about(s.cases.only(t), cards.InputAccount, anaID)
	s.wantToast(t, presses(anaID, personal, "i1", "bot-1", cards.VerbCheck, form), "failure.parked")
	s.jobs.fail = nil
	s.wantCard(t, presses(anaID, personal, "i2", "bot-1", cards.VerbCheck, form), "checking.title")
	s.work(t)
	wantShown(t, s.chat.shown(t, 1), titleRefused)
}

// In a channel an invoke may leave out the thread that the card hangs in.
func TestTheAnswerGoesToTheThreadOfItsCard(t *testing.T) {
	t.Parallel()
	s := newStage()
	s.say(t, anaID, channel, "m1", "check me")
	s.work(t)
	press := presses(anaID, channel, "i1", "bot-1", cards.VerbAgain, about(s.cases.only(t)))
	threaded := press.Conversation.ID
	press.Conversation.ID = "19:room@thread.tacv2"
	s.wantCard(t, press, "checking.title")
	if got := s.cases.only(t).Where.ConversationID; got != threaded {
		t.Errorf("the answer goes to %s, want %s", got, threaded)
	}
}
