package diagnosis_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/diagnosis"
)

func edit(at time.Time, policy string, kinds ...diagnosis.EditKind) diagnosis.Edit {
	e := diagnosis.Edit{PolicyID: policy, Policy: "P", Time: at, By: "mira@contoso.com"}
	for _, k := range kinds {
		e.Changes = append(e.Changes, diagnosis.PolicyChange{Kind: k})
	}
	return e
}

func TestTheNewestEditBeforeThePolicyBeganToRefuseIsTold(t *testing.T) {
	t.Parallel()
	type rows = []diagnosis.SignIn
	type edits = []diagnosis.Edit
	blocked := policy("P", "failure", "Block")
	refused := row("09:00", 53003, blocked)
	early, late := edit(clock("07:00"), compliantID, diagnosis.EditGroup), edit(clock("08:00"), compliantID, diagnosis.EditEnforced)
	tests := map[string]struct {
		before rows
		edits  edits
		want   edits
	}{
		"the newest of two":            {nil, edits{early, late}, edits{late}},
		"in any order":                 {nil, edits{late, early}, edits{late}},
		"not one that came after":      {nil, edits{early, edit(clock("09:30"), compliantID, diagnosis.EditApp)}, edits{early}},
		"not another policy's":         {nil, edits{edit(clock("08:00"), "other", diagnosis.EditApp)}, nil},
		"not one that let more in":     {nil, edits{edit(clock("08:00"), compliantID)}, nil},
		"not one of weeks ago":         {nil, edits{edit(clock("08:00").AddDate(0, 0, -8), compliantID, diagnosis.EditUsers)}, nil},
		"not a shorter session's":      {nil, edits{edit(clock("08:00"), compliantID, diagnosis.EditFrequency)}, nil},
		"not one after the first time": {rows{row("07:30", 53003, blocked)}, edits{early, late}, edits{early}},
		"another app began on its own": {rows{row("07:30", 53003, blocked, app(exchange, "Exchange"))}, edits{early, late}, edits{late}},
		"another policy began earlier": {
			rows{row("07:30", 53003, func(s *diagnosis.SignIn) {
				s.Policies = []diagnosis.AppliedPolicy{{ID: "other", Result: "failure"}}
			})}, edits{early, late}, edits{late},
		},
		"a success in between begins anew": {rows{row("07:30", 53003, blocked), row("07:45", 0)}, edits{early, late}, edits{late}},
		"the most telling change first": {
			nil,
			edits{edit(clock("08:00"), compliantID, diagnosis.EditFrequency, diagnosis.EditLocations, diagnosis.EditEnforced)},
			edits{edit(clock("08:00"), compliantID, diagnosis.EditEnforced, diagnosis.EditLocations)},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := diagnosis.Diagnose(diagnosis.Case{SignIns: append(test.before, refused), Edits: test.edits})
			if diff := cmp.Diff(test.want, f.Edited); diff != "" {
				t.Errorf("edits (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAShorterSignInFrequencyIsToldWhenItEndedTheSession(t *testing.T) {
	t.Parallel()
	e := edit(clock("08:00"), "freq", diagnosis.EditFrequency)
	f := diagnosis.Diagnose(diagnosis.Case{SignIns: []diagnosis.SignIn{row("09:00", 70043, frequency("failure"))}, Edits: []diagnosis.Edit{e}})
	if diff := cmp.Diff([]diagnosis.Edit{e}, f.Edited); diff != "" {
		t.Errorf("edits (-want +got):\n%s", diff)
	}
}
