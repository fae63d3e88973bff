package handlers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"signpost/bot"
	"signpost/queue"
	"signpost/words"
)

// rememberTimeout is how long storing what was sent may take. It counts from then on, because the sending may have used
// up the turn's own time.
const rememberTimeout = 5 * time.Second

// sendOnce posts a message for a turn, unless it was posted when the turn came before, and returns its id.
//
// Only a process that dies, or a store that fails, between the posting and the storing lets a message be posted twice.
// So the store is written to before anything is posted: one that takes no writes does not lead to a message per try.
func (b *Bot) sendOnce(ctx context.Context, a *bot.Activity, m bot.Message) (string, error) {
	turn, id := turnKey(a.Conversation.ID, a.ID), ""
	first, err := b.opts.Sent.Create(ctx, turn, id)
	if err != nil {
		return "", fmt.Errorf("store that a message is sent: %w", err)
	}
	if !first {
		switch err := b.opts.Sent.Read(ctx, turn, &id); {
		case err == nil && id != "":
			return id, nil
		case err != nil && !errors.Is(err, queue.ErrNotFound):
			return "", fmt.Errorf("read what was sent: %w", err)
		}
	}
	if id, err = b.opts.Chat.Send(ctx, a.Reference(), m); err != nil {
		return "", fmt.Errorf("send: %w", err)
	}
	remembering, cancel := context.WithTimeout(context.WithoutCancel(ctx), rememberTimeout)
	defer cancel()
	if err := b.opts.Sent.Put(remembering, turn, id); err != nil {
		// It matters only if the turn comes again, and an error would make it come again.
		b.opts.Log.Warn("what was sent could not be stored", slog.Any("error", err))
	}
	return id, nil
}

// say answers a turn with one sentence.
func (b *Bot) say(ctx context.Context, a *bot.Activity, s words.Speaker, id string) error {
	_, err := b.sendOnce(ctx, a, bot.Message{Text: s.Say(id)})
	return err
}
