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
		f.Edited = edits(f.SignIn, f.Refusals, c.Edits)
	case len(rows) == 0:
		f.nothing(NoSignInFound)
		f.miss(GapLate)
	default:
		f.nothing(NoFailureFound)
	}
	if f.Code != c.ErrorCode {
		f.SaidCode = c.ErrorCode
	}
	if c.Product != "" {
		f.Elsewhere = elsewhere(&c, all)
	}
	f.judge(&c, rows)
	return f
}

// nothing is the finding that no row decides.
func (f *Finding) nothing(cause Cause) {
	f.Causes = []Cause{cause}
	f.Guide = string(cause)
	f.Fixers = []Fixer{FixUser}
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
	for _, r := range f.Refusals {
		if r.Trap != "" && !slices.Contains(f.Traps, r.Trap) {
			f.Traps = append(f.Traps, r.Trap)
		}
	}
	if byConditionalAccess(&row) && len(f.Refusals) == 0 {
		f.miss(GapPolicyDetails)
	}
	code, known := LookUp(row.ErrorCode)
	f.decideCause(&row, code, known, tenant)
	if guide := guideByReason(&row); guide != "" && len(f.Refusals) == 0 {
		f.Guide = guide
	}
	if a.solved != nil {
		f.Changed = changes(&row, a.solved)
		f.Causes = slices.Insert(f.Causes, 0, Resolved)
		f.Guide = string(Resolved)
		return
	}
	if known && code.Interrupt != InterruptNo {
		f.add(UnfinishedSignIn)
		f.Asked = codeAsks[row.ErrorCode]
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
		if f.Session.Policy == "" {
			f.miss(GapPolicyDetails)
		}
	case len(f.Refusals) > 0 && (!known || policyDecides(code.Category)):
		f.Causes = []Cause{ConditionalBlock}
		f.Guide = f.refusalGuide(code, known)
		if known && underPolicy(code.Category) {
			f.add(code.Category)
		}
	case row.ErrorCode == 0: // only the status of Conditional Access says that it refused
		f.Causes, f.Guide = []Cause{ConditionalBlock}, guideConditionalAccess
	case !known:
		f.Causes, f.Guide = []Cause{UnknownCode}, string(UnknownCode)
	case code.Category == OrdinaryStep:
		f.Causes, f.Guide = nil, string(UnfinishedSignIn) // an ordinary step is no cause; that it was left unfinished is
	default:
		f.Causes, f.Guide = []Cause{code.Category}, code.Guide
		if len(f.Refusals) > 0 && !beforePolicies(code.Category) {
			f.add(ConditionalBlock)
		}
	}
}

// underPolicy reports whether a policy is what usually stands behind a code of this category.
func underPolicy(c Cause) bool {
	return slices.Contains([]Cause{ConditionalBlock, DeviceCompliance, MFARequired, Registration, Risk}, c)
}

// policyDecides reports whether a refusing policy on the row explains more than the code does. A session that ran out, a
// wrong password or an app that is missing stops a sign-in whatever the policies say.
func policyDecides(c Cause) bool { return underPolicy(c) || c == OrdinaryStep || c == Other }

// beforePolicies reports whether a code of this category means that policies had not been looked at yet.
func beforePolicies(c Cause) bool {
	return slices.Contains([]Cause{BadCredentials, PasswordExpired, AccountState}, c)
}

// byConditionalAccess reports whether the row says that Conditional Access refused, whether or not it lists policies: by
// its status, or by a code that only Conditional Access gives.
func byConditionalAccess(row *SignIn) bool {
	if row.ErrorCode == securityDefaults {
		return false
	}
	if strings.EqualFold(row.ConditionalAccessStatus, "failure") {
		return true
	}
	code, known := LookUp(row.ErrorCode)
	return known && (code.Category == ConditionalBlock || code.Category == DeviceCompliance && isPolicyCode(row.ErrorCode))
}

// isPolicyCode tells the codes 53000 to 53999 and 530000 to 530999, which Conditional Access gives.
func isPolicyCode(code int) bool { return code/1000 == 53 || code/1000 == 530 }

// securityDefaults is the one refusal of this family behind which there is no policy to name.
// Source: https://learn.microsoft.com/entra/fundamentals/security-defaults
const securityDefaults = 530035

// sessionEnded reports whether the sign-in ran out because a policy's sign-in frequency ended it, and nothing else
// about that policy refused.
func sessionEnded(row *SignIn) bool {
	return endsSession(row.ErrorCode) && !slices.ContainsFunc(row.Refusals(), func(p AppliedPolicy) bool {
		return slices.ContainsFunc(p.GrantControls, func(c string) bool { return ReadControl(c) == ControlBlock })
	})
}

// endsSession tells the codes of a sign-in frequency that has run out.
func endsSession(code int) bool { return 70043 <= code && code <= 70046 }

// session names the policy whose sign-in frequency ended the session: the one on the row that carries the control, or
// the only one of the tenant's enabled policies on the row that sets a frequency. Of several it names none, but lists them.
func session(row *SignIn, tenant []Policy) *Session {
	s := &Session{}
	var candidates []AppliedPolicy
	for _, p := range row.Policies {
		def := policyByID(tenant, p.ID)
		applied := p.Result.Refused() || strings.EqualFold(string(p.Result), string(ResultSuccess))
		if applied && (setsFrequency(p.SessionControls) || (def != nil && def.SignInFrequency != nil)) {
			candidates = append(candidates, p)
		}
	}
	refusing := slices.DeleteFunc(slices.Clone(candidates), func(p AppliedPolicy) bool { return !p.Result.Refused() })
	if len(refusing) > 0 {
		candidates = refusing
	}
	if len(candidates) != 1 {
		for _, p := range candidates {
			s.Among = append(s.Among, p.Name)
		}
		return s
	}
	s.PolicyID, s.Policy = candidates[0].ID, candidates[0].Name
	if def := policyByID(tenant, s.PolicyID); def != nil {
		s.Frequency = def.SignInFrequency
	}
	return s
}

func setsFrequency(sessionControls []string) bool {
	return slices.ContainsFunc(sessionControls, func(c string) bool { return strings.EqualFold(c, "SignInFrequency") })
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
// A window in which nothing happened before the failure is widened once. Rows without a time, and those that the pasted
// error names, always stay.
func inWindow(c *Case, rows []SignIn) []SignIn {
	if c.At.IsZero() {
		return rows
	}
	var kept []SignIn
	for _, window := range []time.Duration{c.window(), cmp.Or(c.WideWindow, 7*24*time.Hour)} {
		from := c.At.Add(-window)
		kept = slices.DeleteFunc(slices.Clone(rows), func(s SignIn) bool {
			return !s.Time.IsZero() && s.Time.Before(from) && !c.names(&s)
		})
		if slices.ContainsFunc(kept, func(s SignIn) bool { return !s.Time.After(c.At.Add(afterReport)) }) {
			break
		}
	}
	return kept
}

// window is how long before At a failure may lie.
func (c *Case) window() time.Duration { return cmp.Or(c.Window, 24*time.Hour) }
