package words_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/diagnosis"
	"signpost/words"
)

// edited is a refusal whose policy was changed.
func edited(changes ...diagnosis.PolicyChange) diagnosis.Finding {
	f := refused()
	f.SignIn.AppID, f.SignIn.ResourceID, f.SignIn.Resource = "app-1", "res-1", "Microsoft *Graph*"
	f.Edited = []diagnosis.Edit{{
		PolicyID: "p", Policy: "*Secret* policy", Time: time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC), By: "mira@contoso.com", Changes: changes,
	}}
	return f
}

// ended is a session that ended with these records.
func ended(code int, kind diagnosis.RevocationKind) diagnosis.Finding {
	at := time.Date(2026, 11, 23, 7, 4, 0, 0, time.UTC)
	return diagnosis.Diagnose(diagnosis.Case{
		SignIns:     []diagnosis.SignIn{{ID: "1", UserID: "u", Time: at, HasStatus: true, ErrorCode: code, App: "Azure Portal"}},
		Revocations: []diagnosis.Revocation{{UserID: "u", Kind: kind, Time: at.Add(-time.Hour), By: "mira@contoso.com"}},
	})
}

func TestWhatChangedIsSaid(t *testing.T) {
	t.Parallel()
	type c = diagnosis.PolicyChange
	const lead = "The policy “*Secret* policy” was changed at 2026-11-23 06:00 (UTC+00), before it refused. What changed: "
	tests := map[string]struct {
		finding diagnosis.Finding
		want    string
	}{
		"a group by its name": {edited(c{Kind: diagnosis.EditGroupNotExcluded, ID: "g", Name: "Sales"}), lead + "the exclusion of the group “Sales” was removed."},
		"a group without one": {edited(c{Kind: diagnosis.EditGroup, ID: "g"}), lead + "a group was added."},
		"how many users":      {edited(c{Kind: diagnosis.EditUsers, Count: 12}), lead + "users were added (12)."},
		"the app of the row":  {edited(c{Kind: diagnosis.EditApp, ID: "app-1"}), lead + "the app “Azure [Portal](http://evil)” was added."},
		"the row's resource":  {edited(c{Kind: diagnosis.EditAppNotExcluded, ID: "res-1"}), lead + "the exclusion of the app “Microsoft *Graph*” was removed."},
		"apps in a bundle":    {edited(c{Kind: diagnosis.EditApp, ID: "office365"}), lead + "the app “Office 365” was added."},
		"an app of no name":   {edited(c{Kind: diagnosis.EditApp, ID: "0f"}), lead + "an app was added."},
		"a control":           {edited(c{Kind: diagnosis.EditControl, Control: diagnosis.ControlMFA}), lead + "it now requires multifactor authentication."},
		"a strength as well": {
			edited(c{Kind: diagnosis.EditControl, Control: diagnosis.ControlStrength, Name: "Strong"}),
			lead + "it now requires the authentication strength “Strong”.",
		},
		"another strength": {edited(c{Kind: diagnosis.EditStrength}), lead + "it now requires another authentication strength."},
		"a frequency": {
			edited(c{Kind: diagnosis.EditFrequency, Frequency: &diagnosis.SignInFrequency{Value: 4, Unit: "hours"}}),
			lead + "it now asks to sign in again every 4 hours.",
		},
		"three at most": {
			edited(c{Kind: diagnosis.EditEnforced}, c{Kind: diagnosis.EditAllUsers}, c{Kind: diagnosis.EditAllApps}, c{Kind: diagnosis.EditRisk}, c{Kind: diagnosis.EditFlows}),
			lead + "it was switched from report-only to on; all users were added; all resources (cloud apps) were added; and 2 more.",
		},
		"a reset": {
			ended(50173, diagnosis.RevokedPasswordReset),
			"An administrator or a service reset the password of the account at 2026-11-23 06:04 (UTC+00). Sign-ins from before then no longer count.",
		},
		"a change, where the guide does not say what to do about it": {
			ended(50132, diagnosis.RevokedPasswordChange),
			"The password of the account was changed at 2026-11-23 06:04 (UTC+00). Sign-ins from before then no longer count. " +
				"If you know nothing of that, tell the helpdesk or the security team before you go on.",
		},
		"sessions": {
			ended(50133, diagnosis.RevokedSessions),
			"All sessions of the account were ended at 2026-11-23 06:04 (UTC+00). Sign-ins from before then no longer count.",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := words.For("en", "", nil)
			for detail, want := range map[words.Detail][]string{
				words.General: nil,
				words.Full:    {test.want},
				words.Desk:    {test.want + " This was done by mira@contoso.com."},
			} {
				if diff := cmp.Diff(want, s.Answer(&test.finding, detail).Changes); diff != "" {
					t.Errorf("changes at level %d (-want +got):\n%s", detail, diff)
				}
			}
		})
	}
}

func TestOnlyTheHelpdeskReadsWhoChangedWhat(t *testing.T) {
	t.Parallel()
	for _, f := range []diagnosis.Finding{edited(diagnosis.PolicyChange{Kind: diagnosis.EditBlocks}), ended(50173, diagnosis.RevokedPasswordReset)} {
		for detail, tells := range map[words.Detail]bool{words.General: false, words.Full: false, words.Desk: true} {
			raw, err := json.Marshal(words.For("en", "", nil).Answer(&f, detail))
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(raw), "mira") != tells {
				t.Errorf("level %d: %s", detail, raw)
			}
		}
	}
}

func TestWhatChangedIsEscapedOnce(t *testing.T) {
	t.Parallel()
	f := edited(
		diagnosis.PolicyChange{Kind: diagnosis.EditGroup, Name: "[g](x)"}, diagnosis.PolicyChange{Kind: diagnosis.EditApp, ID: "app-1"},
		diagnosis.PolicyChange{Kind: diagnosis.EditControl, Control: "*c*"},
	)
	f.Edited[0].By = "*b*"
	got := strings.Join(words.For("en", "", func(s string) string { return "⟦" + s + "⟧" }).Answer(&f, words.Desk).Changes, "\n")
	for _, once := range []string{"“⟦*Secret* policy⟧”", "“⟦[g](x)⟧”", "“⟦Azure [Portal](http://evil)⟧”", "⟦“*c*”⟧", "⟦*b*⟧"} {
		if strings.Count(got, once) != 1 || strings.Contains(got, "⟦⟦") || strings.Contains(got, "⟧⟧") {
			t.Errorf("%q does not hold %q once", got, once)
		}
	}
}

func TestEveryChangeCanBePutIntoWordsInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, language := range languages(t) {
		s := words.For(language, "", nil)
		for _, kind := range diagnosis.EditKinds() {
			for _, named := range []diagnosis.PolicyChange{{Kind: kind, Control: "x"}, {Kind: kind, ID: "app-1", Name: "N", Control: diagnosis.ControlMFA, Count: 1}} {
				f := edited(named)
				if said := s.Answer(&f, words.Desk).Changes; len(said) != 1 || strings.Contains(said[0], "“”") || strings.Contains(said[0], "<no value>") {
					t.Errorf("%s: %+v is said as %q", language, named, said)
				}
			}
		}
		for _, kind := range diagnosis.RevocationKinds() {
			f := ended(50173, kind)
			if said := s.Answer(&f, words.Desk).Changes; len(said) != 1 || said[0] == "" {
				t.Errorf("%s: %s is said as %q", language, kind, said)
			}
		}
	}
}
