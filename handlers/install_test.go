package handlers_test

import (
	"testing"

	"signpost/bot"
)

func mention(id, text string) bot.Entity {
	return bot.Entity{Type: "mention", Mentioned: bot.Account{ID: id}, Text: text}
}

func TestTheWelcome(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{personal, "groupChat", channel} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := newStage()
			install := func(id string) {
				t.Helper()
				if err := s.bot.OnInstalled(t.Context(), new(from(anaID, kind, id))); err != nil {
					t.Fatal(err)
				}
			}
			install("u1")
			install("u2") // the second way to tell of it
			install("u1") // again
			s.chat.wantPosted(t, 1)
			wantShown(t, s.chat.shown(t, 1), "welcome.title")
			if err := s.bot.OnRemoved(t.Context(), new(from(anaID, kind, "u3"))); err != nil {
				t.Fatal(err)
			}
			install("u4")
			install("u5")
			s.chat.wantPosted(t, 2)
		})
	}
}

func TestAWelcomeThatFailedComesLater(t *testing.T) {
	t.Parallel()
	for name, breaks := range map[string]func(*stage){
		"sending fails": func(s *stage) { s.chat.send = once() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage()
			breaks(s)
			turn := new(from(anaID, personal, "u1"))
			if err := s.bot.OnInstalled(t.Context(), turn); err == nil {
				t.Fatal("a welcome that failed must be tried again")
			}
			if err := s.bot.OnInstalled(t.Context(), turn); err != nil {
				t.Fatal(err)
			}
			s.chat.wantPosted(t, 1)
		})
	}
}
