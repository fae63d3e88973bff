package signins_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/diagnosis"
	"signpost/signins"
)

// quoted is a text as a JSON string.
func quoted(text string) string {
	raw, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// audit is a directory audit about a policy whose values are these JSON texts.
func audit(activity, before, after string) string {
	return fmt.Sprintf(`{"activityDateTime":"2026-11-20T08:00:00Z","activityDisplayName":%q,"loggedByService":"Conditional access","result":"Success",
		"initiatedBy":{"user":{"id":"u1","displayName":"Microsoft","userPrincipalName":"mira@contoso.com"},"app":null},
		"targetResources":[{"id":"P1","displayName":"Countries","modifiedProperties":[{"displayName":"ConditionalAccessPolicy","oldValue":%s,"newValue":%s}]}]}`,
		activity, before, after)
}

func pageOf(audits ...string) []byte { return []byte(`{"value":[` + strings.Join(audits, ",") + `]}`) }

const update = "Update conditional access policy"

func TestAnEditSaysWhatChanged(t *testing.T) {
	t.Parallel()
	type list = []diagnosis.PolicyChange
	one := func(kind diagnosis.EditKind) list { return list{{Kind: kind}} }
	control := func(kind diagnosis.EditKind, c diagnosis.Control) list { return list{{Kind: kind, Control: c}} }
	count := func(kind diagnosis.EditKind, n int) list { return list{{Kind: kind, Count: n}} }
	of := func(kind diagnosis.EditKind, id string) list { return list{{Kind: kind, ID: id}} }
	users := func(u string) string { return `{"conditions":{"users":` + u + `}}` }
	apps := func(a string) string { return `{"conditions":{"applications":` + a + `}}` }
	condition := func(c string) string { return `{"conditions":{` + c + `}}` }
	grant := func(g string) string { return `{"grantControls":` + g + `}` }
	session := func(s string) string { return `{"sessionControls":` + s + `}` }
	tests := map[string]struct {
		before, after string
		want          list
	}{
		"from report-only to on":            {`{"state":"enabledForReportingButNotEnforced"}`, `{"state":"enabled"}`, one(diagnosis.EditEnforced)},
		"from off to on, in other letters":  {`{"State":"Disabled"}`, `{"STATE":"Enabled"}`, one(diagnosis.EditSwitchedOn)},
		"off":                               {`{"state":"enabled"}`, `{"state":"disabled"}`, nil},
		"to report-only, and wider":         {`{"state":"enabled","grantControls":{}}`, `{"state":"enabledForReportingButNotEnforced","grantControls":{"builtInControls":["block"]}}`, nil},
		"a state that is a number":          {`{"state":0}`, `{"state":1}`, nil},
		"another name":                      {`{"displayName":"x","grantControls":{"a":1,"b":2}}`, `{"displayName":"y","grantControls":{"b":2,"a":1}}`, nil},
		"all users":                         {users(`{"includeUsers":["a"]}`), users(`{"includeUsers":["All"],"includeGroups":["g"]}`), one(diagnosis.EditAllUsers)},
		"more users":                        {users(`{"includeUsers":["a"]}`), users(`{"includeUsers":["b","c","A"]}`), count(diagnosis.EditUsers, 2)},
		"users who were in anyway":          {users(`{"includeUsers":["All"]}`), users(`{"includeUsers":["All"],"includeGroups":["g"]}`), nil},
		"fewer users":                       {users(`{"includeUsers":["All"]}`), users(`{"includeUsers":["a"],"excludeGroups":["g"]}`), nil},
		"nobody before":                     {users(`{"includeUsers":["None"]}`), users(`{"includeUsers":["a"]}`), count(diagnosis.EditUsers, 1)},
		"users no longer excluded":          {users(`{"excludeUsers":["a","b"]}`), users(`{"excludeUsers":null}`), count(diagnosis.EditUsersNotExcluded, 2)},
		"a group":                           {users(`{"includeGroups":[]}`), users(`{"includeGroups":["G1"]}`), of(diagnosis.EditGroup, "g1")},
		"a group no longer excluded":        {users(`{"excludeGroups":["g1","g2"]}`), users(`{"excludeGroups":["g2"]}`), of(diagnosis.EditGroupNotExcluded, "g1")},
		"roles":                             {users(`{}`), users(`{"includeRoles":["r"]}`), count(diagnosis.EditRoles, 1)},
		"roles no longer excluded":          {users(`{"excludeRoles":["r"]}`), users(`{}`), count(diagnosis.EditRolesNotExcluded, 1)},
		"guests":                            {users(`{}`), users(`{"includeGuestsOrExternalUsers":{"guestOrExternalUserTypes":"internalGuest,b2bCollaborationGuest"}}`), one(diagnosis.EditGuests)},
		"guests, as they were written once": {users(`{}`), users(`{"includeUsers":["GuestsOrExternalUsers"]}`), one(diagnosis.EditGuests)},
		"guests no longer excluded":         {users(`{"excludeGuestsOrExternalUsers":{"guestOrExternalUserTypes":"internalGuest"}}`), users(`{"excludeGuestsOrExternalUsers":null}`), one(diagnosis.EditGuestsNotExcluded)},

		"all apps":                {apps(`{"includeApplications":["a"]}`), apps(`{"includeApplications":["All"]}`), one(diagnosis.EditAllApps)},
		"an app":                  {apps(`{"includeApplications":["a"]}`), apps(`{"includeApplications":["a","Office365"]}`), of(diagnosis.EditApp, "office365")},
		"an app no longer out":    {apps(`{"excludeApplications":["a"]}`), apps(`{"excludeApplications":[]}`), of(diagnosis.EditAppNotExcluded, "a")},
		"an app less":             {apps(`{"includeApplications":["All"]}`), apps(`{"includeApplications":["a"],"excludeApplications":["b"]}`), nil},
		"a user action":           {apps(`{}`), apps(`{"includeUserActions":["urn:user:registerdevice"]}`), one(diagnosis.EditActions)},
		"the filter for apps":     {apps(`{}`), apps(`{"applicationFilter":{"mode":"include","rule":"x"}}`), one(diagnosis.EditAppFilter)},
		"a place no longer out":   {condition(`"locations":{"includeLocations":["All"],"excludeLocations":["AllTrusted","x"]}`), condition(`"locations":{"includeLocations":["All"],"excludeLocations":["x"]}`), one(diagnosis.EditLocations)},
		"everywhere":              {condition(`"locations":{"includeLocations":["x"]}`), condition(`"locations":null`), one(diagnosis.EditLocations)},
		"only in some places":     {condition(`"locations":null`), condition(`"locations":{"includeLocations":["x"]}`), nil},
		"another platform":        {condition(`"platforms":{"includePlatforms":["android"]}`), condition(`"platforms":{"includePlatforms":["android","iOS"]}`), one(diagnosis.EditPlatforms)},
		"all clients":             {condition(`"clientAppTypes":["browser"]`), condition(`"clientAppTypes":["all"]`), one(diagnosis.EditClientApps)},
		"only browsers":           {condition(`"clientAppTypes":["all"]`), condition(`"clientAppTypes":["browser"]`), nil},
		"whatever the risk":       {condition(`"userRiskLevels":["high"]`), condition(`"userRiskLevels":[]`), one(diagnosis.EditRisk)},
		"insiders, as a text":     {condition(`"insiderRiskLevels":"elevated"`), condition(`"insiderRiskLevels":"elevated,moderate"`), one(diagnosis.EditRisk)},
		"another flow":            {condition(`"authenticationFlows":{"transferMethods":"deviceCodeFlow"}`), condition(`"authenticationFlows":{"transferMethods":"deviceCodeFlow,authenticationTransfer"}`), one(diagnosis.EditFlows)},
		"another filter":          {condition(`"devices":{"deviceFilter":{"rule":"a"}}`), condition(`"devices":{"deviceFilter":{"rule":"b"}}`), one(diagnosis.EditDeviceFilter)},
		"a filter where was none": {condition(`"devices":null`), condition(`"devices":{"deviceFilter":{"rule":"b"}}`), nil},
		"a condition of tomorrow": {condition(`"moonPhases":["full"]`), condition(`"moonPhases":["full","new"]`), one(diagnosis.EditConditions)},
		"one that was not set":    {condition(`"moonPhases":[]`), condition(`"moonPhases":["full"]`), nil},

		"a control where was none":     {grant(`null`), grant(`{"operator":"OR","builtInControls":["mfa"]}`), control(diagnosis.EditControl, diagnosis.ControlMFA)},
		"one control more":             {grant(`{"operator":"AND","builtInControls":["mfa"]}`), grant(`{"operator":"AND","builtInControls":["mfa","compliantDevice"]}`), control(diagnosis.EditControl, diagnosis.ControlCompliantDevice)},
		"one alternative more":         {grant(`{"operator":"OR","builtInControls":["mfa"]}`), grant(`{"operator":"OR","builtInControls":["mfa","compliantDevice"]}`), nil},
		"one alternative less":         {grant(`{"operator":"OR","builtInControls":["mfa","compliantDevice"]}`), grant(`{"operator":"OR","builtInControls":["compliantDevice"]}`), control(diagnosis.EditNotEnough, diagnosis.ControlMFA)},
		"one of several required less": {grant(`{"operator":"AND","builtInControls":["mfa","compliantDevice"]}`), grant(`{"operator":"AND","builtInControls":["mfa"]}`), nil},
		"all instead of one":           {grant(`{"operator":"OR","builtInControls":["mfa","compliantDevice"]}`), grant(`{"operator":"AND","builtInControls":["mfa","compliantDevice"]}`), one(diagnosis.EditAllControls)},
		"other alternatives":           {grant(`{"operator":"OR","builtInControls":["mfa"]}`), grant(`{"operator":"OR","builtInControls":["compliantDevice","domainJoinedDevice"]}`), one(diagnosis.EditControls)},
		"it blocks":                    {grant(`{"operator":"OR","builtInControls":["mfa"]}`), grant(`{"operator":"OR","builtInControls":["block"]}`), one(diagnosis.EditBlocks)},
		"terms of use":                 {grant(`{"operator":"AND","builtInControls":["mfa"]}`), grant(`{"operator":"AND","builtInControls":["mfa"],"termsOfUse":["t1"]}`), control(diagnosis.EditControl, diagnosis.ControlTermsOfUse)},
		"a control of others":          {grant(`{}`), grant(`{"operator":"OR","customAuthenticationFactors":["Duo"]}`), control(diagnosis.EditControl, diagnosis.ControlOfUnknownMeaning)},
		"a strength in MFA's place": {
			grant(`{"operator":"OR","builtInControls":["mfa"]}`), grant(`{"operator":"OR","authenticationStrength":{"id":"4","displayName":"Phishing-resistant MFA"}}`),
			list{{Kind: diagnosis.EditControl, Control: diagnosis.ControlStrength, Name: "Phishing-resistant MFA"}},
		},
		"another strength": {
			grant(`{"authenticationStrength":{"id":"2"}}`), grant(`{"authenticationStrength":{"id":"4","displayName":"Strong"}}`),
			list{{Kind: diagnosis.EditStrength, Name: "Strong"}},
		},

		"a sign-in frequency": {
			session(`null`), session(`{"signInFrequency":{"isEnabled":true,"type":"hours","value":4,"frequencyInterval":"timeBased"}}`),
			list{{Kind: diagnosis.EditFrequency, Frequency: &diagnosis.SignInFrequency{Value: 4, Unit: "hours"}}},
		},
		"hours instead of days": {
			session(`{"signInFrequency":{"isEnabled":true,"type":"days","value":1}}`), session(`{"signInFrequency":{"isEnabled":true,"type":"hours","value":12}}`),
			list{{Kind: diagnosis.EditFrequency, Frequency: &diagnosis.SignInFrequency{Value: 12, Unit: "hours"}}},
		},
		"every time": {
			session(`{"signInFrequency":{"isEnabled":true,"type":"hours","value":1}}`), session(`{"signInFrequency":{"isEnabled":true,"frequencyInterval":"everyTime"}}`),
			list{{Kind: diagnosis.EditFrequency, Frequency: &diagnosis.SignInFrequency{EveryTime: true}}},
		},
		"days instead of hours": {session(`{"signInFrequency":{"isEnabled":true,"type":"hours","value":12}}`), session(`{"signInFrequency":{"isEnabled":true,"type":"days","value":1}}`), nil},
		"token protection":      {session(`{}`), session(`{"secureSignInSession":{"isEnabled":true}}`), one(diagnosis.EditTokenProtection)},

		"in a list":           {`["{\"state\":\"disabled\"}"]`, `[{"state":"enabled"}]`, one(diagnosis.EditSwitchedOn)},
		"quoted once more":    {quoted(`{"state":"disabled"}`), quoted(quoted(`{"state":"enabled"}`)), one(diagnosis.EditSwitchedOn)},
		"nonsense":            {``, `nonsense`, one(diagnosis.EditNotShown)},
		"cut off":             {`{"state":"disabled"}`, `{"state":"ena`, one(diagnosis.EditNotShown)},
		"too large to be one": {`{"state":"disabled"}`, `{"state":"enabled","x":"` + strings.Repeat("x", 256<<10) + `"}`, one(diagnosis.EditNotShown)},
		"of other types":      {`{"state":[],"conditions":7,"grantControls":"x"}`, `{"state":{},"conditions":[{}],"sessionControls":[1]}`, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _, err := signins.DecodeEdits(pageOf(audit(update, quoted(test.before), quoted(test.after))))
			if err != nil {
				t.Fatal(err)
			}
			want := []diagnosis.Edit{{
				PolicyID: "p1", Policy: "Countries", Time: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC), By: "mira@contoso.com", Changes: test.want,
			}}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("edits (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatIsAnEditAndWhoseItIs(t *testing.T) {
	t.Parallel()
	created := []diagnosis.PolicyChange{{Kind: diagnosis.EditCreated}}
	change := func(old, text string) string {
		raw := audit("Add conditional access policy", "null", quoted(`{"state":"enabled"}`))
		if !strings.Contains(raw, old) {
			t.Fatalf("no %s to change", old)
		}
		return strings.Replace(raw, old, text, 1)
	}
	tests := map[string]struct {
		audit   string
		edits   int
		by      string
		changes []diagnosis.PolicyChange
	}{
		"made":                                   {change("Add", "Add"), 1, "mira@contoso.com", created},
		"made, and not shown":                    {audit("Add conditional access policy", "null", "null"), 1, "mira@contoso.com", created},
		"made in report-only mode":               {change(`\"enabled\"`, `\"enabledForReportingButNotEnforced\"`), 1, "mira@contoso.com", nil},
		"deleted":                                {audit("Delete conditional access policy", quoted(`{"state":"enabled"}`), "null"), 1, "mira@contoso.com", nil},
		"in other letters":                       {change("Add conditional access policy", "Add Conditional Access policy"), 1, "mira@contoso.com", created},
		"by an app":                              {change(`"app":null`, `"app":{"displayName":"Terraform"}`), 1, "mira@contoso.com", created},
		"by an app alone":                        {change(`{"user":{"id":"u1","displayName":"Microsoft","userPrincipalName":"mira@contoso.com"},"app":null}`, `{"user":null,"app":{"displayName":"Terraform"}}`), 1, "Terraform", created},
		"by a name that anybody may have chosen": {change(`,"userPrincipalName":"mira@contoso.com"`, ``), 1, "", created},
		"by nobody":                              {change(`"initiatedBy"`, `"x"`), 1, "", created},
		"one that failed":                        {change(`"Success"`, `"failure"`), 0, "", nil},
		"the directory's twin":                   {change(`"Conditional access"`, `"Core Directory"`), 0, "", nil},
		"the twin's own name":                    {audit("Update policy", "null", "null"), 0, "", nil},
		"a named location":                       {audit("Update named location", "null", "null"), 0, "", nil},
		"of no policy":                           {change(`"targetResources":[`, `"targetResources":[],"x":[`), 0, "", nil},
		"no object":                              {`17`, 0, "", nil},
		"of other types":                         {`{"targetResources":"x","initiatedBy":[],"result":{}}`, 0, "", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _, err := signins.DecodeEdits(pageOf(test.audit))
			if err != nil || len(got) != test.edits {
				t.Fatalf("%d edits, %v; want %d", len(got), err, test.edits)
			}
			for _, e := range got {
				if diff := cmp.Diff(test.changes, e.Changes); diff != "" || e.By != test.by {
					t.Errorf("by %q, want %q; changes (-want +got):\n%s", e.By, test.by, diff)
				}
			}
		})
	}
}

func TestAPageOfAuditsNamesTheNext(t *testing.T) {
	t.Parallel()
	if _, next, err := signins.DecodeEdits([]byte(`{"value":[],"@odata.nextLink":"n"}`)); next != "n" || err != nil {
		t.Errorf("next link %q, %v", next, err)
	}
	for _, bad := range []string{"", "[]", `{"error":{}}`} {
		if _, _, err := signins.DecodeEdits([]byte(bad)); err == nil {
			t.Errorf("%q was taken for a page of audits", bad)
		}
		if _, err := signins.DecodeRevocations([]byte(bad), "u"); err == nil {
			t.Errorf("%q was taken for a page of audits", bad)
		}
	}
}

// A policy may list thousands of people.
func TestAnEditOfMuchIsBounded(t *testing.T) {
	t.Parallel()
	var groups []string
	for i := range 5000 {
		groups = append(groups, fmt.Sprintf(`"%036d"`, i))
	}
	after := `{"conditions":{"users":{"includeGroups":[` + strings.Join(groups, ",") + `]}}}`
	got, _, err := signins.DecodeEdits(pageOf(audit(update, quoted(`{}`), quoted(after))))
	if err != nil || len(got) != 1 || len(got[0].Changes) == 0 || len(got[0].Changes) > 50 {
		t.Fatalf("%v, %d changes", err, len(got[0].Changes))
	}
}

func FuzzDecodeEdits(f *testing.F) {
	f.Add(pageOf(audit(update, quoted(`{"state":"disabled","conditions":{"users":{}}}`), quoted(`{"state":"enabled"}`))))
	f.Add(pageOf(audit(update, quoted(`["{\"grantControls\":{\"operator\":\"OR\"}}"]`), `{"grantControls":{"builtInControls":"mfa"}}`)))
	f.Add([]byte(`{"value":[{"targetResources":[{"modifiedProperties":[{"oldValue":"{","newValue":{}}]}]}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		edits, _, err := signins.DecodeEdits(raw)
		for _, e := range edits {
			for _, c := range e.Changes {
				if c.Kind == "" || len(e.Changes) > 50 {
					t.Errorf("%s: %+v", raw, e)
				}
			}
		}
		if err != nil && edits != nil {
			t.Errorf("%s: edits beside %v", raw, err)
		}
	})
}
