package cards

type choiceSet struct {
	Type        string     `json:"type"`
	ID          string     `json:"id"`
	Label       string     `json:"label"`
	Style       string     `json:"style,omitempty"`
	Placeholder string     `json:"placeholder,omitempty"`
	Value       string     `json:"value,omitempty"`
	Choices     []choice   `json:"choices"`
	Data        *dataQuery `json:"choices.data,omitempty"`
}

type choice struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

type dataQuery struct {
	Type    string `json:"type"`
	Dataset string `json:"dataset"`
}

// peoplePicker searches the organisation's people in the Teams client; its value is an Entra object id. A value that is
// set beforehand needs a choice that names it.
// Source: https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/people-picker
func peoplePicker(id, label, placeholder string, preset *choice) element {
	picker := choiceSet{
		Type: "Input.ChoiceSet", ID: id, Label: label, Style: "filtered", Placeholder: placeholder, Choices: []choice{},
		Data: &dataQuery{"Data.Query", "graph.microsoft.com/users"},
	}
	if preset != nil {
		picker.Value = preset.Value
		picker.Choices = []choice{*preset}
	}
	return picker
}

type textInput struct {
	Type         string `json:"type"`
	ID           string `json:"id"`
	Label        string `json:"label"`
	Style        string `json:"style,omitempty"`
	Placeholder  string `json:"placeholder,omitempty"`
	Value        string `json:"value,omitempty"`
	Regex        string `json:"regex,omitempty"`
	ErrorMessage string `json:"errorMessage,omitempty"`
	MaxLength    int    `json:"maxLength,omitempty"`
}

type dateInput struct {
	Type  string `json:"type"`
	ID    string `json:"id"`
	Label string `json:"label"`
	Value string `json:"value,omitempty"`
	Max   string `json:"max,omitempty"`
}

type columnSet struct {
	Type    string   `json:"type"`
	Columns []column `json:"columns"`
}

type column struct {
	Type  string    `json:"type"`
	Width string    `json:"width"`
	Items []element `json:"items"`
}

func sideBySide(left, right element) element {
	return columnSet{"ColumnSet", []column{{"Column", "stretch", []element{left}}, {"Column", "stretch", []element{right}}}}
}
