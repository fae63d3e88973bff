package handlers

import (
	"context"
	"encoding/json"
	"fmt"

	"signpost/bot"
	"signpost/cards"
)

// onSubmit answers the same buttons from clients that send them as messages: the card that comes back takes the place
// of the case's, for everybody, and what would be a toast becomes a message.
//
// Such a turn may come again, and its look-up may be quick: once the look-up is stored the "checking" card must not be
// shown any more, or it would take the place of the answer. So the card comes first, then the mark that it was shown,
// then the look-up.
func (b *Bot) onSubmit(ctx context.Context, a *bot.Activity, action bot.CardAction) error {
	mark := "press-" + turnKey(a.Conversation.ID, a.ID)
	var job LookUp
	if fact := b.opts.Notes.Noted(mark); fact != nil && json.Unmarshal(fact, &job) == nil {
		return b.follow(ctx, job)
	}
	p, err := b.press(ctx, a, action)
	here := a.Reference()
	switch {
	case err != nil:
		return err
	case p.toast != "":
		return b.say(ctx, a, speaker(a), p.toast)
	case action.Verb == cards.VerbDetails && shared(&here):
		return b.say(ctx, a, speaker(a), "refused.expired") // everybody would see them
	}
	if p.start {
		job = p.about.lookUp()
		if err := b.put(ctx, &p.about); err != nil {
			return err
		}
	}
	here.ConversationID = p.about.Where.ConversationID
	if err := b.opts.Chat.Update(ctx, here, p.about.CardID, message(p.card)); err != nil {
		return fmt.Errorf("show the card: %w", err)
	}
	b.note(ctx, mark, job)
	return b.follow(ctx, job)
}

// follow stores the look-up that follows a button, when there is one.
func (b *Bot) follow(ctx context.Context, job LookUp) error {
	if job.Reference == "" {
		return nil
	}
	return b.lookUpLater(ctx, job)
}
