package handlers

import (
	"context"
	"fmt"

	"signpost/bot"
	"signpost/cards"
)

// OnInstalled welcomes, once. Teams tells of one installation in up to two ways, and again after an upgrade: the turn
// that comes first stands for all of them, also when it has to be tried again.
func (b *Bot) OnInstalled(ctx context.Context, a *bot.Activity) error {
	conversation, welcoming := key(thread(a.Conversation.ID)), turnKey(a.Conversation.ID, a.ID)
	first, err := b.opts.Greeted.Create(ctx, conversation, welcoming)
	if err != nil {
		return fmt.Errorf("store the welcome: %w", err)
	}
	if !first {
		var other string
		if err := b.opts.Greeted.Read(ctx, conversation, &other); err != nil {
			return fmt.Errorf("read the welcome: %w", err)
		}
		if other != welcoming {
			return nil
		}
	}
	if _, err := b.sendOnce(ctx, a, message(cards.WelcomeCard(speaker(a)))); err != nil {
		return fmt.Errorf("welcome: %w", err)
	}
	return nil
}

// OnRemoved forgets the conversation, so that a later installation is welcomed again.
func (b *Bot) OnRemoved(ctx context.Context, a *bot.Activity) error {
	if err := b.opts.Greeted.Delete(ctx, key(thread(a.Conversation.ID))); err != nil {
		return fmt.Errorf("forget the conversation: %w", err)
	}
	return nil
}
