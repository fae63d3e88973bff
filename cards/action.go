package cards

// The verbs of the buttons. A verb and the case's reference are all that a button carries: whoever presses it is
// authorised anew, and everything else is looked up by the reference.
const (
	VerbCheck   = "check"
	VerbAgain   = "again"
	VerbNotIt   = "not-it"
	VerbDetails = "details"
)

// The ids of the inputs on the ask card, which are the keys of the values that come back.
const (
	InputAccount = "account" // an Entra object id from the people picker
	InputAddress = "upn"     // a sign-in name that was typed
	InputProduct = "product"
	InputDate    = "date" // YYYY-MM-DD
	InputTime    = "time" // HH:MM
)

// DataCase is the key under which a button carries the case's reference, and DataVerb the verb in the fallback.
const (
	DataCase = "case"
	DataVerb = "verb"
)

type execute struct {
	Type     string            `json:"type"`
	Title    string            `json:"title"`
	Verb     string            `json:"verb"`
	Data     map[string]string `json:"data"`
	Style    string            `json:"style,omitempty"`
	Fallback submit            `json:"fallback"`
}

type submit struct {
	Type  string            `json:"type"`
	Title string            `json:"title"`
	Data  map[string]string `json:"data"`
}

// button is a Universal Action, with the older Action.Submit for clients that do not know it.
// Source: https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/overview
func button(text, verb, reference string) execute {
	return execute{
		Type: "Action.Execute", Title: text, Verb: verb,
		Data: map[string]string{DataCase: reference},
		Fallback: submit{
			Type: "Action.Submit", Title: text,
			Data: map[string]string{DataCase: reference, DataVerb: verb},
		},
	}
}

// primary makes a button stand out.
func (e execute) primary() execute {
	e.Style = "positive"
	return e
}

type toggle struct {
	Type           string   `json:"type"`
	Title          string   `json:"title"`
	TargetElements []string `json:"targetElements"`
}

type actionSet struct {
	Type    string   `json:"type"`
	Actions []action `json:"actions"`
}

func actions(all ...action) element { return actionSet{"ActionSet", all} }
