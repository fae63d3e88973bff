package sandbox_test

import (
	"testing"

	"signpost/sandbox"
)

const policiesPath = "/v1.0/identity/conditionalAccess/policies"

func TestPolicies(t *testing.T) {
	t.Parallel()
	const page = "https://learn.microsoft.com/graph/api/conditionalaccessroot-list-policies"
	s := start(t, sandbox.Options{})
	all := s.follow(policiesPath, 5)
	want := s.Tenant().Policies()
	if len(all) != len(want) || len(want) <= 5 {
		t.Fatalf("the pages hold %d policies, want %d on more than one page as in %s", len(all), len(want), page)
	}
	states := map[any]bool{}
	for i, policy := range all {
		states[policy["state"]] = true
		if policy["id"] != want[i].ID || policy["displayName"] != want[i].Name {
			t.Errorf("policy %d is %v, want %s", i, policy["displayName"], want[i].Name)
		}
		conditions, _ := policy["conditions"].(map[string]any)
		apps, _ := conditions["applications"].(map[string]any)
		if included, _ := apps["includeApplications"].([]any); len(included) == 0 {
			t.Errorf("%s is for no app", want[i].Name)
		}
		for member, has := range map[string]bool{"grantControls": want[i].Grant != nil, "sessionControls": want[i].Session != nil} {
			if (policy[member] != nil) != has {
				t.Errorf("%s has the %s %v", want[i].Name, member, policy[member])
			}
		}
	}
	if !states["enabled"] || !states["enabledForReportingButNotEnforced"] {
		t.Errorf("the sample policies are %v, want some on and some in report-only mode", states)
	}
	s.graph("GET", policiesPath+"?$skiptoken=made-up", "").want(t, 400, "BadRequest", page)
	s.graph("GET", policiesPath+"?$filter=x", "").want(t, 400, "BadRequest", page)
	s.Revoke(sandbox.PermissionPolicies)
	s.graph("GET", policiesPath, "").want(t, 403, "AccessDenied", page)
}

func TestWhatGraphDoesNotHave(t *testing.T) {
	t.Parallel()
	const page = "https://learn.microsoft.com/graph/errors"
	s := start(t, sandbox.Options{})
	for _, path := range []string{"/v2.0/users", "/v1.0/me", "/v1.0/", "/v1.0/auditLogs/directoryaudit"} {
		s.graph("GET", path, "").want(t, 400, "BadRequest", page)
	}
	s.graph("DELETE", "/v1.0/users", "").want(t, 400, "BadRequest", page)
}

func TestGraphNamesTheRequest(t *testing.T) {
	t.Parallel()
	const page = "https://learn.microsoft.com/graph/best-practices-concept#reliability-and-support"
	s := start(t, sandbox.Options{})
	a := s.graph("GET", "/v1.0/users/nobody@contoso.com", "", "client-request-id", "mine")
	problem, _ := a.body["error"].(map[string]any)
	inner, _ := problem["innerError"].(map[string]any)
	if inner["client-request-id"] != "mine" || inner["request-id"] == "" || inner["request-id"] != a.header.Get("request-id") {
		t.Errorf("the error names the request %v, the header %q, as opposed to %s", inner, a.header.Get("request-id"), page)
	}
}
