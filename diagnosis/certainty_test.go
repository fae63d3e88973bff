package diagnosis_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"signpost/diagnosis"
)

func reason(text string) func(*diagnosis.SignIn) {
	return func(s *diagnosis.SignIn) { s.FailureReason = text }
}

func TestAFindingSaysHowSureItIsAndWhy(t *testing.T) {
	t.Parallel()
	type doubts = []diagnosis.Doubt
	tests := map[string]struct {
		c      diagnosis.Case
		want   diagnosis.Certainty
		doubts doubts
	}{
		"the row shows the policy":          {rows(row("09:00", 53003, policy("P", "failure", "Block"))), diagnosis.Confirmed, nil},
		"the row shows no policy":           {rows(row("09:00", 53003)), diagnosis.Likely, doubts{diagnosis.DoubtPolicyDetails}},
		"all or one of two controls":        {rows(row("09:00", 53003, policy("P", "failure", "Mfa", "RequireCompliantDevice"))), diagnosis.Likely, doubts{diagnosis.DoubtOperator}},
		"a code that speaks for itself":     {rows(row("09:00", 50173)), diagnosis.Confirmed, nil},
		"a code of which the kind is known": {rows(row("09:00", 90014)), diagnosis.Likely, doubts{diagnosis.DoubtFamily}},
		"a code that nobody knows":          {rows(row("09:00", 999999)), diagnosis.Uncertain, doubts{diagnosis.DoubtUnknownCode}},
		"a code with two meanings":          {rows(row("09:00", 50053)), diagnosis.Likely, doubts{diagnosis.DoubtDisputed}},
		"the reason tells which":            {rows(row("09:00", 50053, reason("The account is locked"))), diagnosis.Confirmed, nil},
		"nothing failed":                    {rows(row("09:00", 0), row("08:00", 0, silent)), diagnosis.Confirmed, nil},
		"nothing failed interactively":      {rows(row("09:00", 0)), diagnosis.Uncertain, doubts{diagnosis.DoubtRenewals}},
		"the pasted code is not there":      {diagnosis.Case{ErrorCode: 50173, SignIns: rows(row("09:00", 50126)).SignIns}, diagnosis.Likely, doubts{diagnosis.DoubtNotTheSaid}},
		"the pasted id is not there":        {diagnosis.Case{CorrelationID: "x", SignIns: rows(row("09:00", 50126)).SignIns}, diagnosis.Likely, doubts{diagnosis.DoubtNotTheSaid}},
		"a wrong password needs no policy":  {diagnosis.Case{SignIns: rows(row("09:00", 50126)).SignIns, Gaps: []diagnosis.Gap{diagnosis.GapPolicyDetails}}, diagnosis.Confirmed, nil},
		"nothing failed, of what was seen": {
			diagnosis.Case{SignIns: rows(row("09:00", 0)).SignIns, Gaps: []diagnosis.Gap{diagnosis.GapNonInteractive}},
			diagnosis.Uncertain,
			doubts{diagnosis.DoubtRenewals},
		},
		"the code speaks of a device, the policy of a second step": {
			rows(row("09:00", 530003, policy("P", "failure", "Mfa"))), diagnosis.Likely, doubts{diagnosis.DoubtMismatch},
		},
		"a step speaks of less than the policy": {rows(row("09:00", 50074, policy("P", "failure", "RequireCompliantDevice"))), diagnosis.Confirmed, nil},
		"the row contradicts itself": {
			rows(row("09:00", 50097, policy("P", "failure", "RequireCompliantDevice"), func(s *diagnosis.SignIn) { s.ConditionalAccessStatus = "success" })),
			diagnosis.Likely,
			doubts{diagnosis.DoubtContradiction},
		},
		"no row at all": {diagnosis.Case{}, diagnosis.Uncertain, doubts{diagnosis.DoubtLate}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := diagnosis.Diagnose(test.c)
			if f.Certainty != test.want {
				t.Errorf("certainty = %s, want %s", f.Certainty, test.want)
			}
			if diff := cmp.Diff(test.doubts, f.Doubts); diff != "" {
				t.Errorf("doubts (-want +got):\n%s", diff)
			}
		})
	}
}

func rows(all ...diagnosis.SignIn) diagnosis.Case { return diagnosis.Case{SignIns: all} }

func TestTheReasonDecidesWhatADisputedCodeMeans(t *testing.T) {
	t.Parallel()
	tests := []struct {
		code   int
		reason string
		guide  string
	}{
		{50053, "Sign-in was blocked because it came from an IP address with malicious activity", "address-blocked"},
		{50053, "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.", "account-locked-out"},
		{50053, "", "account-locked"},
		{530032, "Blocked because of user risk", "risk-blocked"},
		{530032, "Blocked by a security policy", "security-policy"},
		{50053, "locked because you tried too many times, or the IP address is malicious: the account is locked", "account-locked"},
		{50131, "Device is not in required device state. Or, the request was blocked due to suspicious activity, access policy", "blocked-by-policy"},
		{50131, "The device is not in the required state", "device-not-managed"},
	}
	for _, test := range tests {
		f := diagnosis.Diagnose(rows(row("09:00", test.code, reason(test.reason))))
		if f.Guide != test.guide {
			t.Errorf("%d, %q: guide %s, want %s", test.code, test.reason, f.Guide, test.guide)
		}
	}
}

func TestAResolvedFindingSaysWhatWasDifferent(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	change := func(ip string, compliant *bool) func(*diagnosis.SignIn) {
		return func(s *diagnosis.SignIn) {
			s.IPAddress, s.Device = ip, diagnosis.Device{ID: "d", Compliant: compliant}
		}
	}
	f := diagnosis.Diagnose(rows(row("09:00", 53000, change("192.0.2.1", &no)), row("09:30", 0, change("192.0.2.2", &yes))))
	if diff := cmp.Diff([]diagnosis.Change{diagnosis.ChangedCompliance, diagnosis.ChangedNetwork}, f.Changed); diff != "" || f.Main() != diagnosis.Resolved {
		t.Errorf("cause %s, changes (-want +got):\n%s", f.Main(), diff)
	}
}

func TestAnUnfinishedSignInSaysWhatWasAsked(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]diagnosis.Asked{50140: diagnosis.AskedStaySignedIn, 50074: diagnosis.AskedSecondStep, 65001: diagnosis.AskedConsent, 50173: ""} {
		if f := diagnosis.Diagnose(rows(row("09:00", code))); f.Asked != want {
			t.Errorf("code %d: asked %q, want %q", code, f.Asked, want)
		}
	}
}
