package handlers_test

import (
	"fmt"
	"testing"
	"time"

	"signpost/cards"
)

func TestAPersonMayAskForSoManyChecksAndNoMore(t *testing.T) {
	t.Parallel()
	s := newStage()
	for n := range mostChecks {
		s.now = s.now.Add(40 * time.Second)
		s.say(t, anaID, personal, fmt.Sprintf("m%d", n), []string{"check me", "check ana@contoso.com"}[n%2])
	}
	s.say(t, anaID, personal, "m0", "check me") // comes again
	s.say(t, anaID, personal, "one-more", "please check me")
	s.work(t)
	s.chat.wantPosted(t, mostChecks+1)
	wantShown(t, s.chat.shown(t, mostChecks), titleRefused)
	wantShown(t, s.chat.shown(t, mostChecks+1), "refused.too-many")

	c := s.cases.shownOn(t, "bot-1")
	s.wantToast(t, presses(anaID, personal, "i1", "bot-1", cards.VerbAgain, about(c)), "refused.too-many")

	s.say(t, helenID, personal, "h1", "check ana@contoso.com") // others still get theirs
	s.work(t)
	wantShown(t, s.chat.shown(t, mostChecks+2), titleRefused)

	s.now = s.now.Add(10 * time.Minute)
	s.say(t, anaID, personal, "later", "check me")
	s.work(t)
	wantShown(t, s.chat.shown(t, mostChecks+3), titleRefused)
}
