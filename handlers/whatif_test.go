package handlers_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"signpost/cards"
	"signpost/diagnosis"
)

// policy is the one that refused, p1, with a grant control.
func policy(control string) []diagnosis.Evaluated {
	return []diagnosis.Evaluated{{
		Policy: diagnosis.Policy{ID: "p1", Name: "CA02", State: "enabled", GrantControls: []string{control}}, Applies: true,
	}}
}

func TestWhatWouldHappenNow(t *testing.T) {
	t.Parallel()
	then := func(o diagnosis.Outcome) *diagnosis.Verdict { return &diagnosis.Verdict{Outcome: o} }
	refused := diagnosis.Verdict{Outcome: diagnosis.OutcomeRefused, Policies: []string{"CA02"}}
	compliant := []diagnosis.Remedy{diagnosis.RemedyCompliantDevice}
	tests := map[string]struct {
		answer func(diagnosis.Scenario) ([]diagnosis.Evaluated, error)
		asked  int
		want   *diagnosis.WhatIf
	}{
		"nobody may ask": {nil, 1, nil},
		"it fails":       {func(diagnosis.Scenario) ([]diagnosis.Evaluated, error) { return nil, errBroken }, 1, nil},
		"nothing helps":  {func(diagnosis.Scenario) ([]diagnosis.Evaluated, error) { return policy("block"), nil }, 1, &diagnosis.WhatIf{Now: refused}},
		"a device would do": {
			func(diagnosis.Scenario) ([]diagnosis.Evaluated, error) { return policy("compliantDevice"), nil }, 2,
			&diagnosis.WhatIf{Now: refused, Remedies: compliant, Then: then(diagnosis.OutcomePasses)},
		},
		"nobody knows whether a device would do": {
			func(s diagnosis.Scenario) ([]diagnosis.Evaluated, error) {
				if *s.Compliant {
					return nil, errBroken
				}
				return policy("compliantDevice"), nil
			}, 2, &diagnosis.WhatIf{Now: refused},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage()
			s.whatIf.answer = test.answer
			s.say(t, anaID, channel, "m1", "check me")
			s.work(t)
			wantShown(t, s.chat.shown(t, 1), titleRefused)
			if diff := cmp.Diff(test.want, s.cases.only(t).Finding.WhatIf); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(s.whatIf.asked) != test.asked {
				t.Errorf("asked %d times, want %d", len(s.whatIf.asked), test.asked)
			}
			if strings.Contains(s.chat.shown(t, 1), english("whatif.title")) {
				t.Error("everybody in the channel is told what would happen")
			}
			_, details := s.answerTo(t, presses(anaID, channel, "i1", "bot-1", cards.VerbDetails, about(s.cases.only(t))))
			if shown := strings.Contains(details, english("whatif.title")); shown != (test.want != nil) {
				t.Errorf("the details tell: %v, want %v", shown, test.want != nil)
			}
		})
	}
}

// What If is asked only once it is known that the person may know.
func TestWhatIfIsNotAskedForThoseWhoMayNotKnow(t *testing.T) {
	t.Parallel()
	s := newStage()
	s.say(t, anaID, personal, "m1", "check budi@contoso.com")
	s.work(t)
	wantShown(t, s.chat.shown(t, 1), "refused.other")
	if len(s.whatIf.asked) != 0 {
		t.Errorf("asked about %v", s.whatIf.asked)
	}
}
