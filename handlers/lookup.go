package handlers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

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
	Turn      string `json:"turn,omitempty"` // the activity that asked
}

// lookUp is the look-up that the case waits for.
func (c *Case) lookUp() LookUp { return LookUp{c.Reference, c.Turn} }

// OnLookUp reads the log, reasons, and shows the answer. An error means that the answer could not be shown and that
// the job should be tried again; that the log could not be read is itself an answer.
func (b *Bot) OnLookUp(ctx context.Context, job LookUp) error {
	start := b.opts.Now()
	c, waits, err := b.waiting(ctx, job)
	if err != nil || !waits {
		return err
	}
	card, outcome := b.lookUp(ctx, &c)
	if _, waits, err = b.waiting(ctx, job); err != nil || !waits { // reading the log takes seconds
		return err
	}
	if err := b.put(ctx, &c); err != nil {
		return err
	}
	if err := b.show(ctx, &c, card); err != nil {
		return err
	}
	b.opts.Log.Info("looked up", slog.String("reference", c.Reference), slog.String("outcome", outcome),
		slog.String("conversation", c.Where.ConversationType), slog.Duration("duration", b.opts.Now().Sub(start)))
	return nil
}

// waiting reads the case that waits for a look-up. waits is false when none does: it was forgotten, or somebody asked
// anew and has a look-up of their own.
func (b *Bot) waiting(ctx context.Context, job LookUp) (c Case, waits bool, err error) {
	switch err := b.opts.Cases.Read(ctx, job.Reference, &c); {
	case errors.Is(err, queue.ErrNotFound):
		b.opts.Log.Info("a look-up came after its case was forgotten", slog.String("reference", job.Reference))
		return c, false, nil
	case err != nil:
		return c, false, fmt.Errorf("read the case: %w", err)
	case c.Turn != job.Turn:
		b.opts.Log.Info("a look-up gives way to a later one", slog.String("reference", job.Reference))
		return c, false, nil
	}
	return c, true, nil
}

// lookUp answers the case, whatever happens, and names the outcome for the log.
func (b *Bot) lookUp(ctx context.Context, c *Case) (cards.Card, string) {
	s := words.For(c.Where.Locale, c.Where.Timezone, cards.Escape)
	if refused := b.refuse(ctx, c.asker(), c); refused != "" {
		return cards.RefusedCard(s, refused), refused
	}
	if c.Finding == nil { // else an earlier try found it, and could not show it
		if failure := b.find(ctx, c); failure != nil {
			b.opts.Log.Warn("the sign-in log could not be read", slog.String("reference", c.Reference),
				slog.String("reason", string(failure.Reason)), slog.Any("error", failure))
			return cards.FailureCard(s, c.subject(), failure), string(failure.Reason)
		}
	}
	return cards.AnswerCard(s, c.subject(), c.Finding, b.detailFor(ctx, &c.Where)), string(c.Finding.Main())
}

// find reads the log and reasons.
func (b *Bot) find(ctx context.Context, c *Case) *signins.Failure {
	tenant, _ := b.tenant(&c.Where)
	account := cmp.Or(c.Subject, c.Account)
	log, err := tenant.SignIns.SignIns(ctx, signins.Query{Account: account, At: c.At, Fresh: c.Fresh})
	if err != nil {
		return asFailure(err)
	}
	if log.Account.ID == "" {
		log.Account.ID = account
	}
	if c.Subject == "" && isObjectID(log.Account.ID) {
		c.Subject = strings.ToLower(log.Account.ID)
	}
	if c.Shown == "" || (!shared(&c.Where) && log.Account.UPN != "") {
		c.Shown = shownName(&log.Account, shared(&c.Where))
	}
	finding := diagnosis.Diagnose(c.question(&log, b.opts.Window, b.opts.WideWindow))
	finding.WhatIf = b.whatIf(ctx, tenant.WhatIf, &finding, c.Reference)
	c.Finding = &finding
	return nil
}

// nameTimeout is how long a name may take that is nice to have.
const nameTimeout = 800 * time.Millisecond

// nameOf is how a card names an account that was picked; empty when that cannot be found out quickly.
func (b *Bot) nameOf(ctx context.Context, c *Case) string {
	ctx, cancel := context.WithTimeout(ctx, nameTimeout)
	defer cancel()
	tenant, _ := b.tenant(&c.Where)
	account, err := tenant.Directory.Account(ctx, c.Account)
	if err != nil {
		return ""
	}
	return shownName(&account, shared(&c.Where))
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
	var err error
	if c.CardID == "" { // Teams took the "checking" card but did not say under which id
		_, err = b.send(ctx, c.Where, message(card))
	} else {
		err = b.opts.Chat.Update(ctx, c.Where, c.CardID, message(card))
	}
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
	c, waits, err := b.waiting(ctx, job)
	if err != nil || !waits {
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
