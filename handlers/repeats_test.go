package handlers_test

import (
	"testing"
	"time"
)

func TestTheSameQuestionUnderAnotherIDGetsOneAnswer(t *testing.T) {
	t.Parallel()
	const failure = "There was an error validating access token"
	for name, test := range map[string]struct {
		text   string
		second func(s *stage)
		want   int
	}{
		"sent again by Teams":     {"check me", func(s *stage) { s.say(t, anaID, personal, "m2", "check me") }, 1},
		"and what asks back":      {failure, func(s *stage) { s.say(t, anaID, personal, "m2", failure) }, 1},
		"by somebody else":        {failure, func(s *stage) { s.say(t, budiID, personal, "m2", failure) }, 2},
		"in other words":          {failure, func(s *stage) { s.say(t, anaID, personal, "m2", failure+"!") }, 2},
		"after a minute":          {failure, func(s *stage) { s.now = s.now.Add(time.Minute); s.say(t, anaID, personal, "m2", failure) }, 2},
		"help is always answered": {"help", func(s *stage) { s.say(t, anaID, personal, "m2", "help") }, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage()
			s.say(t, anaID, personal, "m1", test.text)
			test.second(s)
			s.chat.wantPosted(t, test.want)
		})
	}
}
