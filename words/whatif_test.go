package words_test

import (
	"strings"
	"testing"

	"signpost/diagnosis"
	"signpost/words"
)

func TestEveryOutcomeAndRemedyCanBeSaid(t *testing.T) {
	t.Parallel()
	for _, language := range languages(t) {
		s := words.For(language, "", nil)
		for _, now := range diagnosis.Outcomes() {
			for _, then := range diagnosis.Outcomes() {
				f := refused()
				f.WhatIf = &diagnosis.WhatIf{
					Now:      diagnosis.Verdict{Outcome: now, Policies: []string{"CA-NOW", ""}},
					Remedies: diagnosis.Remedies(), Then: &diagnosis.Verdict{Outcome: then, Policies: []string{"CA-THEN"}},
				}
				said := s.Answer(&f, words.Full).WhatIf
				if len(said) != 3 {
					t.Fatalf("%s: says %q, want what happens now, then, and how far that goes", language, said)
				}
				for i, verdict := range []*diagnosis.Verdict{&f.WhatIf.Now, f.WhatIf.Then} {
					if named := strings.Contains(said[i], verdict.Policies[0]); named == (verdict.Outcome == diagnosis.OutcomePasses) {
						t.Errorf("%s, %s: names the policy: %v, in %q", language, verdict.Outcome, named, said[i])
					}
				}
				if general := s.Answer(&f, words.General); general.WhatIf != nil {
					t.Errorf("%s: a general answer says %q", language, general.WhatIf)
				}
			}
		}
	}
}

// The guide of a block says that trying again will not help.
func TestWhenWhatRefusedIsGoneTheOneStepIsToTryAgain(t *testing.T) {
	t.Parallel()
	s := words.For("en", "", nil)
	f := refused()
	for outcome, want := range map[diagnosis.Outcome]bool{diagnosis.OutcomePasses: true, diagnosis.OutcomeRefused: false} {
		f.WhatIf = &diagnosis.WhatIf{Now: diagnosis.Verdict{Outcome: outcome}}
		for _, detail := range []words.Detail{words.General, words.Full} {
			now := s.Answer(&f, detail).Now
			if tries := len(now) == 1 && now[0] == s.Say("whatif.try"); tries != want {
				t.Errorf("%s: what to do now is %q", outcome, now)
			}
		}
	}
}

func TestWhatIfIsSilentWhereNobodyKnows(t *testing.T) {
	t.Parallel()
	s := words.For("en", "", nil)
	unknown := diagnosis.Verdict{Outcome: diagnosis.OutcomeUnknown}
	f := refused()
	f.WhatIf = &diagnosis.WhatIf{Now: unknown}
	if said := s.Answer(&f, words.Full).WhatIf; said != nil {
		t.Errorf("says %q, want nothing", said)
	}
	f.WhatIf = &diagnosis.WhatIf{
		Now: diagnosis.Verdict{Outcome: diagnosis.OutcomeRefused, Policies: []string{"P"}}, Remedies: diagnosis.Remedies()[:1], Then: &unknown,
	}
	if said := s.Answer(&f, words.Full).WhatIf; len(said) != 2 {
		t.Errorf("says %q, want nothing of what would help", said)
	}
}

func TestNamesInWhatIfAreEscapedOnceAndWordsAreNot(t *testing.T) {
	t.Parallel()
	f := refused()
	policies := []string{"*one*", "two"}
	f.WhatIf = &diagnosis.WhatIf{
		Now:      diagnosis.Verdict{Outcome: diagnosis.OutcomeRefused, Policies: policies},
		Remedies: diagnosis.Remedies()[:1], Then: &diagnosis.Verdict{Outcome: diagnosis.OutcomeRefused, Policies: policies},
	}
	for _, sentence := range words.For("en", "", func(s string) string { return "⟦" + s + "⟧" }).Answer(&f, words.Full).WhatIf[:2] {
		if !strings.Contains(sentence, "⟦*one*, two⟧") || strings.Contains(sentence, "⟦⟦") {
			t.Errorf("the names are not escaped once in %q", sentence)
		}
	}
}
