package sandbox

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// fillIn enters values as a client would, refuses what a client would refuse, and returns the data that the action
// sends: its own and the inputs'.
func (c *Chat) fillIn(inputs []object, action object, entered map[string]string) (map[string]any, error) {
	data := map[string]any{}
	if own, ok := action["data"].(object); ok {
		maps.Copy(data, own)
	}
	if text(action["associatedInputs"]) == "none" {
		return data, nil
	}
	ids := map[string]bool{}
	for _, input := range inputs {
		id := text(input["id"])
		if id == "" || ids[id] {
			return nil, fmt.Errorf("the card has two inputs %q, or one without an id", id)
		}
		ids[id] = true
		value, isEntered := entered[id]
		if !isEntered {
			value = preset(input)
		}
		if err := c.accepts(input, value); err != nil {
			return nil, fmt.Errorf("input %s: %w", id, err)
		}
		if value != "" || text(input["type"]) != "Input.ChoiceSet" { // nothing chosen is not sent, an empty text is
			data[id] = value
		}
	}
	for id := range entered {
		if !ids[id] {
			return nil, fmt.Errorf("the card has no input %q", id)
		}
	}
	return data, nil
}

// preset is the value that an input has before anybody touches it.
func preset(input object) string {
	switch value := input["value"].(type) {
	case string:
		return value
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	}
	if text(input["type"]) == "Input.Toggle" {
		return toggleValue(input, "valueOff", "false")
	}
	return ""
}

func toggleValue(input object, key, otherwise string) string {
	if v := text(input[key]); v != "" {
		return v
	}
	return otherwise
}

// accepts checks a value as a client does before it sends.
func (c *Chat) accepts(input object, value string) error {
	if value == "" {
		if required, _ := input["isRequired"].(bool); required {
			return fmt.Errorf("the client wants a value: %s", text(input["errorMessage"]))
		}
		return nil
	}
	switch text(input["type"]) {
	case "Input.Text":
		return acceptsText(input, value)
	case "Input.Date":
		return acceptsTime(input, value, time.DateOnly)
	case "Input.Time":
		return acceptsTime(input, value, "15:04")
	case "Input.Number":
		number, err := strconv.ParseFloat(value, 64)
		least, hasLeast := input["min"].(float64)
		most, hasMost := input["max"].(float64)
		if err != nil || hasLeast && number < least || hasMost && number > most {
			return fmt.Errorf("the client does not take the number %q", value)
		}
	case "Input.Toggle":
		if value != toggleValue(input, "valueOn", "true") && value != toggleValue(input, "valueOff", "false") {
			return fmt.Errorf("the client has no position %q", value)
		}
	case "Input.ChoiceSet":
		return c.acceptsChoice(input, value)
	}
	return nil
}

func acceptsText(input object, value string) error {
	if most, ok := input["maxLength"].(float64); ok && utf8.RuneCountInString(value) > int(most) {
		return fmt.Errorf("the client takes no more than %d characters", int(most))
	}
	pattern := text(input["regex"])
	if pattern == "" {
		return nil
	}
	expression, err := regexp.Compile(pattern)
	if err != nil {
		return fmt.Errorf("the card's regex: %w", err)
	}
	if !expression.MatchString(value) {
		return fmt.Errorf("the client refuses %q: %s", value, text(input["errorMessage"]))
	}
	return nil
}

// acceptsTime compares texts, which sort as the days and times that they are.
func acceptsTime(input object, value, layout string) error {
	_, err := time.Parse(layout, value)
	least, most := text(input["min"]), text(input["max"])
	if err != nil || least != "" && value < least || most != "" && value > most {
		return fmt.Errorf("the client does not offer %q", value)
	}
	return nil
}

// acceptsChoice takes the choices of the card, and in a people picker everybody in the tenant.
// Source: https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/people-picker
func (c *Chat) acceptsChoice(input object, value string) error {
	query, _ := input["choices.data"].(object)
	isPicker := strings.HasPrefix(text(query["dataset"]), "graph.microsoft.com/users")
	values := []string{value}
	if many, _ := input["isMultiSelect"].(bool); many {
		values = strings.Split(value, ",")
	}
	choices, _ := input["choices"].([]any)
	for _, v := range values {
		offered := slices.ContainsFunc(choices, func(choice any) bool {
			o, _ := choice.(object)
			return text(o["value"]) == v
		})
		if p, known := c.teams.sandbox.tenant.Person(v); isPicker && known && p.ID == v {
			offered = true
		}
		if !offered {
			return fmt.Errorf("the client does not offer %q", v)
		}
	}
	return nil
}
