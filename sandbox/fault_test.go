package sandbox_test

import (
	"net/http"
	"testing"
	"time"

	"signpost/sandbox"
)

// A fault answers as the host would.
func TestFaultsAnswerInTheShapeOfTheHost(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	tests := []struct {
		host string
		ask  func() answer
		good func(answer) bool
	}{
		{sandbox.HostGraph, func() answer { return s.graph("GET", reportPath, "") }, func(a answer) bool { return a.errorCode() == "BadGateway" }},
		{sandbox.HostConnector, func() answer { return s.connector("POST", "x", nil) }, func(a answer) bool { return a.errorCode() == "BadGateway" }},
		{
			sandbox.HostEntra, func() answer { return s.askToken(s.TenantID(), s.form(scopeGraph)) },
			func(a answer) bool { return a.body["error"] == "temporarily_unavailable" },
		},
		{sandbox.HostBotFramework, func() answer { return s.get(metadataAddress) }, func(a answer) bool { return a.body == nil }},
	}
	for _, test := range tests {
		mend := s.Break(sandbox.Fault{Host: test.host, Status: http.StatusBadGateway, RetryAfter: 1500 * time.Millisecond})
		a := test.ask()
		if a.status != http.StatusBadGateway || a.header.Get("Retry-After") != "2" || !test.good(a) {
			t.Errorf("%s answers %d, retry after %q: %s", test.host, a.status, a.header.Get("Retry-After"), a.raw)
		}
		mend()
		if a := test.ask(); a.status == http.StatusBadGateway {
			t.Errorf("%s is not mended", test.host)
		}
	}
}

func TestFaultsChooseRequests(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	statuses := func(fault sandbox.Fault) [3]int {
		defer s.Break(fault)()
		return [3]int{
			s.graph("GET", "/v1.0/users", "").status, s.graph("GET", reportPath, "").status,
			s.graph("POST", "/v1.0/users/mira.olsen@contoso.com/checkMemberGroups", `{"groupIds":[]}`).status,
		}
	}
	for name, test := range map[string]struct {
		fault sandbox.Fault
		want  [3]int
	}{
		"a host":                  {sandbox.Fault{Host: sandbox.HostGraph}, [3]int{503, 503, 503}},
		"part of a path":          {sandbox.Fault{Host: sandbox.HostGraph, PathContains: "signIns"}, [3]int{200, 503, 200}},
		"a method":                {sandbox.Fault{Host: sandbox.HostGraph, Method: "POST"}, [3]int{200, 200, 503}},
		"two times":               {sandbox.Fault{Host: sandbox.HostGraph, Times: 2}, [3]int{503, 503, 200}},
		"another host":            {sandbox.Fault{Host: sandbox.HostBotFramework}, [3]int{200, 200, 200}},
		"a delay is no more":      {sandbox.Fault{Host: sandbox.HostGraph, Delay: time.Millisecond}, [3]int{200, 200, 200}},
		"a delay and then":        {sandbox.Fault{Host: sandbox.HostGraph, Delay: time.Millisecond, Status: 500}, [3]int{500, 500, 500}},
		"with a wait and no more": {sandbox.Fault{Host: sandbox.HostGraph, RetryAfter: time.Second}, [3]int{503, 503, 503}},
	} {
		if got := statuses(test.fault); got != test.want {
			t.Errorf("%s: answered %v, want %v", name, got, test.want)
		}
	}
}

func TestTheOldestFaultStrikesFirst(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	s.Break(sandbox.Fault{Host: sandbox.HostGraph, Status: 500, Times: 1})
	s.Break(sandbox.Fault{Host: sandbox.HostGraph, Status: 502, Times: 1})
	for _, want := range []int{500, 502, 200} {
		if got := s.graph("GET", "/v1.0/users", "").status; got != want {
			t.Errorf("answered %d, want %d", got, want)
		}
	}
}

func TestKindsOfFault(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	chat := s.Teams("http://127.0.0.1:1", nil).Personal(s.Tenant().Helpdesk()[0])

	mend := s.Break(sandbox.Fault{Host: sandbox.HostGraph, Garbage: true})
	if a := s.graph("GET", "/v1.0/users", ""); a.status != 200 || a.body != nil || len(a.raw) == 0 {
		t.Errorf("garbage is %d %q", a.status, a.raw)
	}
	mend()

	mend = s.Break(sandbox.Fault{Host: sandbox.HostGraph, Status: 403, Body: `{"error":{"code":"Mine"}}`})
	s.graph("GET", "/v1.0/users", "").want(t, 403, "Mine", "the fault")
	mend()

	mend = s.Break(sandbox.Fault{Host: sandbox.HostBotFramework, Reset: true})
	if response, err := s.client.Do(s.request("GET", metadataAddress, "")); err == nil {
		_ = response.Body.Close()
		t.Errorf("a connection that was closed brought %d", response.StatusCode)
	}
	mend()

	mend = s.Break(sandbox.Fault{Host: sandbox.HostConnector, Late: true, Status: 504})
	s.connector("POST", activitiesOf(chat.ID()), message("x")).want(t, 504, "GatewayTimeout", "the fault")
	if n := len(chat.Messages()); n != 1 {
		t.Errorf("the lost answer was to %d messages, want 1 that is there", n)
	}
	mend()
}

func TestClosingEndsADelay(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	s.Break(sandbox.Fault{Delay: time.Hour, Reset: true})
	go s.Close()
	if response, err := s.client.Do(s.request("GET", metadataAddress, "")); err == nil {
		_ = response.Body.Close()
		t.Error("a closed sandbox answered")
	}
}
