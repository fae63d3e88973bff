package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"slices"
)

// largestAnswer is how much of a bot's answer Teams reads.
const largestAnswer = 1 << 20

// Say sends a message of a person to the bot, who is mentioned where Teams asks for that: in group chats and channels.
// In a channel it begins a new thread. It returns the HTTP status of the bot's answer.
func (c *Chat) Say(ctx context.Context, p Person, text string) (status int, err error) {
	return c.say(ctx, p, "", text)
}

// Reply is Say in the thread of a message. Only channels have threads.
func (c *Chat) Reply(ctx context.Context, p Person, messageID, text string) (status int, err error) {
	c.mu.Lock()
	m := c.message(messageID)
	c.mu.Unlock()
	if m == nil {
		return 0, fmt.Errorf("reply: there is no message %q", messageID)
	}
	return c.say(ctx, p, m.Thread, text)
}

func (c *Chat) say(ctx context.Context, p Person, thread, text string) (status int, err error) {
	if err := c.admits(p); err != nil {
		return 0, fmt.Errorf("say: %w", err)
	}
	id := c.nextID()
	if c.kind == "channel" && thread == "" {
		thread = id
	}
	c.change(func() {
		c.messages = append(c.messages, &shownMessage{Shown: Shown{ID: id, From: p.Name, Text: text, Thread: thread}})
	})
	a := c.activity(p, "message", id, thread)
	content := "<p>" + html.EscapeString(text) + "</p>"
	a["text"], a["textFormat"] = text, "plain"
	if c.kind != "personal" {
		mention := "<at>" + botName + "</at>"
		a["text"] = mention + "&nbsp;" + html.EscapeString(text)
		entities, _ := a["entities"].([]any)
		a["entities"] = append([]any{map[string]any{"type": "mention", "text": mention, "mentioned": c.bot()}}, entities...)
		content = `<p><span itemscope="" itemtype="http://schema.skype.com/Mention" itemid="0">` + botName + `</span>&nbsp;` + html.EscapeString(text) + "</p>"
	}
	a["attachments"] = []any{map[string]any{"contentType": "text/html", "content": content}}
	status, _, err = c.deliver(ctx, a)
	return status, err
}

// Install adds the bot to the chat and tells it so, twice, as Teams does. It returns the status of the second answer.
func (c *Chat) Install(ctx context.Context, p Person) (status int, err error) {
	c.setInstalled(true)
	a := c.activity(p, "conversationUpdate", "f:"+newGUID(), "")
	a["membersAdded"] = []any{c.bot()}
	if status, _, err = c.deliver(ctx, a); err != nil {
		return status, err
	}
	return c.installation(ctx, p, "add")
}

// Uninstall removes the bot and tells it so. The bot can no longer send to the chat.
func (c *Chat) Uninstall(ctx context.Context, p Person) (status int, err error) {
	c.setInstalled(false)
	return c.installation(ctx, p, "remove")
}

func (c *Chat) installation(ctx context.Context, p Person, action string) (status int, err error) {
	a := c.activity(p, "installationUpdate", "f:"+newGUID(), "")
	a["action"] = action
	status, _, err = c.deliver(ctx, a)
	return status, err
}

// Resend delivers the last activity of the chat again, with the same id and timestamp, as Teams does when an answer
// was slow.
func (c *Chat) Resend(ctx context.Context) (status int, err error) {
	c.mu.Lock()
	last := c.last
	c.mu.Unlock()
	if last == nil {
		return 0, errors.New("resend: nothing was sent yet")
	}
	status, _, err = c.post(ctx, last)
	return status, err
}

// activity is what all activities of the chat have in common.
// Source: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/conversation-messages
func (c *Chat) activity(p Person, kind, id, thread string) map[string]any {
	s := c.teams.sandbox
	now := s.opts.Now()
	conversation := map[string]any{"conversationType": c.kind, "tenantId": tenantID, "id": c.id}
	data := map[string]any{"tenant": map[string]any{"id": tenantID}}
	if c.kind != "personal" {
		conversation["isGroup"] = true
	}
	if c.kind == "groupChat" {
		conversation["name"] = c.name
	}
	if c.kind == "channel" {
		c.inChannel(conversation, data, kind, thread)
	}
	return map[string]any{
		"type": kind, "id": id, "channelId": "msteams", "serviceUrl": serviceURL,
		"timestamp":      now.UTC().Format("2006-01-02T15:04:05.0000000Z"),
		"localTimestamp": now.In(p.location()).Format("2006-01-02T15:04:05.0000000-07:00"), "localTimezone": p.Timezone,
		"from":         map[string]any{"id": c.teams.userID(p), "name": p.Name, "aadObjectId": p.ID},
		"recipient":    c.bot(),
		"conversation": conversation,
		"locale":       p.Locale,
		"entities": []any{map[string]any{
			"type": "clientInfo", "locale": p.Locale, "country": p.Country, "platform": "Windows", "timezone": p.Timezone,
		}},
		"channelData": data,
	}
}

// inChannel adds what only channels have. Installations are told of in the team, messages in a thread.
func (c *Chat) inChannel(conversation, data map[string]any, kind, thread string) {
	data["team"] = map[string]any{"id": c.teamID, "name": c.team, "aadGroupId": c.groupID}
	switch kind {
	case "conversationUpdate":
		data["eventType"] = "teamMemberAdded"
		fallthrough
	case "installationUpdate":
		conversation["id"] = c.teamID
	default:
		conversation["id"] = c.id + threadMark + thread
		maps.Copy(data, map[string]any{
			"channel":        map[string]any{"id": c.id, "type": "standard"},
			"teamsChannelId": c.id, "teamsTeamId": c.teamID,
		})
	}
}

func (c *Chat) bot() map[string]any {
	return map[string]any{"id": "28:" + appID, "name": botName}
}

func (c *Chat) nextID() string {
	s := c.teams.sandbox
	return s.ids.next(s.opts.Now())
}

// deliver posts an activity to the bot and remembers it for Resend.
func (c *Chat) deliver(ctx context.Context, activity map[string]any) (status int, answer []byte, err error) {
	body, err := json.Marshal(activity)
	if err != nil {
		return 0, nil, fmt.Errorf("deliver an activity: %w", err)
	}
	c.mu.Lock()
	c.last = slices.Clone(body)
	c.mu.Unlock()
	return c.post(ctx, body)
}

func (c *Chat) post(ctx context.Context, body []byte) (status int, answer []byte, err error) {
	s := c.teams.sandbox
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.teams.botURL, bytes.NewReader(body))
	if err != nil {
		return 0, nil, fmt.Errorf("deliver an activity: %w", err)
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	request.Header.Set("Authorization", "Bearer "+s.connectorToken())
	request.Header.Set("User-Agent", "Microsoft-SkypeBotApi (sandbox)")
	response, err := c.teams.client.Do(request)
	if err != nil {
		return 0, nil, fmt.Errorf("deliver an activity: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err = io.ReadAll(io.LimitReader(response.Body, largestAnswer))
	if err != nil {
		return response.StatusCode, nil, fmt.Errorf("read the bot's answer: %w", err)
	}
	return response.StatusCode, answer, nil
}
