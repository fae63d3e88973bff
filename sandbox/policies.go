package sandbox

import (
	"maps"
	"net/http"
	"slices"
	"time"
)

// policyPage is how many policies one page holds, few, so that readers meet a second one.
const policyPage = 5

// Policy is a Conditional Access policy.
// Source: https://learn.microsoft.com/graph/api/resources/conditionalaccesspolicy
type Policy struct {
	ID, Name string
	State    string         // enabled, disabled, enabledForReportingButNotEnforced
	Apps     []string       // conditions.applications.includeApplications; nil: All
	Grant    map[string]any // grantControls; nil: none
	Session  map[string]any // sessionControls; nil: none
	Extra    map[string]any // members that replace those of conditions
	Modified time.Time      // modifiedDateTime; zero: never
}

// knownControls are the grant controls that every caller is told by name. What came later is unknownFutureValue unless
// the caller asks for unknown members.
// Source: https://learn.microsoft.com/graph/api/resources/conditionalaccessgrantcontrols
var knownControls = []string{
	"block", "mfa", "compliantDevice", "domainJoinedDevice", "approvedApplication", "compliantApplication", "passwordChange",
}

// servePolicies is GET /identity/conditionalAccess/policies.
// Source: https://learn.microsoft.com/graph/api/conditionalaccessroot-list-policies
func (s *Sandbox) servePolicies(w http.ResponseWriter, g *graphRequest) {
	if s.refusePolicies(w) || s.refuseOptions(w, g, "$skiptoken") {
		return
	}
	page, next, ok := pageAfter(s.tenant.Policies(), g.query.Get("$skiptoken"), policyPage, func(p Policy) string { return p.ID })
	if !ok {
		s.graphError(w, http.StatusBadRequest, "BadRequest", "The $skiptoken is invalid.")
		return
	}
	values := []any{}
	for i := range page {
		values = append(values, page[i].object(g.wantsUnknownMembers()))
	}
	const path = "identity/conditionalAccess/policies"
	answer := map[string]any{"@odata.context": g.context(path), "value": values}
	g.linkNext(answer, path, next)
	writeJSON(w, http.StatusOK, answer)
}

func (s *Sandbox) refusePolicies(w http.ResponseWriter) bool {
	if s.grants.allow(PermissionPolicies) {
		return false
	}
	s.graphError(w, http.StatusForbidden, "AccessDenied",
		"You cannot perform the requested operation, required scopes are missing in the token.")
	return true
}

func (p *Policy) object(unknown bool) map[string]any {
	apps := p.Apps
	if apps == nil {
		apps = []string{"All"}
	}
	conditions := map[string]any{
		"clientAppTypes":  []string{"all"},
		"applications":    map[string]any{"includeApplications": apps, "excludeApplications": []string{}, "includeUserActions": []string{}},
		"users":           map[string]any{"includeUsers": []string{"All"}, "excludeUsers": []string{}, "includeGroups": []string{}, "includeRoles": []string{}},
		"locations":       nil,
		"platforms":       nil,
		"devices":         nil,
		"userRiskLevels":  []string{},
		"insiderRiskNext": nil, // a condition that no client knows yet
	}
	maps.Copy(conditions, p.Extra)
	var modified any
	if !p.Modified.IsZero() {
		modified = graphTime(p.Modified)
	}
	return map[string]any{
		"id": p.ID, "displayName": p.Name, "state": p.State, "templateId": nil,
		"createdDateTime": "2026-03-02T09:12:41.5502881Z", "modifiedDateTime": modified,
		"conditions": conditions, "grantControls": p.grantControls(unknown), "sessionControls": orNullMap(p.Session),
	}
}

func (p *Policy) grantControls(unknown bool) any {
	if p.Grant == nil {
		return nil
	}
	grant := map[string]any{
		"operator": "OR", "builtInControls": []string{}, "customAuthenticationFactors": []string{}, "termsOfUse": []string{},
		"authenticationStrength": nil,
	}
	maps.Copy(grant, p.Grant)
	controls, _ := grant["builtInControls"].([]string)
	controls = slices.Clone(controls)
	for i, c := range controls {
		if !unknown && !slices.Contains(knownControls, c) {
			controls[i] = unknownMember
		}
	}
	grant["builtInControls"] = orEmpty(controls)
	return grant
}

func orNullMap(m map[string]any) any {
	if m == nil {
		return nil
	}
	return m
}
