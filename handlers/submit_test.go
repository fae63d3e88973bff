package handlers_test

import (
	"context"
	"testing"

	"signpost/cards"
)

// After the look-up is stored its answer may be there at any time.
func TestTheCheckingCardOfAnOldClientNeverTakesThePlaceOfTheAnswer(t *testing.T) {
	t.Parallel()
	for name, breaks := range map[string]func(*stage){
		"nothing fails":                func(*stage) {},
		"the update fails":             func(s *stage) { s.chat.update = once() },
		"the look-up cannot be stored": func(s *stage) { s.jobs.fail = errBroken },
		"the mark cannot be stored": func(s *stage) {
			fail := once()
			s.notes.fail = func(context.Context) error { return fail() }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage()
			s.say(t, anaID, personal, "m1", "check me")
			s.work(t)
			turn := submits(anaID, personal, "s1", "bot-1", cards.VerbAgain, about(s.cases.only(t)))
			breaks(s)
			_ = s.bot.OnMessage(t.Context(), turn) // whether it fails or not, it comes again
			s.jobs.fail = nil
			s.work(t)
			for range 2 {
				if err := s.bot.OnMessage(t.Context(), turn); err != nil {
					t.Fatal(err)
				}
				s.work(t)
			}
			wantShown(t, s.chat.shown(t, 1), titleRefused)
			s.chat.wantPosted(t, 1)
			s.source.wantAsked(t, anaID, anaID)
			if s.cases.only(t).Finding == nil {
				t.Error("the finding is lost")
			}
		})
	}
}

func TestWhatAnOldClientSubmits(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		kind, person, verb string
		card, text         string // what the card says then, or else a message of its own
	}{
		"not it":                           {personal, anaID, cards.VerbNotIt, "ask.again", ""},
		"details where nobody reads along": {personal, anaID, cards.VerbDetails, "answer.evidence", ""},
		"details where others do":          {channel, anaID, cards.VerbDetails, "", "refused.expired"},
		"details of somebody else":         {channel, budiID, cards.VerbDetails, "", "refused.other"},
		"not it, about somebody else":      {channel, budiID, cards.VerbNotIt, "", "refused.other"},
		"an unknown verb":                  {personal, anaID, "delete", "", "refused.expired"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage()
			s.say(t, anaID, test.kind, "m1", "check me")
			s.work(t)
			before := s.chat.shown(t, 1)
			if err := s.bot.OnMessage(t.Context(), submits(test.person, test.kind, "s1", "bot-1", test.verb, about(s.cases.only(t)))); err != nil {
				t.Fatal(err)
			}
			if test.card != "" {
				wantShown(t, s.chat.shown(t, 1), test.card)
				return
			}
			wantShown(t, s.chat.shown(t, 2), test.text)
			if s.chat.shown(t, 1) != before {
				t.Error("the card changed")
			}
		})
	}
}

func TestAValueThatIsNoButtonIsPassedOver(t *testing.T) {
	t.Parallel()
	for _, value := range []string{`null`, `"text"`, `[1]`, `{"verb":7}`, `{}`} {
		s := newStage()
		a := from(anaID, personal, "m1")
		a.Text, a.Value = "help", []byte(value)
		if err := s.bot.OnMessage(t.Context(), &a); err != nil {
			t.Fatal(err)
		}
		wantShown(t, s.chat.shown(t, 1), "help.title")
	}
}
