package diagnosis_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"signpost/diagnosis"
	"signpost/words"
)

// findingText is what a finding concluded, a member on each line; rows stand by their ids.
func findingText(t *testing.T, f *diagnosis.Finding) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("{")
	add := func(name string, value any) {
		raw := &bytes.Buffer{}
		encoder := json.NewEncoder(raw)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(value); err != nil {
			t.Fatal(err)
		}
		switch text := strings.TrimSpace(raw.String()); text {
		case "null", "[]", `""`, "0", "false":
		default:
			if b.Len() > 1 {
				b.WriteString(",")
			}
			fmt.Fprintf(&b, "\n  %q: %s", name, strings.ReplaceAll(text, "},{", "},\n    {"))
		}
	}
	add("causes", f.Causes)
	add("guide", f.Guide)
	add("code", f.Code)
	add("sign_in", rowIDs(f.SignIn))
	add("solved", rowIDs(f.Solved))
	add("refusals", f.Refusals)
	add("report_only", f.ReportOnly)
	add("would_ask", f.WouldAsk)
	add("session", f.Session)
	add("fixers", f.Fixers)
	add("edited", f.Edited)
	add("revoked", f.Revoked)
	add("asked", f.Asked)
	add("changed", f.Changed)
	add("clues", f.Clues)
	if f.Streak.Times > 1 || !f.Streak.LastGood.IsZero() {
		add("streak", f.Streak)
	}
	add("what_if", f.WhatIf)
	add("certainty", f.Certainty)
	add("doubts", f.Doubts)
	add("product", f.Product)
	add("said_code", f.SaidCode)
	var elsewhere []string
	for i := range f.Elsewhere {
		elsewhere = append(elsewhere, rowIDs(&f.Elsewhere[i]))
	}
	add("elsewhere", elsewhere)
	add("aside", f.Aside)
	add("later", rowIDs(f.Later))
	add("not_seen", f.NotSeen)
	add("considered", f.Considered)
	b.WriteString("\n}\n")
	return b.String()
}

func rowIDs(row *diagnosis.SignIn) string {
	if row == nil {
		return ""
	}
	return row.ID
}

// answerText is the full answer in English, as `signpost diagnose` prints it, without the evidence and the pages' addresses.
func answerText(f *diagnosis.Finding) string {
	s := words.For("en", "", nil)
	a := s.Answer(f, words.Full)
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", strings.ToUpper(a.Title))
	for _, line := range slices.Concat([]string{a.Retired, a.Cause, a.Certain}, a.Policies, a.Changes) {
		if line != "" {
			fmt.Fprintln(&b, line)
		}
	}
	list(&b, s.Say("whatif.title"), a.WhatIf)
	var others, links []string
	for _, task := range a.Others {
		others = append(others, task.Who+": "+task.What)
	}
	for _, link := range a.Links {
		links = append(links, link.Title)
	}
	list(&b, s.Say("answer.now"), a.Now)
	list(&b, s.Say("answer.others"), others)
	list(&b, s.Say("answer.notes"), a.Notes)
	list(&b, s.Say("answer.not-seen"), a.NotSeen)
	list(&b, s.Say("answer.links"), links)
	return b.String()
}

// evidenceText is the evidence of an answer.
func evidenceText(f *diagnosis.Finding) string {
	s := words.For("en", "", nil)
	var b strings.Builder
	var evidence []string
	for _, fact := range s.Answer(f, words.Full).Evidence {
		evidence = append(evidence, fact.Label+": "+fact.Value)
	}
	list(&b, s.Say("answer.evidence.heading"), evidence)
	return b.String()
}

func list(b *strings.Builder, heading string, lines []string) {
	if len(lines) > 0 {
		fmt.Fprintf(b, "\n%s\n", heading)
	}
	for _, line := range lines {
		fmt.Fprintf(b, "  - %s\n", line)
	}
}
