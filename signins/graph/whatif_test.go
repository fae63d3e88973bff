package graph

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/diagnosis"
	"signpost/signins"
)

func asked() diagnosis.Scenario {
	no := false
	return diagnosis.Scenario{
		UserID: anaID, Apps: []string{"resource", "app"}, Platform: "iOS", ClientApp: "mobileAppsAndDesktopClients",
		IPAddress: "203.0.113.7", Country: "ID", SignInRisk: "none", TransferMethod: "deviceCodeFlow",
		DeviceID: "d", DeviceName: "LAPTOP", Compliant: &no, TrustType: "Workplace",
	}
}

// The shape is Microsoft's example's: https://learn.microsoft.com/graph/api/conditionalaccessroot-evaluate
func TestHowWhatIfIsAsked(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		scenario diagnosis.Scenario
		want     string // signInConditions
	}{
		"all that a row may tell": {asked(), `{
			"devicePlatform": "iOS", "clientAppType": "mobileAppsAndDesktopClients", "signInRiskLevel": "none",
			"country": "ID", "ipAddress": "203.0.113.7", "authenticationFlow": {"transferMethod": "deviceCodeFlow"},
			"deviceInfo": {"deviceId": "d", "displayName": "LAPTOP", "isCompliant": false, "trustType": "Workplace"}}`},
		"what is not known is left out": {
			diagnosis.Scenario{UserID: anaID, Apps: []string{"resource", "app"}, Platform: "BeOS", TransferMethod: "carrierPigeon"}, `{"deviceInfo": {}}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			withStand(t, func(t *testing.T, s *stand) {
				if _, err := s.client().Evaluate(t.Context(), test.scenario); err != nil {
					t.Fatal(err)
				}
				requests := s.requests("/v1.0/identity/conditionalAccess/evaluate")
				if len(requests) != 1 || requests[0].method != http.MethodPost || !strings.Contains(requests[0].prefer, "include-unknown-enum-members") {
					t.Fatalf("requests = %+v", requests)
				}
				want := `{"signInIdentity": {"@odata.type": "#microsoft.graph.userSignIn", "userId": "` + anaID + `"},
					"signInContext": {"@odata.type": "#microsoft.graph.applicationContext", "includeApplications": ["resource", "app"]},
					"signInConditions": ` + test.want + `, "appliedPoliciesOnly": false}`
				if diff := cmp.Diff(document(t, want), document(t, requests[0].body)); diff != "" {
					t.Errorf("the question (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func document(t *testing.T, raw string) map[string]any {
	t.Helper()
	var d map[string]any
	if err := json.Unmarshal([]byte(raw), &d); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	return d
}

const evaluated = `{"value":[{"id":"P","displayName":"CA01","state":"enabled","policyApplies":true,"analysisReasons":"notSet",
	"grantControls":{"operator":"AND","builtInControls":["compliantDevice","riskRemediation"]}}]}`

func TestWhatWhatIfAnswers(t *testing.T) {
	t.Parallel()
	withStand(t, func(t *testing.T, s *stand) {
		s.whatIf = inTurn(refusing(http.StatusTooManyRequests, "TooManyRequests", "Retry-After", "2"), answering(evaluated))
		start := time.Now()
		got, err := s.client().Evaluate(t.Context(), asked())
		if err != nil {
			t.Fatal(err)
		}
		want := []diagnosis.Evaluated{{
			Policy: diagnosis.Policy{
				ID: "p", Name: "CA01", State: "enabled", Operator: "AND", GrantControls: []string{"compliantDevice", "riskRemediation"},
			},
			Applies: true, Reason: "notSet",
		}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the answer (-want +got):\n%s", diff)
		}
		if took := time.Since(start); took < 2*time.Second {
			t.Errorf("asked again after %s, want what Retry-After says", took)
		}
	})
}

// Without the permission there is nothing to say and nothing to complain about, for a while.
func TestWithoutThePermissionWhatIfIsNotAskedAgainForAWhile(t *testing.T) {
	t.Parallel()
	withStand(t, func(t *testing.T, s *stand) {
		s.whatIf = inTurn(refusing(http.StatusForbidden, "AccessDenied"), answering(evaluated))
		c := s.client()
		for range 3 {
			if got, err := c.Evaluate(t.Context(), asked()); got != nil || err != nil {
				t.Fatalf("answer %v, error %v; want neither", got, err)
			}
		}
		if n := len(s.requests("evaluate")); n != 1 {
			t.Errorf("asked %d times, want once", n)
		}
		if n := strings.Count(s.logged.String(), PermissionPolicies); n != 1 {
			t.Errorf("logged %d times, want once: %s", n, s.logged.String())
		}
		time.Sleep(6 * time.Minute)
		if got, err := c.Evaluate(t.Context(), asked()); len(got) != 1 || err != nil {
			t.Errorf("after a while: answer %v, error %v; want the answer", got, err)
		}
	})
}

func TestWhatIfFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer   func(http.ResponseWriter, *http.Request)
		scenario func(*diagnosis.Scenario)
		want     signins.Reason
	}{
		"graph is down":                {answer: refusing(http.StatusBadGateway, "x"), want: signins.ReasonUnavailable},
		"it asks to wait too long":     {answer: refusing(http.StatusTooManyRequests, "x", "Retry-After", "60"), want: signins.ReasonThrottled},
		"it takes too long":            {answer: silent, want: signins.ReasonTimeout},
		"it refuses the question":      {answer: refusing(http.StatusBadRequest, "BadRequest"), want: signins.ReasonUnexpected},
		"it answers something else":    {answer: answering(`<html>`), want: signins.ReasonUnexpected},
		"it does not say what applies": {answer: answering(`{"value":[{"id":"p"}]}`), want: signins.ReasonUnexpected},
		"the user's id is a name":      {scenario: func(s *diagnosis.Scenario) { s.UserID = anaUPN }, want: signins.ReasonUnexpected},
		"the answer leads somewhere else": {answer: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://evil.example", http.StatusFound)
		}, want: signins.ReasonUnexpected},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			withStand(t, func(t *testing.T, s *stand) {
				s.whatIf = test.answer
				scenario := asked()
				if test.scenario != nil {
					test.scenario(&scenario)
				}
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				got, err := s.client().Evaluate(ctx, scenario)
				if f := asFailure(t, err); f.Reason != test.want || got != nil {
					t.Errorf("answer %v, reason %s, want %s", got, f.Reason, test.want)
				}
			})
		})
	}
}

// What If is no report: it neither waits for a place in that limit nor takes one.
func TestWhatIfTakesNoPlaceInTheLimitOfReports(t *testing.T) {
	t.Parallel()
	withStand(t, func(t *testing.T, s *stand) {
		c := s.client()
		start := time.Now()
		for range 3 * reportBurst {
			if _, err := c.Evaluate(t.Context(), asked()); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("%d questions took %s", 3*reportBurst, took)
		}
	})
}
