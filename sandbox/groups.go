package sandbox

import (
	"net/http"
	"slices"
	"strings"
)

// groupProperties are the properties of a group that the sandbox holds.
// Source: https://learn.microsoft.com/graph/api/resources/group
var groupProperties = []string{"id", "displayName", "securityEnabled"}

// serveGroup is GET /groups/{id}.
// Source: https://learn.microsoft.com/graph/api/group-get
func (s *Sandbox) serveGroup(w http.ResponseWriter, g *graphRequest) {
	if s.refuseDirectory(w, PermissionMembers) || s.refuseOptions(w, g, "$select") {
		return
	}
	group, found := s.tenant.group(g.path[1])
	if !found {
		s.notInDirectory(w, g.path[1])
		return
	}
	all := map[string]any{"id": group.ID, "displayName": group.Name, "securityEnabled": true}
	answer := map[string]any{"@odata.context": g.context("groups/$entity")}
	names := groupProperties
	if chosen := g.query.Get("$select"); chosen != "" {
		names = strings.Split(chosen, ",")
	}
	for _, name := range names {
		if !slices.Contains(groupProperties, name) {
			s.graphError(w, http.StatusBadRequest, "BadRequest", "Parsing OData Select and Expand failed: Could not find a property named '"+name+"' on type 'microsoft.graph.group'.")
			return
		}
		answer[name] = all[name]
	}
	writeJSON(w, http.StatusOK, answer)
}

// group finds a group by object id.
func (t *Tenant) group(id string) (Group, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if i := slices.IndexFunc(t.groups, func(g Group) bool { return strings.EqualFold(g.ID, id) }); i >= 0 {
		return t.groups[i], true
	}
	return Group{}, false
}
