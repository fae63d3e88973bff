package sandbox

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
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
	if s.refusePolicies(w) || s.refuseOptions(w, g, "$top", "$skiptoken", "$select", "$orderby", "$count") {
		return
	}
	size, start := policyPage, 0
	var err error
	if top := g.query.Get("$top"); top != "" {
		if size, err = strconv.Atoi(top); err != nil || size < 1 {
			s.graphError(w, http.StatusBadRequest, "BadRequest", "Invalid value for $top.")
			return
		}
	}
	policies := s.tenant.Policies()
	if token := g.query.Get("$skiptoken"); token != "" {
		after := slices.IndexFunc(policies, func(p Policy) bool { return p.ID == token })
		if after < 0 {
			s.graphError(w, http.StatusBadRequest, "BadRequest", "The $skiptoken is invalid.")
			return
		}
		start = after + 1
	}
	page := policies[start:min(start+size, len(policies))]
	values := []any{}
	for i := range page {
		values = append(values, page[i].object(g.wantsUnknownMembers()))
	}
	answer := map[string]any{"@odata.context": g.context("identity/conditionalAccess/policies"), "value": values}
	if start+size < len(policies) {
		link := g.query
		link.Set("$skiptoken", page[len(page)-1].ID)
		answer["@odata.nextLink"] = "https://" + HostGraph + "/" + g.version() + "/identity/conditionalAccess/policies?" + link.Encode()
	}
	writeJSON(w, http.StatusOK, answer)
}

// servePolicy is GET /identity/conditionalAccess/policies/{id}.
func (s *Sandbox) servePolicy(w http.ResponseWriter, g *graphRequest) {
	if s.refusePolicies(w) {
		return
	}
	for _, p := range s.tenant.Policies() {
		if strings.EqualFold(p.ID, g.path[3]) {
			answer := p.object(g.wantsUnknownMembers())
			answer["@odata.context"] = g.context("identity/conditionalAccess/policies/$entity")
			writeJSON(w, http.StatusOK, answer)
			return
		}
	}
	s.graphError(w, http.StatusNotFound, "ResourceNotFound", "Policy with id '"+g.path[3]+"' could not be found.")
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
	return map[string]any{
		"id": p.ID, "displayName": p.Name, "state": p.State, "templateId": nil,
		"createdDateTime": "2026-03-02T09:12:41.5502881Z", "modifiedDateTime": nil,
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
			controls[i] = "unknownFutureValue"
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
