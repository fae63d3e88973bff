package cards

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"signpost/diagnosis"
	"signpost/words"
)

// Subject is what an answer is about.
type Subject struct {
	Reference string
	Account   string // as the person who asked wrote it, or the account's sign-in name
	Product   diagnosis.Product
}

// AnswerCard says what was found: what happened and what to do now at once, the policies below, all else behind toggles.
// A general answer has a Details button instead of the evidence; the helpdesk's opens with what each of them does.
func AnswerCard(s words.Speaker, about Subject, f *diagnosis.Finding, detail words.Detail) Card {
	a := s.Answer(f, detail)
	heading := aboutLine(s, about)
	if f.SignIn != nil && !f.SignIn.Time.IsZero() && detail >= words.Full {
		heading += " · " + s.Time(f.SignIn.Time)
	}
	happened := []element{paragraph(a.Cause), subtle(a.Certain)}
	now := []element{highlighted(under(s.Say("answer.now"), numbered(a.Now))...)}
	body := []element{title(a.Title), subtle(heading)}
	if a.Retired != "" {
		body = slices.Concat(body, []element{paragraph(a.Retired)}, now, happened)
	} else {
		body = slices.Concat(body, happened, now)
	}
	for _, text := range slices.Concat(a.Policies, a.Changes, a.WhatIf[:min(1, len(a.WhatIf))]) {
		body = append(body, paragraph(text))
	}
	body = append(body, more(s, &a, detail >= words.Desk)...)
	if len(a.Links) > 0 {
		body = append(body, subtle(pages(a.Links)))
	}
	body = append(body, subtle(s.Say("answer.reference", words.Facts{"Reference": about.Reference})))

	buttons := []action{button(s.Say("button.again"), VerbAgain, about.Reference), button(s.Say("button.not-it"), VerbNotIt, about.Reference)}
	if detail == words.General {
		buttons = append([]action{button(s.Say("button.details"), VerbDetails, about.Reference)}, buttons...)
	}
	return finish(s, s.Summary(&a), body, buttons...)
}

func aboutLine(s words.Speaker, about Subject) string {
	if about.Product == "" {
		return s.Say("answer.about", words.Facts{"Account": about.Account})
	}
	return s.Say("answer.about.product", words.Facts{"Account": about.Account, "Product": s.Say("product." + string(about.Product))})
}

// numbered are steps in order; one alone needs no number.
func numbered(steps []string) []element {
	if len(steps) == 1 {
		return []element{line(linked(steps[0]))}
	}
	var out []element
	for i, step := range steps {
		out = append(out, line(fmt.Sprintf("%d. %s", i+1, linked(step))))
	}
	return out
}

// ourPages finds the addresses in our own sentences: Escape leaves no such address in a text from outside.
var ourPages = regexp.MustCompile(`https://(aka\.ms/[a-z]+)`)

// linked makes links of the addresses in a sentence, which not every client does by itself.
func linked(sentence string) string { return ourPages.ReplaceAllString(sentence, "[$1]($0)") }

// more are the parts behind toggles. othersOpen shows at once who else can help.
func more(s words.Speaker, a *words.Answer, othersOpen bool) []element {
	var toggles []action
	var parts []element
	add := func(id, button string, open bool, items []element) {
		if len(items) > 0 {
			toggles = append(toggles, toggle{"Action.ToggleVisibility", s.Say(button), []string{id}})
			parts = append(parts, toggled(id, open, items...))
		}
	}
	add("others", "answer.others", othersOpen, under(s.Say("answer.others"), tasks(a.Others)))
	add("notes", "answer.notes", false, slices.Concat(
		under(s.Say("answer.notes"), bullets(a.Notes)),
		under(s.Say("whatif.title"), bullets(a.WhatIf[min(1, len(a.WhatIf)):])),
		under(s.Say("answer.not-seen"), bullets(a.NotSeen)),
	))
	add("evidence", "answer.evidence", false, under(s.Say("answer.evidence.heading"), facts(a.Evidence)))
	if len(toggles) == 0 {
		return nil
	}
	return append([]element{actions(toggles...)}, parts...)
}

// under puts a heading over items; over none it puts nothing.
func under(heading string, items []element) []element {
	if len(items) == 0 {
		return nil
	}
	return append([]element{section(heading)}, items...)
}

func tasks(others []words.Task) []element {
	var out []element
	for _, t := range others {
		out = append(out, line(fmt.Sprintf("**%s:** %s", t.Who, t.What)))
	}
	return out
}

func facts(evidence []words.Fact) []element {
	if len(evidence) == 0 {
		return nil
	}
	set := factSet{Type: "FactSet"}
	for _, f := range evidence {
		set.Facts = append(set.Facts, fact{f.Label, f.Value})
	}
	return []element{set}
}

func bullets(lines []string) []element {
	var out []element
	for _, l := range lines {
		out = append(out, line("- "+l))
	}
	return out
}

// pages are the pages to read on, in one line.
func pages(links []words.Link) string {
	var out []string
	for _, l := range links {
		out = append(out, fmt.Sprintf("[%s](%s)", l.Title, l.URL))
	}
	return strings.Join(out, " · ")
}
