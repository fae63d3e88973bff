package sandbox_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"signpost/sandbox"
)

const whatIfPath = "/v1.0/identity/conditionalAccess/evaluate"

// whatIf asks about a sign-in of Carla's to the Intune enrolment.
func whatIf(s *services, conditions string, change ...string) string {
	carla := s.Tenant().MustPerson("carla.neumann@contoso.com")
	return strings.NewReplacer(change...).Replace(`{
		"signInIdentity": {"@odata.type": "#microsoft.graph.userSignIn", "userId": "` + carla.ID + `"},
		"signInContext": {"@odata.type": "#microsoft.graph.applicationContext", "includeApplications": ["d4ebce55-015a-49b5-a083-c84d1797ae8c"]},
		"signInConditions": {` + conditions + `}, "appliedPoliciesOnly": false}`)
}

func TestWhatIf(t *testing.T) {
	t.Parallel()
	const (
		page      = "https://learn.microsoft.com/graph/api/conditionalaccessroot-evaluate"
		home      = `"country": "DE", "ipAddress": "192.0.2.44", "clientAppType": "browser"`
		enrolment = "d4ebce55-015a-49b5-a083-c84d1797ae8c"
		portal    = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c"
	)
	s := start(t, sandbox.Options{})
	everywhere := map[string]string{ // at home, in a browser, to the enrolment
		"CA01": "notSet", "CA02": "location", "CA03": "application", "CA04": "application",
		"CA05": "clientApps", "CA06": "users", "CA07": "application", "CA08": "userRisk",
	}
	tests := map[string]struct {
		conditions string
		change     []string
		want       map[string]string // what differs
	}{
		"the enrolment":            {home, nil, nil},
		"abroad":                   {`"country": "BR", "clientAppType": "browser"`, nil, map[string]string{"CA02": "notSet"}},
		"nowhere that is known":    {`"clientAppType": "browser"`, nil, map[string]string{"CA02": "notSet"}},
		"an old client":            {`"country": "DE", "clientAppType": "other"`, nil, map[string]string{"CA05": "notSet"}},
		"a user at risk":           {home + `, "userRiskLevel": "high"`, nil, map[string]string{"CA08": "notSet"}},
		"an app of a group":        {home, []string{enrolment, portal}, map[string]string{"CA01": "application", "CA03": "notSet", "CA04": "notSet"}},
		"two apps: either will do": {home, []string{`"` + enrolment, `"` + portal + `", "` + enrolment}, map[string]string{"CA03": "notSet", "CA04": "notSet"}},
		"everything that may be said": {home + `, "devicePlatform": "iOS", "signInRiskLevel": "low", "insiderRiskLevel": "minor",
			"authenticationFlow": {"transferMethod": "deviceCodeFlow"}, "deviceInfo": {"isCompliant": true}`, nil, nil},
	}
	for name, test := range tests {
		want := maps.Clone(everywhere)
		maps.Copy(want, test.want)
		a := s.graph("POST", whatIfPath, whatIf(s, test.conditions, test.change...))
		a.want(t, 200, "", page)
		got := map[string]string{}
		for _, p := range a.values() {
			reason, _ := p["analysisReasons"].(string)
			policy, _ := p["displayName"].(string)
			got[policy[:4]] = reason
			if p["policyApplies"] != (reason == "notSet") || p["conditions"] == nil || p["state"] == nil {
				t.Errorf("%s: policyApplies of %v", name, p)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}

	only := s.graph("POST", whatIfPath, whatIf(s, home, `"appliedPoliciesOnly": false`, `"appliedPoliciesOnly": true`))
	if n := len(only.values()); n != 1 {
		t.Errorf("only those that apply: %d, want 1", n)
	}
	policy := s.Tenant().Policies()[0]
	policy.State = "disabled"
	s.Tenant().SetPolicy(policy)
	if n := len(s.graph("POST", whatIfPath, whatIf(s, home)).values()); n != len(everywhere)-1 {
		t.Errorf("%d policies are in the answer, want those that are not switched off", n)
	}
}

func TestWhatIfRefuses(t *testing.T) {
	t.Parallel()
	const page = "https://learn.microsoft.com/graph/api/conditionalaccessroot-evaluate"
	s := start(t, sandbox.Options{})
	carla := s.Tenant().MustPerson("carla.neumann@contoso.com")
	for name, test := range map[string]struct {
		body   string
		status int
		code   string
	}{
		"no JSON":                       {"{", 400, "BadRequest"},
		"nothing":                       {"{}", 400, "BadRequest"},
		"an identity without a type":    {whatIf(s, "", `"@odata.type": "#microsoft.graph.userSignIn", `, ""), 400, "BadRequest"},
		"a context without a type":      {whatIf(s, "", `"@odata.type": "#microsoft.graph.applicationContext", `, ""), 400, "BadRequest"},
		"no apps":                       {whatIf(s, "", `"d4ebce55-015a-49b5-a083-c84d1797ae8c"`, ""), 400, "BadRequest"},
		"a name instead of an id":       {whatIf(s, "", carla.ID, carla.UPN), 400, "BadRequest"},
		"nobody":                        {whatIf(s, "", carla.ID, "00000000-0000-4000-8000-000000000000"), 404, "Request_ResourceNotFound"},
		"a platform that is none":       {whatIf(s, `"devicePlatform": "Windows10"`), 400, "BadRequest"},
		"a client that is none":         {whatIf(s, `"clientAppType": "Browser"`), 400, "BadRequest"},
		"a condition that there is not": {whatIf(s, `"weather": "rain"`), 400, "BadRequest"},
	} {
		t.Log(name)
		s.graph("POST", whatIfPath, test.body).want(t, test.status, test.code, page)
	}
	s.graph("POST", whatIfPath+"?$top=1", whatIf(s, "")).want(t, 400, "BadRequest", page)
	s.graph("GET", whatIfPath, "").want(t, 400, "BadRequest", page)
	s.Revoke(sandbox.PermissionPolicies)
	s.graph("POST", whatIfPath, whatIf(s, "")).want(t, 403, "AccessDenied", page)
}
