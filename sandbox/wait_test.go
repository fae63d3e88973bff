package sandbox_test

import (
	"context"
	"errors"
	"testing"

	"signpost/sandbox"
)

func TestWaitSeesEveryChange(t *testing.T) {
	t.Parallel()
	s := newStand(t, twoButtons)
	s.bot.answers(200, `{"statusCode":200,"type":"application/vnd.microsoft.card.adaptive","value":{"type":"AdaptiveCard"}}`, nil)
	changes := []struct {
		name string
		make func()
		seen func([]sandbox.Shown) bool
	}{
		{"nothing, when it holds already", func() {}, func(all []sandbox.Shown) bool { return len(all) == 1 }},
		{
			"a card for one person", func() { _, _ = s.chat.Press(t.Context(), s.ann, s.card, "go", nil) },
			func([]sandbox.Shown) bool { return string(s.chat.CardFor(s.ann, s.card)) == `{"type":"AdaptiveCard"}` },
		},
		{
			"an update", func() { s.connector("PUT", activitiesOf(s.chat.ID())+"/"+s.card, message("new")) },
			func(all []sandbox.Shown) bool { return all[0].Text == "new" },
		},
		{
			"a person's message", func() { _, _ = s.chat.Say(t.Context(), s.bob, "hi") },
			func(all []sandbox.Shown) bool { return len(all) == 2 },
		},
		{
			"a deletion", func() { s.connector("DELETE", activitiesOf(s.chat.ID())+"/"+s.card, nil) },
			func(all []sandbox.Shown) bool { return len(all) == 1 && all[0].Text == "hi" },
		},
	}
	for _, change := range changes {
		done := make(chan error, 1)
		go func() { done <- s.chat.Wait(t.Context(), change.seen) }()
		change.make()
		if err := <-done; err != nil {
			t.Errorf("%s: %v", change.name, err)
		}
	}
}

func TestWaitEnds(t *testing.T) {
	t.Parallel()
	s := newStand(t, twoButtons)
	never := func([]sandbox.Shown) bool { return false }
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.chat.Wait(ctx, never); !errors.Is(err, context.Canceled) {
		t.Errorf("with the context: %v", err)
	}
	s.Close()
	if err := s.chat.Wait(t.Context(), never); err == nil {
		t.Error("it did not end with the sandbox")
	}
}

func TestWhatIsShownIsACopy(t *testing.T) {
	t.Parallel()
	s := newStand(t, twoButtons)
	for _, card := range [][]byte{s.chat.Messages()[0].Card, s.chat.CardFor(s.ann, s.card)} {
		clear(card)
	}
	if got := s.chat.CardFor(s.ann, s.card); got[0] != '{' {
		t.Errorf("the chat was changed from outside: %q", got)
	}
}
