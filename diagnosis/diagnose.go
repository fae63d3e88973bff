// Package diagnosis finds out from the rows of the Microsoft Entra sign-in log why a person's onboarding failed.
//
// It is pure: facts in, finding out. It knows no clock, does no I/O, writes no log and speaks no language; a Finding
// names causes, policies and gaps, and package words puts them into sentences. Every conclusion can be traced to a row
// and to the code table (codes.csv), and the Finding lists what could not be seen.
package diagnosis

import (
	"slices"
	"strings"
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
		f.Streak = streak(f.SignIn, rows)
		f.Aside = relate(f.SignIn, c.Product) == unrelated
		f.Edited = f.edits(rows, c.Edits)
		f.Revoked = revoked(f.SignIn, c.Revocations)
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
		f.Elsewhere = slices.DeleteFunc(elsewhere(&c, all), func(s SignIn) bool { return f.SignIn != nil && sameApp(&s, f.SignIn) })
	}
	f.Later = later(&c, all)
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
		if p.Result.WouldRefuse() && !slices.Contains(f.ReportOnly, p.Name) { // a policy may stand twice on a row
			f.ReportOnly = append(f.ReportOnly, p.Name)
		}
		if p.Result.WouldAsk() && !slices.Contains(f.WouldAsk, p.Name) {
			f.WouldAsk = append(f.WouldAsk, p.Name)
		}
	}
	if byConditionalAccess(&row) && len(f.Refusals) == 0 {
		f.miss(gapOf(&row))
	}
	code, known := LookUp(row.ErrorCode)
	if known && beforePolicies(code.Category) {
		f.Refusals = nil // policies are looked at once the account is known; what the row says of them means nothing yet
	}
	f.decideCause(&row, code, known, tenant)
	f.Clues = f.clues()
	f.refineGuide()
	if a.solved != nil {
		f.Changed = changes(&row, a.solved)
		f.Causes = slices.Insert(f.Causes, 0, Resolved)
		f.Guide = string(Resolved)
		return
	}
	if known && code.Interrupt != InterruptNo {
		f.add(UnfinishedSignIn)
		if row.Kind != KindNonInteractive { // nobody is asked in the background
			f.Asked = codeAsks[row.ErrorCode]
		}
	}
	f.Fixers = f.fixers(code)
}

// decideCause applies the order of evidence: a policy that refused, then the code.
func (f *Finding) decideCause(row *SignIn, code Code, known bool, tenant []Policy) {
	switch {
	case sessionEnded(row):
		f.Causes = []Cause{TokenExpired, ConditionalBlock}
		f.Guide = code.Guide
		f.endedBy(session(row, tenant))
	case row.ErrorCode == codeMFATooOld:
		f.Causes, f.Guide = []Cause{TokenExpired, MFARequired}, code.Guide
		if s := session(row, tenant); row.limitedByFrequency() && (s.Policy != "" || len(s.Among) > 0) {
			f.add(ConditionalBlock)
			f.endedBy(s)
		}
	case code.Category == OrdinaryStep:
		f.Causes, f.Guide = []Cause{UnfinishedSignIn}, string(UnfinishedSignIn) // the step is no cause; that it was left open is
		if code.Guide != string(OrdinaryStep) {
			f.Guide = code.Guide
		}
		if len(f.Refusals) > 0 {
			f.add(ConditionalBlock)
		}
	case len(f.Refusals) > 0 && (!known || policyDecides(code.Category)):
		f.Causes = []Cause{ConditionalBlock}
		f.Guide = f.refusalGuide(code, known)
		if known && underPolicy(code.Category) {
			f.add(code.Category)
		}
		if known && (code.Interrupt == InterruptStep || code.Category == MFARequired || code.Category == Risk) {
			// the policy is not met yet, or the code says what went wrong while it was: that comes first
			f.Causes = []Cause{code.Category}
			f.add(ConditionalBlock)
		}
	case row.ErrorCode == 0: // only the status of Conditional Access says that it refused
		f.Causes, f.Guide = []Cause{ConditionalBlock}, guideConditionalAccess
	case !known:
		f.Causes, f.Guide = []Cause{UnknownCode}, string(UnknownCode)
		if byConditionalAccess(row) {
			f.add(ConditionalBlock)
		}
	default:
		f.Causes, f.Guide = []Cause{code.Category}, code.Guide
		if len(f.Refusals) > 0 || byConditionalAccess(row) && underPolicy(code.Category) {
			f.add(ConditionalBlock)
		}
	}
}

// endedBy names the policy that ended the session.
func (f *Finding) endedBy(s *Session) {
	f.Session = s
	switch {
	case len(f.SignIn.Policies) == 0:
		f.miss(GapPolicyDetails) // what is known is the tenant's, not the row's
	case s.Policy != "":
	case len(s.Among) > 0:
		f.miss(GapWhichPolicy)
	default:
		f.miss(GapPolicyDetails)
	}
}

// underPolicy reports whether a policy is what usually stands behind a code of this category.
func underPolicy(c Cause) bool {
	return slices.Contains([]Cause{ConditionalBlock, DeviceCompliance, MFARequired, Registration, Risk}, c)
}

// policyDecides reports whether a refusing policy on the row explains more than the code does. A session that ran out, a
// wrong password or an app that is missing stops a sign-in whatever the policies say.
func policyDecides(c Cause) bool { return underPolicy(c) || c == Other }

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

// gapOf says what is missing when no policy of the row refused: all of them, or which one did.
func gapOf(row *SignIn) Gap {
	if len(row.Policies) > 0 {
		return GapWhichPolicy
	}
	return GapPolicyDetails
}

// isPolicyCode tells the codes 53000 to 53999 and 530000 to 530999, which Conditional Access gives.
func isPolicyCode(code int) bool { return code/1000 == 53 || code/1000 == 530 }

// securityDefaults is the one refusal of this family behind which there is no policy to name.
// Source: https://learn.microsoft.com/entra/fundamentals/security-defaults
const securityDefaults = 530035

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
