package cards

import (
	"fmt"

	"signpost/diagnosis"
	"signpost/words"
)

// Subject is what an answer is about.
type Subject struct {
	Reference string
	Account   string // as the person who asked wrote it, or the account's sign-in name
	Product   diagnosis.Product
}

// AnswerCard says what was found. A general answer has a Details button instead of the evidence.
func AnswerCard(s words.Speaker, about Subject, f *diagnosis.Finding, detail words.Detail) Card {
	a := s.Answer(f, detail)
	body := []element{title(a.Title), subtle(aboutLine(s, about)), paragraph(a.Cause), subtle(a.Certain)}
	if a.Retired != "" {
		body = append(body, warning(a.Retired))
	}
	for _, p := range a.Policies {
		body = append(body, line(p))
	}
	body = append(body, listed(s.Say("whatif.title"), a.WhatIf)...)
	if len(a.Now) > 0 {
		body = append(body, highlighted(append([]element{section(s.Say("answer.now"))}, numbered(a.Now)...)...))
	}
	if len(a.Others) > 0 {
		body = append(body, section(s.Say("answer.others")))
		for _, t := range a.Others {
			body = append(body, line(fmt.Sprintf("**%s:** %s", t.Who, t.What)))
		}
	}
	body = append(body, listed(s.Say("answer.notes"), a.Notes)...)
	body = append(body, listed(s.Say("answer.not-seen"), a.NotSeen)...)
	body = append(body, evidence(s, a)...)
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

func numbered(steps []string) []element {
	var out []element
	for i, step := range steps {
		out = append(out, line(fmt.Sprintf("%d. %s", i+1, step)))
	}
	return out
}

func listed(heading string, lines []string) []element {
	if len(lines) == 0 {
		return nil
	}
	out := []element{section(heading)}
	for _, l := range lines {
		out = append(out, line("- "+l))
	}
	return out
}

// evidence holds the facts of the log and the pages to read on, behind a toggle.
func evidence(s words.Speaker, a words.Answer) []element {
	const id = "evidence"
	var items []element
	if len(a.Evidence) > 0 {
		set := factSet{Type: "FactSet"}
		for _, f := range a.Evidence {
			set.Facts = append(set.Facts, fact{f.Label, f.Value})
		}
		items = append(items, set)
	}
	var pages []element
	if len(a.Links) > 0 {
		pages = append(pages, section(s.Say("answer.links")))
		for _, l := range a.Links {
			pages = append(pages, line(fmt.Sprintf("- [%s](%s)", l.Title, l.URL)))
		}
	}
	if len(items) == 0 {
		return pages
	}
	return append(pages,
		actions(toggle{"Action.ToggleVisibility", s.Say("answer.evidence"), []string{id}}),
		hidden(id, append([]element{section(s.Say("answer.evidence.heading"))}, items...)...),
	)
}
