// Package handlers decides what happens on each kind of turn: a message, a pressed button, an installation, and the
// look-up that follows them.
//
// A turn that asks a question gets a "checking" card at once; the look-up runs as a job of its own and turns that same
// message into the answer. Everything that outlives a turn is a Case, found by the reference that people can quote.
package handlers

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"signpost/bot"
	"signpost/cards"
	"signpost/diagnosis"
	"signpost/signins"
	"signpost/words"
)

// Directory knows accounts and group memberships.
type Directory interface {
	// Account finds an account by UPN, e-mail address or object id. An error is a *signins.Failure.
	Account(ctx context.Context, account string) (signins.Account, error)
	// MemberOf reports whether an account belongs to one of the groups, directly or through others.
	MemberOf(ctx context.Context, accountID string, groupIDs []string) (bool, error)
}

// Chat posts and updates messages. *bot.Adapter is one.
type Chat interface {
	Send(ctx context.Context, where bot.Reference, m bot.Message) (activityID string, err error)
	Update(ctx context.Context, where bot.Reference, activityID string, m bot.Message) error
}

// Store keeps small values for a while. *queue.Bucket is one; Read returns queue.ErrNotFound for what it lacks.
type Store interface {
	Put(ctx context.Context, key string, value any) error
	Create(ctx context.Context, key string, value any) (bool, error)
	Read(ctx context.Context, key string, into any) error
	Delete(ctx context.Context, key string) error
}

// Notes keeps small facts about turns until they are done. A fact is known to this process at once, and survives it once
// Note returned nil.
type Notes interface {
	Note(ctx context.Context, turn string, fact []byte) error
	Noted(turn string) []byte // nil when nothing was noted
}

// Evaluator asks which Conditional Access policies would apply to a sign-in if it were made now.
type Evaluator interface {
	// Evaluate returns nil without an error where nobody may ask.
	Evaluate(ctx context.Context, s diagnosis.Scenario) ([]diagnosis.Evaluated, error)
}

// Tenant is where the accounts of one tenant are looked up.
type Tenant struct {
	SignIns   signins.Source
	Directory Directory
	WhatIf    Evaluator // nil: answers do not say what would happen now
}

// Options is what a Bot needs.
type Options struct {
	Tenants map[string]Tenant // by tenant id, lower case; the endpoint lets in no other tenant's activities
	Chat    Chat
	Cases   Store // by reference; forgotten after a day
	Notes   Notes // what was done for a turn, so that a turn that comes again is not answered again
	Greeted Store // conversations that were welcomed; kept until signpost is removed
	// LookUpLater stores a look-up durably; the same id is stored once.
	LookUpLater    func(ctx context.Context, id string, job LookUp) error
	HelpdeskGroups []string // object ids of the groups whose members may ask about everybody
	MostChecks     int      // how many checks a person may ask for in ten minutes; 0: any number
	Window         time.Duration
	WideWindow     time.Duration
	Now            func() time.Time
	Log            *slog.Logger
}

// Bot handles turns. It implements bot.Handler and bot.Invoker.
type Bot struct {
	opts   Options
	access access
	lines  *lines
	checks *checks
	asked  *repeats
}

// New returns a Bot.
func New(opts Options) *Bot {
	return &Bot{opts: opts, access: newAccess(opts.HelpdeskGroups, opts.Now), lines: newLines(), checks: newChecks(opts.MostChecks, opts.Now), asked: newRepeats(opts.Now)}
}

// tenant is where the accounts of a conversation's tenant are looked up. ours is false for a tenant that is not served,
// or no longer: what is stored outlives the settings.
func (b *Bot) tenant(where *bot.Reference) (t Tenant, ours bool) {
	t, ours = b.opts.Tenants[strings.ToLower(where.TenantID)]
	return t, ours
}

// speaker speaks the language of whoever sent the activity, in their time zone, for a card.
func speaker(a *bot.Activity) words.Speaker {
	return words.For(a.Language(), a.Timezone(), cards.Escape)
}

// message makes a message of a card.
func message(c cards.Card) bot.Message { return bot.Message{Summary: c.Summary, Card: c.JSON} }

// shared reports whether others read along.
func shared(where *bot.Reference) bool { return where.ConversationType != "personal" }

// zone is the person's time zone; UTC when it is not known.
func zone(name string) *time.Location {
	if z, err := time.LoadLocation(name); err == nil {
		return z
	}
	return time.UTC
}

// subject is what the cards of a case are about.
func (c *Case) subject() cards.Subject {
	return cards.Subject{Reference: c.Reference, Account: cmp.Or(c.Shown, c.Account), Product: c.Product}
}

// question is the case as the reasoning sees it.
func (c *Case) question(log *signins.Log, window, wide time.Duration) diagnosis.Case {
	return diagnosis.Case{
		Account: log.Account.ID, Product: c.Product, At: c.At,
		ErrorCode: c.ErrorCode, CorrelationID: c.CorrelationID, RequestID: c.RequestID,
		SignIns: log.SignIns, Read: log.Read, Policies: log.Policies, Edits: log.Edits, Gaps: log.Gaps,
		Revocations: log.Revocations,
		Renewals:    !slices.Contains(log.Gaps, diagnosis.GapNonInteractive),
		Window:      window, WideWindow: wide,
	}
}
