package handlers

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"signpost/bot"
	"signpost/cards"
	"signpost/words"
)

// invokeBudget is how long a pressed button may take to answer; Teams gives up soon after.
const invokeBudget = 2500 * time.Millisecond

// OnInvoke answers a pressed button within 3 s. What takes longer goes on as a look-up.
func (b *Bot) OnInvoke(ctx context.Context, a bot.Activity) bot.InvokeResponse {
	if a.Name != "adaptiveCard/action" {
		return bot.NotImplementedResponse()
	}
	action, err := a.CardAction()
	if err != nil {
		return bot.BadRequestResponse("the action could not be read")
	}
	ctx, cancel := context.WithTimeout(ctx, invokeBudget)
	defer cancel()
	card, toast, err := b.press(ctx, &a, action)
	switch {
	case err != nil:
		b.opts.Log.Error("a button could not be answered", slog.String("verb", action.Verb), slog.Any("error", err))
		return bot.ToastResponse(speaker(&a).Say("failure.parked"))
	case toast != "":
		return bot.ToastResponse(speaker(&a).Say(toast))
	default:
		return bot.CardResponse(card.JSON)
	}
}

// onSubmit answers the same buttons from clients that send them as messages: the card that comes back takes the place
// of the one with the button, and what would be a toast becomes a message.
func (b *Bot) onSubmit(ctx context.Context, t *bot.Turn, action bot.CardAction) error {
	card, toast, err := b.press(ctx, &t.Activity, action)
	switch {
	case err != nil:
		return err
	case toast != "":
		return b.say(ctx, t, speaker(&t.Activity), toast)
	case t.Activity.ReplyToID == "" || (action.Verb == cards.VerbDetails && shared(&bot.Reference{ConversationType: t.Activity.Conversation.Type})):
		return b.say(ctx, t, speaker(&t.Activity), "refused.expired")
	default:
		return t.Update(ctx, t.Activity.ReplyToID, message(card))
	}
}

// press does what a button says. It returns the card that takes the place of the one with the button, or the id of a
// sentence that says why nothing changes.
func (b *Bot) press(ctx context.Context, a *bot.Activity, action bot.CardAction) (card cards.Card, toast string, err error) {
	c, err := b.open(ctx, a, action.Data[cards.DataCase])
	switch {
	case errors.Is(err, errExpired) && action.Verb == cards.VerbCheck:
		// The form itself holds all that is needed, so an old form still works.
		c = Case{Reference: reference(a.Conversation.ID, a.ReplyToID), Where: a.Reference(), CardID: a.ReplyToID}
	case errors.Is(err, errExpired):
		return card, "refused.expired", nil
	case err != nil:
		return card, "", err
	}
	switch action.Verb {
	case cards.VerbCheck:
		return b.pressCheck(ctx, a, c, action)
	case cards.VerbAgain, cards.VerbNotIt, cards.VerbDetails:
	default:
		return card, "refused.expired", nil
	}
	if refused := b.refuse(ctx, a.From.AADObjectID, &c); refused != "" {
		return card, refused, nil
	}
	switch action.Verb {
	case cards.VerbAgain:
		return b.recheck(ctx, a, c)
	case cards.VerbNotIt:
		return b.askCard(a, &c, askMore, ""), "", nil
	default:
		if c.Finding == nil {
			return card, "refused.expired", nil
		}
		return cards.AnswerCard(speaker(a), c.subject(), c.Finding, words.Full), "", nil
	}
}

// pressCheck takes the form, and starts the look-up or says what is wrong with the form.
func (b *Bot) pressCheck(ctx context.Context, a *bot.Activity, c Case, action bot.CardAction) (cards.Card, string, error) {
	if problem := c.fill(action.Data, a, b.opts.Now()); problem != "" {
		return b.askCard(a, &c, askFirst, problem), "", nil
	}
	if refused := b.refuse(ctx, a.From.AADObjectID, &c); refused != "" {
		return cards.Card{}, refused, nil
	}
	return b.recheck(ctx, a, c)
}

// recheck starts the look-up of a case for whoever pressed the button.
func (b *Bot) recheck(ctx context.Context, a *bot.Activity, c Case) (cards.Card, string, error) {
	c.Where = a.Reference()
	c.Finding = nil
	if a.ReplyToID != "" {
		c.CardID = a.ReplyToID
	}
	if err := b.lookUpLater(ctx, c, a.ID); err != nil {
		return cards.Card{}, "", err
	}
	return cards.CheckingCard(speaker(a), c.Shown), "", nil
}
