package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"signpost/bot"
	"signpost/words"
)

// rememberTimeout is how long storing what was sent may take. It counts from then on, because the sending may have used
// up the turn's own time.
const rememberTimeout = 5 * time.Second

// sendOnce posts a message for a turn, unless it was posted when the turn came before, and returns its id.
//
// Only a process that dies between the Connector's answer and the note of it lets a message be posted twice.
func (b *Bot) sendOnce(ctx context.Context, a *bot.Activity, m bot.Message) (string, error) {
	turn, id := turnKey(a.Conversation.ID, a.ID), ""
	if fact := b.opts.Notes.Noted(turn); fact != nil && json.Unmarshal(fact, &id) == nil {
		return id, nil
	}
	id, err := b.opts.Chat.Send(ctx, a.Reference(), m)
	if err != nil {
		return "", fmt.Errorf("send: %w", err)
	}
	b.note(ctx, turn, id)
	return id, nil
}

// note notes a fact about a turn that is under way. That it cannot be stored is no error: the fact is known to this process,
// it matters only to another one, and an error would make the turn come again.
func (b *Bot) note(ctx context.Context, job string, fact any) {
	raw, err := json.Marshal(fact)
	if err == nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rememberTimeout)
		defer cancel()
		err = b.opts.Notes.Note(ctx, job, raw)
	}
	if err != nil {
		b.opts.Log.Warn("what was done for a turn could not be noted", slog.Any("error", err))
	}
}

// say answers a turn with one sentence.
func (b *Bot) say(ctx context.Context, a *bot.Activity, s words.Speaker, id string) error {
	_, err := b.sendOnce(ctx, a, bot.Message{Text: s.Say(id)})
	return err
}
