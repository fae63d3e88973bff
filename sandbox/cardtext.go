package sandbox

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// CardText renders an Adaptive Card as lines of text, for people who read a terminal: its texts, what can be entered,
// and the buttons in brackets. What a button reveals stands below that button, indented. Of Markdown, emphasis and
// backslashes are taken away. A card that is no JSON object becomes no lines.
func CardText(card json.RawMessage) []string {
	var c object
	if json.Unmarshal(card, &c) != nil {
		return nil
	}
	r := cardText{concealed: map[string]object{}}
	visit(c, func(o object) {
		if visible, ok := o["isVisible"].(bool); ok && !visible {
			r.concealed[text(o["id"])] = o
		}
	})
	r.elements(c["body"])
	r.actions(c["actions"])
	return r.lines
}

type cardText struct {
	lines     []string
	indent    string
	concealed map[string]object // by id
}

// escaped is a character that Markdown would take for its own without the backslash.
var escaped = regexp.MustCompile(`\\([[:punct:]])`)

func (r *cardText) line(format string, args ...any) {
	for l := range strings.SplitSeq(fmt.Sprintf(format, args...), "\n") {
		l = strings.ReplaceAll(l, "**", "")
		r.lines = append(r.lines, r.indent+escaped.ReplaceAllString(l, "$1"))
	}
}

func (r *cardText) elements(v any) {
	list, _ := v.([]any)
	for _, e := range list {
		if o, ok := e.(object); ok {
			r.element(o)
		}
	}
}

func (r *cardText) element(o object) {
	if visible, ok := o["isVisible"].(bool); ok && !visible {
		return // shown below the button that reveals it
	}
	switch kind := text(o["type"]); kind {
	case "TextBlock":
		if text(o["style"]) == "heading" {
			r.line("## %s", text(o["text"]))
		} else {
			r.line("%s", text(o["text"]))
		}
	case "FactSet":
		r.facts(o)
	case "ActionSet":
		r.actions(o["actions"])
	default:
		if strings.HasPrefix(kind, "Input.") {
			r.input(o)
		}
		r.elements(o["items"])
		r.elements(o["columns"])
	}
}

func (r *cardText) facts(o object) {
	list, _ := o["facts"].([]any)
	for _, f := range list {
		if fact, ok := f.(object); ok {
			r.line("%s: %s", text(fact["title"]), text(fact["value"]))
		}
	}
}

func (r *cardText) input(o object) {
	value := preset(o)
	list, _ := o["choices"].([]any)
	for _, c := range list {
		if choice, ok := c.(object); ok && value != "" && text(choice["value"]) == value {
			value = text(choice["title"])
		}
	}
	r.line("%s: [%s]", text(o["label"]), value)
}

func (r *cardText) actions(v any) {
	list, _ := v.([]any)
	var buttons []string
	flush := func() {
		if len(buttons) > 0 {
			r.line("%s", strings.Join(buttons, " "))
		}
		buttons = nil
	}
	for _, a := range list {
		action, ok := a.(object)
		if !ok {
			continue
		}
		buttons = append(buttons, "["+text(action["title"])+"]")
		targets, _ := action["targetElements"].([]any)
		for _, id := range targets {
			if inner, ok := r.concealed[text(id)]; ok {
				flush()
				r.reveal(text(id), inner)
			}
		}
	}
	flush()
}

// reveal shows what a button reveals. Meanwhile it reveals nothing else by that id, lest it reveal itself without end.
func (r *cardText) reveal(id string, inner object) {
	delete(r.concealed, id)
	r.indent += "  "
	r.elements(inner["items"])
	r.indent = strings.TrimSuffix(r.indent, "  ")
	r.concealed[id] = inner
}
