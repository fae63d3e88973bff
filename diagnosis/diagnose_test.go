package diagnosis_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"signpost/diagnosis"
)

const (
	ana         = "5d0c2f4e-0000-4000-8000-00000000000a"
	portal      = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c"
	armAPI      = "797f4846-ba00-4fd7-ba43-dac1f8f63013"
	enrolment   = "d4ebce55-015a-49b5-a083-c84d1797ae8c"
	intuneAPI   = "c161e42e-d4df-4a3d-9b42-e7a3c31f59d4"
	exchange    = "00000002-0000-0ff1-ce00-000000000000"
	zeros       = "00000000-0000-0000-0000-000000000000"
	compliantID = "11111111-0000-4000-8000-000000000001"
)

// clock is a moment of the morning on which all tests play.
func clock(text string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", "2026-11-23 "+text)
	if err != nil {
		panic(err)
	}
	return t
}

// row is a sign-in of Ana's at the Azure portal; change makes it another.
func row(at string, code int, change ...func(*diagnosis.SignIn)) diagnosis.SignIn {
	s := diagnosis.SignIn{
		ID: "row-" + at, Time: clock(at), CorrelationID: "try-" + at, Kind: diagnosis.KindInteractive,
		UserID: ana, UserPrincipalName: "ana@contoso.com",
		AppID: portal, App: "Azure Portal", ResourceID: armAPI, Resource: "Windows Azure Service Management API",
		HasStatus: true, ErrorCode: code,
	}
	for _, c := range change {
		c(&s)
	}
	return s
}

func try(id string) func(*diagnosis.SignIn) {
	return func(s *diagnosis.SignIn) { s.CorrelationID = id }
}

func app(id, name string) func(*diagnosis.SignIn) {
	return func(s *diagnosis.SignIn) { s.AppID, s.App, s.ResourceID, s.Resource = id, name, id, name }
}

func onDevice(id string) func(*diagnosis.SignIn) {
	return func(s *diagnosis.SignIn) { s.Device.ID = id }
}

func silent(s *diagnosis.SignIn) { s.Kind = diagnosis.KindNonInteractive }

func user(id, upn string) func(*diagnosis.SignIn) {
	return func(s *diagnosis.SignIn) { s.UserID, s.UserPrincipalName = id, upn }
}

func policy(name string, result diagnosis.PolicyResult, controls ...string) func(*diagnosis.SignIn) {
	return func(s *diagnosis.SignIn) {
		s.Policies = append(s.Policies, diagnosis.AppliedPolicy{ID: compliantID, Name: name, Result: result, GrantControls: controls})
	}
}

func frequency(result diagnosis.PolicyResult) func(*diagnosis.SignIn) {
	return func(s *diagnosis.SignIn) {
		s.Policies = append(s.Policies, diagnosis.AppliedPolicy{ID: "freq", Name: "Admins sign in often", Result: result, SessionControls: []string{"SignInFrequency"}})
	}
}

// conclusion is what the tests compare of a finding.
type conclusion struct {
	Causes   []diagnosis.Cause
	Code     int
	At       string // clock of the deciding row
	Policies []string
	NotSeen  []diagnosis.Gap
}

func TestDiagnoseDecides(t *testing.T) {
	t.Parallel()
	type causes = []diagnosis.Cause
	tests := map[string]struct {
		c    diagnosis.Case
		rows []diagnosis.SignIn
		want conclusion
	}{
		"no rows at all means that no sign-in was found, and that the log may be late": {
			want: conclusion{Causes: causes{diagnosis.NoSignInFound}, NotSeen: []diagnosis.Gap{diagnosis.GapLate}},
		},
		"rows of somebody else are no rows": {
			c:    diagnosis.Case{Account: "ben@contoso.com"},
			rows: []diagnosis.SignIn{row("09:00", 50173)},
			want: conclusion{Causes: causes{diagnosis.NoSignInFound}, NotSeen: []diagnosis.Gap{diagnosis.GapLate}},
		},
		"an account is found in any letter case": {
			c:    diagnosis.Case{Account: "ANA@Contoso.com"},
			rows: []diagnosis.SignIn{row("09:00", 50173)},
			want: conclusion{Causes: causes{diagnosis.TokenExpired}, Code: 50173, At: "09:00"},
		},
		"a guest is found by the #EXT# name": {
			c:    diagnosis.Case{Account: "Ana_fabrikam.com#EXT#@contoso.onmicrosoft.com"},
			rows: []diagnosis.SignIn{row("09:00", 50173, user(ana, "ana@fabrikam.com"))},
			want: conclusion{Causes: causes{diagnosis.TokenExpired}, Code: 50173, At: "09:00"},
		},
		"rows under an old name are found through the object id of a newer row": {
			c: diagnosis.Case{Account: "ana@contoso.com"},
			rows: []diagnosis.SignIn{
				row("08:00", 50173, user(ana, "old@contoso.com")),
				row("07:00", 0, app(exchange, "Office 365 Exchange Online")),
			},
			want: conclusion{Causes: causes{diagnosis.TokenExpired}, Code: 50173, At: "08:00"},
		},
		"only successes mean that nothing failed": {
			rows: []diagnosis.SignIn{row("09:00", 0)},
			want: conclusion{Causes: causes{diagnosis.NoFailureFound}},
		},
		"an expired single-page-app token is an expiry": {
			rows: []diagnosis.SignIn{row("09:00", 700084, silent)},
			want: conclusion{Causes: causes{diagnosis.TokenExpired}, Code: 700084, At: "09:00"},
		},
		"an expiry by sign-in frequency is both expiry and Conditional Access": {
			rows: []diagnosis.SignIn{row("09:00", 70043, silent, frequency("success"))},
			want: conclusion{Causes: causes{diagnosis.TokenExpired, diagnosis.ConditionalBlock}, Code: 70043, At: "09:00"},
		},
		"a policy that refused decides before the code": {
			rows: []diagnosis.SignIn{row("09:00", 53000, policy("Compliant devices", "failure", "RequireCompliantDevice"))},
			want: conclusion{
				Causes: causes{diagnosis.ConditionalBlock, diagnosis.DeviceCompliance}, Code: 53000, At: "09:00",
				Policies: []string{"Compliant devices"},
			},
		},
		"without a policy on the row the code decides, and the policy is missed": {
			rows: []diagnosis.SignIn{row("09:00", 53000)},
			want: conclusion{Causes: causes{diagnosis.DeviceCompliance, diagnosis.ConditionalBlock}, Code: 53000, At: "09:00", NotSeen: []diagnosis.Gap{diagnosis.GapPolicyDetails}},
		},
		"a policy does not overrule a session that was revoked": {
			rows: []diagnosis.SignIn{row("09:00", 50173, policy("P", "failure", "Mfa"))},
			want: conclusion{Causes: causes{diagnosis.TokenExpired, diagnosis.ConditionalBlock}, Code: 50173, At: "09:00", Policies: []string{"P"}},
		},
		"a policy does not overrule an app that is missing": {
			rows: []diagnosis.SignIn{row("09:00", 500011, policy("P", "failure", "RequireCompliantDevice"))},
			want: conclusion{Causes: causes{diagnosis.AppConfiguration, diagnosis.ConditionalBlock}, Code: 500011, At: "09:00", Policies: []string{"P"}},
		},
		"a wrong password that was followed by the right one is a slip": {
			rows: []diagnosis.SignIn{row("09:00", 50126), row("09:02", 50074, policy("P", "failure", "Mfa"))},
			want: conclusion{Causes: causes{diagnosis.MFARequired, diagnosis.ConditionalBlock, diagnosis.UnfinishedSignIn}, Code: 50074, At: "09:02", Policies: []string{"P"}},
		},
		"in one try, too": {
			rows: []diagnosis.SignIn{row("09:00", 50126, try("x")), row("09:02", 50055, try("x"))},
			want: conclusion{Causes: causes{diagnosis.PasswordExpired, diagnosis.UnfinishedSignIn}, Code: 50055, At: "09:02"},
		},
		"a silent renewal does not prove the password": {
			rows: []diagnosis.SignIn{row("09:00", 50126), row("09:02", 0, silent)},
			want: conclusion{Causes: causes{diagnosis.BadCredentials}, Code: 50126, At: "09:00"},
		},
		"security defaults have no policy to miss": {
			rows: []diagnosis.SignIn{row("09:00", 530035, func(s *diagnosis.SignIn) { s.ConditionalAccessStatus = "failure" })},
			want: conclusion{Causes: causes{diagnosis.ConditionalBlock}, Code: 530035, At: "09:00"},
		},
		"a correlation id of zeros joins nothing": {
			rows: []diagnosis.SignIn{
				row("08:00", 53003, try(zeros), policy("P", "failure", "Block")),
				row("08:30", 0, try(zeros), app(exchange, "Office 365 Exchange Online")),
			},
			want: conclusion{Causes: causes{diagnosis.ConditionalBlock}, Code: 53003, At: "08:00", Policies: []string{"P"}},
		},
		"nobody's try is solved by somebody else's": {
			rows: []diagnosis.SignIn{row("08:00", 53003, try("x"), policy("P", "failure", "Block")), row("08:01", 0, try("x"), user("other", "ben@contoso.com"))},
			want: conclusion{Causes: causes{diagnosis.ConditionalBlock}, Code: 53003, At: "08:00", Policies: []string{"P"}},
		},
		"a pasted request id names its row, not the try": {
			c:    diagnosis.Case{RequestID: "ROW-09:00"},
			rows: []diagnosis.SignIn{row("09:00", 50105, try("x")), row("09:05", 50173, try("x"))},
			want: conclusion{Causes: causes{diagnosis.AppAssignment}, Code: 50105, At: "09:00"},
		},
		"what the pasted error names lies outside the window": {
			c:    diagnosis.Case{At: clock("09:00"), Window: time.Hour, CorrelationID: "try-01:00"},
			rows: []diagnosis.SignIn{row("01:00", 53003, policy("P", "failure", "Block")), row("08:30", 50105)},
			want: conclusion{Causes: causes{diagnosis.ConditionalBlock}, Code: 53003, At: "01:00", Policies: []string{"P"}},
		},
		"a later row does not keep the window from being widened": {
			c:    diagnosis.Case{At: clock("09:00"), Window: time.Hour},
			rows: []diagnosis.SignIn{row("07:00", 50105), row("12:00", 0, app(exchange, "Office 365 Exchange Online"))},
			want: conclusion{Causes: causes{diagnosis.AppAssignment}, Code: 50105, At: "07:00"},
		},
		"a failure long after the time that was given is another one": {
			c:    diagnosis.Case{At: clock("09:00"), Window: time.Hour},
			rows: []diagnosis.SignIn{row("08:30", 0), row("12:00", 50105)},
			want: conclusion{Causes: causes{diagnosis.NoFailureFound}},
		},
		"the product's own app does not count for more than the time": {
			c:    diagnosis.Case{Product: diagnosis.Intune, Window: time.Hour},
			rows: []diagnosis.SignIn{row("06:00", 50173, app(intuneAPI, "Microsoft Intune API")), row("09:00", 50105)},
			want: conclusion{Causes: causes{diagnosis.AppAssignment}, Code: 50105, At: "09:00"},
		},
		"a portal counts as a resource, too": {
			c:    diagnosis.Case{Product: diagnosis.WUfBReports},
			rows: []diagnosis.SignIn{row("09:00", 50105, func(s *diagnosis.SignIn) { s.AppID, s.App = "872cd9fa-d31f-45e0-9eab-6e460a02d1f1", "Visual Studio" })},
			want: conclusion{Causes: causes{diagnosis.AppAssignment}, Code: 50105, At: "09:00"},
		},
		"what hangs on one device is not overcome on another": {
			rows: []diagnosis.SignIn{
				row("09:00", 53000, onDevice("laptop"), policy("P", "failure", "RequireCompliantDevice")), row("09:30", 0, onDevice("phone")),
			},
			want: conclusion{
				Causes: causes{diagnosis.ConditionalBlock, diagnosis.DeviceCompliance}, Code: 53000, At: "09:00", Policies: []string{"P"},
			},
		},
		"a session of one device is not renewed by another's": {
			rows: []diagnosis.SignIn{row("09:00", 700084, silent, onDevice("laptop")), row("09:30", 0, silent, onDevice("phone"))},
			want: conclusion{Causes: causes{diagnosis.TokenExpired}, Code: 700084, At: "09:00"},
		},
		"a report-only policy never blocks": {
			rows: []diagnosis.SignIn{row("09:00", 50126, policy("Soon", "reportOnlyFailure", "Block"))},
			want: conclusion{Causes: causes{diagnosis.BadCredentials}, Code: 50126, At: "09:00"},
		},
		"a refusing policy does not hide a wrong password": {
			rows: []diagnosis.SignIn{row("09:00", 50126, policy("P", "failure", "Mfa"))},
			want: conclusion{Causes: causes{diagnosis.BadCredentials}, Code: 50126, At: "09:00"},
		},
		"a policy on several lines of the row is named once": {
			rows: []diagnosis.SignIn{row("09:00", 53003, policy("P", "failure", "Block"), policy("P", "failure", "Block"))},
			want: conclusion{Causes: causes{diagnosis.ConditionalBlock}, Code: 53003, At: "09:00", Policies: []string{"P"}},
		},
		"a block without policies on the row says that the details are missing": {
			rows: []diagnosis.SignIn{row("09:00", 53003)},
			want: conclusion{
				Causes: causes{diagnosis.ConditionalBlock}, Code: 53003, At: "09:00",
				NotSeen: []diagnosis.Gap{diagnosis.GapPolicyDetails},
			},
		},
		"an interrupt that ended in success is no failure": {
			rows: []diagnosis.SignIn{row("09:00", 50074, try("t")), row("09:01", 0, try("t"))},
			want: conclusion{Causes: causes{diagnosis.NoFailureFound}},
		},
		"an interrupt is overcome by a success in the same app": {
			rows: []diagnosis.SignIn{row("09:00", 50074), row("09:02", 0)},
			want: conclusion{Causes: causes{diagnosis.NoFailureFound}},
		},
		"an interrupt that nothing followed was left unfinished": {
			rows: []diagnosis.SignIn{row("09:00", 50074)},
			want: conclusion{Causes: causes{diagnosis.MFARequired, diagnosis.UnfinishedSignIn}, Code: 50074, At: "09:00"},
		},
		"noise alone is an unfinished sign-in": {
			rows: []diagnosis.SignIn{row("09:00", 50140)},
			want: conclusion{Causes: causes{diagnosis.UnfinishedSignIn}, Code: 50140, At: "09:00"},
		},
		"noise is overcome by any later sign-in": {
			rows: []diagnosis.SignIn{row("09:00", 50058), row("09:02", 0, app(exchange, "Office 365 Exchange Online"))},
			want: conclusion{Causes: causes{diagnosis.NoFailureFound}},
		},
		"a failure is solved by a later success at the same resource": {
			rows: []diagnosis.SignIn{row("09:00", 53003), row("09:30", 0)},
			want: conclusion{
				Causes: causes{diagnosis.Resolved, diagnosis.ConditionalBlock}, Code: 53003, At: "09:00",
				NotSeen: []diagnosis.Gap{diagnosis.GapPolicyDetails},
			},
		},
		"a failure is not solved by an earlier success": {
			rows: []diagnosis.SignIn{row("08:30", 0), row("09:00", 50173)},
			want: conclusion{Causes: causes{diagnosis.TokenExpired}, Code: 50173, At: "09:00"},
		},
		"a failure is not solved by somebody else's success": {
			rows: []diagnosis.SignIn{row("09:00", 50173), row("09:30", 0, user("b", "ben@contoso.com"))},
			want: conclusion{Causes: causes{diagnosis.TokenExpired}, Code: 50173, At: "09:00"},
		},
		"a refused interactive sign-in is not solved by a silent renewal": {
			rows: []diagnosis.SignIn{row("09:00", 50173), row("09:30", 0, silent)},
			want: conclusion{Causes: causes{diagnosis.TokenExpired}, Code: 50173, At: "09:00"},
		},
		"a success that Conditional Access refused solves nothing": {
			rows: []diagnosis.SignIn{row("09:00", 50173), row("09:30", 0, func(s *diagnosis.SignIn) { s.ConditionalAccessStatus = "failure" })},
			want: conclusion{Causes: causes{diagnosis.ConditionalBlock}, At: "09:30", NotSeen: []diagnosis.Gap{diagnosis.GapPolicyDetails}},
		},
		"a real refusal counts for more than a step of the same hour": {
			rows: []diagnosis.SignIn{row("09:00", 53003, policy("P", "failure", "Block")), row("09:10", 50074)},
			want: conclusion{Causes: causes{diagnosis.ConditionalBlock}, Code: 53003, At: "09:00", Policies: []string{"P"}},
		},
		"a step of today counts for more than a refusal long before": {
			rows: []diagnosis.SignIn{row("03:00", 50126), row("09:10", 50074)},
			want: conclusion{Causes: causes{diagnosis.MFARequired, diagnosis.UnfinishedSignIn}, Code: 50074, At: "09:10"},
		},
		"the product's own app counts for more than a newer failure elsewhere": {
			c: diagnosis.Case{Product: diagnosis.Intune},
			rows: []diagnosis.SignIn{
				row("09:00", 530003, app(intuneAPI, "Microsoft Intune API")),
				row("09:30", 50173, app(exchange, "Office 365 Exchange Online")),
			},
			want: conclusion{Causes: causes{diagnosis.DeviceCompliance, diagnosis.ConditionalBlock}, Code: 530003, At: "09:00", NotSeen: []diagnosis.Gap{diagnosis.GapPolicyDetails}},
		},
		"a failure of an unrelated app is not chosen": {
			c:    diagnosis.Case{Product: diagnosis.Intune},
			rows: []diagnosis.SignIn{row("09:30", 50173, app(exchange, "Office 365 Exchange Online"))},
			want: conclusion{Causes: causes{diagnosis.NoFailureFound}},
		},
		"the pasted correlation id wins over everything": {
			c: diagnosis.Case{Product: diagnosis.Intune, CorrelationID: "TRY-09:30"},
			rows: []diagnosis.SignIn{
				row("09:00", 530003, app(intuneAPI, "Microsoft Intune API")),
				row("09:30", 50173, app(exchange, "Office 365 Exchange Online")),
			},
			want: conclusion{Causes: causes{diagnosis.TokenExpired}, Code: 50173, At: "09:30"},
		},
		"the pasted request id wins too": {
			c:    diagnosis.Case{RequestID: "ROW-08:00"},
			rows: []diagnosis.SignIn{row("08:00", 50126), row("09:30", 50173)},
			want: conclusion{Causes: causes{diagnosis.BadCredentials}, Code: 50126, At: "08:00"},
		},
		"the pasted code picks among failures": {
			c:    diagnosis.Case{ErrorCode: 50126},
			rows: []diagnosis.SignIn{row("08:00", 50126), row("09:30", 50173)},
			want: conclusion{Causes: causes{diagnosis.BadCredentials}, Code: 50126, At: "08:00"},
		},
		"the given time picks the failure before it": {
			c:    diagnosis.Case{At: clock("08:05")},
			rows: []diagnosis.SignIn{row("06:00", 50105), row("08:00", 50126), row("09:30", 50173)},
			want: conclusion{Causes: causes{diagnosis.BadCredentials}, Code: 50126, At: "08:00"},
		},
		"a failure before the window is found in the wide one": {
			c:    diagnosis.Case{At: clock("09:00").Add(72 * time.Hour)},
			rows: []diagnosis.SignIn{row("09:00", 50173)},
			want: conclusion{Causes: causes{diagnosis.TokenExpired}, Code: 50173, At: "09:00"},
		},
		"a failure before the wide window is not": {
			c:    diagnosis.Case{At: clock("09:00").Add(8 * 24 * time.Hour)},
			rows: []diagnosis.SignIn{row("09:00", 50173)},
			want: conclusion{Causes: causes{diagnosis.NoSignInFound}, NotSeen: []diagnosis.Gap{diagnosis.GapLate}},
		},
		"an unknown code is said to be unknown": {
			rows: []diagnosis.SignIn{row("09:00", 999999)},
			want: conclusion{Causes: causes{diagnosis.UnknownCode}, Code: 999999, At: "09:00"},
		},
		"an unknown code with a refusing policy is Conditional Access": {
			rows: []diagnosis.SignIn{row("09:00", 530037, policy("P", "failure", "Block"))},
			want: conclusion{Causes: causes{diagnosis.ConditionalBlock}, Code: 530037, At: "09:00", Policies: []string{"P"}},
		},
		"rows of apps and identities that are no person are ignored": {
			rows: []diagnosis.SignIn{row("09:00", 7000222, func(s *diagnosis.SignIn) { s.Kind = diagnosis.KindServicePrincipal })},
			want: conclusion{Causes: causes{diagnosis.NoSignInFound}, NotSeen: []diagnosis.Gap{diagnosis.GapLate}},
		},
		"a row without a status is neither failure nor success": {
			rows: []diagnosis.SignIn{row("09:00", 50173), row("09:30", 0, func(s *diagnosis.SignIn) { s.HasStatus = false })},
			want: conclusion{Causes: causes{diagnosis.TokenExpired}, Code: 50173, At: "09:00"},
		},
		"a row without a time is not known to be solved": {
			rows: []diagnosis.SignIn{row("09:00", 50173, func(s *diagnosis.SignIn) { s.Time = time.Time{} }), row("09:30", 0)},
			want: conclusion{Causes: causes{diagnosis.TokenExpired}, Code: 50173},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.c.SignIns = test.rows
			f := diagnosis.Diagnose(test.c)
			got := conclusion{Causes: f.Causes, Code: f.Code, NotSeen: f.NotSeen}
			if f.SignIn != nil && !f.SignIn.Time.IsZero() {
				got.At = f.SignIn.Time.Format("15:04")
			}
			for _, r := range f.Refusals {
				got.Policies = append(got.Policies, r.Name)
			}
			if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("finding (-want +got):\n%s", diff)
			}
			if f.Guide == "" {
				t.Error("no guide speaks for the finding")
			}
		})
	}
}

func TestDuplicateRowsAreConsideredOnce(t *testing.T) {
	t.Parallel()
	f := diagnosis.Diagnose(diagnosis.Case{SignIns: []diagnosis.SignIn{row("09:00", 50173), row("09:00", 50173)}, Read: 2})
	if f.Read != 2 || f.Considered != 1 {
		t.Errorf("read %d, considered %d; want 2 and 1", f.Read, f.Considered)
	}
}

func TestARefusalSaysWhatWasNotMetAndHowItShows(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	device := func(d diagnosis.Device) func(*diagnosis.SignIn) { return func(s *diagnosis.SignIn) { s.Device = d } }
	tests := map[string]struct {
		row  diagnosis.SignIn
		want diagnosis.Why
	}{
		"a device that did not show itself": {
			row("09:00", 53000, policy("P", "failure", "RequireCompliantDevice")), diagnosis.WhyDeviceNotShown,
		},
		"a device that is not compliant": {
			row("09:00", 53000, policy("P", "failure", "RequireCompliantDevice"), device(diagnosis.Device{ID: "d", Compliant: &no})),
			diagnosis.WhyDeviceNotCompliant,
		},
		"a device that is compliant after all": {
			row("09:00", 53000, policy("P", "failure", "RequireCompliantDevice"), device(diagnosis.Device{ID: "d", Compliant: &yes})),
			diagnosis.WhyNotShown,
		},
		"the code picks one of two controls": {
			row("09:00", 50074, policy("P", "failure", "RequireCompliantDevice", "Mfa")), diagnosis.WhyMFA,
		},
		"two controls and a code of neither": {
			row("09:00", 53003, policy("P", "failure", "RequireCompliantDevice", "Mfa")), diagnosis.WhyNotShown,
		},
		"a block by location": {
			row("09:00", 53003, policy("P", "failure", "Block"), func(s *diagnosis.SignIn) {
				s.Policies[0].ConditionsSatisfied = []string{"application", "users", "location"}
			}), diagnosis.WhyLocation,
		},
		"a block of unknown condition": {
			row("09:00", 53003, policy("P", "failure", "Block")), diagnosis.WhyBlocked,
		},
		"terms of use": {
			row("09:00", 50158, policy("P", "failure", "Contoso terms")), diagnosis.WhyTerms,
		},
		"a strength, which the log shows by its name alone": {
			row("09:00", 50074, func(s *diagnosis.SignIn) {
				s.Policies = []diagnosis.AppliedPolicy{{ID: "p", Name: "P", Result: "failure", AuthenticationStrength: "Phishing-resistant MFA"}}
			}), diagnosis.WhyStrength,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := diagnosis.Diagnose(diagnosis.Case{SignIns: []diagnosis.SignIn{test.row}})
			if len(f.Refusals) != 1 || f.Refusals[0].Why != test.want {
				t.Errorf("refusals = %+v, want one with why %q", f.Refusals, test.want)
			}
		})
	}
}

func TestAStrengthBesideAnotherControlIsKept(t *testing.T) {
	t.Parallel()
	f := diagnosis.Diagnose(diagnosis.Case{SignIns: []diagnosis.SignIn{row("09:00", 53003, policy("P", "failure", "RequireCompliantDevice"), func(s *diagnosis.SignIn) {
		s.Policies[0].AuthenticationStrength = "Phishing-resistant MFA"
	})}})
	if diff := cmp.Diff([]diagnosis.Control{diagnosis.ControlCompliantDevice, diagnosis.ControlStrength}, f.Refusals[0].Required); diff != "" {
		t.Errorf("required (-want +got):\n%s", diff)
	}
}

func TestARowWithoutAnOutcomeWhosePolicyRefusedIsRefused(t *testing.T) {
	t.Parallel()
	f := diagnosis.Diagnose(diagnosis.Case{SignIns: []diagnosis.SignIn{row("09:00", 0, policy("P", "failure", "Block"), func(s *diagnosis.SignIn) { s.HasStatus = false })}})
	if f.Main() != diagnosis.ConditionalBlock || len(f.Refusals) != 1 {
		t.Errorf("causes %v, refusals %v; want the policy", f.Causes, f.Refusals)
	}
}

func TestThePolicysDefinitionFillsWhatTheRowLeavesOut(t *testing.T) {
	t.Parallel()
	f := diagnosis.Diagnose(diagnosis.Case{
		SignIns:  []diagnosis.SignIn{row("09:00", 53003, policy("P", "failure"))},
		Policies: []diagnosis.Policy{{ID: compliantID, Operator: "OR", GrantControls: []string{"mfa", "compliantDevice"}}},
	})
	want := []diagnosis.Control{diagnosis.ControlMFA, diagnosis.ControlCompliantDevice}
	if diff := cmp.Diff(want, f.Refusals[0].Required); diff != "" || f.Refusals[0].Operator != "OR" {
		t.Errorf("refusal = %+v", f.Refusals[0])
	}
}

func TestCompliantDeviceOnTheEnrolmentAppIsATrap(t *testing.T) {
	t.Parallel()
	on := func(id string) diagnosis.Trap {
		return diagnosis.Diagnose(diagnosis.Case{SignIns: []diagnosis.SignIn{
			row("09:00", 53000, app(id, "app"), policy("P", "failure", "RequireCompliantDevice")),
		}}).Refusals[0].Trap
	}
	if got := on(enrolment); got != diagnosis.TrapEnrolment {
		t.Errorf("on the enrolment app: %q, want the trap", got)
	}
	if got := on(portal); got != "" {
		t.Errorf("on the portal: %q, want none", got)
	}
	f := diagnosis.Diagnose(diagnosis.Case{SignIns: []diagnosis.SignIn{
		row("09:00", 53000, app(enrolment, "app"), policy("P", "failure", "RequireCompliantDevice"), func(s *diagnosis.SignIn) {
			s.Policies = append(s.Policies, diagnosis.AppliedPolicy{ID: "b", Name: "B", Result: "failure", GrantControls: []string{"Block"}})
		}),
	}})
	if f.Refusals[0].Trap != diagnosis.TrapEnrolment || f.Refusals[1].Trap != "" {
		t.Errorf("traps of the policies: %q and %q, want the first one's only", f.Refusals[0].Trap, f.Refusals[1].Trap)
	}
	f = diagnosis.Diagnose(diagnosis.Case{SignIns: []diagnosis.SignIn{
		row("09:00", 50074, app(enrolment, "app"), policy("P", "failure", "Mfa", "RequireCompliantDevice")),
	}})
	if got := f.Refusals[0].Trap; got != "" {
		t.Errorf("where MFA would do: %q, want none", got)
	}
}

func TestThePolicyBehindAnExpiryIsNamedWhenItIsCertain(t *testing.T) {
	t.Parallel()
	tenant := []diagnosis.Policy{{ID: "freq", SignInFrequency: &diagnosis.SignInFrequency{Value: 4, Unit: "hours"}}}
	one := diagnosis.Diagnose(diagnosis.Case{SignIns: []diagnosis.SignIn{row("09:00", 70044, frequency("failure"))}, Policies: tenant})
	want := &diagnosis.Session{PolicyID: "freq", Policy: "Admins sign in often", Frequency: tenant[0].SignInFrequency}
	if diff := cmp.Diff(want, one.Session); diff != "" {
		t.Errorf("one policy (-want +got):\n%s", diff)
	}
	two := diagnosis.Diagnose(diagnosis.Case{SignIns: []diagnosis.SignIn{row("09:00", 70044, frequency("success"), frequency("success"))}, Policies: tenant})
	if diff := cmp.Diff(&diagnosis.Session{Among: []string{"Admins sign in often", "Admins sign in often"}}, two.Session); diff != "" {
		t.Errorf("two policies (-want +got):\n%s", diff)
	}
	none := diagnosis.Diagnose(diagnosis.Case{SignIns: []diagnosis.SignIn{row("09:00", 70043)}})
	if diff := cmp.Diff([]diagnosis.Gap{diagnosis.GapPolicyDetails}, none.NotSeen); diff != "" {
		t.Errorf("no policy on the row (-want +got):\n%s", diff)
	}
}

func TestASignInFrequencyIsNotBlamedOnTheOtherControls(t *testing.T) {
	t.Parallel()
	f := diagnosis.Diagnose(diagnosis.Case{SignIns: []diagnosis.SignIn{row("09:00", 70044, policy("P", "failure", "Mfa"), func(s *diagnosis.SignIn) {
		s.Policies[0].SessionControls = []string{"SignInFrequency"}
	})}})
	if f.Refusals[0].Why != diagnosis.WhySessionAge {
		t.Errorf("why = %s, want the age of the session", f.Refusals[0].Why)
	}
	if diff := cmp.Diff([]diagnosis.Fixer{diagnosis.FixUser, diagnosis.FixConditionalAccess}, f.Fixers); diff != "" {
		t.Errorf("fixers (-want +got):\n%s", diff)
	}
}

func TestTheGuideFollowsTheControl(t *testing.T) {
	t.Parallel()
	strength := func(s *diagnosis.SignIn) {
		s.Policies = []diagnosis.AppliedPolicy{{ID: "p", Name: "P", Result: "failure", AuthenticationStrength: "Phishing-resistant MFA"}}
	}
	tests := map[string]struct {
		row  diagnosis.SignIn
		want string
	}{
		"a strength wants another method than plain MFA": {row("09:00", 50074, strength), "strength-not-met"},
		"terms of use have names of the tenant's own":    {row("09:00", 50158, policy("P", "failure", "Contoso terms")), "terms-or-third-party-mfa"},
		"a bare refusal for want of a compliant device": {
			row("09:00", 53003, policy("P", "failure", "RequireCompliantDevice"), onDevice("d")), "device-not-compliant",
		},
		"a bare refusal of a device that was not shown": {row("09:00", 53003, policy("P", "failure", "RequireCompliantDevice")), "device-not-managed"},
		"a device code can show no device": {
			row("09:00", 53003, policy("P", "failure", "RequireCompliantDevice"), func(s *diagnosis.SignIn) { s.OriginalTransferMethod = "deviceCodeFlow" }),
			"authentication-flow-blocked",
		},
		"a bare refusal for several reasons": {row("09:00", 53003, policy("P", "failure", "RequireCompliantDevice", "Mfa")), "conditional-access"},
		"the code names the control":         {row("09:00", 50079, policy("P", "failure", "Mfa")), "mfa-registration-needed"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if f := diagnosis.Diagnose(diagnosis.Case{SignIns: []diagnosis.SignIn{test.row}}); f.Guide != test.want {
				t.Errorf("guide = %s, want %s", f.Guide, test.want)
			}
		})
	}
}

func TestAPastedCodeThatTheLogDoesNotShowIsKept(t *testing.T) {
	t.Parallel()
	f := diagnosis.Diagnose(diagnosis.Case{ErrorCode: 50173, SignIns: []diagnosis.SignIn{row("09:00", 50126)}})
	if f.Code != 50126 || f.SaidCode != 50173 {
		t.Errorf("code %d, said %d; want 50126 and 50173", f.Code, f.SaidCode)
	}
	f = diagnosis.Diagnose(diagnosis.Case{ErrorCode: 50126, SignIns: []diagnosis.SignIn{row("09:00", 50126)}})
	if f.SaidCode != 0 {
		t.Errorf("said %d, want 0: the log shows it", f.SaidCode)
	}
}

func TestFailuresOfUnrelatedAppsAreMentioned(t *testing.T) {
	t.Parallel()
	f := diagnosis.Diagnose(diagnosis.Case{Product: diagnosis.Intune, SignIns: []diagnosis.SignIn{
		row("08:30", 50173, app(exchange, "Office 365 Exchange Online")),
		row("09:00", 50105, app(exchange, "Office 365 Exchange Online")),
	}})
	if len(f.Elsewhere) != 1 || f.Elsewhere[0].ErrorCode != 50105 {
		t.Errorf("elsewhere = %+v, want the newest failure of the one app", f.Elsewhere)
	}
}

func TestOfAnotherAppTheNewestFailureIsToldWhicheverTryBeganFirst(t *testing.T) {
	t.Parallel()
	mail := app(exchange, "Office 365 Exchange Online")
	f := diagnosis.Diagnose(diagnosis.Case{Product: diagnosis.Intune, SignIns: []diagnosis.SignIn{
		row("08:30", 0, mail, try("a")), row("08:40", 50105, mail, try("b")), row("08:50", 53003, mail, try("a")),
	}})
	if len(f.Elsewhere) != 1 || f.Elsewhere[0].ErrorCode != 53003 {
		t.Errorf("elsewhere = %+v, want the failure of 08:50", f.Elsewhere)
	}
}

func TestARowWithoutAnIDIsTheNewestAccountsOfThatName(t *testing.T) {
	t.Parallel()
	is := func(id string) func(*diagnosis.SignIn) { return func(s *diagnosis.SignIn) { s.UserID = id } }
	rows := []diagnosis.SignIn{row("08:00", 0, is("made-before")), row("09:00", 50105, is(zeros)), row("09:30", 0, is("made-anew"))}
	for range 2 {
		if f := diagnosis.Diagnose(diagnosis.Case{SignIns: rows}); f.Solved == nil {
			t.Errorf("%s, want it solved by the account that was made anew", f.Main())
		}
		slices.Reverse(rows)
	}
}

func TestAPastedCodeThatTheLogLacksIsKept(t *testing.T) {
	t.Parallel()
	f := diagnosis.Diagnose(diagnosis.Case{ErrorCode: 50173, SignIns: []diagnosis.SignIn{row("09:00", 0)}})
	if f.SaidCode != 50173 || f.Code != 0 {
		t.Errorf("said code %d, code %d; want 50173 and 0", f.SaidCode, f.Code)
	}
}

func TestFixersAreNamedInOneOrder(t *testing.T) {
	t.Parallel()
	f := diagnosis.Diagnose(diagnosis.Case{SignIns: []diagnosis.SignIn{
		row("09:00", 53000, policy("P", "failure", "RequireCompliantDevice")),
	}})
	want := []diagnosis.Fixer{diagnosis.FixUser, diagnosis.FixDeviceAdmin, diagnosis.FixConditionalAccess}
	if diff := cmp.Diff(want, f.Fixers); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkDiagnose(b *testing.B) {
	for _, n := range []int{200, 20_000} {
		var rows []diagnosis.SignIn
		for i := range n {
			code := []int{50074, 0, 53003, 0, 50126, 70044, 0, 50058}[i%8]
			rows = append(rows, row("09:00", code, func(s *diagnosis.SignIn) {
				s.ID, s.Time = strconv.Itoa(i), s.Time.Add(-time.Duration(i)*time.Second)
				s.CorrelationID += strconv.Itoa(i / 2)
			}))
		}
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				diagnosis.Diagnose(diagnosis.Case{Account: "ana@contoso.com", Product: diagnosis.Intune, SignIns: rows})
			}
		})
	}
}
