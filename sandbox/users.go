package sandbox

import (
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
	if s.refuseDirectory(w, PermissionUsers) || s.refuseOptions(w, g, "$select") {
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

// serveUsers is GET /users, compared without regard to letter case as the directory does.
// Source: https://learn.microsoft.com/graph/api/user-list
func (s *Sandbox) serveUsers(w http.ResponseWriter, g *graphRequest) {
	if s.refuseDirectory(w, PermissionUsers) || s.refuseOptions(w, g, "$select", "$filter", "$top", "$skiptoken") {
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
	people := slices.DeleteFunc(s.tenant.People(), func(p Person) bool {
		return !filter.holds(func(field string) any { return p.properties()[field] })
	})
	page, next, ok := pageAfter(people, g.query.Get("$skiptoken"), top, func(p Person) string { return p.ID })
	if !ok {
		s.graphError(w, http.StatusBadRequest, "Directory_ExpiredPageToken", "The specified page token value has expired and can no longer be included in your request.")
		return
	}
	users := []any{}
	for i := range page {
		user, ok := s.selectUser(w, g, &page[i])
		if !ok {
			return
		}
		users = append(users, user)
	}
	answer := map[string]any{"@odata.context": g.context("users"), "value": users}
	g.linkNext(answer, "users", next)
	writeJSON(w, http.StatusOK, answer)
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
