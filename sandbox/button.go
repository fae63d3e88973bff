package sandbox

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// object is a decoded JSON object of a card.
type object = map[string]any

// foundAction is a button with the inputs whose values it sends.
type foundAction struct {
	action object
	inputs []object
}

// findExecute finds an Action.Execute by its verb, on the card itself and on the cards that buttons show. A shown card
// sends its own inputs and those of the cards around it.
func findExecute(raw json.RawMessage, verb string) (foundAction, bool) {
	var card object
	if json.Unmarshal(raw, &card) != nil {
		return foundAction{}, false
	}
	return findOn(card, verb, nil)
}

func findOn(card object, verb string, around []object) (found foundAction, ok bool) {
	inputs := slices.Clone(around)
	var shown []object
	var execute object
	visit(card, func(o object) {
		kind := text(o["type"])
		switch {
		case kind == "Action.Execute" && text(o["verb"]) == verb && execute == nil:
			execute = o
		case kind == "Action.ShowCard":
			if inner, isCard := o["card"].(object); isCard {
				shown = append(shown, inner)
			}
		case strings.HasPrefix(kind, "Input."):
			inputs = append(inputs, o)
		}
	})
	if execute != nil {
		return foundAction{execute, inputs}, true
	}
	for _, inner := range shown {
		if found, ok = findOn(inner, verb, inputs); ok {
			return found, true
		}
	}
	return foundAction{}, false
}

// visit calls f for every object of a card, but not for those of a card that a button shows, nor for what is not on
// the card: fallbacks and data.
func visit(v any, f func(object)) {
	switch v := v.(type) {
	case object:
		f(v)
		for _, key := range slices.Sorted(maps.Keys(v)) {
			switch key {
			case "fallback", "data", "choices.data", "refresh", "card", "msteams":
			default:
				visit(v[key], f)
			}
		}
	case []any:
		for _, member := range v {
			visit(member, f)
		}
	}
}

// text is a value if it is a text, and nothing otherwise.
func text(v any) string {
	s, _ := v.(string)
	return s
}
