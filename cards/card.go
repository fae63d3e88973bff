// Package cards lays out what signpost says as Adaptive Cards.
//
// A card is a literal of small structs that reads like the card. The room decides nothing: it gets an answer in words
// and puts it on a card. Cards keep to schema version 1.5, the newest that Teams supports for bots
// (https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference).
package cards

import (
	"encoding/json"
	"fmt"
	"strings"

	"signpost/words"
)

// Card is a finished Adaptive Card, with the line that a notification shows for it.
type Card struct {
	JSON    json.RawMessage
	Summary string
}

type adaptiveCard struct {
	Type         string    `json:"type"`
	Schema       string    `json:"$schema"`
	Version      string    `json:"version"`
	Lang         string    `json:"lang,omitempty"`
	RTL          bool      `json:"rtl,omitempty"`
	FallbackText string    `json:"fallbackText"`
	Body         []element `json:"body"`
	Actions      []action  `json:"actions,omitempty"`
}

// element is one of the element structs of this package.
type element any

// action is one of the action structs of this package.
type action any

// finish encodes a card. The structs of this package always encode.
func finish(s words.Speaker, summary string, body []element, actions ...action) Card {
	language, _, _ := strings.Cut(s.Language(), "-") // the schema wants the two letters of ISO 639-1
	raw, err := json.Marshal(adaptiveCard{
		Type:         "AdaptiveCard",
		Schema:       "http://adaptivecards.io/schemas/adaptive-card.json",
		Version:      "1.5",
		Lang:         language,
		RTL:          s.RightToLeft(),
		FallbackText: summary,
		Body:         body,
		Actions:      actions,
	})
	if err != nil {
		panic(fmt.Sprintf("cards: %v", err))
	}
	return Card{raw, summary}
}

type textBlock struct {
	Type      string `json:"type"`
	Text      string `json:"text"`
	Wrap      bool   `json:"wrap"`
	Style     string `json:"style,omitempty"`
	Size      string `json:"size,omitempty"`
	Weight    string `json:"weight,omitempty"`
	Color     string `json:"color,omitempty"`
	Spacing   string `json:"spacing,omitempty"`
	IsSubtle  bool   `json:"isSubtle,omitempty"`
	Separator bool   `json:"separator,omitempty"`
}

// title heads a card; a screen reader announces it as a heading.
func title(text string) element {
	return textBlock{Type: "TextBlock", Text: text, Wrap: true, Style: "heading", Size: "Large", Weight: "Bolder"}
}

// section heads a part of a card. Left to itself, a heading would be as large as the title.
func section(text string) element {
	return textBlock{Type: "TextBlock", Text: text, Wrap: true, Style: "heading", Size: "Default", Weight: "Bolder"}
}

func paragraph(text string) element { return textBlock{Type: "TextBlock", Text: text, Wrap: true} }

func line(text string) element {
	return textBlock{Type: "TextBlock", Text: text, Wrap: true, Spacing: "Small"}
}

func subtle(text string) element {
	return textBlock{Type: "TextBlock", Text: text, Wrap: true, IsSubtle: true, Spacing: "Small", Size: "Small"}
}

func warning(text string) element {
	return textBlock{Type: "TextBlock", Text: text, Wrap: true, Color: "Attention", Weight: "Bolder"}
}

type container struct {
	Type      string    `json:"type"`
	ID        string    `json:"id,omitempty"`
	Style     string    `json:"style,omitempty"`
	IsVisible *bool     `json:"isVisible,omitempty"`
	Bleed     bool      `json:"bleed,omitempty"`
	Spacing   string    `json:"spacing,omitempty"`
	Items     []element `json:"items"`
}

// highlighted sets off what matters most.
func highlighted(items ...element) element {
	return container{Type: "Container", Style: "emphasis", Spacing: "Medium", Items: items}
}

// toggled is shown or hidden by an action; open says whether it is shown at first.
func toggled(id string, open bool, items ...element) element {
	c := container{Type: "Container", ID: id, Items: items}
	if !open {
		c.IsVisible = new(bool)
	}
	return c
}

type factSet struct {
	Type  string `json:"type"`
	Facts []fact `json:"facts"`
}

type fact struct {
	Title string `json:"title"`
	Value string `json:"value"`
}
