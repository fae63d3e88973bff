package handlers_test

import (
	"context"
	"errors"
	"testing"

	"signpost/bot"
	"signpost/cards"
	"signpost/handlers"
)

const titleRefused = "title.guide.blocked-by-policy"

func TestATurnThatFailsOnTheWayIsFinishedWhenItComesAgain(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		breaks func(*stage)
		posts  int
	}{
		"sending fails":             {func(s *stage) { s.chat.send = once() }, 1},
		"the case cannot be stored": {func(s *stage) { fail := once(); s.cases.write = func(context.Context, string) error { return fail() } }, 1},
		"the look-up cannot be stored": {func(s *stage) {
			s.jobs.fail = errBroken
		}, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage()
			test.breaks(s)
			turn := says(anaID, personal, "m1", "check me")
			if err := s.bot.OnMessage(t.Context(), turn); err == nil {
				t.Fatal("the turn must fail, so that it comes again")
			}
			s.jobs.fail = nil
			if err := s.bot.OnMessage(t.Context(), turn); err != nil {
				t.Fatal(err)
			}
			s.work(t)
			s.chat.wantPosted(t, test.posts)
			wantShown(t, s.chat.shown(t, 1), titleRefused)
		})
	}
}

// An error would bring the turn again, and with it the message that was posted.
func TestAMessageThatWasPostedButNotStoredIsNotPostedAgain(t *testing.T) {
	t.Parallel()
	s := newStage()
	s.notes.fail = func(context.Context) error { return errBroken }
	s.say(t, anaID, personal, "m1", "check me")
	s.work(t)
	s.chat.wantPosted(t, 1)
	wantShown(t, s.chat.shown(t, 1), titleRefused)
}

// What was sent is stored even when the sending used up the turn's time.
func TestWhatWasSentIsStoredAfterTheTurnsTimeIsUp(t *testing.T) {
	t.Parallel()
	s := newStage()
	ctx, cancel := context.WithCancel(t.Context())
	s.chat.send = func() error { cancel(); return nil }
	noted := errBroken
	s.notes.fail = func(ctx context.Context) error { noted = ctx.Err(); return noted }
	s.cases.write = func(ctx context.Context, _ string) error { return ctx.Err() }
	turn := says(anaID, personal, "m1", "check me")
	if err := s.bot.OnMessage(ctx, turn); !errors.Is(err, context.Canceled) {
		t.Fatalf("the turn ended with %v, want that its time is up", err)
	}
	if noted != nil {
		t.Errorf("what was sent was noted with %v, want that there was time for it", noted)
	}
	if err := s.bot.OnMessage(t.Context(), turn); err != nil {
		t.Fatal(err)
	}
	s.chat.wantPosted(t, 1)
}

func TestATurnThatComesAgainLeavesWhatBecameOfItsCase(t *testing.T) {
	t.Parallel()
	s := newStage()
	s.say(t, anaID, personal, "m1", "There was an error validating access token")
	c := s.cases.only(t)
	s.wantCard(t, presses(anaID, personal, "i1", "bot-1", cards.VerbCheck, about(c, cards.InputAccount, anaID)), "checking.title")
	s.work(t)
	s.say(t, anaID, personal, "m1", "There was an error validating access token")
	s.chat.wantPosted(t, 1)
	if c := s.cases.only(t); c.Finding == nil || c.Account != anaID {
		t.Errorf("the case was opened anew: %+v", c)
	}
	wantShown(t, s.chat.shown(t, 1), titleRefused)
}

func TestACheckThatComesAgainKeepsItsAnswer(t *testing.T) {
	t.Parallel()
	s := newStage()
	for range 2 {
		s.say(t, anaID, personal, "m1", "check me")
		s.work(t)
	}
	s.chat.wantPosted(t, 1)
	s.source.wantAsked(t, anaID)
	wantShown(t, s.chat.shown(t, 1), titleRefused)
	if s.cases.only(t).Finding == nil {
		t.Error("the finding is lost, and with it the details")
	}
}

func TestALookUpThatCouldNotBeShownIsShownWithoutReadingTheLogAgain(t *testing.T) {
	t.Parallel()
	s := newStage()
	s.say(t, anaID, personal, "m1", "check me")
	s.chat.update = once()
	job := s.jobs.take()[0]
	if err := s.bot.OnLookUp(t.Context(), job); !errors.Is(err, errBroken) {
		t.Fatalf("got %v, want the error of the update", err)
	}
	if err := s.bot.OnLookUp(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	wantShown(t, s.chat.shown(t, 1), titleRefused)
	s.source.wantAsked(t, anaID)
}

func TestALookUpWhoseCaseOrConversationIsGoneEnds(t *testing.T) {
	t.Parallel()
	for name, breaks := range map[string]func(*stage){
		"the case is forgotten":    func(s *stage) { s.cases.forget() },
		"forgotten while it reads": func(s *stage) { s.source.during = s.cases.forget },
		"the conversation is gone": func(s *stage) {
			s.chat.update = func() error { return &bot.SendError{Status: 403, Gone: true} }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage()
			s.say(t, anaID, personal, "m1", "check me")
			breaks(s)
			s.work(t)
			wantShown(t, s.chat.shown(t, 1), "checking.title")
		})
	}
	s := newStage()
	s.say(t, anaID, personal, "m1", "check me")
	s.cases.read = func(context.Context, string) error { return errBroken }
	if err := s.bot.OnLookUp(t.Context(), s.jobs.take()[0]); !errors.Is(err, errBroken) {
		t.Errorf("a store that cannot be read gave %v, want a reason to try again", err)
	}
}

func TestAParkedLookUpIsTold(t *testing.T) {
	t.Parallel()
	s := newStage()
	s.say(t, anaID, personal, "m1", "check me")
	job := s.jobs.take()[0]
	s.bot.OnLookUpParked(t.Context(), job)
	wantShown(t, s.chat.shown(t, 1), "failure.parked")
	s.bot.OnLookUpParked(t.Context(), handlers.LookUp{Reference: "SP-AAAAAAAA"}) // nobody to tell
	s.chat.wantPosted(t, 1)
}

// Somebody who asks anew while the log is read gets their answer, not that of the question before.
func TestALookUpGivesWayToALaterOne(t *testing.T) {
	t.Parallel()
	s := newStage()
	s.say(t, helenID, personal, "m1", "check ana@contoso.com")
	c := s.cases.only(t)
	s.source.during = func() {
		s.source.mu.Lock()
		s.source.during = nil
		s.source.mu.Unlock()
		s.wantCard(t, presses(helenID, personal, "i1", "bot-1", cards.VerbCheck, about(c, cards.InputAddress, "budi@contoso.com")), "checking.title")
	}
	first := s.jobs.take()[0]
	if err := s.bot.OnLookUp(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	wantShown(t, s.chat.shown(t, 1), "checking.title")
	s.bot.OnLookUpParked(t.Context(), first) // tells nobody either
	wantShown(t, s.chat.shown(t, 1), "checking.title")
	s.work(t)
	s.source.wantAsked(t, anaID, budiID)
	if c := s.cases.only(t); c.Subject != budiID || c.Finding.SignIn.UserID != budiID {
		t.Errorf("the case is about %s, want Budi", c.Subject)
	}
}

// Posting again could show it twice; the answer then comes as a message of its own.
func TestAMessageThatMayHaveBeenPostedIsNotPostedAgain(t *testing.T) {
	t.Parallel()
	s := newStage()
	fail := once()
	s.chat.send = func() error {
		if fail() != nil {
			return &bot.SendError{Status: 504, Uncertain: true}
		}
		return nil
	}
	turn := says(anaID, personal, "m1", "check me")
	for range 2 {
		if err := s.bot.OnMessage(t.Context(), turn); err != nil {
			t.Fatal(err)
		}
	}
	s.work(t)
	s.chat.wantPosted(t, 1)
	wantShown(t, s.chat.shown(t, 1), titleRefused)
}
