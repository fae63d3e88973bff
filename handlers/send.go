package handlers

import (
	"context"
	"encoding/json"
	"errors"
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
// Only a process that dies between the Connector's answer and the note of it lets a message be posted twice. A message of
// which the Connector does not say whether it was posted counts as posted, under no id: whoever sees none can ask again.
func (b *Bot) sendOnce(ctx context.Context, a *bot.Activity, m bot.Message) (string, error) {
	turn, id := turnKey(a.Conversation.ID, a.ID), ""
	if fact := b.opts.Notes.Noted(turn); fact != nil && json.Unmarshal(fact, &id) == nil {
		return id, nil
	}
	id, err := b.send(ctx, a.Reference(), m)
	if err != nil {
		return "", err
	}
	b.note(ctx, turn, id)
	return id, nil
}

// send posts a message and returns its id, which is empty when Teams does not say it, or not whether it posted the message.
func (b *Bot) send(ctx context.Context, where bot.Reference, m bot.Message) (string, error) {
	id, err := b.opts.Chat.Send(ctx, where, m)
	var failed *bot.SendError
	if errors.As(err, &failed) && failed.Uncertain {
		b.opts.Log.Warn("a message may not have been posted", slog.Any("error", err))
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("send: %w", err)
	}
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
