package signins_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/diagnosis"
	"signpost/signins"
)

// audit is a directory audit about a policy whose document was one thing and is another.
func audit(activity, before, after string) string {
	quoted := func(document string) string {
		raw, err := json.Marshal(document)
		if err != nil {
			panic(err)
		}
		return string(raw)
	}
	return fmt.Sprintf(`{"activityDateTime":"2026-11-20T08:00:00Z","activityDisplayName":%q,"initiatedBy":{"user":{"userPrincipalName":"mira@contoso.com"},"app":null},
		"targetResources":[{"id":"P1","displayName":"Countries","modifiedProperties":[{"displayName":"ConditionalAccessPolicy","oldValue":%s,"newValue":%s}]}]}`,
		activity, quoted(before), quoted(after))
}

func TestAnEditSaysWhichPartsOfThePolicyChanged(t *testing.T) {
	t.Parallel()
	type parts = []diagnosis.Part
	tests := map[string]struct {
		activity, before, after string
		want                    parts
	}{
		"switched on": {
			"Update conditional access policy", `{"state":"enabledForReportingButNotEnforced"}`, `{"state":"enabled"}`, parts{diagnosis.PartSwitchedOn},
		},
		"switched off, in other letters": {"Update Conditional Access policy", `{"state":"Enabled"}`, `{"state":"disabled"}`, parts{diagnosis.PartSwitchedOff}},
		"made":                           {"Add conditional access policy", `{}`, `{"state":"enabled"}`, parts{diagnosis.PartCreated}},
		"users and controls": {
			"Update conditional access policy",
			`{"conditions":{"users":{"includeUsers":["a"]}},"grantControls":{"builtInControls":["mfa"]}}`,
			`{"conditions":{"users":{"includeUsers":["All"]}},"grantControls":{"builtInControls":["block"]}}`,
			parts{diagnosis.PartUsers, diagnosis.PartControls},
		},
		"the order of members is no change": {
			"Update conditional access policy", `{"grantControls":{"a":1,"b":2},"displayName":"x"}`, `{"grantControls":{"b":2,"a":1},"displayName":"y"}`, parts{diagnosis.PartOther},
		},
		"another condition": {
			"Update conditional access policy", `{"conditions":{"clientAppTypes":["all"]}}`, `{"conditions":{"clientAppTypes":["browser"]}}`, parts{diagnosis.PartConditions},
		},
		"places and session": {
			"Update conditional access policy", `{"conditions":{"locations":null},"sessionControls":null}`,
			`{"conditions":{"locations":{"includeLocations":["All"]}},"sessionControls":{"signInFrequency":{"value":1}}}`,
			parts{diagnosis.PartPlaces, diagnosis.PartSession},
		},
		"not shown": {"Update conditional access policy", "", "nonsense", parts{diagnosis.PartOther}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, next, err := signins.DecodeEdits([]byte(`{"value":[` + audit(test.activity, test.before, test.after) + `],"@odata.nextLink":"n"}`))
			if err != nil || next != "n" {
				t.Fatalf("next link %q, %v", next, err)
			}
			want := []diagnosis.Edit{{
				PolicyID: "p1", Policy: "Countries", Time: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC), Parts: test.want,
			}}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("edits (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOtherAuditsAreNoEdits(t *testing.T) {
	t.Parallel()
	got, _, err := signins.DecodeEdits([]byte(`{"value":[` + audit("Update named location", "{}", "{}") + `,17,{"targetResources":"x"},{}]}`))
	if err != nil || got != nil {
		t.Errorf("edits %v, %v; want none", got, err)
	}
	for _, bad := range []string{"", "[]", `{"error":{}}`} {
		if _, _, err := signins.DecodeEdits([]byte(bad)); err == nil {
			t.Errorf("%q was taken for a page of audits", bad)
		}
	}
}

func FuzzDecodeEdits(f *testing.F) {
	f.Add([]byte(`{"value":[` + audit("Update conditional access policy", `{"state":"disabled","conditions":{"users":{}}}`, `{"state":"enabled"}`) + `]}`))
	f.Add([]byte(`{"value":[{"targetResources":[{"modifiedProperties":[{"oldValue":"{","newValue":{}}]}]}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		edits, _, err := signins.DecodeEdits(raw)
		for _, e := range edits {
			if len(e.Parts) == 0 {
				t.Errorf("%s: an edit of no part", raw)
			}
		}
		if err != nil && edits != nil {
			t.Errorf("%s: edits beside %v", raw, err)
		}
	})
}
