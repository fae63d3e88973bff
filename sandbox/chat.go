package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
)

// Chat is a conversation in which the bot takes part, with what the people in it see. Its methods may be called from
// several goroutines.
type Chat struct {
	// OldClient makes people press buttons with a client that does not know Universal Actions: it sends the fallback,
	// an Action.Submit, as a message. Set it before the chat is used.
	OldClient bool

	teams   *Teams
	kind    string // personal, groupChat, channel
	id      string
	name    string
	team    string
	teamID  string
	groupID string   // of the team, in the directory
	people  []Person // who may speak; in a channel anybody, for it has none

	mu       sync.Mutex
	removed  bool
	messages []*shownMessage
	changed  chan struct{} // closed at the next change
	last     []byte        // the last activity that was delivered
	sent     []window
}

// shownMessage is a message with what some people see instead of its card.
type shownMessage struct {
	Shown
	byBot bool
	views map[string]json.RawMessage // by person
}

// Shown is a message as everybody in the chat sees it. What one person sees instead of Card is CardFor's.
type Shown struct {
	ID      string
	From    string // a name; the bot's is Signpost
	Text    string
	Card    json.RawMessage // nil for a message without a card
	Version int             // 0 when posted, and 1 more with each update
	Toast   string          // what the last press on the message made pop up for whoever pressed
	Thread  string          // in a channel, the id of the message that its thread begins with
}

// ID is the conversation's id, in a channel without a thread.
func (c *Chat) ID() string { return c.id }

// Messages returns what the chat shows, oldest first. Deleted messages are gone.
func (c *Chat) Messages() []Shown {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.shown()
}

func (c *Chat) shown() []Shown {
	all := make([]Shown, len(c.messages))
	for i, m := range c.messages {
		all[i] = m.Shown
		all[i].Card = bytes.Clone(m.Card)
	}
	return all
}

// CardFor returns the card that a person sees on a message: the one that a button brought them, or everybody's. It is
// nil when there is none.
func (c *Chat) CardFor(p Person, messageID string) json.RawMessage {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.message(messageID)
	if m == nil {
		return nil
	}
	if view, ok := m.views[p.ID]; ok {
		return bytes.Clone(view)
	}
	return bytes.Clone(m.Card)
}

// Wait returns when cond holds for what the chat shows, or with an error when ctx or the sandbox ends first. cond is
// asked at once and after each change, a press that shows a card to one person included; it may use the chat.
func (c *Chat) Wait(ctx context.Context, cond func([]Shown) bool) error {
	for {
		c.mu.Lock()
		shown, changed := c.shown(), c.changed
		c.mu.Unlock()
		if cond(shown) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait for a chat that shows %d messages: %w", len(shown), ctx.Err())
		case <-c.teams.sandbox.stopped.Done():
			return fmt.Errorf("wait for a chat that shows %d messages: the sandbox is closed", len(shown))
		}
	}
}

// change changes the chat and wakes whoever waits.
func (c *Chat) change(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f()
	close(c.changed)
	c.changed = make(chan struct{})
}

// message finds a message; nil when there is none. The caller holds the lock.
func (c *Chat) message(id string) *shownMessage {
	i := slices.IndexFunc(c.messages, func(m *shownMessage) bool { return m.ID == id })
	if i < 0 {
		return nil
	}
	return c.messages[i]
}

// admits returns an error when a person is not in the chat.
func (c *Chat) admits(p Person) error {
	if c.kind != "channel" && !slices.ContainsFunc(c.people, func(in Person) bool { return in.ID == p.ID }) {
		return fmt.Errorf("%s is not in the chat", p.Name)
	}
	return nil
}

func (c *Chat) isInstalled() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.removed
}

func (c *Chat) setInstalled(installed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.removed = !installed
}

// postByBot shows a message of the bot. In a channel, one without a thread begins its own.
func (c *Chat) postByBot(id, thread string, a *botActivity) {
	if c.kind == "channel" && thread == "" {
		thread = id
	}
	c.change(func() {
		c.messages = append(c.messages, &shownMessage{
			Shown: Shown{ID: id, From: botName, Text: a.Text, Card: a.card(), Thread: thread}, byBot: true,
		})
	})
}

// The names of the connector's errors about a message.
const (
	noSuchMessage = "ActivityNotFoundInConversation"
	notOwnMessage = "ForbiddenOperationException"
)

// update replaces a message of the bot for everybody, also for those who saw a card of their own. It returns the name
// of an error, or nothing.
func (c *Chat) update(id string, a *botActivity) string {
	return c.own(id, func(m *shownMessage) {
		m.Text, m.Card, m.views = a.Text, a.card(), nil
		m.Version++
	})
}

// delete removes a message of the bot. It returns the name of an error, or nothing.
func (c *Chat) delete(id string) string {
	return c.own(id, func(gone *shownMessage) {
		c.messages = slices.DeleteFunc(c.messages, func(m *shownMessage) bool { return m == gone })
	})
}

func (c *Chat) own(id string, f func(*shownMessage)) (refused string) {
	c.change(func() {
		m := c.message(id)
		switch {
		case m == nil:
			refused = noSuchMessage
		case !m.byBot:
			refused = notOwnMessage
		default:
			f(m)
		}
	})
	return refused
}

// show gives one person a card of their own, unless everybody's has changed since it was asked for: an update travels
// through more of Teams than the answer to a press, so the person would see the update last.
func (c *Chat) show(p Person, messageID string, version int, card json.RawMessage) {
	c.change(func() {
		m := c.message(messageID)
		if m == nil || m.Version != version {
			return
		}
		m.views = maps.Clone(m.views)
		if m.views == nil {
			m.views = map[string]json.RawMessage{}
		}
		m.views[p.ID] = card
	})
}

func (c *Chat) toast(messageID, text string) {
	c.change(func() {
		if m := c.message(messageID); m != nil {
			m.Toast = text
		}
	})
}
