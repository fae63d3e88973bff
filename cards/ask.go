package cards

import (
	"strings"
	"time"

	"signpost/diagnosis"
	"signpost/words"
)

// Ask is what the ask card already knows.
type Ask struct {
	Reference string
	Person    *Person // preset in the people picker; nil for nobody
	Address   string  // preset in the typed address
	Product   diagnosis.Product
	At        time.Time // preset day and time, in the person's zone; zero for none
	Today     time.Time // the latest day that can be chosen, in the person's zone
	Named     []string  // the accounts that the text names, when it is not clear which is meant
	Again     bool      // the last answer was not it
	Problem   string    // the id of the sentence that says what was wrong with the last input; empty for none
}

// Person is somebody in the people picker.
type Person struct{ ID, Name string }

// AskCard asks whose sign-in failed, for what, and when.
func AskCard(s words.Speaker, a Ask) Card {
	intro := s.Say("ask.text")
	switch {
	case a.Again:
		intro = s.Say("ask.again")
	case len(a.Named) > 1:
		intro = s.Say("ask.several", words.Facts{"Accounts": strings.Join(a.Named, ", ")})
	}
	body := []element{title(s.Say("ask.title"))}
	if a.Problem != "" {
		body = append(body, warning(s.Say(a.Problem, words.Facts{"Text": a.Address})))
	}
	var preset *choice
	if a.Person != nil {
		preset = &choice{a.Person.Name, a.Person.ID}
	}
	var day, clock string
	if !a.At.IsZero() {
		day, clock = a.At.Format(time.DateOnly), a.At.Format("15:04")
	}
	body = append(body,
		paragraph(intro),
		peoplePicker(InputAccount, s.Say("ask.account"), s.Say("ask.account.placeholder"), preset),
		textInput{
			Type: "Input.Text", ID: InputAddress, Label: s.Say("ask.upn"), Style: "Email", Value: a.Address,
			Placeholder: s.Say("ask.upn.placeholder"), Regex: `^\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*$`,
			ErrorMessage: s.Say("ask.upn.error"), MaxLength: 320,
		},
		choiceSet{
			Type: "Input.ChoiceSet", ID: InputProduct, Label: s.Say("ask.product"), Style: "compact",
			Value: productValue(a.Product), Choices: products(s),
		},
		sideBySide(
			dateInput{Type: "Input.Date", ID: InputDate, Label: s.Say("ask.date"), Value: day, Max: a.Today.Format(time.DateOnly)},
			dateInput{Type: "Input.Time", ID: InputTime, Label: s.Say("ask.time"), Value: clock},
		),
	)
	return finish(s, s.Say("ask.summary"), body, button(s.Say("button.check"), VerbCheck, a.Reference).primary())
}

// ProductNone is the value of the choice that names no product. A choice needs a value that is not empty.
const ProductNone = "none"

func productValue(p diagnosis.Product) string {
	if p == "" {
		return ProductNone
	}
	return string(p)
}

func products(s words.Speaker) []choice {
	var out []choice
	for _, p := range diagnosis.Products() {
		out = append(out, choice{s.Say("product." + string(p)), string(p)})
	}
	return append(out, choice{s.Say("product.none"), ProductNone})
}
