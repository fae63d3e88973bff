package diagnosis_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/diagnosis"
	"signpost/words"
)

// FuzzDiagnose builds a case from bytes and holds every finding, and its answer, to what any of them promises.
func FuzzDiagnose(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("one row that was refused"))
	f.Add([]byte("two rows of one account, then a third of somebody else, and what was said of it all \x00\xff\x01\xfe"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, before := (&source{data}).aCase(), (&source{data}).aCase()
		finding := diagnosis.Diagnose(c)
		if diff := cmp.Diff(before, c); diff != "" {
			t.Fatalf("the case was changed (-before +after):\n%s", diff)
		}
		if diff := cmp.Diff(finding, diagnosis.Diagnose(c)); diff != "" {
			t.Fatalf("twice the same case finds two things:\n%s", diff)
		}
		backward := c
		backward.SignIns = slices.Clone(c.SignIns)
		slices.Reverse(backward.SignIns)
		if diff := cmp.Diff(finding, diagnosis.Diagnose(backward)); timesDiffer(c.SignIns) && diff != "" {
			t.Fatalf("the order of the rows counts (-forward +backward):\n%s", diff)
		}
		holds(t, &finding)
		if s, ok := finding.Scenario(); ok {
			answer := (&source{data}).evaluated()
			finding.WhatIf = &diagnosis.WhatIf{Now: finding.JudgeNow(s, answer)}
			if better, remedies, ok := finding.Remedied(s, answer); ok {
				then := finding.JudgeThen(s, answer, better, answer)
				finding.WhatIf.Remedies, finding.WhatIf.Then = remedies, &then
			}
		}
		for _, detail := range []words.Detail{words.General, words.Full, words.Desk} {
			answers(t, &finding, detail)
		}
	})
}

// answers puts a finding into words, which panics where a sentence is missing.
func answers(t *testing.T, f *diagnosis.Finding, detail words.Detail) {
	t.Helper()
	a := words.For("en", "", nil).Answer(f, detail)
	if a.Title == "" || a.Cause == "" || a.Certain == "" || len(a.Now) == 0 {
		t.Fatalf("an answer without title, cause, certainty or step: %+v", a)
	}
	for _, list := range [][]string{a.Now, a.Notes, a.NotSeen, a.WhatIf} {
		if len(unique(slices.Clone(list))) != len(list) {
			t.Fatalf("something is said twice: %q", list)
		}
	}
	if what := strings.Join(a.Policies, " "); f.Overtaken() && strings.Contains(what, "What would pass") {
		t.Fatalf("what would pass, and that everything does: %s", what)
	}
}

func holds(t *testing.T, f *diagnosis.Finding) {
	t.Helper()
	switch {
	case len(f.Causes) == 0 || f.Guide == "":
		t.Fatalf("no cause or no guide: %+v", f)
	case f.Certainty == diagnosis.Confirmed && len(f.Doubts) > 0, f.Certainty == diagnosis.Likely && len(f.Doubts) == 0:
		t.Fatalf("%s, with doubts %v", f.Certainty, f.Doubts)
	case f.Certainty != diagnosis.Confirmed && f.Certainty != diagnosis.Likely && f.Certainty != diagnosis.Uncertain:
		t.Fatalf("certainty %q", f.Certainty)
	case (f.Solved != nil) != (f.Main() == diagnosis.Resolved):
		t.Fatalf("main cause %s, solved %v", f.Main(), f.Solved != nil)
	}
	once(t, f.Causes)
	once(t, f.Doubts)
	once(t, f.NotSeen)
	once(t, f.Fixers)
	once(t, f.Clues)
}

func once[T ~string](t *testing.T, values []T) {
	t.Helper()
	if len(unique(slices.Clone(values))) != len(values) {
		t.Fatalf("one of these stands twice: %v", values)
	}
}

// timesDiffer reports whether no two rows have the same time: their order then says nothing.
func timesDiffer(rows []diagnosis.SignIn) bool {
	seen := map[time.Time]bool{}
	for i := range rows {
		if seen[rows[i].Time] {
			return false
		}
		seen[rows[i].Time] = true
	}
	return true
}

// source makes a case of bytes; where they end, of zeros.
type source struct{ data []byte }

func (s *source) next() int {
	if len(s.data) == 0 {
		return 0
	}
	b := s.data[0]
	s.data = s.data[1:]
	return int(b)
}

func pick[T any](s *source, from ...T) T { return from[s.next()%len(from)] }

// some picks a few, each at most once.
func some[T any](s *source, from ...T) []T {
	var out []T
	for i, mask := 0, s.next(); i < len(from) && i < 8; i++ {
		if mask>>i&1 == 1 {
			out = append(out, from[i])
		}
	}
	return out
}

func (s *source) code() int {
	telling := []int{
		0, 0, 50074, 53003, 53000, 70043, 70046, 50078, 50173, 50126, 50058, 530033, 530036, 530084, 530032, 50131, 50053, 530004,
		50158, 1,
	}
	if n := s.next(); n < 200 {
		return telling[n%len(telling)]
	}
	all := diagnosis.Codes()
	return all[(s.next()<<8|s.next())%len(all)].Number
}

func (s *source) aCase() diagnosis.Case {
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	c := diagnosis.Case{
		Account: pick(s, "ana@contoso.com", "", "ben@contoso.com", ana), Product: pick(s, append(diagnosis.Products(), "")...),
		At: pick(s, time.Time{}, day.Add(12*time.Hour), day.Add(-90*24*time.Hour)), ErrorCode: pick(s, 0, 0, 53003, 50173, 7),
		CorrelationID: pick(s, "", "", "try-1", "try-none"), RequestID: pick(s, "", "", "row-1"),
		Gaps: some(s, diagnosis.Gaps()...), Renewals: s.next()%2 == 1, Policies: s.tenant(),
	}
	for i := 0; len(s.data) > 0 && i < 24; i++ {
		c.SignIns = append(c.SignIns, s.row(i, day))
	}
	for _, kind := range some(s, diagnosis.RevocationKinds()...) {
		c.Revocations = append(c.Revocations, diagnosis.Revocation{UserID: ana, Kind: kind, Time: day.Add(time.Hour)})
	}
	for _, kind := range some(s, diagnosis.EditKinds()[3:]...) {
		change := diagnosis.PolicyChange{Kind: kind, Control: diagnosis.ControlMFA}
		c.Edits = append(c.Edits, diagnosis.Edit{PolicyID: "p0", Time: day.Add(-time.Hour), Changes: []diagnosis.PolicyChange{change}})
	}
	return c
}

func (s *source) row(i int, day time.Time) diagnosis.SignIn {
	yes, no := true, false
	r := diagnosis.SignIn{
		ID: fmt.Sprintf("row-%d", i), CorrelationID: pick(s, "", "try-1", "try-2", zeros, fmt.Sprintf("try-%d", i)),
		Time: day.Add(time.Duration(s.next()<<8|s.next()) * time.Second), HasStatus: s.next()%8 > 0, ErrorCode: s.code(),
		Kind:              pick(s, diagnosis.KindInteractive, diagnosis.KindNonInteractive, diagnosis.KindUnknown, diagnosis.KindManagedIdentity),
		UserID:            pick(s, ana, "", zeros, "5d0c2f4e-0000-4000-8000-00000000000b"),
		UserPrincipalName: pick(s, "ana@contoso.com", "ANA@contoso.com", "", "ben@contoso.com"),
		AppID:             pick(s, portal, enrolment, exchange, "29d9ed98-a469-4536-ade2-f981bc1d605e", ""),
		ResourceID:        pick(s, armAPI, intuneAPI, ""), Resource: pick(s, "Some resource", ""),
		ConditionalAccessStatus: pick(s, "failure", "success", "notApplied", ""),
		FailureReason:           pick(s, "", "at risk", "device state", "locked", "malicious"),
		ClientApp:               pick(s, "Browser", "", "IMAP4", "Mobile Apps and Desktop clients"),
		Device: diagnosis.Device{
			ID: pick(s, "", "d1", "d2"), OperatingSystem: pick(s, "Windows11", "MacOs", ""), Compliant: pick(s, nil, &yes, &no),
			TrustType: pick(s, "", "Azure AD joined", "Hybrid Azure AD joined"),
		},
		RiskState: pick(s, "", "none", "dismissed"), IncomingTokenType: pick(s, "", "primaryRefreshToken"),
		OriginalTransferMethod: pick(s, "", "none", "deviceCodeFlow"), CrossTenantAccessType: pick(s, "", "none", "b2bCollaboration"),
		TokenProtectionStatusCode: pick(s, 0, 1002, 1003, 1005, 1006, 1008, 7),
	}
	r.App = map[string]string{portal: "Azure Portal", enrolment: "Enrolment", exchange: "Mail"}[r.AppID]
	for _, p := range some(s, "rememberMultifactorAuthenticationOnTrustedDevices", "signInFrequencyEveryTime", "of tomorrow") {
		r.SessionLifetimePolicies = append(r.SessionLifetimePolicies, diagnosis.Requirement{Provider: p})
	}
	for n := range s.next() % 4 {
		r.Policies = append(r.Policies, diagnosis.AppliedPolicy{
			ID: pick(s, fmt.Sprintf("p%d", n), "p0", ""), Name: pick(s, fmt.Sprintf("Policy %d", n), ""),
			Result:                 pick[diagnosis.PolicyResult](s, "failure", "success", "reportOnlyFailure", "reportOnlyInterrupted", "of tomorrow"),
			GrantControls:          some(s, "Mfa", "RequireCompliantDevice", "Block", "Our terms", "RequireApprovedApp", "riskRemediation"),
			SessionControls:        some(s, "SignInFrequency", "SignInTokenProtection"),
			AuthenticationStrength: pick(s, "", "Strong"),
			StrengthResult:         pick(s, "", "satisfied", "cannotSatisfy", "singleRegistrationRequired"),
			ConditionsSatisfied:    some(s, "users", "location", "clientType", "signInRisk", "authenticationFlows"),
			IncludedBy:             some(s, "allUsers", "groupId", "of tomorrow"),
		})
	}
	return r
}

func (s *source) tenant() []diagnosis.Policy {
	var out []diagnosis.Policy
	for n := range s.next() % 4 {
		out = append(out, diagnosis.Policy{
			ID: fmt.Sprintf("p%d", n), Name: fmt.Sprintf("Policy %d", n), State: pick(s, "enabled", "disabled"),
			Operator:               pick(s, "AND", "OR", ""),
			GrantControls:          some(s, "mfa", "compliantDevice", "block", "passwordChange"),
			AuthenticationStrength: pick(s, "", "Strong"), TermsOfUse: some(s, "t"),
			SignInFrequency: pick(s, nil, &diagnosis.SignInFrequency{EveryTime: true}, &diagnosis.SignInFrequency{Value: 4, Unit: "hours"}),
			TokenProtection: s.next()%4 == 0,
		})
	}
	return out
}

func (s *source) evaluated() []diagnosis.Evaluated {
	var out []diagnosis.Evaluated
	for _, p := range s.tenant() {
		out = append(out, diagnosis.Evaluated{Policy: p, Applies: s.next()%2 == 0, Reason: pick(s, "notSet", "users", "location")})
	}
	return out
}
