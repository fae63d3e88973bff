package bot

import (
	"encoding/json"
	"html"
	"strings"
)

// Activity is what Teams posts, in our own lenient form: what varies between clients stays raw. Everything but the
// sender's ids is display data that people choose.
// Source: https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference#activity-object
type Activity struct {
	Type          string          `json:"type"`
	ID            string          `json:"id"`
	Name          string          `json:"name"`
	Action        string          `json:"action"`
	ServiceURL    string          `json:"serviceUrl"`
	ChannelID     string          `json:"channelId"`
	Text          string          `json:"text"`
	Locale        string          `json:"locale"`
	LocalTimezone string          `json:"localTimezone"`
	ReplyToID     string          `json:"replyToId"`
	From          Account         `json:"from"`
	Recipient     Account         `json:"recipient"`
	Conversation  Conversation    `json:"conversation"`
	MembersAdded  []Account       `json:"membersAdded"`
	Entities      []Entity        `json:"entities"`
	Value         json.RawMessage `json:"value"`
	ChannelData   json.RawMessage `json:"channelData"`
}

// Account is a person or a bot in a conversation.
type Account struct {
	ID          string `json:"id,omitempty"`   // 29:... or 28:..., of this app alone
	Name        string `json:"name,omitempty"` // display data
	AADObjectID string `json:"aadObjectId,omitempty"`
}

// Conversation is where an activity belongs.
type Conversation struct {
	ID       string `json:"id"` // of a channel's thread it ends in ;messageid=
	Type     string `json:"conversationType"`
	TenantID string `json:"tenantId"`
}

// Entity is a mention or what the client tells of itself.
type Entity struct {
	Type      string  `json:"type"`
	Mentioned Account `json:"mentioned"`
	Text      string  `json:"text"`
	Locale    string  `json:"locale"`
	Timezone  string  `json:"timezone"`
}

// Reference is where a conversation can be continued, to be stored.
type Reference struct {
	ServiceURL       string `json:"service_url"`
	TenantID         string `json:"tenant_id"`
	ConversationID   string `json:"conversation_id"`
	ConversationType string `json:"conversation_type"` // personal, groupChat or channel
	BotID            string `json:"bot_id"`
	BotName          string `json:"bot_name,omitempty"`
	UserID           string `json:"user_id"`
	UserName         string `json:"user_name,omitempty"`
	UserAADObjectID  string `json:"user_aad_object_id,omitempty"`
	Locale           string `json:"locale,omitempty"`
	Timezone         string `json:"timezone,omitempty"`
}

// Words is what the person wrote: without mentions of the bot, HTML entities undone.
func (a *Activity) Words() string {
	text := a.Text
	for _, e := range a.Entities {
		if e.Type == "mention" && e.Mentioned.ID == a.Recipient.ID && e.Text != "" {
			text = strings.ReplaceAll(text, e.Text, " ")
		}
	}
	text = strings.ReplaceAll(html.UnescapeString(text), "\u00a0", " ")
	return strings.TrimSpace(text)
}

// Language is the person's locale, such as id-ID; empty when Teams does not say.
func (a *Activity) Language() string {
	if a.Locale != "" {
		return a.Locale
	}
	for _, e := range a.Entities {
		if e.Type == "clientInfo" && e.Locale != "" {
			return e.Locale
		}
	}
	return ""
}

// Timezone is the person's IANA time zone; empty when Teams does not say.
func (a *Activity) Timezone() string {
	for _, e := range a.Entities {
		if e.Type == "clientInfo" && e.Timezone != "" {
			return e.Timezone
		}
	}
	return a.LocalTimezone
}

// Reference is where the conversation can be continued.
func (a *Activity) Reference() Reference {
	return Reference{
		ServiceURL: a.ServiceURL, TenantID: a.Conversation.TenantID,
		ConversationID: a.Conversation.ID, ConversationType: a.Conversation.Type,
		BotID: a.Recipient.ID, BotName: a.Recipient.Name,
		UserID: a.From.ID, UserName: a.From.Name, UserAADObjectID: a.From.AADObjectID,
		Locale: a.Language(), Timezone: a.Timezone(),
	}
}

// BotAdded reports whether the activity tells that the bot itself came into the conversation.
func (a *Activity) BotAdded() bool {
	switch a.Type {
	case typeInstallationUpdate:
		return a.Action == "add"
	case typeConversationUpdate:
		for _, m := range a.MembersAdded {
			if m.ID != "" && m.ID == a.Recipient.ID {
				return true
			}
		}
	}
	return false
}

// The types of activity that are stored and handled.
const (
	typeMessage            = "message"
	typeInvoke             = "invoke"
	typeConversationUpdate = "conversationUpdate"
	typeInstallationUpdate = "installationUpdate"
)
