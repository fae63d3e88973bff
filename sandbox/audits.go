package sandbox

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Audit is a record of the directory's audit log: somebody did something to a policy or a user.
// Source: https://learn.microsoft.com/graph/api/resources/directoryaudit
type Audit struct {
	Time     time.Time
	Service  string // loggedByService, such as Conditional Access or Core Directory
	Category string // such as Policy or UserManagement
	Activity string // such as Update conditional access policy
	Result   string // success when left empty; failure, timeout
	ByID     string // object id of the user who did it
	By       string // user principal name of the user who did it; empty: the app ByApp
	ByApp    string // display name of the app that did it
	Target   AuditTarget
	Changed  []AuditProperty
}

// AuditTarget is what was changed.
type AuditTarget struct{ ID, Type, Name, UPN string }

// AuditProperty is a property before and after. A value is written as JSON into a string; nil is null.
type AuditProperty struct {
	Name     string
	Old, New any
}

// auditFields are properties that are documented as filterable, with the documented operators.
// Source: https://learn.microsoft.com/graph/api/resources/directoryaudit
var auditFields = map[string]field{
	"activityDateTime":    {operators: []string{"eq", "ge", "le"}, kind: timeLiteral},
	"activityDisplayName": {operators: prefix}, "correlationId": {operators: equal}, "id": {operators: equal},
	"loggedByService": {operators: equal}, "operationType": {operators: equal},
	"initiatedBy/user/id": {operators: equal}, "initiatedBy/user/displayName": {operators: equal},
	"initiatedBy/user/userPrincipalName": {operators: prefix}, "initiatedBy/app/displayName": {operators: equal},
	"targetResources":    {collection: true},
	"targetResources/id": {operators: equal, collection: true}, "targetResources/displayName": {operators: prefix, collection: true},
}

// serveAudits is GET /auditLogs/directoryAudits, newest first. It needs no licence.
// Source: https://learn.microsoft.com/graph/api/directoryaudit-list
func (s *Sandbox) serveAudits(w http.ResponseWriter, g *graphRequest) {
	if s.refuseReport(w) || s.refuseOptions(w, g, "$filter", "$top", "$skiptoken") {
		return
	}
	filter, err := parseFilter(g.query.Get("$filter"), auditFields)
	oldest := s.opts.Now().Add(-reportRetention)
	if err != nil || slices.ContainsFunc(filter.times(), oldest.After) {
		s.graphError(w, http.StatusBadRequest, "BadRequest", "Invalid filter clause")
		return
	}
	top := reportPage
	if text := g.query.Get("$top"); text != "" {
		if top, err = strconv.Atoi(text); err != nil || top < 1 || top > reportPage {
			s.graphError(w, http.StatusBadRequest, "BadRequest", "Invalid page size specified.")
			return
		}
	}
	audits := slices.DeleteFunc(s.tenant.Audits(), func(a Audit) bool { return a.Time.Before(oldest) || !filter.holds(a.property) })
	slices.SortStableFunc(audits, func(a, b Audit) int { return b.Time.Compare(a.Time) })
	page, next, ok := pageAfter(audits, g.query.Get("$skiptoken"), top, func(a Audit) string { return a.id() })
	if !ok {
		s.graphError(w, http.StatusBadRequest, "BadRequest", "The $skiptoken is invalid.")
		return
	}
	values := []any{}
	for i := range page {
		values = append(values, page[i].object())
	}
	answer := map[string]any{"@odata.context": g.context("auditLogs/directoryAudits"), "value": values}
	g.linkNext(answer, "auditLogs/directoryAudits", next)
	writeJSON(w, http.StatusOK, answer)
}

func (a *Audit) id() string { return guidFor("audit", a.Activity, a.Target.ID, a.Time.String()) }

// operation is the first word of most activities.
func (a *Audit) operation() string { return strings.Fields(a.Activity)[0] }

// property is what a filter compares with.
func (a *Audit) property(field string) any {
	switch field {
	case "activityDateTime":
		return a.Time
	case "activityDisplayName":
		return a.Activity
	case "id":
		return a.id()
	case "loggedByService":
		return a.Service
	case "operationType":
		return a.operation()
	case "initiatedBy/user/id":
		return a.ByID
	case "initiatedBy/user/userPrincipalName":
		return a.By
	case "initiatedBy/app/displayName":
		return a.ByApp
	case "targetResources":
		return []map[string]string{{"targetResources/id": a.Target.ID, "targetResources/displayName": a.Target.Name}}
	default:
		return ""
	}
}

func (a *Audit) object() map[string]any {
	changed := []any{}
	for _, p := range a.Changed {
		changed = append(changed, map[string]any{"displayName": p.Name, "oldValue": p.text(p.Old), "newValue": p.text(p.New)})
	}
	by := map[string]any{"app": nil, "user": map[string]any{
		"id": a.ByID, "displayName": nil, "userPrincipalName": a.By, "ipAddress": "198.51.100.20", "userType": nil, "homeTenantId": nil,
	}}
	if a.By == "" {
		by = map[string]any{"user": nil, "app": map[string]any{
			"appId": nil, "displayName": a.ByApp, "servicePrincipalId": guidFor("service principal", a.ByApp), "servicePrincipalName": nil,
		}}
	}
	result := a.Result
	if result == "" {
		result = "success"
	}
	return map[string]any{
		"id": a.id(), "category": a.Category, "loggedByService": a.Service, "operationType": a.operation(),
		"activityDisplayName": a.Activity, "activityDateTime": a.Time.UTC().Format(time.RFC3339Nano),
		"result": result, "resultReason": "", "correlationId": guidFor("audit correlation", a.id()),
		"initiatedBy": by, "additionalDetails": []any{},
		"targetResources": []any{map[string]any{
			"id": a.Target.ID, "displayName": orNull(a.Target.Name), "type": a.Target.Type, "userPrincipalName": orNull(a.Target.UPN),
			"groupType": nil, "modifiedProperties": changed,
		}},
	}
}

func (AuditProperty) text(value any) any {
	if value == nil {
		return nil
	}
	raw, err := json.Marshal(value)
	if err != nil {
		return nil
	}
	return string(raw)
}

// AddAudit adds a record to the audit log.
func (t *Tenant) AddAudit(a Audit) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.audits = append(t.audits, a)
}

// Audits returns the audit log.
func (t *Tenant) Audits() []Audit {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.audits)
}
