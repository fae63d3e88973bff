package sandbox_test

import (
	"encoding/json"
	"slices"
	"testing"

	"signpost/sandbox"
)

func TestCardText(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		card string
		want []string
	}{
		"texts": {
			`{"body":[{"type":"TextBlock","style":"heading","text":"Blocked"},{"type":"TextBlock","text":"**Why:** a \\*policy\\*\nsecond"}]}`,
			[]string{"## Blocked", "Why: a *policy*", "second"},
		},
		"facts and columns": {
			`{"body":[{"type":"FactSet","facts":[{"title":"App","value":"Portal"}]},
			{"type":"ColumnSet","columns":[{"type":"Column","items":[{"type":"TextBlock","text":"left"}]},{"items":[{"type":"TextBlock","text":"right"}]}]}]}`,
			[]string{"App: Portal", "left", "right"},
		},
		"inputs with what stands in them": {
			`{"body":[{"type":"Input.Text","label":"Mail","value":"a@b"},{"type":"Input.ChoiceSet","label":"App","value":"x","choices":[{"title":"X app","value":"x"}]},
			{"type":"Input.Toggle","label":"Sure"},{"type":"Input.Date","label":"Day"}]}`,
			[]string{"Mail: [a@b]", "App: [X app]", "Sure: [false]", "Day: []"},
		},
		"buttons, and what one reveals below it": {
			`{"body":[{"type":"Container","id":"more","isVisible":false,"items":[{"type":"TextBlock","text":"inside"}]},
			{"type":"ActionSet","actions":[{"type":"Action.OpenUrl","title":"Open"},{"type":"Action.ToggleVisibility","title":"More","targetElements":["more"]},{"title":"Last"}]}],
			"actions":[{"title":"End"}]}`,
			[]string{"[Open] [More]", "  inside", "[Last]", "[End]"},
		},
		"an element that a button does not reveal": {`{"body":[{"type":"TextBlock","text":"hidden","isVisible":false}]}`, nil},
		"what is no card":                          {`[1]`, nil},
		"what is no JSON":                          {`{`, nil},
		"odd values":                               {`{"body":[null,1,{"type":7},{"type":"FactSet","facts":[1]}],"actions":{}}`, nil},
		"a list that reveals itself":               {`{"body":[{"id":"a","isVisible":false,"items":[{"type":"ActionSet","actions":[{"title":"A","targetElements":["a"]}]}]}],"actions":[{"title":"Go","targetElements":["a"]}]}`, []string{"[Go]", "  [A]"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := sandbox.CardText(json.RawMessage(test.card)); !slices.Equal(got, test.want) {
				t.Errorf("reads %q, want %q", got, test.want)
			}
		})
	}
}

func FuzzCardText(f *testing.F) {
	f.Add([]byte(twoButtons))
	f.Add([]byte(everyInput))
	f.Fuzz(func(_ *testing.T, card []byte) { sandbox.CardText(card) })
}
