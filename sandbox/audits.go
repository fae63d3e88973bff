package sandbox

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// Audit is a record of the directory's audit log: somebody edited a Conditional Access policy.
// Source: https://learn.microsoft.com/graph/api/resources/directoryaudit
type Audit struct {
	Time     time.Time
	Activity string // Add, Update or Delete conditional access policy
	Policy   Policy
	By       string // user principal name
	Old, New map[string]any
}

// sampleAudits are the edits of the sample tenant: the policy about countries was switched on two hours before it refused.
func sampleAudits(now time.Time) []Audit {
	id := guidFor("policy", policyCountry)
	return []Audit{{
		Time: now.Add(-agoLocation - 2*time.Hour).Truncate(time.Second), Activity: "Update conditional access policy",
		Policy: Policy{ID: id, Name: policyCountry}, By: "mira.olsen@" + sampleDomain,
		Old: map[string]any{"id": id, "state": "enabledForReportingButNotEnforced", "conditions": map[string]any{"locations": map[string]any{"excludeLocations": []string{"AllTrusted"}}}},
		New: map[string]any{"id": id, "state": "enabled", "conditions": map[string]any{"locations": map[string]any{"excludeLocations": []string{guidFor("location", "our countries")}}}},
	}}
}

// serveAudits is GET /auditLogs/directoryAudits, for the one query that finds edits of Conditional Access policies.
// Source: https://learn.microsoft.com/graph/api/directoryaudit-list
func (s *Sandbox) serveAudits(w http.ResponseWriter, g *graphRequest) {
	if s.refuseReport(w) || s.refuseOptions(w, g, "$filter", "$top") {
		return
	}
	const service = "loggedByService eq 'Conditional Access' and activityDateTime ge "
	since, err := time.Parse(time.RFC3339, strings.TrimPrefix(g.query.Get("$filter"), service))
	if err != nil {
		s.graphError(w, http.StatusBadRequest, "BadRequest", "Invalid filter clause")
		return
	}
	values := []any{}
	for _, a := range s.tenant.Audits() {
		if !a.Time.Before(since) {
			values = append(values, a.object())
		}
	}
	writeJSON(w, http.StatusOK, map[string]any{"@odata.context": g.context("auditLogs/directoryAudits"), "value": values})
}

func (a *Audit) object() map[string]any {
	document := func(policy map[string]any) any {
		if policy == nil {
			return nil
		}
		raw, err := json.Marshal(policy)
		if err != nil {
			return nil
		}
		return string(raw)
	}
	return map[string]any{
		"id": guidFor("audit", a.Policy.ID, a.Time.String()), "category": "Policy", "loggedByService": "Conditional Access",
		"operationType": strings.Fields(a.Activity)[0], "activityDisplayName": a.Activity, "result": "success",
		"activityDateTime": a.Time.UTC().Format(time.RFC3339Nano),
		"initiatedBy":      map[string]any{"app": nil, "user": map[string]any{"userPrincipalName": a.By}},
		"targetResources": []any{map[string]any{
			"id": a.Policy.ID, "displayName": a.Policy.Name, "type": "Policy",
			"modifiedProperties": []any{map[string]any{"displayName": "ConditionalAccessPolicy", "oldValue": document(a.Old), "newValue": document(a.New)}},
		}},
	}
}

// Audits returns the audit log.
func (t *Tenant) Audits() []Audit {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]Audit(nil), t.audits...)
}
