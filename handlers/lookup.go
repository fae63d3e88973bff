package handlers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"signpost/bot"
	"signpost/cards"
	"signpost/diagnosis"
	"signpost/queue"
	"signpost/signins"
	"signpost/words"
)

// LookUp is the job that turns a "checking" card into the answer.
type LookUp struct {
	Reference string `json:"reference"`
}

// OnLookUp reads the log, reasons, and shows the answer. An error means that the answer could not be shown and that
// the job should be tried again; that the log could not be read is itself an answer.
func (b *Bot) OnLookUp(ctx context.Context, job LookUp) error {
	start := b.opts.Now()
	var c Case
	switch err := b.opts.Cases.Read(ctx, job.Reference, &c); {
	case errors.Is(err, queue.ErrNotFound):
		b.opts.Log.Info("a look-up came after its case was forgotten", slog.String("reference", job.Reference))
		return nil
	case err != nil:
		return fmt.Errorf("read the case: %w", err)
	}
	card, outcome := b.lookUp(ctx, &c)
	if err := b.opts.Cases.Put(ctx, c.Reference, c); err != nil {
		return fmt.Errorf("store the finding: %w", err)
	}
	if err := b.show(ctx, &c, card); err != nil {
		return err
	}
	b.opts.Log.Info("looked up", slog.String("reference", c.Reference), slog.String("outcome", outcome),
		slog.String("conversation", c.Where.ConversationType), slog.Duration("duration", b.opts.Now().Sub(start)))
	return nil
}

// lookUp answers the case, whatever happens, and names the outcome for the log.
func (b *Bot) lookUp(ctx context.Context, c *Case) (cards.Card, string) {
	s := words.For(c.Where.Locale, c.Where.Timezone, cards.Escape)
	if refused := b.refuse(ctx, c.asker(), c); refused != "" {
		return cards.RefusedCard(s, refused), refused
	}
	account := c.Account
	if c.Subject != "" {
		account = c.Subject
	}
	log, err := b.tenant(&c.Where).SignIns.SignIns(ctx, signins.Query{Account: account, At: c.At})
	if err != nil {
		failure := asFailure(err)
		b.opts.Log.Warn("the sign-in log could not be read", slog.String("reference", c.Reference),
			slog.String("reason", string(failure.Reason)), slog.Any("error", err))
		return cards.FailureCard(s, c.subject(), failure), string(failure.Reason)
	}
	if log.Account.ID == "" {
		log.Account.ID = account
	}
	c.Subject = log.Account.ID
	if c.Shown == "" || (!shared(&c.Where) && log.Account.UPN != "") {
		c.Shown = shownName(&log.Account, shared(&c.Where))
	}
	finding := diagnosis.Diagnose(c.question(&log, b.opts.Window, b.opts.WideWindow))
	c.Finding = &finding
	return cards.AnswerCard(s, c.subject(), &finding, detailFor(&c.Where)), string(finding.Main())
}

// shownName is how a card names an account that was picked, not written. In a shared conversation that is the display
// name, which everybody in the organisation sees anyway.
func shownName(a *signins.Account, others bool) string {
	switch {
	case others && a.Name != "":
		return a.Name
	case a.UPN != "":
		return a.UPN
	default:
		return a.ID
	}
}

// show puts the card in the place of the "checking" card. A conversation that is gone ends the work.
func (b *Bot) show(ctx context.Context, c *Case, card cards.Card) error {
	err := b.opts.Chat.Update(ctx, c.Where, c.CardID, message(card))
	var refused *bot.SendError
	if errors.As(err, &refused) && refused.Gone {
		b.opts.Log.Info("the conversation is gone", slog.String("reference", c.Reference), slog.Any("error", err))
		return nil
	}
	if err != nil {
		return fmt.Errorf("show the answer: %w", err)
	}
	return nil
}

// OnLookUpParked tells the person that a look-up failed for good.
func (b *Bot) OnLookUpParked(ctx context.Context, job LookUp) {
	var c Case
	if err := b.opts.Cases.Read(ctx, job.Reference, &c); err != nil {
		return // whatever kept the job from its end may keep us from the case
	}
	s := words.For(c.Where.Locale, c.Where.Timezone, cards.Escape)
	if err := b.show(ctx, &c, cards.ParkedCard(s, c.subject())); err != nil {
		b.opts.Log.Error("a person could not be told of a parked look-up", slog.String("reference", c.Reference), slog.Any("error", err))
	}
}

func asFailure(err error) *signins.Failure {
	if failure, ok := errors.AsType[*signins.Failure](err); ok {
		return failure
	}
	return &signins.Failure{Reason: signins.ReasonUnexpected, Err: err}
}
