package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
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
	CardID    string            `json:"card_id"`           // the message that shows the case
	Account   string            `json:"account"`           // as it was written or picked
	Shown     string            `json:"shown"`             // how the card names the account
	Subject   string            `json:"subject,omitempty"` // the account's object id, once it is known
	Product   diagnosis.Product `json:"product,omitempty"`
	At        time.Time         `json:"at,omitzero"`

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
		Where:     a.Reference(),
		Account:   u.Account, Shown: u.Account, Product: u.Product, At: u.Time, Named: u.Accounts,
		ErrorCode: u.ErrorCode, CorrelationID: u.CorrelationID, RequestID: u.RequestID,
	}
}

// asker is the object id of whoever asked, from the verified activity; empty when Teams did not say.
func (c *Case) asker() string { return c.Where.UserAADObjectID }

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
	if thread(c.Where.ConversationID) != thread(a.Conversation.ID) {
		return Case{}, errExpired
	}
	return c, nil
}

// thread is a conversation id without the message that a channel's thread hangs on.
func thread(conversationID string) string {
	id, _, _ := strings.Cut(conversationID, ";messageid=")
	return id
}

const referencePrefix = "SP-"

// referenceAlphabet leaves out letters and digits that people confuse when they read a reference aloud.
var referenceAlphabet = base32.NewEncoding("ABCDEFGHJKLMNPQRSTUVWXYZ23456789").WithPadding(base32.NoPadding)

// reference is what people quote, such as SP-7KQ2M4XH: 40 bits of a hash, so the same parts give the same reference.
func reference(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return referencePrefix + referenceAlphabet.EncodeToString(sum[:5])
}

func isReference(text string) bool {
	code, ok := strings.CutPrefix(text, referencePrefix)
	raw, err := referenceAlphabet.DecodeString(code)
	return ok && err == nil && len(raw) == 5
}

// key makes a store key of a text that Teams chose.
func key(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// sendOnce posts a message for a turn, unless it was posted when the turn came before, and returns its id.
func (b *Bot) sendOnce(ctx context.Context, t *bot.Turn, m bot.Message) (string, error) {
	turn := key(t.Activity.Conversation.ID + "\x00" + t.Activity.ID)
	var id string
	switch err := b.opts.Sent.Read(ctx, turn, &id); {
	case err == nil:
		return id, nil
	case !errors.Is(err, queue.ErrNotFound):
		return "", fmt.Errorf("read what was sent: %w", err)
	}
	id, err := t.Send(ctx, m)
	if err != nil {
		return "", fmt.Errorf("send: %w", err)
	}
	if err := b.opts.Sent.Put(ctx, turn, id); err != nil {
		return "", fmt.Errorf("store what was sent: %w", err)
	}
	return id, nil
}
