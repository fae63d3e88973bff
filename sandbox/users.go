package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// userProperties are the properties of a user that the sandbox holds; the first ones come without $select.
// Source: https://learn.microsoft.com/graph/api/resources/user
var userProperties = []string{
	"businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone", "officeLocation",
	"preferredLanguage", "surname", "userPrincipalName", "id",
}

var selectableUserProperties = append([]string{"accountEnabled", "userType", "usageLocation", "country"}, userProperties...)

// serveUser is GET /users/{id or UPN}.
// Source: https://learn.microsoft.com/graph/api/user-get
func (s *Sandbox) serveUser(w http.ResponseWriter, g *graphRequest) {
	if s.refuseDirectory(w, PermissionUsers) || s.refuseOptions(w, g, "$select", "$expand") {
		return
	}
	p, found := s.tenant.Person(g.path[1])
	if !found {
		s.notInDirectory(w, g.path[1])
		return
	}
	user, ok := s.selectUser(w, g, &p)
	if !ok {
		return
	}
	user["@odata.context"] = g.context("users/$entity")
	writeJSON(w, http.StatusOK, user)
}

// serveUsers is GET /users with a $filter of eq clauses, compared without regard to letter case as the directory does.
func (s *Sandbox) serveUsers(w http.ResponseWriter, g *graphRequest) {
	if s.refuseDirectory(w, PermissionUsers) || s.refuseOptions(w, g, "$select", "$filter", "$top", "$count", "$orderby") {
		return
	}
	top := 100
	if text := g.query.Get("$top"); text != "" {
		var err error
		if top, err = strconv.Atoi(text); err != nil || top < 1 || top > 999 {
			s.graphError(w, http.StatusBadRequest, "Request_UnsupportedQuery", fmt.Sprintf("Invalid page size specified: '%s'. Must be between 1 and 999 inclusive.", text))
			return
		}
	}
	filter, err := parseFilter(g.query.Get("$filter"), userFields)
	if err != nil {
		s.graphError(w, http.StatusBadRequest, "Request_UnsupportedQuery", "Unsupported or invalid query filter clause specified for property of resource 'User'.")
		return
	}
	users := []any{}
	for _, p := range s.tenant.People() {
		if !filter.holds(func(field string) any { return strings.ToLower(fmt.Sprint(p.properties()[field])) }) {
			continue
		}
		user, ok := s.selectUser(w, g, &p)
		if !ok {
			return
		}
		if users = append(users, user); len(users) == top {
			break
		}
	}
	writeJSON(w, http.StatusOK, map[string]any{"@odata.context": g.context("users"), "value": users})
}

// selectUser reduces a person to what $select asks for.
func (s *Sandbox) selectUser(w http.ResponseWriter, g *graphRequest, p *Person) (user map[string]any, ok bool) {
	names := userProperties
	if chosen := g.query.Get("$select"); chosen != "" {
		names = strings.Split(chosen, ",")
	}
	all := p.properties()
	user = map[string]any{}
	for _, name := range names {
		name = strings.TrimSpace(name)
		i := slices.IndexFunc(selectableUserProperties, func(known string) bool { return strings.EqualFold(known, name) })
		if i < 0 {
			s.graphError(w, http.StatusBadRequest, "BadRequest", "Parsing OData Select and Expand failed: Could not find a property named '"+name+"' on type 'microsoft.graph.user'.")
			return nil, false
		}
		user[selectableUserProperties[i]] = all[selectableUserProperties[i]]
	}
	return user, true
}

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
	if !found || (!strings.EqualFold(g.path[0], "users") && !strings.EqualFold(p.ID, g.path[1])) {
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

func (s *Sandbox) refuseDirectory(w http.ResponseWriter, permission string) bool {
	if s.grants.allow(permission) {
		return false
	}
	s.graphError(w, http.StatusForbidden, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
	return true
}

func (s *Sandbox) notInDirectory(w http.ResponseWriter, name string) {
	s.graphError(w, http.StatusNotFound, "Request_ResourceNotFound",
		"Resource '"+name+"' does not exist or one of its queried reference-property objects are not present.")
}
