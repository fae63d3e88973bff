package handlers_test

import (
	"strings"
	"testing"

	"signpost/cards"
	"signpost/diagnosis"
	"signpost/signins"
)

// Whoever reads the answer in their own chat may read more when they are of the helpdesk; a channel reads least.
func TestWhoReadsWhoEditedAPolicy(t *testing.T) {
	t.Parallel()
	const editor = "mira@contoso.com"
	down := &signins.Failure{Reason: signins.ReasonUnavailable, Err: errBroken}
	tests := map[string]struct {
		person, kind, text string
		details            bool
		breaks             func(*stage)
		when, who          bool
	}{
		"about oneself":                             {person: anaID, kind: personal, text: "check me", when: true},
		"the helpdesk about others":                 {person: helenID, kind: personal, text: "check ana@contoso.com", when: true, who: true},
		"the helpdesk about itself":                 {person: helenID, kind: personal, text: "check me", when: true, who: true},
		"the helpdesk, which nobody can make out":   {person: helenID, kind: personal, text: "check me", breaks: func(s *stage) { s.directory.memberErr = down }, when: true},
		"in a channel":                              {person: helenID, kind: channel, text: "check ana@contoso.com"},
		"in a channel, Details for oneself":         {person: anaID, kind: channel, text: "check me", details: true, when: true},
		"in a channel, Details for the helpdesk":    {person: helenID, kind: channel, text: "check ana@contoso.com", details: true, when: true, who: true},
		"in a channel, Details while Graph is down": {person: anaID, kind: channel, text: "check me", details: true, breaks: func(s *stage) { s.directory.memberErr = down }, when: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage()
			s.source.edits = []diagnosis.Edit{{
				PolicyID: "p1", Policy: "CA02", Time: noon.AddDate(0, 0, -1), By: editor, Changes: []diagnosis.PolicyChange{{Kind: diagnosis.EditBlocks}},
			}}
			if test.breaks != nil {
				test.breaks(s)
			}
			s.say(t, test.person, test.kind, "m1", test.text)
			s.work(t)
			shown := s.chat.shown(t, 1)
			if test.details {
				_, shown = s.answerTo(t, presses(test.person, test.kind, "i1", "bot-1", cards.VerbDetails, about(s.cases.only(t))))
			}
			if when := strings.Contains(shown, "was changed at"); when != test.when {
				t.Errorf("when the policy was changed is shown: %t, want %t: %s", when, test.when, shown)
			}
			if who := strings.Contains(shown, editor); who != test.who {
				t.Errorf("who changed it is shown: %t, want %t: %s", who, test.who, shown)
			}
		})
	}
}
