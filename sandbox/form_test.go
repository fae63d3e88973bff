package sandbox_test

import (
	"maps"
	"strings"
	"testing"
)

const inputsPage = "https://adaptivecards.io/explorer/Input.Text.html"

// everyInput is a card with one input of each kind, and a form within that has another.
const everyInput = `{"type":"AdaptiveCard","body":[
	{"type":"Input.Text","id":"mail","isRequired":true,"errorMessage":"Where?","regex":"^[^@]+@[^@]+$","maxLength":20},
	{"type":"Container","items":[{"type":"Input.Date","id":"day","min":"2026-11-01","max":"2026-11-30","value":"2026-11-23"}]},
	{"type":"Input.Time","id":"time","min":"08:00","max":"18:00"},
	{"type":"Input.Number","id":"age","min":1,"max":9,"value":3},
	{"type":"Input.Toggle","id":"agree","valueOn":"yes","valueOff":"no"},
	{"type":"Input.ChoiceSet","id":"app","choices":[{"title":"A","value":"a"},{"title":"B","value":"b"}]},
	{"type":"Input.ChoiceSet","id":"many","isMultiSelect":true,"choices":[{"title":"A","value":"a"},{"title":"B","value":"b"}]},
	{"type":"Input.ChoiceSet","id":"who","choices":[],"choices.data":{"type":"Data.Query","dataset":"graph.microsoft.com/users"}}],
	"actions":[
		{"type":"Action.Execute","verb":"send","data":{"act":"send","mail":"overwritten"}},
		{"type":"Action.Execute","verb":"skip","data":{"act":"skip"},"associatedInputs":"none"},
		{"type":"Action.ShowCard","card":{"type":"AdaptiveCard","body":[{"type":"Input.Text","id":"why"}],
			"actions":[{"type":"Action.Execute","verb":"inner"}]}}]}`

func TestTheClientChecksTheForm(t *testing.T) {
	t.Parallel()
	s := newStand(t, everyInput)
	tests := []struct {
		id, value string
		refused   string // part of the error, empty when the client takes the value
	}{
		{"mail", "", "Where?"},
		{"mail", "no address", "client refuses"},
		{"mail", "a.very.long@address.example", "20 characters"},
		{"day", "2026-10-31", "does not offer"},
		{"day", "2026-12-01", "does not offer"},
		{"day", "tomorrow", "does not offer"},
		{"time", "07:59", "does not offer"},
		{"time", "8 o'clock", "does not offer"},
		{"time", "18:00", ""},
		{"age", "0", "does not take the number"},
		{"age", "ten", "does not take the number"},
		{"age", "9", ""},
		{"agree", "maybe", "no position"},
		{"agree", "yes", ""},
		{"app", "c", "does not offer"},
		{"app", "b", ""},
		{"app", "a,b", "does not offer"},
		{"many", "a,b", ""},
		{"many", "a,c", "does not offer"},
		{"who", "grace.kim@contoso.com", "does not offer"}, // a picker sends object ids
		{"who", s.ann.ID, ""},
		{"shoe", "44", "no input"},
		{"why", "because", "no input"}, // on the card within, which stays shut
	}
	sent := 0
	for _, test := range tests {
		inputs := map[string]string{"mail": "a@b.example"}
		maps.Copy(inputs, map[string]string{test.id: test.value})
		_, err := s.chat.Press(t.Context(), s.ann, "", "send", inputs)
		reached := len(s.bot.activities(t)) > sent
		sent = len(s.bot.activities(t))
		if test.refused == "" {
			if !reached {
				t.Errorf("%s %q was not sent: %v; see %s", test.id, test.value, err, inputsPage)
			}
			continue
		}
		if reached || err == nil || !strings.Contains(err.Error(), test.refused) {
			t.Errorf("%s %q was refused with %v, want %q; see %s", test.id, test.value, err, test.refused, inputsPage)
		}
	}
}

func TestWhatAFormSends(t *testing.T) {
	t.Parallel()
	s := newStand(t, everyInput)
	s.bot.answers(200, `{"statusCode":200,"type":"application/vnd.microsoft.activity.message","value":"ok"}`, nil)
	tests := map[string]struct {
		inputs, want map[string]any
	}{
		"send":  {map[string]any{"mail": "a@b.example"}, map[string]any{"act": "send", "mail": "a@b.example", "day": "2026-11-23", "time": "", "age": "3", "agree": "no"}},
		"skip":  {nil, map[string]any{"act": "skip"}},
		"inner": {map[string]any{"mail": "a@b.example", "why": "x"}, map[string]any{"mail": "a@b.example", "day": "2026-11-23", "time": "", "age": "3", "agree": "no", "why": "x"}},
	}
	for verb, test := range tests {
		inputs := map[string]string{}
		for id, value := range test.inputs {
			inputs[id], _ = value.(string)
		}
		if _, err := s.chat.Press(t.Context(), s.ann, s.card, verb, inputs); err != nil {
			t.Fatalf("press %s: %v", verb, err)
		}
		data, _ := at(s.bot.activity(t), "value.action.data").(map[string]any)
		if !maps.Equal(data, test.want) {
			t.Errorf("%s sends %v, want %v; see %s", verb, data, test.want, inputsPage)
		}
	}
}

func TestCardsWhoseInputsCannotBeTold(t *testing.T) {
	t.Parallel()
	for name, inputs := range map[string]string{
		"twins":       `{"type":"Input.Text","id":"a"},{"type":"Input.Text","id":"a"}`,
		"nameless":    `{"type":"Input.Text"}`,
		"a bad regex": `{"type":"Input.Text","id":"a","value":"x","regex":"("}`,
	} {
		s := newStand(t, `{"type":"AdaptiveCard","body":[`+inputs+`],"actions":[{"type":"Action.Execute","verb":"go"}]}`)
		if _, err := s.chat.Press(t.Context(), s.ann, "", "go", nil); err == nil || len(s.bot.activities(t)) > 0 {
			t.Errorf("%s: the card was sent: %v", name, err)
		}
	}
}
