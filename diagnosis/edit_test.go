package diagnosis_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/diagnosis"
)

func TestTheNewestEditBeforeTheRefusalIsTold(t *testing.T) {
	t.Parallel()
	edit := func(at time.Time, policy string, parts ...diagnosis.Part) diagnosis.Edit {
		return diagnosis.Edit{PolicyID: policy, Policy: "P", Time: at, Parts: parts}
	}
	early, late := edit(clock("07:00"), compliantID, diagnosis.PartUsers), edit(clock("08:00"), compliantID, diagnosis.PartSwitchedOn)
	tests := map[string]struct {
		edits []diagnosis.Edit
		want  []diagnosis.Edit
	}{
		"the newest of two":            {[]diagnosis.Edit{early, late}, []diagnosis.Edit{late}},
		"in any order":                 {[]diagnosis.Edit{late, early}, []diagnosis.Edit{late}},
		"not one that came after":      {[]diagnosis.Edit{early, edit(clock("09:30"), compliantID, diagnosis.PartApps)}, []diagnosis.Edit{early}},
		"not another policy's":         {[]diagnosis.Edit{edit(clock("08:00"), "other", diagnosis.PartApps)}, nil},
		"not one that decides nothing": {[]diagnosis.Edit{edit(clock("08:00"), compliantID, diagnosis.PartOther)}, nil},
		"not one that let people in":   {[]diagnosis.Edit{edit(clock("08:00"), compliantID, diagnosis.PartSwitchedOff)}, nil},
		"not one of weeks ago":         {[]diagnosis.Edit{edit(clock("08:00").AddDate(0, 0, -8), compliantID, diagnosis.PartUsers)}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := diagnosis.Diagnose(diagnosis.Case{SignIns: []diagnosis.SignIn{row("09:00", 53003, policy("P", "failure", "Block"))}, Edits: test.edits})
			if diff := cmp.Diff(test.want, f.Edited); diff != "" {
				t.Errorf("edits (-want +got):\n%s", diff)
			}
		})
	}
}
