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

// Handler says what happens on each kind of stored activity; it answers through the Adapter. An error gives the activity
// back to be tried again.
type Handler interface {
	OnMessage(ctx context.Context, a *Activity) error   // somebody wrote, or submitted a card from an older client
	OnInstalled(ctx context.Context, a *Activity) error // the bot was added to the conversation
	OnRemoved(ctx context.Context, a *Activity) error   // the bot was removed from it
}
