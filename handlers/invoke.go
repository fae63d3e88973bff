package handlers

import (
	"context"
	"log/slog"
	"time"

	"signpost/bot"
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
	p, err := b.press(ctx, &a, action)
	if err == nil && p.start {
		err = b.start(ctx, &p.about)
	}
	switch {
	case err != nil:
		b.opts.Log.Error("a button could not be answered", slog.String("verb", action.Verb), slog.Any("error", err))
		return bot.ToastResponse(speaker(&a).Say("failure.parked"))
	case p.toast != "":
		return bot.ToastResponse(speaker(&a).Say(p.toast))
	default:
		return bot.CardResponse(p.card.JSON)
	}
}

// start stores a case and its look-up.
func (b *Bot) start(ctx context.Context, c *Case) error {
	if err := b.put(ctx, c); err != nil {
		return err
	}
	return b.lookUpLater(ctx, c.lookUp())
}
