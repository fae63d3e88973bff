package cards_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/cards"
	"signpost/diagnosis"
	"signpost/signins"
	"signpost/words"
)

var about = cards.Subject{Reference: "SP-TESTCASE", Account: "ana@contoso.com", Product: diagnosis.Intune}

// findings are one of each kind of answer.
func findings() map[string]diagnosis.Finding {
	morning := time.Date(2026, 11, 23, 7, 4, 0, 0, time.UTC)
	no := false
	signIn := diagnosis.SignIn{
		ID: "0f2c9a10-0000-4000-8000-000000000001", Time: morning, CorrelationID: "7a1e0f00-0000-4000-8000-000000000002",
		Kind: diagnosis.KindInteractive, UserID: "5d0c2f4e-0000-4000-8000-00000000000a", UserPrincipalName: "ana@contoso.com",
		App: "Microsoft Intune Enrollment", AppID: "d4ebce55-015a-49b5-a083-c84d1797ae8c", Resource: "Microsoft Intune Enrollment",
		HasStatus: true, ClientApp: "Browser", IPAddress: "203.0.113.7",
		Location: diagnosis.Location{City: "Bandung", Country: "ID"},
		Device:   diagnosis.Device{ID: "d", OperatingSystem: "Windows 11", Browser: "Edge 131", Compliant: &no},
	}
	blocked, expired, later := signIn, signIn, signIn
	blocked.ErrorCode, blocked.FailureReason = 53000, "Device is not in required device state."
	blocked.Policies = []diagnosis.AppliedPolicy{{
		ID: "11111111-0000-4000-8000-000000000001", Name: "Compliant devices only", Result: "failure", GrantControls: []string{"RequireCompliantDevice"},
	}}
	expired.ErrorCode, expired.Kind = 700084, diagnosis.KindNonInteractive
	later.ErrorCode, later.ID, later.Time = 0, "later", morning.Add(time.Hour)
	diagnose := func(p diagnosis.Product, rows ...diagnosis.SignIn) diagnosis.Finding {
		return diagnosis.Diagnose(diagnosis.Case{Product: p, SignIns: rows, Read: len(rows)})
	}
	refused := diagnose(diagnosis.Intune, blocked)
	refused.WhatIf = &diagnosis.WhatIf{
		Now:      diagnosis.Verdict{Outcome: diagnosis.OutcomeRefused, Policies: []string{blocked.Policies[0].Name}},
		Remedies: []diagnosis.Remedy{diagnosis.RemedyCompliantDevice}, Then: &diagnosis.Verdict{Outcome: diagnosis.OutcomePasses},
	}
	return map[string]diagnosis.Finding{
		"blocked-by-policy": refused,
		"token-expired":     diagnose("", expired),
		"retired-product":   diagnose(diagnosis.DesktopAnalytics, expired),
		"resolved":          diagnose(diagnosis.Intune, blocked, later),
		"no-failure-found":  diagnose(diagnosis.Intune, later),
		"no-sign-in-found":  diagnose(diagnosis.Intune),
	}
}

// allCards are every card that signpost sends, by the name of its golden file.
func allCards() map[string]cards.Card {
	all := map[string]cards.Card{}
	for _, language := range []string{"en", "id", "ar"} {
		s := words.For(language, "Asia/Jakarta", cards.Escape)
		add := func(name string, c cards.Card) { all[name+"."+language] = c }
		for name, f := range findings() {
			add("answer-"+name, cards.AnswerCard(s, about, &f, words.Full))
			add("answer-"+name+"-general", cards.AnswerCard(s, about, &f, words.General))
		}
		today := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
		add("ask", cards.AskCard(s, cards.Ask{Reference: "SP-TESTCASE", Today: today}))
		add("ask-prefilled", cards.AskCard(s, cards.Ask{
			Reference: "SP-TESTCASE", Today: today, At: today, Product: diagnosis.Autopatch, Again: true,
			Person: &cards.Person{ID: "5d0c2f4e-0000-4000-8000-00000000000a", Name: "Ana Contoso"},
		}))
		add("ask-several", cards.AskCard(s, cards.Ask{Reference: "SP-TESTCASE", Today: today, Named: []string{"ana@contoso.com", "bob@contoso.com"}}))
		add("ask-problem", cards.AskCard(s, cards.Ask{Reference: "SP-TESTCASE", Today: today, Address: "ana", Problem: "ask.problem.upn"}))
		add("checking", cards.CheckingCard(s, "ana@contoso.com"))
		add("help", cards.HelpCard(s))
		add("welcome", cards.WelcomeCard(s))
		add("refused", cards.RefusedCard(s, "refused.other"))
		add("parked", cards.ParkedCard(s, about))
		for _, reason := range signins.Reasons() {
			add("failure-"+string(reason), cards.FailureCard(s, about, &signins.Failure{Reason: reason, Permission: "AuditLog.Read.All"}))
		}
	}
	return all
}

func TestCardsAreAsTheirGoldenFilesSay(t *testing.T) {
	t.Parallel()
	for name, card := range allCards() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got bytes.Buffer
			if err := json.Indent(&got, card.JSON, "", "  "); err != nil {
				t.Fatal(err)
			}
			got.WriteByte('\n')
			file := filepath.Join("testdata", name+".json")
			if os.Getenv("SIGNPOST_UPDATE") != "" {
				if err := os.WriteFile(file, got.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatalf("%v; write it with SIGNPOST_UPDATE=1 go test ./cards", err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("card (-want +got); rewrite it with SIGNPOST_UPDATE=1 go test ./cards:\n%s", diff)
			}
		})
	}
}

// walk visits every object of a card.
func walk(v any, visit func(map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		visit(v)
		for _, child := range v {
			walk(child, visit)
		}
	case []any:
		for _, child := range v {
			walk(child, visit)
		}
	}
}

func TestEveryCardKeepsTheRulesOfTeams(t *testing.T) {
	t.Parallel()
	const mostBytes = 28 << 10
	for name, card := range allCards() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var root map[string]any
			if err := json.Unmarshal(card.JSON, &root); err != nil {
				t.Fatal(err)
			}
			if root["version"] != "1.5" || root["fallbackText"] == "" || root["lang"] == "" || card.Summary == "" {
				t.Errorf("version %v, fallbackText %q, lang %v, summary %q", root["version"], root["fallbackText"], root["lang"], card.Summary)
			}
			if language, _ := root["lang"].(string); len(language) != 2 {
				t.Errorf("lang %q is not of ISO 639-1", language)
			}
			if len(card.JSON) > mostBytes {
				t.Errorf("%d bytes, more than %d", len(card.JSON), mostBytes)
			}
			ids := map[any]bool{}
			var targets []any
			walk(root, func(e map[string]any) {
				kind, _ := e["type"].(string)
				switch {
				case strings.HasPrefix(kind, "Input.") && (e["label"] == nil || e["label"] == ""):
					t.Errorf("%v has no label", e["id"])
				case kind == "TextBlock" && e["wrap"] != true:
					t.Errorf("%v does not wrap", e["text"])
				case kind == "Action.ToggleVisibility":
					targets = append(targets, e["targetElements"].([]any)...)
				case kind == "Action.Execute":
					fallback := e["fallback"].(map[string]any)
					data, back := e["data"].(map[string]any), fallback["data"].(map[string]any)
					if fallback["type"] != "Action.Submit" || back["verb"] != e["verb"] || back["case"] != data["case"] || len(data) != 1 {
						t.Errorf("%v and its fallback do not agree: %v", e["title"], e)
					}
				}
				if id := e["id"]; id != nil {
					if ids[id] {
						t.Errorf("id %v stands twice", id)
					}
					ids[id] = true
				}
			})
			for _, target := range targets {
				if !ids[target] {
					t.Errorf("a button shows %v, which is not there", target)
				}
			}
		})
	}
}

// An address in a sentence of ours is a link; one that a log made up is none, not even to the same place.
func TestOnlyAddressesOfOurOwnBecomeLinks(t *testing.T) {
	t.Parallel()
	f := diagnosis.Diagnose(diagnosis.Case{SignIns: []diagnosis.SignIn{{
		ID: "r", Time: time.Unix(0, 0), App: "https://aka.ms/evil", HasStatus: true, ErrorCode: 50079,
	}}})
	for _, language := range []string{"en", "ja", "ar"} {
		card := string(cards.AnswerCard(words.For(language, "", cards.Escape), about, &f, words.Full).JSON)
		if !strings.Contains(card, "[aka.ms/mfasetup](https://aka.ms/mfasetup)") {
			t.Errorf("%s: no link to where a method is set up: %s", language, card)
		}
		if strings.Contains(card, "https://aka.ms/evil") || strings.Contains(card, "[aka.ms/evil]") {
			t.Errorf("%s: the log made a link: %s", language, card)
		}
	}
}

func TestEscapeMakesTextInert(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ in, want string }{
		"plain text stays":               {"Compliant devices only", "Compliant devices only"},
		"bold text":                      {"**urgent**", `\*\*urgent\*\*`},
		"a Markdown link":                {"[here](https://evil.example)", `\[here\]\(https∶//evil.example\)`},
		"a bare address":                 {"https://evil.example www.evil.example", "https∶//evil.example www․evil.example"},
		"a mention":                      {"<at>Everyone</at>", "‹at›Everyone‹/at›"},
		"an entity":                      {"&lt;at&gt;", "＆lt;at＆gt;"},
		"new lines and tabs":             {"one\r\n\ttwo", "one   two"},
		"right-to-left override":         {"\u202egpj.exe", "gpj.exe"},
		"a null character and an escape": {"a\x00b\x1b[31m", `ab\[31m`},
		"a list":                         {"- item - dash", `\- item - dash`},
		"a heading and a list":           {"# big\n- item", `\# big - item`},
		"bytes that are no text":         {"a\xff", "a?"},
		"other scripts stay":             {"تحليلات 分析", "تحليلات 分析"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, cards.Escape(test.in)); diff != "" {
				t.Error(diff)
			}
		})
	}
	if long := cards.Escape(strings.Repeat("x", 1<<20)); len(long) > 1000 {
		t.Errorf("a text of 1 MiB stays %d bytes long", len(long))
	}
}

func FuzzAnswerCard(f *testing.F) {
	f.Add("Compliant devices", "Azure Portal", "<at>x</at>", "*b*")
	f.Fuzz(func(t *testing.T, policy, app, reason, account string) {
		finding := diagnosis.Diagnose(diagnosis.Case{SignIns: []diagnosis.SignIn{{
			ID: reason, Time: time.Unix(0, 0), App: app, Resource: account, HasStatus: true, ErrorCode: 53003, FailureReason: reason,
			UserPrincipalName: account, CorrelationID: policy, ClientApp: app,
			Device:   diagnosis.Device{Name: policy, Browser: app},
			Policies: []diagnosis.AppliedPolicy{{ID: policy, Name: policy, Result: "failure", GrantControls: []string{app}}},
		}}})
		s := words.For("en", "", cards.Escape)
		card := cards.AnswerCard(s, cards.Subject{Reference: "SP-TESTCASE", Account: account}, &finding, words.Full)
		var root map[string]any
		if err := json.Unmarshal(card.JSON, &root); err != nil {
			t.Fatal(err)
		}
		if len(card.JSON) > 28<<10 {
			t.Errorf("%d bytes", len(card.JSON))
		}
		walk(root, func(e map[string]any) {
			for _, property := range []string{"text", "value"} {
				text, _ := e[property].(string)
				if strings.ContainsAny(text, "<>\n\r\x00") {
					t.Errorf("%s holds markup or a line break: %q", property, text)
				}
			}
		})
	})
}
