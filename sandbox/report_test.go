package sandbox_test

import (
	"testing"
	"time"

	"signpost/sandbox"
)

const reportPath = "/v1.0/auditLogs/signIns"

func TestWhoMayReadTheLog(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	for _, step := range []struct {
		name   string
		change func()
		status int
		code   string
		page   string
	}{
		{"all is well", func() {}, 200, "", listPage},
		{"no licence", func() { s.Tenant().SetPremium(false) }, 403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", "https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/7276"},
		{"neither licence nor permission", func() { s.Revoke(sandbox.PermissionSignIns) }, 403, "Authentication_MSGraphPermissionMissing", "https://github.com/microsoftgraph/microsoft-graph-explorer/issues/2731"},
		{"no permission", func() { s.Tenant().SetPremium(true) }, 403, "Authentication_MSGraphPermissionMissing", "https://github.com/microsoftgraph/microsoft-graph-explorer/issues/2731"},
		{"all is well again", func() { s.Grant(sandbox.PermissionSignIns) }, 200, "", listPage},
	} {
		step.change()
		t.Log(step.name)
		s.graph("GET", reportPath, "").want(t, step.status, step.code, step.page)
	}
}

func TestReportLimit(t *testing.T) {
	t.Parallel()
	const page = "https://learn.microsoft.com/graph/throttling-limits#identity-and-access-reports-service-limits"
	s := start(t, sandbox.Options{EnforceGraphLimit: true})
	ask := func(n, status int, wait string) {
		t.Helper()
		for range n {
			a := s.graph("GET", reportPath, "")
			if a.status != status || a.header.Get("Retry-After") != wait {
				t.Errorf("answered %d, retry after %q, want %d, %q as in %s", a.status, a.header.Get("Retry-After"), status, wait, page)
			}
		}
	}
	ask(5, 200, "")
	s.clock.turn(2500 * time.Millisecond)
	ask(1, 429, "8") // 7.5 s until the first five are too long ago
	s.graph("GET", "/v1.0/users", "").want(t, 200, "", page)
	s.clock.turn(8 * time.Second)
	ask(4, 200, "") // the refused request counts
	ask(1, 429, "10")
	s.clock.turn(10 * time.Second)
	ask(4, 200, "")
}

func TestTheReportLimitIsOffUnlessAskedFor(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	for range 7 {
		s.graph("GET", reportPath, "").want(t, 200, "", listPage)
	}
}

func TestRowsArriveLateAndLeave(t *testing.T) {
	t.Parallel()
	const (
		latePage = "https://learn.microsoft.com/entra/identity/monitoring-health/reference-log-latency"
		keepPage = "https://learn.microsoft.com/entra/identity/monitoring-health/reference-reports-data-retention"
	)
	s := start(t, sandbox.Options{})
	s.Tenant().AddSignIn(sandbox.SignIn{ID: rowID("a"), CreatedDateTime: noon, VisibleFrom: noon.Add(3 * time.Minute)})
	has := func() bool {
		a := s.graph("GET", reportPath+"?$filter=id%20eq%20'"+rowID("a")+"'", "")
		a.want(t, 200, "", listPage)
		return letters(a) == "a"
	}
	if has() {
		t.Errorf("the row is there at once, as opposed to %s", latePage)
	}
	s.clock.turn(3 * time.Minute)
	if !has() {
		t.Error("the row is not there when it should be")
	}
	s.clock.turn(30 * 24 * time.Hour)
	if has() {
		t.Errorf("the row is there after 30 days, as opposed to %s", keepPage)
	}
}
