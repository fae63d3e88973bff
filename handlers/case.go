package handlers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"signpost/bot"
	"signpost/diagnosis"
	"signpost/intake"
	"signpost/queue"
)

// Case is one question and what became of it. It is stored under its reference for a day.
type Case struct {
	Reference string            `json:"reference"`
	Where     bot.Reference     `json:"where"`             // the conversation, and who asked
	Turn      string            `json:"turn,omitempty"`    // the activity that asked last; an older one's look-up is void
	CardID    string            `json:"card_id"`           // the message that shows the case; empty while nobody filled in the form
	Account   string            `json:"account"`           // as it was written or picked
	Shown     string            `json:"shown"`             // how the card names the account; empty while that is not known
	Subject   string            `json:"subject,omitempty"` // the account's object id, once it is known
	Product   diagnosis.Product `json:"product,omitempty"`
	At        time.Time         `json:"at,omitzero"`
	Fresh     bool              `json:"fresh,omitempty"` // somebody pressed "Check again"

	ErrorCode     int    `json:"error_code,omitempty"` // of the pasted error, as the next two
	CorrelationID string `json:"correlation_id,omitempty"`
	RequestID     string `json:"request_id,omitempty"`

	Named []string `json:"-"` // the accounts that the text names

	Finding *diagnosis.Finding `json:"finding,omitempty"` // nil until the look-up is done
}

// newCase opens the case of an activity. The same activity always gives the same reference.
func newCase(a *bot.Activity, u intake.Understood) Case {
	return Case{
		Reference: reference(a.Conversation.ID, a.ID),
		Where:     a.Reference(), Turn: a.ID,
		Account: u.Account, Shown: u.Account, Product: u.Product, At: u.Time, Named: u.Accounts,
		ErrorCode: u.ErrorCode, CorrelationID: u.CorrelationID, RequestID: u.RequestID,
	}
}

// asker is the object id of whoever asked, from the verified activity; empty when Teams did not say.
func (c *Case) asker() string { return c.Where.UserAADObjectID }

// about changes the account that the case asks about, and forgets what was known of the one before.
func (c *Case) about(account, shown string) {
	c.Account, c.Shown, c.Subject, c.Finding = account, shown, "", nil
}

var errExpired = errors.New("the case is no longer stored")

// open reads the case that a button names. A button in another conversation than the case's own opens nothing.
func (b *Bot) open(ctx context.Context, a *bot.Activity, ref string) (Case, error) {
	var c Case
	if !isReference(ref) {
		return c, errExpired
	}
	switch err := b.opts.Cases.Read(ctx, ref, &c); {
	case errors.Is(err, queue.ErrNotFound):
		return c, errExpired
	case err != nil:
		return c, fmt.Errorf("read the case: %w", err)
	}
	here := a.Reference()
	if thread(c.Where.ConversationID) != thread(here.ConversationID) || !strings.EqualFold(c.Where.TenantID, here.TenantID) {
		return Case{}, errExpired
	}
	if c.CardID == "" {
		c.CardID = cmp.Or(b.posted(ctx, &c), a.ReplyToID)
	}
	return c, nil
}

// posted is the message that the turn of a case was answered with; empty when that is not stored. It is believed before
// the client, which may say that a button stands on somebody else's message.
func (b *Bot) posted(ctx context.Context, c *Case) string {
	var id string
	if err := b.opts.Cases.Read(ctx, cardKey(c.Reference), &id); err != nil {
		return ""
	}
	return id
}

// cardKey is the store key of the message on which a case's form stands.
func cardKey(reference string) string { return reference + "_form" }

// create stores a new case. One that is stored already stays: somebody may have gone on with it since the turn came first.
func (b *Bot) create(ctx context.Context, c *Case) error {
	if _, err := b.opts.Cases.Create(ctx, c.Reference, c); err != nil {
		return fmt.Errorf("store the case: %w", err)
	}
	return nil
}

// put stores a case in the place of what it was.
func (b *Bot) put(ctx context.Context, c *Case) error {
	if err := b.opts.Cases.Put(ctx, c.Reference, c); err != nil {
		return fmt.Errorf("store the case: %w", err)
	}
	return nil
}

// lookUpLater stores the look-up of a case that is stored. The same turn's is stored once.
func (b *Bot) lookUpLater(ctx context.Context, job LookUp) error {
	if err := b.opts.LookUpLater(ctx, job.Reference+"/"+job.Turn, job); err != nil {
		return fmt.Errorf("store the look-up: %w", err)
	}
	return nil
}
