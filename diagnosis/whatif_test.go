package diagnosis_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/diagnosis"
)

var (
	yes, no = true, false
	refused = time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
)

// refusedRow is a sign-in from a laptop that is not compliant, refused by policy p.
func refusedRow(change func(*diagnosis.SignIn)) diagnosis.SignIn {
	row := diagnosis.SignIn{
		ID: "r", Time: refused, UserID: ana, AppID: portal, App: "Azure Portal", ResourceID: intuneAPI, HasStatus: true, ErrorCode: 53000,
		ConditionalAccessStatus: "failure", ClientApp: "Mobile Apps and Desktop clients", IPAddress: "203.0.113.7",
		Location: diagnosis.Location{City: "Jakarta", Country: "id"}, RiskLevel: "none",
		Device: diagnosis.Device{ID: "d", Name: "LAPTOP", OperatingSystem: "Windows10", Compliant: &no, TrustType: "Azure AD registered"},
		Policies: []diagnosis.AppliedPolicy{
			{ID: "p", Name: "P", Result: diagnosis.ResultFailure, GrantControls: []string{"RequireCompliantDevice"}},
		},
	}
	if change != nil {
		change(&row)
	}
	return row
}

func find(row diagnosis.SignIn, more ...diagnosis.SignIn) diagnosis.Finding {
	return diagnosis.Diagnose(diagnosis.Case{Account: ana, SignIns: append(more, row)})
}

func TestTheScenarioIsTheRowAsGraphSpellsIt(t *testing.T) {
	t.Parallel()
	f := find(refusedRow(nil))
	got, ok := f.Scenario()
	want := diagnosis.Scenario{
		UserID: ana, Apps: []string{intuneAPI, portal}, Platform: "windows", ClientApp: "mobileAppsAndDesktopClients",
		IPAddress: "203.0.113.7", Country: "ID", SignInRisk: "none", DeviceID: "d", DeviceName: "LAPTOP",
		Compliant: &no, HybridJoined: &no, TrustType: "Workplace",
	}
	if diff := cmp.Diff(want, got); !ok || diff != "" {
		t.Errorf("ok %v (-want +got):\n%s", ok, diff)
	}
	f = find(refusedRow(func(s *diagnosis.SignIn) {
		s.ResourceID, s.ClientApp, s.IPAddress, s.RiskLevel, s.OriginalTransferMethod = "", "IMAP4", "", "hidden", "deviceCodeFlow"
		s.Location.Country, s.Device = "Indonesia", diagnosis.Device{OperatingSystem: "MacOs"}
	}))
	got, ok = f.Scenario()
	want = diagnosis.Scenario{
		UserID: ana, Apps: []string{portal}, Platform: "macOS", ClientApp: "other", TransferMethod: "deviceCodeFlow",
		Compliant: &no, HybridJoined: &no, // a device that does not show itself
	}
	if diff := cmp.Diff(want, got); !ok || diff != "" {
		t.Errorf("a row that says little: ok %v (-want +got):\n%s", ok, diff)
	}
}

func TestWhatIfIsAskedOnlyAboutWhatConditionalAccessRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*diagnosis.SignIn)
		more   []diagnosis.SignIn
		want   bool
	}{
		"a policy refused":                      {nil, nil, true},
		"a code says so and no policy is named": {func(s *diagnosis.SignIn) { s.ErrorCode, s.Policies = 53003, nil }, nil, true},
		"it works since": {nil, []diagnosis.SignIn{{
			ID: "s", Time: refused.Add(time.Hour), UserID: ana, AppID: portal, ResourceID: intuneAPI, HasStatus: true, Device: diagnosis.Device{ID: "d"},
		}}, false},
		"a wrong password": {func(s *diagnosis.SignIn) {
			s.ErrorCode, s.Policies, s.ConditionalAccessStatus = 50126, nil, "notApplied"
		}, nil, false},
		"security defaults are no policy": {func(s *diagnosis.SignIn) { s.ErrorCode, s.Policies = 530035, nil }, nil, false},
		"a session that ran out": {func(s *diagnosis.SignIn) {
			s.ErrorCode, s.Policies[0].GrantControls, s.Policies[0].SessionControls = 70043, nil, []string{"SignInFrequency"}
		}, nil, false},
		"nobody knows who":          {func(s *diagnosis.SignIn) { s.UserID, s.UserPrincipalName = "", ana }, nil, false},
		"nobody knows which app":    {func(s *diagnosis.SignIn) { s.AppID, s.ResourceID = "", "" }, nil, false},
		"an account of elsewhere":   {func(s *diagnosis.SignIn) { s.CrossTenantAccessType = "b2bDirectConnect" }, nil, false},
		"a guest of this directory": {func(s *diagnosis.SignIn) { s.CrossTenantAccessType = "b2bCollaboration" }, nil, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := find(refusedRow(test.change), test.more...)
			if _, ok := f.Scenario(); ok != test.want {
				t.Errorf("asked: %v, want %v; the finding is %v, code %d", ok, test.want, f.Causes, f.Code)
			}
		})
	}
	f := diagnosis.Diagnose(diagnosis.Case{})
	if _, ok := f.Scenario(); ok {
		t.Error("asked about nothing")
	}
}

// applying is a policy that applies, with these grant controls.
func applying(operator string, controls ...string) diagnosis.Evaluated {
	return diagnosis.Evaluated{
		Policy: diagnosis.Policy{ID: "p", Name: "P", State: "enabled", Operator: operator, GrantControls: controls}, Applies: true, Reason: "notSet",
	}
}

func changed(e diagnosis.Evaluated, change func(*diagnosis.Evaluated)) diagnosis.Evaluated {
	change(&e)
	return e
}

func TestJudge(t *testing.T) {
	t.Parallel()
	bad := diagnosis.Scenario{Compliant: &no, HybridJoined: &no}
	good := diagnosis.Scenario{Compliant: &yes, HybridJoined: &no}
	tests := map[string]struct {
		s      diagnosis.Scenario
		policy diagnosis.Evaluated
		want   diagnosis.Outcome
	}{
		"block refuses": {good, applying("OR", "block"), diagnosis.OutcomeRefused},
		"block refuses whatever stands beside it": {good, applying("OR", "block", "mfa"), diagnosis.OutcomeRefused},
		"report-only does not":                    {bad, changed(applying("", "block"), func(e *diagnosis.Evaluated) { e.State = "enabledForReportingButNotEnforced" }), diagnosis.OutcomePasses},
		"what does not apply does not":            {bad, changed(applying("", "block"), func(e *diagnosis.Evaluated) { e.Applies = false }), diagnosis.OutcomePasses},
		"a device that is not compliant":          {bad, applying("", "compliantDevice"), diagnosis.OutcomeRefused},
		"a compliant device":                      {good, applying("", "compliantDevice"), diagnosis.OutcomePasses},
		"nobody knows about the device":           {diagnosis.Scenario{}, applying("", "compliantDevice"), diagnosis.OutcomeUnknown},
		"a device that is not joined":             {good, applying("", "domainJoinedDevice"), diagnosis.OutcomeRefused},
		"either device":                           {good, applying("OR", "compliantDevice", "domainJoinedDevice"), diagnosis.OutcomePasses},
		"both kinds of device":                    {good, applying("AND", "compliantDevice", "domainJoinedDevice"), diagnosis.OutcomeRefused},
		"mfa asks":                                {bad, applying("", "mfa"), diagnosis.OutcomeAsks},
		"mfa or a device asks":                    {bad, applying("OR", "mfa", "compliantDevice"), diagnosis.OutcomeAsks},
		"mfa and a device refuses":                {bad, applying("AND", "mfa", "compliantDevice"), diagnosis.OutcomeRefused},
		"without an operator all are wanted":      {bad, applying("", "mfa", "compliantDevice"), diagnosis.OutcomeRefused},
		"a change of password asks":               {bad, applying("AND", "mfa", "passwordChange"), diagnosis.OutcomeAsks},
		"the app decides":                         {good, applying("", "compliantApplication"), diagnosis.OutcomeUnknown},
		"the app or a device":                     {good, applying("OR", "approvedApplication", "compliantDevice"), diagnosis.OutcomePasses},
		"a control of tomorrow":                   {good, applying("", "tomorrow"), diagnosis.OutcomeUnknown},
		"no controls":                             {bad, applying("OR"), diagnosis.OutcomePasses},
		"a strength asks":                         {bad, changed(applying("OR"), func(e *diagnosis.Evaluated) { e.AuthenticationStrength = "Strong" }), diagnosis.OutcomeAsks},
		"terms of use ask":                        {bad, changed(applying("AND"), func(e *diagnosis.Evaluated) { e.TermsOfUse = []string{"t"} }), diagnosis.OutcomeAsks},
		"somebody else's second step asks":        {bad, changed(applying("AND"), func(e *diagnosis.Evaluated) { e.CustomFactors = []string{"f"} }), diagnosis.OutcomeAsks},
		"token protection hangs on the app":       {good, changed(applying(""), func(e *diagnosis.Evaluated) { e.TokenProtection = true }), diagnosis.OutcomeUnknown},
		"token protection makes nothing better":   {bad, changed(applying("", "block"), func(e *diagnosis.Evaluated) { e.TokenProtection = true }), diagnosis.OutcomeRefused},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := diagnosis.Verdict{Outcome: test.want}
			if test.want != diagnosis.OutcomePasses {
				want.Policies = []string{"P"}
			}
			if diff := cmp.Diff(want, diagnosis.Judge(test.s, []diagnosis.Evaluated{test.policy})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheWorstPolicyDecides(t *testing.T) {
	t.Parallel()
	named := func(name string, controls ...string) diagnosis.Evaluated {
		return changed(applying("", controls...), func(e *diagnosis.Evaluated) { e.Name = name })
	}
	got := diagnosis.Judge(diagnosis.Scenario{Compliant: &no}, []diagnosis.Evaluated{
		named("asks", "mfa"), named("refuses", "block"), named("unknown", "tomorrow"), named("refuses too", "compliantDevice"), named("passes"),
	})
	want := diagnosis.Verdict{Outcome: diagnosis.OutcomeRefused, Policies: []string{"refuses", "refuses too"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// That a policy which refused would let the same through is believed only where the answer shows why.
func TestJudgeNow(t *testing.T) {
	t.Parallel()
	const p, passes, unknown = "P", diagnosis.OutcomePasses, diagnosis.OutcomeUnknown
	not := func(reason string) diagnosis.Evaluated {
		return changed(applying("", "compliantDevice"), func(e *diagnosis.Evaluated) { e.Applies, e.Reason = false, reason })
	}
	other := changed(applying("", "mfa"), func(e *diagnosis.Evaluated) { e.ID, e.Name, e.Applies = "o", "O", false })
	tests := map[string]struct {
		change   func(*diagnosis.SignIn)
		answer   []diagnosis.Evaluated
		want     diagnosis.Outcome
		policies []string
	}{
		"it still refuses":            {nil, []diagnosis.Evaluated{applying("", "compliantDevice")}, diagnosis.OutcomeRefused, []string{p}},
		"it is gone":                  {nil, []diagnosis.Evaluated{other}, passes, nil},
		"it reports only":             {nil, []diagnosis.Evaluated{changed(applying("", "block"), func(e *diagnosis.Evaluated) { e.State = "enabledForReportingButNotEnforced" })}, passes, nil},
		"it leaves the user out":      {nil, []diagnosis.Evaluated{not("users")}, passes, nil},
		"it is for other apps":        {nil, []diagnosis.Evaluated{not("application")}, unknown, []string{p}}, // perhaps it refused for another service's sake
		"a risk that the row hides":   {nil, []diagnosis.Evaluated{not("userRisk")}, unknown, []string{p}},
		"it was edited since":         {nil, []diagnosis.Evaluated{changed(not("application"), func(e *diagnosis.Evaluated) { e.Modified = refused.Add(time.Minute) })}, passes, nil},
		"it was edited before":        {nil, []diagnosis.Evaluated{changed(not("application"), func(e *diagnosis.Evaluated) { e.Modified = refused.Add(-time.Minute) })}, unknown, []string{p}},
		"it now asks instead":         {nil, []diagnosis.Evaluated{applying("", "mfa")}, diagnosis.OutcomeAsks, []string{p}},
		"it applies and is met":       {func(s *diagnosis.SignIn) { s.Device.Compliant = &yes }, []diagnosis.Evaluated{applying("", "compliantDevice")}, unknown, []string{p}},
		"another one refuses instead": {nil, []diagnosis.Evaluated{not("users"), changed(other, func(e *diagnosis.Evaluated) { e.Applies, e.GrantControls = true, []string{"block"} })}, diagnosis.OutcomeRefused, []string{"O"}},
		"the row does not say which":  {func(s *diagnosis.SignIn) { s.Policies, s.ErrorCode = nil, 53003 }, []diagnosis.Evaluated{other}, unknown, nil},
		"the row knows no id":         {func(s *diagnosis.SignIn) { s.Policies[0].ID = "" }, []diagnosis.Evaluated{other}, unknown, []string{p}},
		"no policies at all":          {nil, nil, unknown, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := find(refusedRow(test.change))
			s, ok := f.Scenario()
			if !ok {
				t.Fatal("nothing to ask")
			}
			want := diagnosis.Verdict{Outcome: test.want, Policies: test.policies}
			if diff := cmp.Diff(want, f.JudgeNow(s, test.answer)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestOvertaken(t *testing.T) {
	t.Parallel()
	wants := func(controls ...string) func(*diagnosis.SignIn) {
		return func(s *diagnosis.SignIn) { s.Policies[0].GrantControls = controls }
	}
	verdict := func(o diagnosis.Outcome, policies ...string) *diagnosis.WhatIf {
		return &diagnosis.WhatIf{Now: diagnosis.Verdict{Outcome: o, Policies: policies}}
	}
	tests := map[string]struct {
		change func(*diagnosis.SignIn)
		now    *diagnosis.WhatIf
		want   bool
	}{
		"nobody knows":                         {nil, nil, false},
		"it would pass":                        {nil, verdict(diagnosis.OutcomePasses), true},
		"another policy asks":                  {nil, verdict(diagnosis.OutcomeAsks, "O"), true},
		"the policy that wanted a device asks": {wants("RequireCompliantDevice"), verdict(diagnosis.OutcomeAsks, "O", "P"), true},
		"the policy that blocked asks":         {wants("Block"), verdict(diagnosis.OutcomeAsks, "P"), true},
		"the policy asks for what it wanted":   {wants("Mfa"), verdict(diagnosis.OutcomeAsks, "O", "P"), false},
		"it depends":                           {nil, verdict(diagnosis.OutcomeUnknown), false},
		"it would be refused":                  {nil, verdict(diagnosis.OutcomeRefused, "O"), false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := find(refusedRow(test.change))
			f.WhatIf = test.now
			if f.Overtaken() != test.want {
				t.Errorf("overtaken: %v, want %v", f.Overtaken(), test.want)
			}
		})
	}
}

// A remedy for one policy is no promise about another that refused for a reason which What If is not told.
func TestJudgeThen(t *testing.T) {
	t.Parallel()
	device := applying("", "compliantDevice")
	risk := changed(applying("", "block"), func(e *diagnosis.Evaluated) { e.ID, e.Name, e.Applies, e.Reason = "q", "Q", false, "userRisk" })
	second := diagnosis.AppliedPolicy{ID: "q", Name: "Q", Result: diagnosis.ResultFailure, GrantControls: []string{"Block"}}
	tests := map[string]struct {
		change func(*diagnosis.SignIn)
		want   diagnosis.Verdict
	}{
		"the only policy that refused": {nil, diagnosis.Verdict{Outcome: diagnosis.OutcomePasses}},
		"one that refused as well": {
			func(s *diagnosis.SignIn) { s.Policies = append(s.Policies, second) },
			diagnosis.Verdict{Outcome: diagnosis.OutcomeUnknown, Policies: []string{"Q"}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := find(refusedRow(test.change))
			s, _ := f.Scenario()
			answer := []diagnosis.Evaluated{device, risk}
			better, _, ok := f.Remedied(s, answer)
			if !ok {
				t.Fatal("no remedy")
			}
			if diff := cmp.Diff(test.want, f.JudgeThen(s, answer, better, answer)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// remedied is what each remedy changes.
var remedied = map[diagnosis.Remedy]func(*diagnosis.Scenario){
	diagnosis.RemedyCompliantDevice: func(s *diagnosis.Scenario) { s.Compliant = &yes },
	diagnosis.RemedyHybridDevice:    func(s *diagnosis.Scenario) { s.HybridJoined, s.TrustType = &yes, "ServerAD" },
	diagnosis.RemedyCurrentClient:   func(s *diagnosis.Scenario) { s.ClientApp = "mobileAppsAndDesktopClients" },
	diagnosis.RemedyDirectSignIn:    func(s *diagnosis.Scenario) { s.TransferMethod, s.Compliant, s.HybridJoined = "", nil, nil },
	diagnosis.RemedyRiskGone:        func(s *diagnosis.Scenario) { s.SignInRisk = "none" },
}

func TestRemedied(t *testing.T) {
	t.Parallel()
	blocked := func(code int, conditions ...string) func(*diagnosis.SignIn) {
		return func(s *diagnosis.SignIn) {
			s.ErrorCode, s.Policies[0].GrantControls, s.Policies[0].ConditionsSatisfied = code, []string{"Block"}, conditions
		}
	}
	both := func(a, b func(*diagnosis.SignIn)) func(*diagnosis.SignIn) {
		return func(s *diagnosis.SignIn) { a(s); b(s) }
	}
	byCode := func(s *diagnosis.SignIn) { s.OriginalTransferMethod, s.Device = "deviceCodeFlow", diagnosis.Device{} }
	enrolling := func(s *diagnosis.SignIn) { s.AppID, s.ResourceID = enrolment, "" }
	all := func(policies ...diagnosis.Evaluated) []diagnosis.Evaluated { return policies }
	mfa := changed(applying("", "mfa"), func(e *diagnosis.Evaluated) { e.ID, e.Name = "m", "M" })
	tests := map[string]struct {
		change func(*diagnosis.SignIn)
		answer []diagnosis.Evaluated
		want   []diagnosis.Remedy
		then   diagnosis.Outcome // by the same policies
	}{
		"a compliant device":             {nil, all(applying("", "compliantDevice")), []diagnosis.Remedy{diagnosis.RemedyCompliantDevice}, diagnosis.OutcomePasses},
		"and a second step":              {nil, all(mfa, applying("", "compliantDevice")), []diagnosis.Remedy{diagnosis.RemedyCompliantDevice}, diagnosis.OutcomeAsks},
		"either device: the easier one":  {nil, all(applying("OR", "domainJoinedDevice", "compliantDevice")), []diagnosis.Remedy{diagnosis.RemedyCompliantDevice}, diagnosis.OutcomePasses},
		"both kinds of device":           {nil, all(applying("AND", "domainJoinedDevice", "compliantDevice")), []diagnosis.Remedy{diagnosis.RemedyCompliantDevice, diagnosis.RemedyHybridDevice}, diagnosis.OutcomePasses},
		"an enrolment's own device":      {enrolling, all(applying("", "compliantDevice")), nil, ""},
		"an enrolment's joined device":   {enrolling, all(applying("OR", "compliantDevice", "domainJoinedDevice")), []diagnosis.Remedy{diagnosis.RemedyHybridDevice}, diagnosis.OutcomePasses},
		"a place":                        {blocked(53003, "location"), all(applying("", "block")), nil, ""},
		"a plain block":                  {blocked(53003), all(applying("", "block")), nil, ""},
		"one of two leaves no way":       {nil, all(applying("", "compliantDevice"), changed(mfa, func(e *diagnosis.Evaluated) { e.GrantControls = []string{"block"} })), nil, ""},
		"an app of long ago":             {both(blocked(53003, "clientType"), func(s *diagnosis.SignIn) { s.ClientApp = "POP3" }), all(applying("", "block")), []diagnosis.Remedy{diagnosis.RemedyCurrentClient}, diagnosis.OutcomeRefused},
		"an app of today":                {blocked(53003, "clientType"), all(applying("", "block")), nil, ""},
		"a risk":                         {both(blocked(53003, "signInRisk"), func(s *diagnosis.SignIn) { s.RiskLevel = "high" }), all(applying("", "block")), []diagnosis.Remedy{diagnosis.RemedyRiskGone}, diagnosis.OutcomeRefused},
		"a device code":                  {both(blocked(53003), byCode), all(applying("", "block")), []diagnosis.Remedy{diagnosis.RemedyDirectSignIn}, diagnosis.OutcomeRefused},
		"a device code hides the device": {byCode, all(applying("", "compliantDevice")), []diagnosis.Remedy{diagnosis.RemedyDirectSignIn}, diagnosis.OutcomeUnknown},
		"nothing refuses":                {nil, all(mfa), nil, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := find(refusedRow(test.change))
			s, ok := f.Scenario()
			if !ok {
				t.Fatal("nothing to ask")
			}
			better, got, ok := f.Remedied(s, test.answer)
			if diff := cmp.Diff(test.want, got); diff != "" || ok != (test.want != nil) {
				t.Fatalf("ok %v (-want +got):\n%s", ok, diff)
			}
			if ok && diagnosis.Judge(better, test.answer).Outcome != test.then {
				t.Errorf("judged %v with %+v, want %s", diagnosis.Judge(better, test.answer), better, test.then)
			}
			for _, r := range got {
				remedied[r](&s)
			}
			if diff := cmp.Diff(s, better); diff != "" {
				t.Errorf("the better sign-in (-want +got):\n%s", diff)
			}
		})
	}
}
