package sandbox

import (
	"encoding/json"
	"io"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// largestMessage is how much an activity may hold, counted in UTF-16 as Teams does.
// Source: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages
const largestMessage = 100 << 10

// botActivity is what a bot sends.
type botActivity struct {
	Type        string
	Text        string
	Summary     string
	Attachments []struct {
		ContentType string
		Content     json.RawMessage
	}
}

// card is the activity's Adaptive Card; nil when it has none.
func (a *botActivity) card() json.RawMessage {
	for _, at := range a.Attachments {
		if at.ContentType == "application/vnd.microsoft.card.adaptive" {
			return at.Content
		}
	}
	return nil
}

// serveConnector answers for smba.trafficmanager.net: messages that the bot posts, updates and deletes in
// conversations, below {region}/{tenant} or below teams, the address for bots that have not heard from a tenant yet.
// Source: https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
func (s *Sandbox) serveConnector(w http.ResponseWriter, r *http.Request) {
	token, _ := bearer(r)
	if s.verify(token, audienceConnector) != nil {
		writeJSON(w, http.StatusUnauthorized, map[string]any{"message": "Authorization has been denied for this request."})
		return
	}
	before, after, found := strings.Cut(r.URL.EscapedPath(), "/v3/conversations/")
	place := strings.Split(strings.Trim(before, "/"), "/")
	ofTenant := len(place) == 2 && strings.EqualFold(place[1], tenantID) || slices.Equal(place, []string{"teams"})
	parts := strings.Split(after, "/")
	for i, p := range parts {
		if plain, err := url.PathUnescape(p); err == nil {
			parts[i] = plain
		}
	}
	if !found || !ofTenant || len(parts) < 2 || len(parts) > 3 || parts[1] != "activities" {
		http.NotFound(w, r)
		return
	}
	c := s.chats.find(parts[0])
	if c == nil {
		connectorError(w, http.StatusNotFound, "ConversationNotFound", "Conversation not found.")
		return
	}
	if wait := s.limits(c, r.Method); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		connectorError(w, http.StatusTooManyRequests, "TooManyRequests", "The conversation's limit is reached.")
		return
	}
	if !c.isInstalled() {
		connectorError(w, http.StatusForbidden, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
		return
	}
	switch {
	case r.Method == http.MethodPost && len(parts) == 2:
		s.postActivity(w, r, c, parts[0])
	case r.Method == http.MethodPut && len(parts) == 3:
		s.putActivity(w, r, c, parts[2])
	case r.Method == http.MethodDelete && len(parts) == 3:
		if name := c.delete(parts[2]); name != "" {
			refuseActivity(w, name)
			return
		}
		writeJSON(w, http.StatusOK, map[string]any{})
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

// postActivity posts a message and answers with its id, but not for one with both text and attachments: Teams may make
// two of that, and then says no id. Other activities, such as typing, leave nothing behind.
// Source: https://github.com/microsoft/botframework-sdk/issues/6366
func (s *Sandbox) postActivity(w http.ResponseWriter, r *http.Request, c *Chat, conversation string) {
	activity, ok := readActivity(w, r)
	if !ok {
		return
	}
	id := s.ids.next(s.opts.Now())
	if activity.Type == "message" {
		_, thread, _ := strings.Cut(conversation, threadMark)
		c.postByBot(id, thread, activity)
	}
	answer := map[string]any{"id": id}
	if activity.Text != "" && len(activity.Attachments) > 0 {
		answer = map[string]any{}
	}
	writeJSON(w, http.StatusCreated, answer)
}

func (s *Sandbox) putActivity(w http.ResponseWriter, r *http.Request, c *Chat, id string) {
	activity, ok := readActivity(w, r)
	if !ok {
		return
	}
	if name := c.update(id, activity); name != "" {
		refuseActivity(w, name)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"id": id})
}

func readActivity(w http.ResponseWriter, r *http.Request) (a *botActivity, ok bool) {
	body, err := io.ReadAll(r.Body)
	if err != nil || 2*len(utf16.Encode([]rune(string(body)))) > largestMessage {
		connectorError(w, http.StatusRequestEntityTooLarge, "MessageSizeTooBig", "Message size too large.")
		return nil, false
	}
	a = &botActivity{}
	switch err := json.Unmarshal(body, a); {
	case err != nil, a.Type == "":
		connectorError(w, http.StatusBadRequest, "BadSyntax", "The activity could not be read.")
		return nil, false
	case a.Type == "message" && a.Text == "" && len(a.Attachments) == 0:
		connectorError(w, http.StatusBadRequest, "BadSyntax", "The message is empty.")
		return nil, false
	}
	return a, true
}

// refuseActivity answers with the error of that name.
func refuseActivity(w http.ResponseWriter, name string) {
	if name == notOwnMessage {
		connectorError(w, http.StatusForbidden, name, "The message belongs to somebody else.")
		return
	}
	connectorError(w, http.StatusNotFound, name, "Activity not found in conversation.")
}

// connectorError answers with an error in the connector's shape.
func connectorError(w http.ResponseWriter, status int, code, message string) {
	writeJSON(w, status, map[string]any{"error": map[string]any{"code": code, "message": message}})
}

// teamsLimits are how often a bot may send to one conversation.
// Source: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
var teamsLimits = []struct {
	most   int
	period time.Duration
}{{7, time.Second}, {8, 2 * time.Second}, {60, 30 * time.Second}, {1800, time.Hour}}

// mostOfTenant is how many requests an app may send in one tenant in a second, whatever they ask.
const mostOfTenant = 30

// limits counts one request and returns how long to wait when there were too many. Deletions count for the tenant alone.
func (s *Sandbox) limits(c *Chat, method string) (wait time.Duration) {
	if !s.opts.EnforceTeamsLimit {
		return 0
	}
	now := s.opts.Now()
	wait = s.sends.admit(now, mostOfTenant, time.Second)
	if method == http.MethodDelete {
		return wait
	}
	for i, limit := range teamsLimits {
		wait = max(wait, c.sent[i].admit(now, limit.most, limit.period))
	}
	return wait
}
