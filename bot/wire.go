package bot

import (
	"encoding/json"
	"errors"
	"fmt"
)

// MaxActivity is how many bytes a message may have as the Connector gets it. Microsoft's pages say 100 KB, counted in
// UTF-16, and earlier said 28 KB; that many bytes stay within either, in whatever script.
// Source: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages
const MaxActivity = 28 << 10

// SizeOf is how many bytes a message has as the Connector gets it. An error is a *SendError: what the message holds is
// no JSON.
func SizeOf(where Reference, m Message) (int, error) {
	body, err := write(where, m)
	return len(body), err
}

// wireActivity is a message as the Connector wants it, but for its card. The library's own type writes zero times and
// empty objects.
type wireActivity struct {
	Type         string           `json:"type"`
	From         Account          `json:"from"`
	Recipient    *Account         `json:"recipient,omitempty"`
	Conversation wireConversation `json:"conversation"`
	Text         string           `json:"text,omitempty"`
	Summary      string           `json:"summary,omitempty"`
}

type wireConversation struct {
	ID string `json:"id"`
}

// encode writes a message that the Connector takes.
func encode(where Reference, m Message) ([]byte, error) {
	body, err := write(where, m)
	if err == nil && len(body) > MaxActivity {
		err = &SendError{TooLarge: true, Err: unsendable{fmt.Errorf("the message has %d bytes, more than %d", len(body), MaxActivity)}}
	}
	return body, err
}

// write writes a message. The card, which is most of it, is checked and copied as it is: encoding/json would read and
// write it anew.
func write(where Reference, m Message) ([]byte, error) {
	w := wireActivity{
		Type: typeMessage, From: Account{ID: where.BotID, Name: where.BotName},
		Conversation: wireConversation{where.ConversationID}, Text: m.Text, Summary: m.Summary,
	}
	if where.ConversationType == "personal" && where.UserID != "" {
		w.Recipient = &Account{ID: where.UserID, Name: where.UserName}
	}
	body, err := json.Marshal(w)
	if err != nil {
		return nil, &SendError{Err: unsendable{err}}
	}
	if m.Card == nil {
		return body, nil
	}
	if scanValue(m.Card, 0, 0) != len(m.Card) {
		return nil, &SendError{Err: unsendable{errors.New("the card is not JSON")}}
	}
	const before, after = `,"attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","content":`, `}]}`
	body = append(body[:len(body)-1], before...)
	return append(append(body, m.Card...), after...), nil
}
