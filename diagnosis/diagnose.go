// Package diagnosis finds out from the rows of the Microsoft Entra sign-in log why a person's onboarding failed.
//
// It is pure: facts in, finding out. It knows no clock, does no I/O, writes no log and speaks no language; a Finding
// names causes, policies and gaps, and package words puts them into sentences. Every conclusion can be traced to a row
// and to the code table (codes.csv), and the Finding lists what could not be seen.
package diagnosis

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Diagnose reasons over one case. It never fails: what cannot be concluded is a cause of its own (NoSignInFound,
// NoFailureFound, UnknownCode). The case is not changed.
func Diagnose(c Case) Finding {
	rows := inWindow(&c, tidy(ofAccount(c.SignIns, c.Account)))
	f := Finding{Product: c.Product, Read: c.Read, Considered: len(rows), NotSeen: slices.Clone(c.Gaps)}
	all := attempts(rows)
	a := choose(&c, all)
	switch {
	case a != nil:
		f.explain(a, c.Policies)
	case len(rows) == 0:
		f.nothing(NoSignInFound, c.ErrorCode)
		f.miss(GapLate)
	default:
		f.nothing(NoFailureFound, c.ErrorCode)
	}
	if c.Product != "" {
		f.Elsewhere = elsewhere(&c, all)
	}
	return f
}

// nothing is the finding that no row decides. A pasted code that the log does not show is kept, so that the answer can
// say what it means.
func (f *Finding) nothing(cause Cause, said int) {
	f.Causes = []Cause{cause}
	f.Guide = string(cause)
	f.Fixers = []Fixer{FixUser}
	f.SaidCode = said
}

// explain fills the finding from the attempt that decides.
func (f *Finding) explain(a *attempt, tenant []Policy) {
	row := *a.failed
	f.SignIn, f.Code, f.Solved = &row, row.ErrorCode, a.solved
	f.Refusals = refusals(&row, tenant)
	for _, p := range row.Policies {
		if p.Result.WouldRefuse() {
			f.ReportOnly = append(f.ReportOnly, p.Name)
		}
	}
	f.Traps = traps(&row, f.Refusals)
	if byConditionalAccess(&row) && len(f.Refusals) == 0 {
		f.miss(GapPolicyDetails)
	}
	code, known := LookUp(row.ErrorCode)
	f.decideCause(&row, code, known, tenant)
	if a.solved != nil {
		f.Causes = slices.Insert(f.Causes, 0, Resolved)
		f.Guide = string(Resolved)
		return
	}
	if known && code.Interrupt != InterruptNo {
		f.add(UnfinishedSignIn)
	}
	f.Fixers = f.fixers(code)
}

// decideCause applies the order of evidence: a policy that refused, then the code.
func (f *Finding) decideCause(row *SignIn, code Code, known bool, tenant []Policy) {
	switch {
	case sessionEnded(row):
		f.Causes = []Cause{TokenExpired, ConditionalBlock}
		f.Guide = code.Guide
		f.Session = session(row, tenant)
	case len(f.Refusals) > 0 && (!known || policyDecides(code.Category)):
		f.Causes = []Cause{ConditionalBlock}
		f.Guide = f.refusalGuide(code, known)
		if known && underPolicy(code.Category) {
			f.add(code.Category)
		}
	case !known:
		f.Causes, f.Guide = []Cause{UnknownCode}, string(UnknownCode)
	case code.Category == OrdinaryStep:
		f.Causes, f.Guide = nil, string(UnfinishedSignIn) // an ordinary step is no cause; that it was left unfinished is
	default:
		f.Causes, f.Guide = []Cause{code.Category}, code.Guide
	}
}

// underPolicy reports whether a policy is what usually stands behind a code of this category.
func underPolicy(c Cause) bool {
	return slices.Contains([]Cause{ConditionalBlock, DeviceCompliance, MFARequired, Registration, Risk}, c)
}

// policyDecides reports whether a refusing policy on the row explains more than the code does. A wrong password or a
// disabled account stops a sign-in whatever the policies say.
func policyDecides(c Cause) bool {
	return !slices.Contains([]Cause{BadCredentials, PasswordExpired, AccountState, AppAssignment, Consent, CrossTenant}, c)
}

// byConditionalAccess reports whether the row says that Conditional Access refused, whether or not it lists policies.
func byConditionalAccess(row *SignIn) bool {
	if strings.EqualFold(row.ConditionalAccessStatus, "failure") {
		return true
	}
	code, known := LookUp(row.ErrorCode)
	return known && code.Category == ConditionalBlock && row.ErrorCode != securityDefaults
}

// securityDefaults is the one refusal of this family behind which there is no policy to name.
// Source: https://learn.microsoft.com/entra/fundamentals/security-defaults
const securityDefaults = 530035

// sessionEnded reports whether the sign-in ran out because a policy's sign-in frequency ended it, and nothing else
// about that policy refused.
func sessionEnded(row *SignIn) bool {
	switch row.ErrorCode {
	case 70043, 70044, 70045, 70046:
	default:
		return false
	}
	return !slices.ContainsFunc(row.Refusals(), func(p AppliedPolicy) bool {
		return slices.ContainsFunc(p.GrantControls, func(c string) bool { return ReadControl(c) == ControlBlock })
	})
}

// session names the policy whose sign-in frequency ended the session: the one on the row that carries the control, or
// the only one of the tenant's enabled policies on the row that sets a frequency.
func session(row *SignIn, tenant []Policy) *Session {
	s := &Session{}
	var candidates []AppliedPolicy
	for _, p := range row.Policies {
		def := policyByID(tenant, p.ID)
		onRow := slices.ContainsFunc(p.SessionControls, func(c string) bool { return strings.EqualFold(c, "SignInFrequency") })
		applied := p.Result.Refused() || strings.EqualFold(string(p.Result), string(ResultSuccess))
		if applied && (onRow || (def != nil && def.SignInFrequency != nil)) {
			candidates = append(candidates, p)
		}
	}
	refusing := slices.DeleteFunc(slices.Clone(candidates), func(p AppliedPolicy) bool { return !p.Result.Refused() })
	if len(refusing) > 0 {
		candidates = refusing
	}
	if len(candidates) != 1 {
		return s
	}
	s.PolicyID, s.Policy = candidates[0].ID, candidates[0].Name
	if def := policyByID(tenant, s.PolicyID); def != nil {
		s.Frequency = def.SignInFrequency
	}
	return s
}

func traps(row *SignIn, refused []Refusal) []Trap {
	enrolling := strings.EqualFold(row.AppID, intuneEnrolment) || strings.EqualFold(row.ResourceID, intuneEnrolment)
	if enrolling && slices.ContainsFunc(refused, func(r Refusal) bool { return slices.Contains(r.Required, ControlCompliantDevice) }) {
		return []Trap{TrapEnrolment}
	}
	return nil
}

func (f *Finding) add(c Cause) {
	if !slices.Contains(f.Causes, c) {
		f.Causes = append(f.Causes, c)
	}
}

func (f *Finding) miss(g Gap) {
	if !slices.Contains(f.NotSeen, g) {
		f.NotSeen = append(f.NotSeen, g)
	}
}

// inWindow keeps the rows from the window before the failure on; later rows stay, for they show whether it was solved.
// A window that holds nothing before the failure is widened once. Rows without a time always stay.
func inWindow(c *Case, rows []SignIn) []SignIn {
	if c.At.IsZero() {
		return rows
	}
	const day = 24 * time.Hour
	narrow, wide := cmp.Or(c.Window, day), cmp.Or(c.WideWindow, 7*day)
	for _, window := range []time.Duration{narrow, wide} {
		from := c.At.Add(-window)
		kept := slices.DeleteFunc(slices.Clone(rows), func(s SignIn) bool { return !s.Time.IsZero() && s.Time.Before(from) })
		if len(kept) > 0 {
			return kept
		}
	}
	return nil
}
