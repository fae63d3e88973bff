package handlers

import (
	"context"
	"errors"
	"strings"

	"signpost/bot"
	"signpost/cards"
)

// pressed is what a pressed button brings.
type pressed struct {
	toast string     // the id of a sentence that says why nothing changes; empty when something does
	card  cards.Card // what takes the place of the card with the button
	about Case       // the case as it is then
	start bool       // the case is to be stored and looked up
}

// press decides what a button does, and changes nothing itself.
func (b *Bot) press(ctx context.Context, a *bot.Activity, action bot.CardAction) (pressed, error) {
	switch action.Verb {
	case cards.VerbCheck, cards.VerbAgain, cards.VerbNotIt, cards.VerbDetails:
	default:
		return pressed{toast: "refused.expired"}, nil
	}
	c, err := b.open(ctx, a, action.Data[cards.DataCase])
	if here := a.Reference(); errors.Is(err, errExpired) && action.Verb == cards.VerbCheck && !shared(&here) {
		// The form itself holds all that is needed, so an old form still works. Where others are, the message that it says
		// it stands on could be theirs.
		c = Case{Reference: reference(a.Conversation.ID, a.ReplyToID), Where: here, CardID: a.ReplyToID}
		err = nil
	}
	switch {
	case errors.Is(err, errExpired), err == nil && c.CardID == "":
		return pressed{toast: "refused.expired"}, nil
	case err != nil:
		return pressed{}, err
	}
	person := a.From.AADObjectID
	if action.Verb == cards.VerbCheck {
		return b.pressCheck(ctx, a, c, action.Data), nil
	}
	if refused := b.refuse(ctx, person, &c); refused != "" {
		return pressed{toast: refused}, nil
	}
	switch {
	case action.Verb == cards.VerbAgain && !b.checks.take(person, a.ID):
		return pressed{toast: "refused.too-many"}, nil
	case action.Verb == cards.VerbAgain:
		c.Fresh = true
		return b.restart(ctx, a, c), nil
	case action.Verb == cards.VerbNotIt:
		return pressed{card: b.askCard(a, &c, askMore, ""), about: c}, nil
	case c.Finding == nil:
		return pressed{toast: "refused.expired"}, nil
	default:
		return pressed{card: cards.AnswerCard(speaker(a), c.subject(), c.Finding, b.detailOf(ctx, &c.Where, person)), about: c}, nil
	}
}

// pressCheck takes the form, and starts the look-up or says what is wrong with the form.
func (b *Bot) pressCheck(ctx context.Context, a *bot.Activity, c Case, values map[string]string) pressed {
	if refused := b.refuseReplacing(ctx, a.From.AADObjectID, c); refused != "" {
		return pressed{toast: refused}
	}
	if problem := c.fill(values, a, b.opts.Now()); problem != "" {
		return pressed{card: b.askCard(a, &c, askFirst, problem), about: c}
	}
	if refused := b.refuse(ctx, a.From.AADObjectID, &c); refused != "" {
		return pressed{toast: refused}
	}
	if !b.checks.take(a.From.AADObjectID, a.ID) {
		return pressed{toast: "refused.too-many"}
	}
	c.Fresh = false
	return b.restart(ctx, a, c)
}

// refuseReplacing is refuse for a question that takes the place of a case's, on the message that shows it: that is for
// whoever asked, for those who may have that answer, and for the helpdesk.
func (b *Bot) refuseReplacing(ctx context.Context, person string, c Case) string {
	if person != "" && strings.EqualFold(person, c.asker()) {
		return ""
	}
	refused := b.refuse(ctx, person, &c)
	if refused == "refused.other" {
		return "refused.expired" // the person's own question is welcome, in a message of its own
	}
	return refused
}

// restart makes the case a question of whoever pressed the button.
func (b *Bot) restart(ctx context.Context, a *bot.Activity, c Case) pressed {
	conversation := c.Where.ConversationID // with the thread that the card hangs in, which an invoke may leave out
	c.Where, c.Turn, c.Finding = a.Reference(), a.ID, nil
	c.Where.ConversationID = conversation
	if c.Shown == "" {
		c.Shown = b.nameOf(ctx, &c)
	}
	return pressed{card: cards.CheckingCard(speaker(a), c.subject().Account), about: c, start: true}
}
