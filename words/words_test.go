package words_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/diagnosis"
	"signpost/signins"
	"signpost/words"
)

// catalogue reads one file: message id to its text, or the texts of its plural forms joined.
func catalogue(t *testing.T, file string) map[string]string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var messages map[string]any
	if err := json.Unmarshal(raw, &messages); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	out := map[string]string{}
	for id, m := range messages {
		switch m := m.(type) {
		case string:
			out[id] = m
		case map[string]any:
			out[id] = m["other"].(string)
		}
	}
	return out
}

// languages are the languages that there are guides in.
func languages(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("guides.*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no guides: %v", err)
	}
	var tags []string
	for _, f := range files {
		tags = append(tags, strings.TrimSuffix(strings.TrimPrefix(f, "guides."), ".json"))
	}
	return tags
}

var placeholder = regexp.MustCompile(`{{[^}]*}}`)

func TestEveryLanguageHasTheSameSentencesWithTheSamePlaceholders(t *testing.T) {
	t.Parallel()
	english, err := filepath.Glob("*.en.json")
	if err != nil || len(english) == 0 {
		t.Fatalf("no English catalogue: %v", err)
	}
	for _, en := range english {
		want := catalogue(t, en)
		for _, language := range languages(t) {
			file := strings.Replace(en, ".en.", "."+language+".", 1)
			got := catalogue(t, file)
			for id, text := range want {
				translated, ok := got[id]
				if !ok {
					t.Errorf("%s lacks %s", file, id)
					continue
				}
				if diff := cmp.Diff(placeholders(text), placeholders(translated)); diff != "" {
					t.Errorf("%s: %s has other placeholders (-en +it):\n%s", file, id, diff)
				}
			}
			for id := range got {
				if _, ok := want[id]; !ok {
					t.Errorf("%s adds %s", file, id)
				}
			}
		}
	}
}

func placeholders(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestEveryClosedSetHasItsSentences(t *testing.T) {
	t.Parallel()
	topics, err := filepath.Glob("*.en.json")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]string{}
	for _, file := range topics {
		maps.Copy(known, catalogue(t, file))
	}
	var ids []string
	causes := []diagnosis.Cause{
		diagnosis.NoFailureFound, diagnosis.NoSignInFound, diagnosis.Resolved, diagnosis.UnfinishedSignIn, diagnosis.UnknownCode,
	}
	for _, c := range diagnosis.Codes() {
		causes = append(causes, c.Category)
		for _, f := range c.Fixers {
			ids = append(ids, "who."+string(f))
		}
	}
	for _, c := range causes {
		ids = append(ids, "title."+string(c))
	}
	for _, c := range diagnosis.Controls() {
		ids = append(ids, "control."+string(c))
	}
	for _, w := range diagnosis.Whys() {
		ids = append(ids, "why."+string(w))
	}
	for _, g := range diagnosis.Gaps() {
		ids = append(ids, "gap."+string(g))
	}
	for _, p := range diagnosis.Traps() {
		ids = append(ids, "trap."+string(p))
	}
	for _, p := range diagnosis.Products() {
		ids = append(ids, "product."+string(p))
	}
	for _, r := range signins.Reasons() {
		ids = append(ids, "failure."+string(r))
	}
	for _, d := range diagnosis.Doubts() {
		ids = append(ids, "doubt."+string(d))
	}
	for _, c := range diagnosis.Clues() {
		ids = append(ids, "clue."+string(c))
	}
	for _, r := range diagnosis.Reaches() {
		ids = append(ids, "reach."+string(r))
	}
	for _, a := range diagnosis.AllAsked() {
		ids = append(ids, "asked."+string(a))
	}
	for _, c := range diagnosis.Changes() {
		ids = append(ids, "changed."+string(c))
	}
	for _, k := range diagnosis.EditKinds() {
		ids = append(ids, "edit."+string(k))
	}
	for _, k := range diagnosis.RevocationKinds() {
		ids = append(ids, "revoked."+string(k))
	}
	for _, id := range ids {
		if known[id] == "" {
			t.Errorf("no sentence %s", id)
		}
	}
}

func TestEveryCodeCanBePutIntoWordsInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, language := range languages(t) {
		s := words.For(language, "", nil)
		for _, code := range diagnosis.Codes() {
			f := diagnosis.Diagnose(diagnosis.Case{SignIns: []diagnosis.SignIn{{
				ID: "1", Time: time.Unix(0, 0), App: "Azure Portal", HasStatus: true, ErrorCode: code.Number,
			}}})
			for _, detail := range []words.Detail{words.General, words.Full, words.Desk} {
				a := s.Answer(&f, detail)
				if a.Title == "" || a.Cause == "" || len(a.Now) == 0 {
					t.Errorf("%s, code %d: answer = %+v, want a title, a cause and a next step", language, code.Number, a)
				}
			}
		}
	}
}

// Any code may meet any control; whoever is named as a fixer must be told what to do, or the answer would panic.
func TestEveryCodeWithEveryControlCanBePutIntoWords(t *testing.T) {
	t.Parallel()
	controls := []string{"", "Contoso terms"}
	for _, c := range diagnosis.Controls() {
		controls = append(controls, string(c))
	}
	s := words.For("id", "", nil)
	for _, code := range append(diagnosis.Codes(), diagnosis.Code{}, diagnosis.Code{Number: 99999}) {
		for _, control := range controls {
			applied := diagnosis.AppliedPolicy{ID: "p", Name: "P", Result: "failure"}
			if control != "" {
				applied.GrantControls = []string{control}
			}
			f := diagnosis.Diagnose(diagnosis.Case{SignIns: []diagnosis.SignIn{{
				ID: "1", Time: time.Unix(0, 0), App: "Azure Portal", HasStatus: true, ErrorCode: code.Number,
				ConditionalAccessStatus: "failure", Policies: []diagnosis.AppliedPolicy{applied},
			}}})
			for _, detail := range []words.Detail{words.General, words.Full, words.Desk} {
				for _, task := range s.Answer(&f, detail).Others {
					if task.Who == "" || task.What == "" {
						t.Errorf("code %d, control %q: somebody is told nothing: %+v", code.Number, control, task)
					}
				}
			}
		}
	}
}

func refused() diagnosis.Finding {
	return diagnosis.Diagnose(diagnosis.Case{SignIns: []diagnosis.SignIn{{
		ID: "1", Time: time.Date(2026, 11, 23, 7, 4, 0, 0, time.UTC), HasStatus: true, ErrorCode: 53000,
		App: "Azure [Portal](http://evil)", IPAddress: "203.0.113.7", UserPrincipalName: "ana@contoso.com",
		Policies: []diagnosis.AppliedPolicy{{ID: "p", Name: "*Secret* policy", Result: "failure", GrantControls: []string{"RequireCompliantDevice", "My <b>control"}}},
	}}})
}

func TestFactsFromTheLogAreEscapedOnceAndWordsAreNot(t *testing.T) {
	t.Parallel()
	f := refused()
	marked := words.For("en", "", func(s string) string { return "⟦" + s + "⟧" })
	a := marked.Answer(&f, words.Full)
	policies := strings.Join(a.Policies, "\n")
	if !strings.Contains(policies, "“⟦*Secret* policy⟧”") {
		t.Errorf("the policy's name is not escaped once in %q", policies)
	}
	if strings.Contains(policies, "⟦⟦") || strings.Contains(policies, "⟧⟧") {
		t.Errorf("escaped twice: %q", policies)
	}
	for _, e := range a.Evidence {
		if strings.Contains(e.Value, "evil") && !strings.HasPrefix(e.Value, "⟦") {
			t.Errorf("evidence %s is not escaped: %q", e.Label, e.Value)
		}
	}
}

func TestAGeneralAnswerTellsNothingOfAccountTenantOrDevice(t *testing.T) {
	t.Parallel()
	f := refused()
	a := words.For("en", "", nil).Answer(&f, words.General)
	raw, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	for _, private := range []string{"Secret", "203.0.113.7", "ana@contoso.com", "07:04", "2026"} {
		if strings.Contains(string(raw), private) {
			t.Errorf("a general answer holds %q: %s", private, raw)
		}
	}
	full, err := json.Marshal(words.For("en", "", nil).Answer(&f, words.Full))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(full), "Secret") {
		t.Errorf("a full answer does not name the policy: %s", full)
	}
}

func TestForFallsBackToEnglishAndUTC(t *testing.T) {
	t.Parallel()
	moment := time.Date(2026, 11, 23, 7, 4, 0, 0, time.UTC)
	tests := map[string]struct{ locale, zone, language, time string }{
		"Indonesian in Jakarta":               {"id-ID", "Asia/Jakarta", "id", "2026-11-23 14:04 (UTC+07)"},
		"British English in London":           {"en-GB", "Europe/London", "en", "2026-11-23 07:04 (UTC+00)"},
		"a language that is not there":        {"tlh", "", "en", "2026-11-23 07:04 (UTC+00)"},
		"no language":                         {"", "Nowhere/Atlantis", "en", "2026-11-23 07:04 (UTC+00)"},
		"a locale that cannot be read":        {"\x00;;=", "Asia/Kolkata", "en", "2026-11-23 12:34 (UTC+05:30)"},
		"the old code for Indonesian":         {"in-ID", "Asia/Jakarta", "id", "2026-11-23 14:04 (UTC+07)"},
		"a language with a script and region": {"id-Latn-ID", "", "id", "2026-11-23 07:04 (UTC+00)"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := words.For(test.locale, test.zone, nil)
			if s.Language() != test.language || s.Time(moment) != test.time {
				t.Errorf("speaks %q and writes %q; want %q and %q", s.Language(), s.Time(moment), test.language, test.time)
			}
		})
	}
}

func TestEveryGuideSaysWhatHappenedAndWhatEachFixerDoes(t *testing.T) {
	t.Parallel()
	known := catalogue(t, "guides.en.json")
	ui := catalogue(t, "ui.en.json")
	fixers := map[string][]diagnosis.Fixer{}
	for _, c := range diagnosis.Codes() {
		fixers[c.Guide] = append(fixers[c.Guide], c.Fixers...)
	}
	for _, g := range diagnosis.Guides() {
		fixers[g] = append(fixers[g], diagnosis.FixUser)
	}
	for _, c := range []diagnosis.Cause{
		diagnosis.NoFailureFound, diagnosis.NoSignInFound, diagnosis.Resolved, diagnosis.UnfinishedSignIn, diagnosis.UnknownCode,
	} {
		fixers[string(c)] = append(fixers[string(c)], diagnosis.FixUser)
	}
	for guide, who := range fixers {
		for _, id := range []string{"guide." + guide + ".cause", "guide." + guide + ".now.1"} {
			if known[id] == "" {
				t.Errorf("no sentence %s", id)
			}
		}
		for _, w := range who {
			if w == diagnosis.FixUser {
				continue
			}
			if known["guide."+guide+".for."+string(w)] == "" && ui["task."+string(w)] == "" {
				t.Errorf("guide %s names the fixer %s, but says nowhere what they do", guide, w)
			}
		}
	}
	for id := range known {
		if guide := strings.Split(id, ".")[1]; fixers[guide] == nil {
			t.Errorf("no code or cause leads to %s", id)
		}
	}
}

// A card in a Teams chat is about 60 characters wide: a sentence of 240 fills four lines.
func TestSentencesOfTheGuidanceStayShort(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("guides.*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		for id, text := range catalogue(t, file) {
			if n := len([]rune(text)); n > 240 {
				t.Errorf("%s: %s has %d characters, want 240 at most", file, id, n)
			}
		}
	}
}
