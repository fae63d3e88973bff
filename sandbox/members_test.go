package sandbox_test

import (
	"strings"
	"testing"

	"signpost/sandbox"
)

func TestMemberGroups(t *testing.T) {
	t.Parallel()
	const page = "https://learn.microsoft.com/graph/api/directoryobject-checkmembergroups"
	s := start(t, sandbox.Options{})
	helpdesk := s.Tenant().HelpdeskGroupID()
	loop := s.Tenant().AddGroup(sandbox.Group{Name: "A", Members: []string{"b0000000-0000-4000-8000-000000000000"}})
	s.Tenant().AddGroup(sandbox.Group{ID: "b0000000-0000-4000-8000-000000000000", Name: "B", Members: []string{loop.ID}})
	ask := func(groups string) string { return `{"groupIds":[` + groups + `]}` }
	tests := map[string]struct {
		person, body string
		status       int
		code         string
		found        int
	}{
		"a member":                       {"mira.olsen@contoso.com", ask(`"` + helpdesk + `"`), 200, "", 1},
		"a member by a group within":     {"Noah.Clark@contoso.com", ask(`"` + helpdesk + `"`), 200, "", 1},
		"somebody else":                  {"grace.kim@contoso.com", ask(`"` + helpdesk + `"`), 200, "", 0},
		"a group that does not exist":    {"mira.olsen@contoso.com", ask(`"c0000000-0000-4000-8000-000000000000"`), 200, "", 0},
		"groups that hold each other":    {"mira.olsen@contoso.com", ask(`"` + loop.ID + `"`), 200, "", 0},
		"no groups":                      {"mira.olsen@contoso.com", ask(""), 200, "", 0},
		"what is no id":                  {"mira.olsen@contoso.com", ask(`"Helpdesk"`), 400, "Request_BadRequest", 0},
		"a body without groups":          {"mira.olsen@contoso.com", `{}`, 400, "Request_BadRequest", 0},
		"a body that is no JSON":         {"mira.olsen@contoso.com", `groupIds`, 400, "Request_BadRequest", 0},
		"21 groups":                      {"mira.olsen@contoso.com", ask(strings.TrimSuffix(strings.Repeat(`"`+helpdesk+`",`, 21), ",")), 400, "Request_BadRequest", 0},
		"nobody":                         {"nobody@contoso.com", ask(`"` + helpdesk + `"`), 404, "Request_ResourceNotFound", 0},
		"a group id in upper-case works": {"mira.olsen@contoso.com", ask(`"` + strings.ToUpper(helpdesk) + `"`), 200, "", 1},
	}
	for name, test := range tests {
		a := s.graph("POST", "/v1.0/users/"+test.person+"/checkMemberGroups", test.body, "Content-Type", "application/json")
		a.want(t, test.status, test.code, page)
		if found, _ := a.body["value"].([]any); len(found) != test.found {
			t.Errorf("%s: member of %v, want %d groups as in %s", name, found, test.found, page)
		}
	}
	s.Revoke(sandbox.PermissionMembers)
	s.graph("POST", "/v1.0/users/mira.olsen@contoso.com/checkMemberGroups", ask("")).want(t, 403, "Authorization_RequestDenied", page)
}
