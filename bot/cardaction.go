package bot

import (
	"encoding/json"
	"errors"
	"fmt"
)

// CardAction is a button that somebody pressed, with the values of the card's inputs. All of it comes from the client
// and may be forged.
type CardAction struct {
	Verb string
	Data map[string]string
}

const (
	mostData      = 50   // members of a card's data
	mostDataBytes = 4096 // of one value
)

// CardAction reads the button of an adaptiveCard/action invoke, or of a message that an older client sent for one; such a
// message names the verb in its data.
// Source: https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/work-with-universal-actions-for-adaptive-cards
func (a *Activity) CardAction() (CardAction, error) {
	if a.Type == typeMessage {
		data, err := dataOf(a.Value)
		return CardAction{data["verb"], data}, err
	}
	var value struct {
		Action struct {
			Verb string          `json:"verb"`
			Data json.RawMessage `json:"data"`
		} `json:"action"`
	}
	if err := json.Unmarshal(a.Value, &value); err != nil {
		return CardAction{}, fmt.Errorf("decode the action: %w", err)
	}
	if value.Action.Verb == "" {
		return CardAction{}, errors.New("decode the action: it has no verb")
	}
	data, err := dataOf(value.Action.Data)
	return CardAction{value.Action.Verb, data}, err
}

// dataOf keeps the members that are texts, as all inputs of a card are.
func dataOf(raw json.RawMessage) (map[string]string, error) {
	data := map[string]string{}
	if len(raw) == 0 {
		return data, nil
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return nil, fmt.Errorf("decode the card's data: %w", err)
	}
	if len(members) > mostData {
		return nil, fmt.Errorf("decode the card's data: more than %d members", mostData)
	}
	for name, value := range members {
		if s := text(value); s != "" && len(value) <= mostDataBytes {
			data[name] = s
		}
	}
	return data, nil
}
