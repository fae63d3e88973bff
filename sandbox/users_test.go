package sandbox_test

import (
	"net/url"
	"testing"

	"signpost/sandbox"
)

const (
	guestName = "ana.souza_fabrikam.com#EXT#@contoso.onmicrosoft.com"
	guestMail = "Ana.Souza@fabrikam.com"
)

func TestUserByName(t *testing.T) {
	t.Parallel()
	const page = "https://learn.microsoft.com/graph/api/user-get"
	s := start(t, sandbox.Options{})
	david := s.Tenant().MustPerson("david.okafor@contoso.com")
	guest := s.Tenant().MustPerson(guestName)
	tests := map[string]struct {
		name   string
		status int
		code   string
		id     string
	}{
		"object id":                        {david.ID, 200, "", david.ID},
		"UPN":                              {"david.okafor@contoso.com", 200, "", david.ID},
		"UPN in another letter case":       {"David.OKAFOR@Contoso.com", 200, "", david.ID},
		"a guest's UPN, escaped":           {guestName, 200, "", guest.ID},
		"a guest's own address is no name": {guestMail, 404, "Request_ResourceNotFound", ""},
		"nobody":                           {"nobody@contoso.com", 404, "Request_ResourceNotFound", ""},
	}
	for name, test := range tests {
		a := s.graph("GET", "/v1.0/users/"+url.PathEscape(test.name)+"?$select=id,mail", "")
		a.want(t, test.status, test.code, page)
		if id, _ := a.body["id"].(string); id != test.id {
			t.Errorf("%s: found %q, want %q", name, id, test.id)
		}
	}
	// The # of a guest's name begins a fragment when it is not escaped: another name arrives.
	s.graph("GET", "/v1.0/users/"+guestName, "").want(t, 404, "Request_ResourceNotFound", page)
}

func TestUserProperties(t *testing.T) {
	t.Parallel()
	const page = "https://learn.microsoft.com/graph/api/user-get"
	s := start(t, sandbox.Options{})
	address := "/v1.0/users/" + url.PathEscape(guestName)
	byDefault := s.graph("GET", address, "").body
	if _, has := byDefault["userType"]; has || byDefault["mail"] != guestMail || len(byDefault) != 12 {
		t.Errorf("without $select came %v, want the 11 default properties as in %s", byDefault, page)
	}
	chosen := s.graph("GET", address+"?$select=userType,%20DisplayName", "").body
	if chosen["userType"] != "Guest" || chosen["displayName"] != "Ana Souza (Fabrikam)" || len(chosen) != 3 {
		t.Errorf("$select brought %v, want two properties as in %s", chosen, page)
	}
	s.graph("GET", address+"?$select=shoeSize", "").want(t, 400, "BadRequest", page)
	s.graph("GET", address+"?$expand=manager", "").want(t, 400, "BadRequest", page)
	s.Revoke(sandbox.PermissionUsers)
	s.graph("GET", address, "").want(t, 403, "Authorization_RequestDenied", page)
	s.graph("GET", "/v1.0/users", "").want(t, 403, "Authorization_RequestDenied", page)
}

func TestUsersByFilter(t *testing.T) {
	t.Parallel()
	const page = "https://learn.microsoft.com/graph/api/user-list"
	s := start(t, sandbox.Options{})
	s.Tenant().AddPerson(sandbox.Person{UPN: "twin.one@contoso.com", Mail: "shared@contoso.com"})
	s.Tenant().AddPerson(sandbox.Person{UPN: "twin.two@contoso.com", Mail: "shared@contoso.com"})
	s.Tenant().AddPerson(sandbox.Person{UPN: "maeve.o'brien@contoso.com"})
	tests := []struct {
		filter string
		status int
		code   string
		found  int
	}{
		{"mail eq 'ana.souza@FABRIKAM.com'", 200, "", 1},
		{"mail eq 'maeve.o''brien@contoso.com'", 200, "", 1},
		{"mail eq 'shared@contoso.com'", 200, "", 2},
		{"mail eq 'nobody@contoso.com'", 200, "", 0},
		{"startswith(displayName,'grace')", 200, "", 1},
		{"startswith(userPrincipalName,'twin') and mail eq 'SHARED@contoso.com'", 200, "", 2},
		{"mail eq 'maeve.o'brien@contoso.com'", 400, "Request_UnsupportedQuery", 0},
		{"mail eq shared@contoso.com", 400, "Request_UnsupportedQuery", 0},
		{"endsWith(mail,'@contoso.com')", 400, "Request_UnsupportedQuery", 0}, // needs ConsistencyLevel: eventual
		{"jobTitle eq 'x'", 400, "Request_UnsupportedQuery", 0},
	}
	for _, test := range tests {
		a := s.graph("GET", "/v1.0/users?$filter="+url.QueryEscape(test.filter), "")
		a.want(t, test.status, test.code, page)
		if n := len(a.values()); n != test.found {
			t.Errorf("%s finds %d, want %d as in %s", test.filter, n, test.found, page)
		}
	}
	for _, refused := range []string{"$top=0", "$top=1000", "$skip=1", "$orderby=mail", "$count=true", "$skiptoken=guess"} {
		if a := s.graph("GET", "/v1.0/users?"+refused, ""); a.status != 400 {
			t.Errorf("%s: answered %d, want 400", refused, a.status)
		}
	}
}

func TestUsersComeInPages(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	all := s.follow("/v1.0/users?$top=4&$select=id", 4)
	seen := map[any]bool{}
	for _, user := range all {
		seen[user["id"]] = true
	}
	if people := s.Tenant().People(); len(seen) != len(people) || len(all) != len(people) {
		t.Errorf("the pages hold %d users, %d of them different, want %d", len(all), len(seen), len(people))
	}
}

// follow reads a collection to its end and returns it, and fails when a page holds more than most or the end is not
// reached.
func (s *services) follow(pathAndQuery string, most int) []map[string]any {
	s.t.Helper()
	var all []map[string]any
	a := s.graph("GET", pathAndQuery, "")
	for range 50 {
		page := a.values()
		if a.status != 200 || len(page) > most {
			s.t.Fatalf("answered %d with %d values, want at most %d", a.status, len(page), most)
		}
		all = append(all, page...)
		next, _ := a.body["@odata.nextLink"].(string)
		if next == "" {
			return all
		}
		u, err := url.Parse(next)
		if err != nil || u.Host != sandbox.HostGraph {
			s.t.Fatalf("the next page is at %q", next)
		}
		a = s.graph("GET", u.RequestURI(), "")
	}
	s.t.Fatal("the pages have no end")
	return nil
}
