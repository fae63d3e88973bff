package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	"signpost/diagnosis"
	"signpost/intake"
	"signpost/words"
)

// plain makes a text from outside safe for a terminal: one line, no control or formatting characters, bounded.
func plain(text string) string {
	const most = 500
	var b strings.Builder
	n := 0
	for _, r := range text {
		if n++; n > most {
			b.WriteRune('…')
			break
		}
		switch {
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case words.Unseen(r):
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// printAnswer prints a finding for a person at a terminal.
func printAnswer(w io.Writer, s words.Speaker, f *diagnosis.Finding) error {
	a := s.Answer(f, words.Desk)
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", strings.ToUpper(a.Title))
	if a.Retired != "" {
		fmt.Fprintf(&b, "%s\n\n", a.Retired)
	}
	fmt.Fprintf(&b, "%s\n%s\n", a.Cause, a.Certain)
	for _, line := range slices.Concat(a.Policies, a.Changes) {
		fmt.Fprintf(&b, "%s\n", line)
	}
	bullets(&b, s.Say("whatif.title"), a.WhatIf)
	if len(a.Now) > 0 {
		fmt.Fprintf(&b, "\n%s\n", s.Say("answer.now"))
		for i, step := range a.Now {
			fmt.Fprintf(&b, "  %d. %s\n", i+1, step)
		}
	}
	if len(a.Others) > 0 {
		fmt.Fprintf(&b, "\n%s\n", s.Say("answer.others"))
		for _, t := range a.Others {
			fmt.Fprintf(&b, "  %s: %s\n", t.Who, t.What)
		}
	}
	bullets(&b, s.Say("answer.notes"), a.Notes)
	bullets(&b, s.Say("answer.not-seen"), a.NotSeen)
	fmt.Fprintf(&b, "\n%s\n", s.Say("answer.evidence.heading"))
	for _, e := range a.Evidence {
		fmt.Fprintf(&b, "  %-16s %s\n", e.Label, e.Value)
	}
	if len(a.Links) > 0 {
		fmt.Fprintf(&b, "\n%s\n", s.Say("answer.links"))
		for _, l := range a.Links {
			fmt.Fprintf(&b, "  %s: %s\n", l.Title, l.URL)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func bullets(b *strings.Builder, heading string, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", heading)
	for _, line := range lines {
		fmt.Fprintf(b, "  - %s\n", line)
	}
}

// printText prints what a message says.
func printText(w io.Writer, said intake.Understood) error {
	failure := "no"
	if said.OnboardingFailure {
		failure = "yes"
	}
	code, at := "none", "none"
	if said.ErrorCode != 0 {
		code = fmt.Sprint(said.ErrorCode)
	}
	if !said.Time.IsZero() {
		at = said.Time.UTC().Format(time.RFC3339)
	}
	_, err := fmt.Fprintf(w, "failed onboarding  %s\nerror code         %s\ncorrelation id     %s\nrequest id         %s\naccount            %s\nproduct            %s\ntime               %s\nlanguage           %s\n",
		failure, code, orNone(said.CorrelationID), orNone(said.RequestID), orNone(said.Account), orNone(string(said.Product)), at, said.Language)
	return err
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return plain(text)
}
