package bot

import (
	"context"
	"encoding/json"
)

// Message is what the bot says: a text, or one card.
type Message struct {
	Text    string
	Summary string // what a notification shows for a card
	Card    json.RawMessage
}

// Handler says what happens on each kind of stored activity. An error gives the activity back to be tried again.
type Handler interface {
	OnMessage(ctx context.Context, t *Turn) error   // somebody wrote, or submitted a card from an older client
	OnInstalled(ctx context.Context, t *Turn) error // the bot was added to the conversation
	OnRemoved(ctx context.Context, t *Turn) error   // the bot was removed from it
}

// Turn is one activity with the means to answer it.
type Turn struct {
	Activity Activity
	adapter  *Adapter
}

// Send posts a message into the turn's conversation, in a channel into its thread, and returns its id.
func (t *Turn) Send(ctx context.Context, m Message) (activityID string, err error) {
	return t.adapter.Send(ctx, t.Activity.Reference(), m)
}

// Update puts a message in the place of one that the bot posted before.
func (t *Turn) Update(ctx context.Context, activityID string, m Message) error {
	return t.adapter.Update(ctx, t.Activity.Reference(), activityID, m)
}
