package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// unreachable is what pops up when a bot does not answer a press as it should.
const unreachable = "Unable to reach app. Please try again."

// Press presses a button on a message as a person sees it: the Action.Execute of that verb, wherever on the card it
// is. inputs are what the person enters first, by the ids of the inputs; the rest keeps its presets. An empty
// messageID stands for the newest message that has the button.
//
// As in Teams, a card that comes back takes the place of the message's for that person alone, and a text pops up as a
// toast; so does a general one when the bot fails. It returns the HTTP status of the bot's answer. The error says why
// the client would not send, or what is wrong with the bot's answer; a status other than 200 is no error.
// Source: https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/work-with-universal-actions-for-adaptive-cards
func (c *Chat) Press(ctx context.Context, p Person, messageID, verb string, inputs map[string]string) (status int, err error) {
	if err := c.admits(p); err != nil {
		return 0, fmt.Errorf("press %s: %w", verb, err)
	}
	if messageID == "" {
		messageID = c.newestWith(p, verb)
	}
	c.mu.Lock()
	m := c.message(messageID)
	var version int
	var thread string
	if m != nil {
		version, thread = m.Version, m.Thread
	}
	c.mu.Unlock()
	found, ok := findExecute(c.CardFor(p, messageID), verb)
	if !ok {
		return 0, fmt.Errorf("press %s: message %q has no such button", verb, messageID)
	}
	action := found.action
	if c.OldClient {
		if action, ok = action["fallback"].(map[string]any); !ok || action["type"] != "Action.Submit" {
			return 0, fmt.Errorf("press %s: an old client does not show the button, for it has no fallback", verb)
		}
	}
	values, err := c.fillIn(found.inputs, action, inputs)
	if err != nil {
		return 0, fmt.Errorf("press %s: %w", verb, err)
	}
	if c.OldClient {
		return c.submit(ctx, p, messageID, thread, values)
	}
	return c.execute(ctx, p, messageID, thread, version, action, values)
}

// newestWith finds the newest message on which a person sees a button.
func (c *Chat) newestWith(p Person, verb string) string {
	for _, m := range slices.Backward(c.Messages()) {
		if _, ok := findExecute(c.CardFor(p, m.ID), verb); ok {
			return m.ID
		}
	}
	return ""
}

// submit sends what an Action.Submit sends: a message without text.
func (c *Chat) submit(ctx context.Context, p Person, messageID, thread string, values map[string]any) (status int, err error) {
	a := c.activity(p, "message", "f:"+newGUID(), thread)
	a["replyToId"], a["value"] = messageID, values
	status, _, err = c.deliver(ctx, a)
	return status, err
}

func (c *Chat) execute(
	ctx context.Context, p Person, messageID, thread string, version int, action, values map[string]any,
) (status int, err error) {
	a := c.activity(p, "invoke", "f:"+newGUID(), thread)
	sent := map[string]any{"type": "Action.Execute", "verb": action["verb"], "data": values}
	if id, ok := action["id"].(string); ok {
		sent["id"] = id
	}
	a["name"], a["replyToId"] = "adaptiveCard/action", messageID
	a["value"] = map[string]any{"action": sent, "trigger": "manual"}
	status, body, err := c.deliver(ctx, a)
	if err != nil || status != http.StatusOK {
		c.toast(messageID, unreachable)
		return status, err
	}
	answer, err := readInvokeAnswer(body)
	if err != nil {
		c.toast(messageID, unreachable)
		return status, fmt.Errorf("press %v: %w", action["verb"], err)
	}
	if answer.card != nil {
		c.show(p, messageID, version, answer.card)
		return status, nil
	}
	c.toast(messageID, answer.toast)
	return status, nil
}

// invokeAnswer is what a press brings.
type invokeAnswer struct {
	card  json.RawMessage
	toast string
}

// readInvokeAnswer reads the body of a bot's answer to an adaptiveCard/action invoke.
func readInvokeAnswer(body []byte) (invokeAnswer, error) {
	var answer struct {
		StatusCode int             `json:"statusCode"`
		Type       string          `json:"type"`
		Value      json.RawMessage `json:"value"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return invokeAnswer{}, fmt.Errorf("the bot's answer is no JSON: %w", err)
	}
	switch answer.Type {
	case "application/vnd.microsoft.card.adaptive":
		var card struct{ Type string }
		if err := json.Unmarshal(answer.Value, &card); err != nil || card.Type != "AdaptiveCard" || answer.StatusCode != http.StatusOK {
			return invokeAnswer{}, errors.New("the bot's answer holds no Adaptive Card")
		}
		return invokeAnswer{card: answer.Value}, nil
	case "application/vnd.microsoft.activity.message":
		var text string
		if err := json.Unmarshal(answer.Value, &text); err != nil || answer.StatusCode != http.StatusOK {
			return invokeAnswer{}, errors.New("the bot's answer holds no text")
		}
		return invokeAnswer{toast: text}, nil
	case "application/vnd.microsoft.error":
		var problem struct{ Code, Message string }
		_ = json.Unmarshal(answer.Value, &problem) // the text is for whoever reads the test
		return invokeAnswer{}, fmt.Errorf("the bot answered %d %s: %s", answer.StatusCode, problem.Code, strings.TrimSpace(problem.Message))
	default:
		return invokeAnswer{}, fmt.Errorf("the bot's answer has the unknown type %q", answer.Type)
	}
}
