package sandbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"signpost/sandbox"
)

// What the token endpoint takes and what it refuses.
func TestTokenEndpoint(t *testing.T) {
	t.Parallel()
	const (
		grantPage = "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow"
		codesPage = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes"
	)
	s := start(t, sandbox.Options{})
	set := func(key string, values ...string) func(url.Values) { return func(f url.Values) { f[key] = values } }
	tests := map[string]struct {
		tenant string // empty: the sample tenant
		change func(url.Values)
		status int
		name   string
		code   int
		page   string
	}{
		"good for graph":                  {change: func(url.Values) {}, status: 200, page: grantPage},
		"good for the connector":          {change: set("scope", scopeConnector), status: 200, page: grantPage},
		"good by the tenant's domain":     {tenant: "CONTOSO.com", change: func(url.Values) {}, status: 200, page: grantPage},
		"good with scopes that MSAL adds": {change: set("scope", scopeGraph+" openid offline_access profile"), status: 200, page: grantPage},
		"wrong secret":                    {change: set("client_secret", "guess"), status: 401, name: "invalid_client", code: 7000215, page: codesPage},
		"no secret":                       {change: set("client_secret"), status: 401, name: "invalid_client", code: 7000218, page: codesPage},
		"wrong tenant":                    {tenant: "fabrikam.com", change: func(url.Values) {}, status: 400, name: "invalid_request", code: 90002, page: codesPage},
		"the tenant of multi-tenant bots": {tenant: "botframework.com", change: func(url.Values) {}, status: 400, name: "invalid_request", code: 90002, page: codesPage},
		"unknown app":                     {change: set("client_id", "11111111-2222-4333-8444-555555555555"), status: 400, name: "unauthorized_client", code: 700016, page: codesPage},
		"no app":                          {change: set("client_id"), status: 400, name: "invalid_request", code: 900144, page: codesPage},
		"no grant":                        {change: set("grant_type"), status: 400, name: "invalid_request", code: 900144, page: codesPage},
		"another grant":                   {change: set("grant_type", "password"), status: 400, name: "unsupported_grant_type", code: 70003, page: codesPage},
		"no scope":                        {change: set("scope"), status: 400, name: "invalid_request", code: 900144, page: codesPage},
		"a delegated scope":               {change: set("scope", "https://graph.microsoft.com/User.Read"), status: 400, name: "invalid_scope", code: 1002012, page: grantPage},
		"two resources":                   {change: set("scope", scopeGraph+" "+scopeConnector), status: 400, name: "invalid_scope", code: 1002012, page: grantPage},
		"unknown resource":                {change: set("scope", "https://vault.azure.net/.default"), status: 400, name: "invalid_resource", code: 500011, page: codesPage},
		"an assertion in place of a secret": {change: func(f url.Values) {
			f.Del("client_secret")
			f.Set("client_assertion", "a.b.c")
			f.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
		}, status: 200, page: grantPage},
		"an assertion that is none": {change: func(f url.Values) {
			f.Del("client_secret")
			f.Set("client_assertion", "abc")
		}, status: 401, name: "invalid_client", code: 50027, page: codesPage},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			form := s.form(scopeGraph)
			test.change(form)
			if test.tenant == "" {
				test.tenant = s.TenantID()
			}
			a := s.askToken(test.tenant, form)
			if a.status != test.status {
				t.Fatalf("answered %d, want %d as in %s: %s", a.status, test.status, test.page, a.raw)
			}
			if test.status == 200 {
				wantToken(t, a, test.page)
				return
			}
			codes, _ := a.body["error_codes"].([]any)
			if a.body["error"] != test.name || len(codes) != 1 || codes[0] != float64(test.code) {
				t.Errorf("answered %v %v, want %s %d as in %s", a.body["error"], codes, test.name, test.code, test.page)
			}
			if said, _ := a.body["error_description"].(string); !strings.HasPrefix(said, "AADSTS") || strings.Contains(said, s.Secret()) {
				t.Errorf("describes the error as %q", said)
			}
		})
	}
}

func wantToken(t *testing.T, a answer, page string) {
	t.Helper()
	token, _ := a.body["access_token"].(string)
	if strings.Count(token, ".") != 2 || a.body["token_type"] != "Bearer" || a.body["expires_in"] != 3599.0 {
		t.Errorf("answered %s, want a bearer token for 3599 s as in %s", a.raw, page)
	}
	if a.header.Get("Cache-Control") != "no-store, no-cache" {
		t.Errorf("a token may be cached: %q", a.header.Get("Cache-Control"))
	}
}

func TestTheTokenEndpointTakesPostsOnly(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	a := s.get("https://" + sandbox.HostEntra + "/" + s.TenantID() + "/oauth2/v2.0/token")
	if a.status != http.StatusBadRequest || a.body["error"] != "invalid_request" {
		t.Errorf("answered %d %v, want 400 invalid_request", a.status, a.body["error"])
	}
}

// A token opens the service that it is for, while it lasts, and no other. That of a stranger opens nothing.
func TestTokensOpenTheirAudienceOnly(t *testing.T) {
	t.Parallel()
	const page = "https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens"
	s, stranger := start(t, sandbox.Options{}), start(t, sandbox.Options{})
	bot := newBot(t)
	chat := s.Teams(bot.url, nil).Personal(s.Tenant().Helpdesk()[0])
	if _, err := chat.Say(t.Context(), s.Tenant().Helpdesk()[0], "hi"); err != nil {
		t.Fatal(err)
	}
	inbound := strings.TrimPrefix(bot.header(t).Get("Authorization"), "Bearer ")
	graph, connector := s.token(scopeGraph), s.token(scopeConnector)
	parts := strings.Split(graph, ".")
	tests := []struct {
		name, header string
		graph        int
		connector    int // a conversation that does not exist is a 404, once the token is good
	}{
		{"the token for graph", "Bearer " + graph, 200, 401},
		{"the token for the connector", "Bearer " + connector, 401, 404},
		{"the scheme in any letter case", "bearer " + graph, 200, 401},
		{"a token that came with an activity", "Bearer " + inbound, 401, 401},
		{"a stranger's for graph", "Bearer " + stranger.token(scopeGraph), 401, 401},
		{"a stranger's for the connector", "Bearer " + stranger.token(scopeConnector), 401, 401},
		{"claims of one and signature of the other", "Bearer " + parts[0] + "." + strings.Split(connector, ".")[1] + "." + parts[2], 401, 401},
		{"no signature", "Bearer " + parts[0] + "." + parts[1] + ".", 401, 401},
		{"no token at all", "", 401, 401},
		{"another scheme", "Basic " + graph, 401, 401},
		{"not a token", "Bearer abc", 401, 401},
	}
	ask := func(address, header string) int {
		r := s.request(http.MethodGet, address, "")
		if strings.HasPrefix(address, "https://"+sandbox.HostConnector) {
			r.Method = http.MethodPost
		}
		if header != "" {
			r.Header.Set("Authorization", header)
		}
		return s.do(r).status
	}
	check := func(name, header string, wantGraph, wantConnector int) {
		t.Helper()
		if got := ask("https://graph.microsoft.com/v1.0/users", header); got != wantGraph {
			t.Errorf("%s: graph answered %d, want %d as in %s", name, got, wantGraph, page)
		}
		address := "https://" + sandbox.HostConnector + "/emea/" + s.TenantID() + "/v3/conversations/a:0/activities"
		if got := ask(address, header); got != wantConnector {
			t.Errorf("%s: the connector answered %d, want %d as in %s", name, got, wantConnector, page)
		}
	}
	for _, test := range tests {
		check(test.name, test.header, test.graph, test.connector)
	}
	s.clock.turn(time.Hour + 5*time.Minute + time.Second) // clocks may differ by five minutes
	check("the expired token for graph", "Bearer "+graph, 401, 401)
	check("the expired token for the connector", "Bearer "+connector, 401, 401)
}
