package handlers

import (
	"context"
	"fmt"
	"strings"

	"signpost/bot"
	"signpost/cards"
	"signpost/intake"
)

// OnMessage answers a message: a card that an older client submitted, a command, an error that somebody pasted, or
// anything else.
func (b *Bot) OnMessage(ctx context.Context, a *bot.Activity) error {
	if len(a.Value) > 0 {
		if action, err := a.CardAction(); err == nil && action.Verb != "" {
			return b.onSubmit(ctx, a, action)
		}
	}
	text := a.Words()
	command, rest := readCommand(text)
	if command == commandHelp {
		_, err := b.sendOnce(ctx, a, message(cards.HelpCard(speaker(a))))
		return err
	}
	u := intake.Read(text, b.opts.Now().In(zone(a.Timezone())))
	c := newCase(a, u)
	switch {
	case command == commandCheck && isSelf(rest):
		c.about(a.From.AADObjectID, a.From.Name)
		return b.check(ctx, a, c)
	case c.Account != "" && (command == commandCheck || u.OnboardingFailure || strings.EqualFold(text, c.Account)):
		return b.check(ctx, a, c)
	case command == commandCheck, u.OnboardingFailure, u.ErrorCode != 0:
		return b.ask(ctx, a, c)
	default:
		return b.idle(ctx, a)
	}
}

// check posts the "checking" card and stores the look-up that will turn it into the answer.
func (b *Bot) check(ctx context.Context, a *bot.Activity, c Case) (err error) {
	if b.asked.again(a) {
		return nil // it has its answer, or will have
	}
	if !b.checks.take(c.asker(), a.ID) {
		return b.say(ctx, a, speaker(a), "refused.too-many")
	}
	if c.CardID, err = b.sendOnce(ctx, a, message(cards.CheckingCard(speaker(a), c.subject().Account))); err != nil {
		return err
	}
	if err := b.create(ctx, &c); err != nil {
		return err
	}
	return b.lookUpLater(ctx, c.lookUp())
}

// ask posts the ask card, filled with what the text already said. Its case is stored first, for a button may be pressed
// as soon as it is seen.
func (b *Bot) ask(ctx context.Context, a *bot.Activity, c Case) error {
	if b.asked.again(a) {
		return nil
	}
	if err := b.create(ctx, &c); err != nil {
		return err
	}
	id, err := b.sendOnce(ctx, a, message(b.askCard(a, &c, askFirst, "")))
	if err != nil {
		return err
	}
	if err := b.opts.Cases.Put(ctx, cardKey(c.Reference), id); err != nil {
		return fmt.Errorf("store where the form stands: %w", err)
	}
	return nil
}

type askAgain bool

const (
	askFirst askAgain = false
	askMore  askAgain = true
)

// askCard is the ask card of a case. Where nobody is named and nobody reads along, it offers the person themself.
func (b *Bot) askCard(a *bot.Activity, c *Case, again askAgain, problem string) cards.Card {
	here := zone(a.Timezone())
	ask := cards.Ask{
		Reference: c.Reference, Product: c.Product, Today: b.opts.Now().In(here),
		Again: bool(again), Problem: problem, Named: c.Named,
	}
	if !c.At.IsZero() {
		ask.At = c.At.In(here)
	}
	switch {
	case isObjectID(c.Account):
		ask.Person = &cards.Person{ID: c.Account, Name: c.subject().Account}
	case c.Account != "":
		ask.Address = c.Account
	case !shared(&c.Where) && c.asker() != "":
		ask.Person = &cards.Person{ID: c.asker(), Name: a.From.Name}
	}
	return cards.AskCard(speaker(a), ask)
}

// idle answers what cannot be looked up with one helpful line, and never with the same line twice in a row.
func (b *Bot) idle(ctx context.Context, a *bot.Activity) error {
	return b.say(ctx, a, speaker(a), fmt.Sprintf("idle.%d", b.lines.next(a.Conversation.ID)))
}
