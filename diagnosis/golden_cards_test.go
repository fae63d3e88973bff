package diagnosis_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"signpost/cards"
	"signpost/diagnosis"
	"signpost/words"
)

// mostBytes is well under the 28 KiB that a bot's message may surely have, with room for what the connector adds.
// Source: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages
const mostBytes = 24 << 10

func TestTheCardOfNoCaseIsTooLong(t *testing.T) {
	t.Parallel()
	for _, file := range caseFiles(t) {
		g := readGolden(t, file)
		for _, name := range g.names() {
			f := g.diagnose(t, name)
			for _, language := range spoken(t) {
				if n := len(cardOf(&f, language, words.Desk).JSON); n > mostBytes {
					t.Errorf("%s, %s in %s: %d bytes, more than %d", file, named(name), language, n, mostBytes)
				}
			}
		}
	}
}

// typical are the cases that "make cards" draws: a file of cases, or one of its siblings, by the picture's name.
var typical = map[string]struct {
	of    string
	known func(*diagnosis.Finding) // what other sources than the log tell
}{
	"spa-token-expired":       {of: "expiry-browser/single-page-app"},
	"grant-revoked":           {of: "expiry-browser", known: passwordReset},
	"sign-in-frequency":       {of: "expiry-sign-in-frequency"},
	"device-not-compliant":    {of: "ca-compliant-device", known: passesWhenCompliant},
	"private-window":          {of: "ca-private-window"},
	"enrolment-trap":          {of: "ca-trap-enrolment"},
	"blocked-by-location":     {of: "ca-edited-before", known: refusedAgain},
	"mfa-not-completed":       {of: "ca-grant-control-and-its-code"},
	"authentication-strength": {of: "ca-authentication-strength"},
	"resolved":                {of: "choosing-what-was-different/the-country"},
	"no-sign-in-found":        {of: "uncertain-no-rows"},
	"retired-product":         {of: "choosing-app/a-retired-product"},
}

// TestTypicalCasesBecomeCards writes the cards of the typical cases to the directory $SIGNPOST_CARDS, for "make cards" to
// draw. Without it, it only checks that the cases are still there.
func TestTypicalCasesBecomeCards(t *testing.T) {
	t.Parallel()
	details := map[string]words.Detail{"general": words.General, "full": words.Full, "desk": words.Desk}
	for picture, one := range typical {
		file, sibling, _ := strings.Cut(one.of, "/")
		f := readGolden(t, filepath.Join("testdata", "cases", file+".txtar")).diagnose(t, sibling)
		if one.known != nil {
			one.known(&f)
		}
		into := os.Getenv("SIGNPOST_CARDS")
		if into == "" {
			continue
		}
		for _, language := range spoken(t) {
			for name, detail := range details {
				path := filepath.Join(into, strings.Join([]string{picture, language, name, "json"}, "."))
				if err := os.WriteFile(path, cardOf(&f, language, detail).JSON, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

func cardOf(f *diagnosis.Finding, language string, detail words.Detail) cards.Card {
	about := cards.Subject{Reference: "SP-7K2M9QXA", Account: "ana.silva@contoso.com", Product: f.Product}
	return cards.AnswerCard(words.For(language, "Europe/Lisbon", cards.Escape), about, f, detail)
}

// spoken are the languages of the catalogues.
func spoken(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "words", "guides.*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no catalogues: %v", err)
	}
	var tags []string
	for _, f := range files {
		tags = append(tags, strings.Split(filepath.Base(f), ".")[1])
	}
	return tags
}

func passwordReset(f *diagnosis.Finding) {
	f.Revoked = &diagnosis.Revocation{
		Kind: diagnosis.RevokedPasswordReset, Time: f.SignIn.Time.Add(-40 * time.Minute), By: "helen.costa@contoso.com",
	}
}

func passesWhenCompliant(f *diagnosis.Finding) {
	f.WhatIf = &diagnosis.WhatIf{
		Now:      diagnosis.Verdict{Outcome: diagnosis.OutcomeRefused, Policies: []string{f.Refusals[0].Name}},
		Remedies: []diagnosis.Remedy{diagnosis.RemedyCompliantDevice},
		Then:     &diagnosis.Verdict{Outcome: diagnosis.OutcomePasses},
	}
}

func refusedAgain(f *diagnosis.Finding) {
	f.WhatIf = &diagnosis.WhatIf{Now: diagnosis.Verdict{Outcome: diagnosis.OutcomeRefused, Policies: []string{f.Refusals[0].Name}}}
	f.Edited[0].By = "helen.costa@contoso.com"
}
