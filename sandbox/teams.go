package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// botName is the name of the bot in Teams.
const botName = "Signpost"

// threadMark separates a channel's id from the message that its thread begins with.
const threadMark = ";messageid="

// Teams behaves as Teams does towards a bot: it posts what people do to the bot's endpoint, signed as the Bot
// Connector signs, and shows what the bot sends through the sandbox's connector.
type Teams struct {
	sandbox *Sandbox
	botURL  string
	client  *http.Client
	number  int // of this Teams; several keep their chats apart
}

// Teams returns a Teams whose bot listens at botURL, https://host/api/messages for example. client reaches the bot;
// nil stands for one that waits 15 s, as long as Teams does.
// Source: https://github.com/MicrosoftDocs/msteams-docs/issues/6084
func (s *Sandbox) Teams(botURL string, client *http.Client) *Teams {
	if client == nil {
		client = &http.Client{Timeout: 15 * time.Second}
	}
	return &Teams{sandbox: s, botURL: botURL, client: client, number: s.chats.nextTeams()}
}

// serviceURL is where the connector expects answers.
const serviceURL = "https://" + HostConnector + "/emea/" + tenantID + "/"

// Personal returns the chat of a person with the bot. There is one for each person.
func (t *Teams) Personal(p Person) *Chat {
	return t.open(&Chat{kind: "personal", id: "a:1" + t.opaque("personal", p.ID), people: []Person{p}})
}

// Group starts a new group chat with the bot.
func (t *Teams) Group(name string, people ...Person) *Chat {
	id := "19:" + strings.ReplaceAll(newGUID(), "-", "") + "@thread.v2"
	return t.open(&Chat{kind: "groupChat", id: id, name: name, people: slices.Clone(people)})
}

// Channel returns a channel of a team in which the bot is installed. The same names are the same channel.
func (t *Teams) Channel(team, channel string) *Chat {
	return t.open(&Chat{
		kind: "channel", name: channel, team: team,
		id:      "19:" + t.opaque("channel", team, channel) + "@thread.tacv2",
		teamID:  "19:" + t.opaque("team", team) + "@thread.tacv2",
		groupID: guidFor("team", team),
	})
}

// open returns the chat of that id, c itself when it is new.
func (t *Teams) open(c *Chat) *Chat {
	c.teams, c.changed = t, make(chan struct{})
	c.sent = make([]window, len(teamsLimits))
	return t.sandbox.chats.open(c)
}

// opaque makes an id that says nothing, the same for the same words.
func (t *Teams) opaque(words ...string) string {
	words = append([]string{appID, strconv.Itoa(t.number)}, words...)
	sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// userID is how the bot knows a person. It differs from app to app.
func (t *Teams) userID(p Person) string { return "29:1" + t.opaque("user", p.ID) }

// chats are all conversations, by id.
type chats struct {
	mu    sync.Mutex
	byID  map[string]*Chat
	teams int
}

func (cs *chats) nextTeams() int {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	cs.teams++
	return cs.teams
}

func (cs *chats) open(c *Chat) *Chat {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if known := cs.byID[c.id]; known != nil {
		return known
	}
	if cs.byID == nil {
		cs.byID = map[string]*Chat{}
	}
	cs.byID[c.id] = c
	if c.teamID != "" && cs.byID[c.teamID] == nil {
		cs.byID[c.teamID] = c // what is sent to the team appears in the channel that was opened first
	}
	return c
}

// find finds the conversation to which a bot sends: a chat, a thread of a channel, or a team.
func (cs *chats) find(conversation string) *Chat {
	id, _, _ := strings.Cut(conversation, threadMark)
	cs.mu.Lock()
	defer cs.mu.Unlock()
	return cs.byID[id]
}
