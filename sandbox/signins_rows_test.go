package sandbox_test

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"signpost/sandbox"
)

// The properties of a row in v1.0, all of which it has.
// Source: https://learn.microsoft.com/graph/api/resources/signin?view=graph-rest-1.0
const v1Properties = `appDisplayName appId appliedConditionalAccessPolicies authenticationAppDeviceDetails clientAppUsed
	conditionalAccessStatus correlationId createdDateTime deviceDetail homeTenantId id ipAddress isInteractive location
	resourceDisplayName resourceId resourceTenantId riskDetail riskEventTypes riskEventTypes_v2 riskLevelAggregated
	riskLevelDuringSignIn riskState servicePrincipalId servicePrincipalName status userAgent userDisplayName userId
	userPrincipalName`

// What beta adds here, which is less than it adds at Microsoft, and one property that nobody knows.
// Source: https://learn.microsoft.com/graph/api/resources/signin?view=graph-rest-beta
const betaProperties = `authenticationDetails authenticationMethodsUsed authenticationProcessingDetails authenticationProtocol
	authenticationRequirement authenticationRequirementPolicies crossTenantAccessType incomingTokenType mfaDetail
	networkLocationDetails originalRequestId originalTransferMethod previewOfNextYear processingTimeInMilliseconds
	sessionLifetimePolicies signInEventTypes signInIdentifier tokenIssuerName tokenIssuerType uniqueTokenIdentifier userType`

func TestRowsHaveThePropertiesOfTheirVersion(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	for version, want := range map[string][]string{
		"v1.0": strings.Fields(v1Properties),
		"beta": strings.Fields(v1Properties + " " + betaProperties),
	} {
		slices.Sort(want)
		a := s.graph("GET", "/"+version+"/auditLogs/signIns", "")
		if len(a.values()) == 0 {
			t.Fatal("the sample log is empty")
		}
		for _, row := range a.values() {
			if got := slices.Sorted(maps.Keys(row)); !slices.Equal(got, want) {
				t.Fatalf("a row of %s has\n%v, want\n%v", version, got, want)
			}
		}
		if deprecated := strings.Contains(a.header.Get("Link"), `rel="deprecation"`); deprecated != (version == "beta") {
			t.Errorf("%s: the Link header is %q", version, a.header.Get("Link"))
		}
	}
}

func TestRowValues(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	withRows(s)
	row := s.row(t, "beta", "b")
	for property, want := range map[string]any{
		"createdDateTime": "2026-11-23T10:00:00Z", "isInteractive": false, "userPrincipalName": "quinn.ode@contoso.com",
		"userDisplayName": "Quinn O'Dë", "userType": "member", "riskDetail": "hidden",
	} {
		if row[property] != want {
			t.Errorf("%s is %v, want %v", property, row[property], want)
		}
	}
	status, _ := row["status"].(map[string]any)
	if status["errorCode"] != 700084.0 || status["failureReason"] != "Other." || status["additionalDetails"] != nil {
		t.Errorf("the status is %v", status)
	}
	device, _ := row["deviceDetail"].(map[string]any)
	if device["deviceId"] != "" || device["isCompliant"] != nil {
		t.Errorf("an unknown device is %v", device)
	}
}

// row reads one of the test's rows.
func (s *services) row(t *testing.T, version, letter string, headers ...string) map[string]any {
	t.Helper()
	filter := "id eq '" + rowID(letter) + "'"
	if version == "beta" {
		filter += " and " + bothKind
	}
	a := s.graph("GET", "/"+version+"/auditLogs/signIns?$filter="+url.QueryEscape(filter), "", headers...)
	if len(a.values()) != 1 {
		t.Fatalf("row %s is there %d times: %s", letter, len(a.values()), a.raw)
	}
	return a.values()[0]
}

// Members that an enum got late are for those who ask for them.
func TestLateEnumMembersAreHidden(t *testing.T) {
	t.Parallel()
	const page = "https://learn.microsoft.com/graph/best-practices-concept#handling-future-members-in-evolvable-enumerations"
	s := start(t, sandbox.Options{})
	withRows(s)
	result := func(headers ...string) any {
		policies, _ := s.row(t, "v1.0", "c", headers...)["appliedConditionalAccessPolicies"].([]any)
		last, _ := policies[len(policies)-1].(map[string]any)
		return last["result"]
	}
	tokenType := func(headers ...string) any { return s.row(t, "beta", "b", headers...)["incomingTokenType"] }
	protocol := func(headers ...string) any { return s.row(t, "beta", "b", headers...)["authenticationProtocol"] }
	control := func(headers ...string) any {
		next, _ := s.graph("GET", policiesPath, "").body["@odata.nextLink"].(string)
		values := s.graph("GET", strings.TrimPrefix(next, "https://"+sandbox.HostGraph), "", headers...).values()
		grant, _ := values[len(values)-1]["grantControls"].(map[string]any)
		controls, _ := grant["builtInControls"].([]any)
		return controls[0]
	}
	for name, test := range map[string]struct {
		read func(...string) any
		late string
	}{
		"the result of a report-only policy": {result, "reportOnlyFailure"},
		"the token that was presented":       {tokenType, "refreshToken"},
		"a protocol":                         {protocol, "protocolOfNextYear"},
		"a grant control":                    {control, "riskRemediation"},
	} {
		if got := test.read(); got != "unknownFutureValue" {
			t.Errorf("%s is %v, want unknownFutureValue as in %s", name, got, page)
		}
		if got := test.read("Prefer", "odata.maxpagesize=5, include-unknown-enum-members"); got != test.late {
			t.Errorf("%s is %v when it is asked for, want %s as in %s", name, got, test.late, page)
		}
	}
}

func TestPoliciesOfARowNeedAPermissionOfTheirOwn(t *testing.T) {
	t.Parallel()
	const page = "https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/8761"
	s := start(t, sandbox.Options{})
	withRows(s)
	names := func(version string) []any {
		policies, isList := s.row(t, version, "c")["appliedConditionalAccessPolicies"].([]any)
		if !isList {
			t.Error("the policies are no list")
		}
		return policies
	}
	if got := names("v1.0"); len(got) != 2 {
		t.Errorf("the row has %d policies, want 2", len(got))
	} else if first, _ := got[0].(map[string]any); first["conditionsSatisfied"] != nil || first["result"] != "failure" {
		t.Errorf("v1.0 shows the policy %v", first)
	}
	first, _ := names("beta")[0].(map[string]any)
	if _, has := first["conditionsSatisfied"]; !has {
		t.Errorf("beta shows the policy %v", first)
	}
	s.Revoke(sandbox.PermissionPolicies)
	if got := names("v1.0"); len(got) != 0 {
		t.Errorf("without the permission the row has %d policies, want none and no error as in %s", len(got), page)
	}
	s.Grant(sandbox.PermissionPolicies)
	if got := names("v1.0"); len(got) != 2 {
		t.Errorf("with the permission again the row has %d policies", len(got))
	}
}
