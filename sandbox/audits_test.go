package sandbox_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"signpost/sandbox"
)

const (
	auditsPage = "https://learn.microsoft.com/graph/api/directoryaudit-list"
	auditsPath = "/v1.0/auditLogs/directoryAudits"
)

// activities are the names of the audits that a filter finds, in order.
func (s *services) activities(filter string) string {
	s.t.Helper()
	a := s.graph("GET", auditsPath+"?$filter="+url.QueryEscape(filter), "")
	a.want(s.t, 200, "", auditsPage)
	var names []string
	for _, audit := range a.values() {
		name, _ := audit["activityDisplayName"].(string)
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

func TestFiltersOfTheAuditLog(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	kofi := s.Tenant().MustPerson("kofi.mensah@contoso.com")
	const revoked = "Update StsRefreshTokenValidFrom Timestamp, Reset user password"
	for filter, want := range map[string]string{
		"loggedByService eq 'Conditional Access' and activityDateTime ge " + noon.AddDate(0, 0, -8).Format(time.RFC3339): "Update conditional access policy",
		"loggedByService eq 'Conditional Access' and activityDateTime ge " + noon.Format(time.RFC3339):                   "",
		"loggedByService eq 'Conditional Access' and operationType eq 'Add'":                                             "",
		"targetResources/any(t:t/id eq '" + kofi.ID + "') and activityDateTime le " + noon.Format(time.RFC3339):          revoked,
		"targetResources/any(t: t/id eq '" + kofi.ID + "') and activityDisplayName eq 'Reset user password'":             "Reset user password",
		"targetResources/any(x:x/id eq 'nobody')":                                                                        "",
		"targetResources/any(t:startswith(t/displayName, 'CA02')) and loggedByService eq 'Core Directory'":               "Update policy",
		"initiatedBy/user/userPrincipalName eq 'mira.olsen@contoso.com' and startswith(activityDisplayName, 'Reset')":    "Reset user password",
	} {
		if got := s.activities(filter); got != want {
			t.Errorf("%s finds %q, want %q as in %s", filter, got, want, auditsPage)
		}
	}
	for _, bad := range []string{
		"targetResources/id eq 'x'", "targetResources/any(t:t eq 'x')", "targetResources/any(t:t/type eq 'User')", "result eq 'success'",
		"activityDateTime ge '2026-01-01T00:00:00Z'", "activityDateTime ge " + noon.AddDate(0, 0, -31).Format(time.RFC3339),
	} {
		s.graph("GET", auditsPath+"?$filter="+url.QueryEscape(bad), "").want(t, 400, "BadRequest", auditsPage)
	}
}

func TestAnAuditIsInGraphsShape(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	s.Tenant().AddAudit(sandbox.Audit{
		Time: noon, Service: "Core Directory", Activity: "Update user", Result: "failure", ByApp: "Sync",
		Target: sandbox.AuditTarget{ID: "u", Type: "User"}, Changed: []sandbox.AuditProperty{{Name: "AccountEnabled", Old: []bool{true}}},
	})
	a := s.graph("GET", auditsPath+"?$top=1", "")
	a.want(t, 200, "", auditsPage)
	if a.body["@odata.nextLink"] == nil || len(a.values()) != 1 {
		t.Fatalf("%d audits, next %v; want the newest and a link", len(a.values()), a.body["@odata.nextLink"])
	}
	var audit struct {
		Result      string
		InitiatedBy struct {
			User any
			App  struct{ DisplayName string }
		}
		TargetResources []struct {
			ID                 string
			ModifiedProperties []struct{ OldValue, NewValue *string }
		}
	}
	raw, err := json.Marshal(a.values()[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &audit); err != nil {
		t.Fatal(err)
	}
	changed := audit.TargetResources[0].ModifiedProperties[0]
	if audit.Result != "failure" || audit.InitiatedBy.User != nil || audit.InitiatedBy.App.DisplayName != "Sync" ||
		changed.OldValue == nil || *changed.OldValue != "[true]" || changed.NewValue != nil {
		t.Errorf("the audit is %s", raw)
	}
	if n := len(s.follow(auditsPath+"?$top=2", 2)); n != len(s.Tenant().Audits()) {
		t.Errorf("the pages hold %d audits, want %d", n, len(s.Tenant().Audits()))
	}
}

func TestTheAuditLogNeedsItsPermissionAndNoLicence(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	s.Tenant().SetPremium(false)
	s.graph("GET", auditsPath, "").want(t, 200, "", auditsPage)
	s.Revoke(sandbox.PermissionSignIns)
	s.graph("GET", auditsPath, "").want(t, 403, "Authentication_MSGraphPermissionMissing", auditsPage)
}

func TestGroup(t *testing.T) {
	t.Parallel()
	const page = "https://learn.microsoft.com/graph/api/group-get"
	s := start(t, sandbox.Options{})
	path := "/v1.0/groups/" + s.Tenant().HelpdeskGroupID()
	a := s.graph("GET", path+"?$select=displayName", "")
	a.want(t, 200, "", page)
	if a.body["displayName"] != "IT Helpdesk" || a.body["id"] != nil {
		t.Errorf("the group is %s", a.raw)
	}
	s.graph("GET", path, "").want(t, 200, "", page)
	s.graph("GET", path+"?$select=moon", "").want(t, 400, "BadRequest", page)
	s.graph("GET", "/v1.0/groups/nobody", "").want(t, 404, "Request_ResourceNotFound", page)
	s.Revoke(sandbox.PermissionMembers)
	s.graph("GET", path, "").want(t, 403, "Authorization_RequestDenied", page)
}
