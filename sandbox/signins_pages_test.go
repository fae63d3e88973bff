package sandbox_test

import (
	"net/url"
	"testing"
	"time"

	"signpost/sandbox"
)

// Pages differ in length, a short one is not the last, and rows that arrive meanwhile shift nothing.
func TestSignInPages(t *testing.T) {
	t.Parallel()
	const page = "https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/16188"
	s := start(t, sandbox.Options{})
	p := s.Tenant().AddPerson(sandbox.Person{UPN: "quinn.ode@contoso.com"})
	add := func(ago time.Duration) string {
		return s.Tenant().AddSignIn(sandbox.SignIn{UserID: p.ID, CreatedDateTime: noon.Add(-ago)}).ID
	}
	want := map[any]bool{}
	for i := range 25 {
		want[add(time.Duration(i/2+1)*time.Minute)] = true // two rows share each minute
	}
	query := "?$top=10&$filter=" + url.QueryEscape("userId eq '"+p.ID+"'")
	a := s.graph("GET", "/v1.0/auditLogs/signIns"+query, "")
	var lengths []int
	last := "9"
	for n := 0; ; n++ {
		lengths = append(lengths, len(a.values()))
		for _, row := range a.values() {
			if !want[row["id"]] {
				t.Errorf("row %v came twice, or too late", row["id"])
			}
			delete(want, row["id"])
			at, _ := row["createdDateTime"].(string)
			if at > last {
				t.Errorf("%s comes after %s, want the newest first", at, last)
			}
			last = at
		}
		next, _ := a.body["@odata.nextLink"].(string)
		if next == "" {
			break
		}
		add(time.Second) // newer than all pages
		u, err := url.Parse(next)
		if err != nil {
			t.Fatal(err)
		}
		wantStuckToItsQuery(t, s, u)
		a = s.graph("GET", u.RequestURI(), "")
	}
	if len(want) > 0 {
		t.Errorf("%d rows never came", len(want))
	}
	if len(lengths) < 3 || lengths[1] >= lengths[0] {
		t.Errorf("the pages hold %v rows, want a short one before the last as in %s", lengths, page)
	}
}

// wantStuckToItsQuery uses the token of a next link with another query.
func wantStuckToItsQuery(t *testing.T, s *services, next *url.URL) {
	t.Helper()
	const page = "https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/5974"
	other := next.Query()
	other.Set("$filter", "userId eq 'somebody else'")
	s.graph("GET", "/v1.0/auditLogs/signIns?"+other.Encode(), "").want(t, 400, "BadRequest", page)
	s.graph("GET", "/beta/auditLogs/signIns?"+next.RawQuery, "").want(t, 400, "BadRequest", page)
}

func TestSignInPagesUpwards(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	withRows(s)
	all := s.follow("/beta/auditLogs/signIns?$top=3&$orderby=createdDateTime%20asc", 3)
	for i := 1; i < len(all); i++ {
		before, _ := all[i-1]["createdDateTime"].(string)
		after, _ := all[i]["createdDateTime"].(string)
		if a, err := time.Parse(time.RFC3339, before); err != nil {
			t.Fatal(err)
		} else if b, err := time.Parse(time.RFC3339, after); err != nil || b.Before(a) {
			t.Errorf("%s comes after %s, %v", after, before, err)
		}
	}
	if whole := s.graph("GET", "/beta/auditLogs/signIns", "").values(); len(whole) != len(all) {
		t.Errorf("the pages hold %d rows, the log %d", len(all), len(whole))
	}
}
