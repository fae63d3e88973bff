package sandbox

import (
	"encoding/json"
	"net/http"
	"strings"
)

// serveMemberGroups is POST /users/{id}/checkMemberGroups, which looks through nested groups.
// Source: https://learn.microsoft.com/graph/api/directoryobject-checkmembergroups
func (s *Sandbox) serveMemberGroups(w http.ResponseWriter, g *graphRequest) {
	if s.refuseDirectory(w, PermissionUsers) || s.refuseDirectory(w, PermissionMembers) {
		return
	}
	var body struct {
		GroupIDs *[]string `json:"groupIds"`
	}
	if err := json.NewDecoder(g.Body).Decode(&body); err != nil || body.GroupIDs == nil {
		s.graphError(w, http.StatusBadRequest, "Request_BadRequest", "A value is required for the parameter 'groupIds'.")
		return
	}
	if len(*body.GroupIDs) > 20 {
		s.graphError(w, http.StatusBadRequest, "Request_BadRequest", "The number of groups exceeds the maximum of 20.")
		return
	}
	p, found := s.tenant.Person(g.path[1])
	if !found {
		s.notInDirectory(w, g.path[1])
		return
	}
	member := []string{}
	for _, id := range *body.GroupIDs {
		if !isGUID(id) {
			s.graphError(w, http.StatusBadRequest, "Request_BadRequest", "Invalid object identifier '"+id+"'.")
			return
		}
		if s.tenant.isMember(id, p.ID) {
			member = append(member, strings.ToLower(id))
		}
	}
	writeJSON(w, http.StatusOK, map[string]any{"@odata.context": g.context("Collection(Edm.String)"), "value": member})
}
