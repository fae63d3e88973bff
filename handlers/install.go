package handlers

import (
	"context"
	"fmt"

	"signpost/bot"
	"signpost/cards"
)

// OnInstalled welcomes, once. Teams tells of one installation in up to two ways, and again after an upgrade.
func (b *Bot) OnInstalled(ctx context.Context, t *bot.Turn) error {
	conversation := key(thread(t.Activity.Conversation.ID))
	first, err := b.opts.Greeted.Create(ctx, conversation, b.opts.Now())
	if err != nil {
		return fmt.Errorf("store the welcome: %w", err)
	}
	if !first {
		return nil
	}
	if _, err := t.Send(ctx, message(cards.WelcomeCard(speaker(&t.Activity)))); err != nil {
		if forget := b.opts.Greeted.Delete(ctx, conversation); forget != nil {
			return fmt.Errorf("forget the welcome that failed: %w", forget)
		}
		return fmt.Errorf("welcome: %w", err)
	}
	return nil
}

// OnRemoved forgets the conversation, so that a later installation is welcomed again.
func (b *Bot) OnRemoved(ctx context.Context, t *bot.Turn) error {
	if err := b.opts.Greeted.Delete(ctx, key(thread(t.Activity.Conversation.ID))); err != nil {
		return fmt.Errorf("forget the conversation: %w", err)
	}
	return nil
}
