package handlers

import (
	"context"
	"fmt"
	"strings"

	"signpost/bot"
	"signpost/cards"
	"signpost/intake"
	"signpost/words"
)

// OnMessage answers a message: a card that an older client submitted, a command, an error that somebody pasted, or
// anything else.
func (b *Bot) OnMessage(ctx context.Context, t *bot.Turn) error {
	a := &t.Activity
	if len(a.Value) > 0 {
		if action, err := a.CardAction(); err == nil && action.Verb != "" {
			return b.onSubmit(ctx, t, action)
		}
	}
	text := a.Words()
	command, rest := readCommand(text)
	if command == commandHelp {
		_, err := b.sendOnce(ctx, t, message(cards.HelpCard(speaker(a))))
		return err
	}
	u := intake.Read(text, b.opts.Now().In(zone(a.Timezone())))
	c := newCase(a, u)
	switch {
	case command == commandCheck && isSelf(rest):
		c.Account, c.Shown = a.From.AADObjectID, a.From.Name
		return b.check(ctx, t, c)
	case c.Account != "" && (command == commandCheck || u.OnboardingFailure || strings.EqualFold(text, c.Account)):
		return b.check(ctx, t, c)
	case command == commandCheck, u.OnboardingFailure, u.ErrorCode != 0:
		return b.ask(ctx, t, c)
	default:
		return b.idle(ctx, t)
	}
}

// check posts the "checking" card and stores the look-up that will turn it into the answer.
func (b *Bot) check(ctx context.Context, t *bot.Turn, c Case) error {
	id, err := b.sendOnce(ctx, t, message(cards.CheckingCard(speaker(&t.Activity), c.Shown)))
	if err != nil {
		return err
	}
	c.CardID = id
	return b.lookUpLater(ctx, c, t.Activity.ID)
}

// lookUpLater stores the case and its look-up. turn tells look-ups of one case apart.
func (b *Bot) lookUpLater(ctx context.Context, c Case, turn string) error {
	if err := b.opts.Cases.Put(ctx, c.Reference, c); err != nil {
		return fmt.Errorf("store the case: %w", err)
	}
	if err := b.opts.LookUpLater(ctx, c.Reference+"/"+turn, LookUp{Reference: c.Reference}); err != nil {
		return fmt.Errorf("store the look-up: %w", err)
	}
	return nil
}

// ask posts the ask card, filled with what the text already said.
func (b *Bot) ask(ctx context.Context, t *bot.Turn, c Case) error {
	id, err := b.sendOnce(ctx, t, message(b.askCard(&t.Activity, &c, askFirst, "")))
	if err != nil {
		return err
	}
	c.CardID = id
	if err := b.opts.Cases.Put(ctx, c.Reference, c); err != nil {
		return fmt.Errorf("store the case: %w", err)
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
		ask.Person = &cards.Person{ID: c.Account, Name: c.Shown}
	case c.Account != "":
		ask.Address = c.Account
	case !shared(&c.Where) && c.asker() != "":
		ask.Person = &cards.Person{ID: c.asker(), Name: a.From.Name}
	}
	return cards.AskCard(speaker(a), ask)
}

// idleLines is how many different lines there are for a message that says nothing to look up.
const idleLines = 4

// idle answers what cannot be looked up with one helpful line, and never with the same line twice in a row.
func (b *Bot) idle(ctx context.Context, t *bot.Turn) error {
	counter := "idle-" + key(t.Activity.Conversation.ID)
	var n int
	_ = b.opts.Sent.Read(ctx, counter, &n)                     // none yet, or not readable: begin anew
	if err := b.opts.Sent.Put(ctx, counter, n+1); err != nil { // first, or the next message could find it unchanged
		return fmt.Errorf("store which line is said: %w", err)
	}
	return b.say(ctx, t, speaker(&t.Activity), fmt.Sprintf("idle.%d", n%idleLines+1))
}

type command int

const (
	commandNone command = iota
	commandHelp
	commandCheck
)

// readCommand reads a command in English or Indonesian, and what follows it.
func readCommand(text string) (c command, rest string) {
	first, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	switch strings.ToLower(strings.TrimRight(first, "!.:")) {
	case "check", "periksa", "cek":
		return commandCheck, strings.TrimSpace(rest)
	case "help", "bantuan", "tolong", "?":
		if strings.TrimSpace(rest) == "" {
			return commandHelp, ""
		}
	}
	return commandNone, ""
}

// isSelf reports whether "check ..." is about the person who writes.
func isSelf(rest string) bool {
	switch strings.ToLower(strings.TrimRight(rest, "!.")) {
	case "me", "my account", "my sign-in", "myself", "saya", "akun saya":
		return true
	default:
		return false
	}
}

// say answers a turn with one sentence.
func (b *Bot) say(ctx context.Context, t *bot.Turn, s words.Speaker, id string) error {
	_, err := b.sendOnce(ctx, t, bot.Message{Text: s.Say(id)})
	return err
}
