package diagnosis

import (
	"slices"
	"strings"
)

// Certainty says how sure a finding is.
type Certainty string

// The certainties.
const (
	Confirmed Certainty = "confirmed" // a row of the log says so, and says all that matters
	Likely    Certainty = "likely"    // something that matters is not shown: see the doubts
	Uncertain Certainty = "unknown"   // the log does not say
)

// Doubt is a reason why a finding is not confirmed. The set is closed; words says what would settle each.
type Doubt string

// The doubts.
const (
	DoubtPolicyDetails Doubt = "policy-details" // the row does not say which policy refused
	DoubtRenewals      Doubt = "renewals"       // background renewals of tokens were not looked at
	DoubtLate          Doubt = "late"           // the row may not be written yet
	DoubtTruncated     Doubt = "truncated"      // there are more rows than were read
	DoubtDisputed      Doubt = "disputed"       // the code stands for several things, and the row does not say which
	DoubtFamily        Doubt = "family"         // only the kind of the code is known, not the code itself
	DoubtUnknownCode   Doubt = "unknown-code"   // the code is not known
	DoubtWhichControl  Doubt = "which-control"  // the policy asks for several things, and the row does not say which failed
	DoubtOperator      Doubt = "operator"       // whether it asks for all of them or for one is not known
	DoubtRequirement   Doubt = "requirement"    // what the policy asks for is not known
	DoubtInOrder       Doubt = "in-order"       // the row shows the device as wanted
	DoubtStrengthMet   Doubt = "strength-met"   // the row shows the authentication strength as met
	DoubtWhichPolicy   Doubt = "which-policy"   // one of several policies did it
	DoubtFarBack       Doubt = "far-back"       // it happened long before the time that was given
	DoubtEndsBefore    Doubt = "ends-before"    // no row is as late as the time that was given
	DoubtNotTheSaid    Doubt = "not-the-said"   // the error that was pasted is not among the rows
	DoubtMismatch      Doubt = "mismatch"       // the code speaks of another requirement than the policies that refused
	DoubtContradiction Doubt = "contradiction"  // the row says that Conditional Access was passed, and that a policy refused
)

// Doubts returns every doubt.
func Doubts() []Doubt {
	return []Doubt{
		DoubtPolicyDetails, DoubtRenewals, DoubtLate, DoubtTruncated, DoubtDisputed, DoubtFamily, DoubtUnknownCode,
		DoubtWhichControl, DoubtOperator, DoubtRequirement, DoubtInOrder, DoubtStrengthMet, DoubtWhichPolicy, DoubtFarBack,
		DoubtEndsBefore, DoubtNotTheSaid, DoubtMismatch, DoubtContradiction,
	}
}

// gapDoubts are the gaps that can hide the cause when no row decides.
var gapDoubts = map[Gap]Doubt{
	GapNonInteractive: DoubtRenewals, GapLate: DoubtLate, GapTruncated: DoubtTruncated,
}

// judge weighs how sure the finding is. rows are those that were considered.
func (f *Finding) judge(c *Case, rows []SignIn) {
	f.Certainty = Confirmed
	named := c.CorrelationID == "" && c.RequestID == "" || slices.ContainsFunc(rows, func(s SignIn) bool { return c.names(&s) })
	if f.SignIn == nil {
		f.Certainty = Uncertain
		if f.SaidCode != 0 || !named {
			f.Doubts = append(f.Doubts, DoubtNotTheSaid)
		}
		for _, g := range f.NotSeen {
			if d, ok := gapDoubts[g]; ok {
				f.Doubts = append(f.Doubts, d)
			}
		}
		silent := func(s SignIn) bool { return s.Kind == KindNonInteractive }
		if f.Main() == NoFailureFound && !c.Renewals && !slices.ContainsFunc(rows, silent) && !slices.Contains(f.Doubts, DoubtRenewals) {
			f.Doubts = append(f.Doubts, DoubtRenewals)
		}
		late := func(s SignIn) bool { return !s.Time.Before(c.At) }
		if f.Main() == NoFailureFound && !c.At.IsZero() && !slices.ContainsFunc(rows, late) && !slices.Contains(f.Doubts, DoubtLate) {
			f.Doubts = append(f.Doubts, DoubtEndsBefore)
		}
		failed := func(s SignIn) bool { return refused(&s) && weight(&s) > 1 }
		if f.Main() == NoFailureFound && len(f.Doubts) == 0 && !slices.ContainsFunc(rows, failed) {
			f.Certainty = Confirmed
		}
		return
	}
	code, known := LookUp(f.Code)
	policies := slices.Contains(f.Causes, ConditionalBlock)
	doubt := func(is bool, d Doubt) {
		if is {
			f.Certainty, f.Doubts = Likely, append(f.Doubts, d)
		}
	}
	doubt(f.SaidCode != 0 || !named, DoubtNotTheSaid)
	doubt(policies && f.Solved == nil && f.policyHidden(), DoubtPolicyDetails)
	doubt(!known && f.Code != 0 && f.Main() != UnknownCode, DoubtUnknownCode)
	doubt(isDisputed(f.Code) && f.Guide == code.Guide, DoubtDisputed)
	doubt(known && !policies && f.Solved == nil && f.Guide == string(code.Category) && code.Category != Transient, DoubtFamily)
	doubt(f.Session != nil && f.Session.Policy == "" && len(f.Session.Among) > 0, DoubtWhichPolicy)
	for _, d := range []Doubt{DoubtRequirement, DoubtInOrder, DoubtStrengthMet, DoubtOperator, DoubtWhichControl} {
		doubt(slices.ContainsFunc(f.Refusals, func(r Refusal) bool { return r.doubt(f.Code) == d }), d)
	}
	far := !c.At.IsZero() && !f.SignIn.Time.IsZero() && f.SignIn.Time.Before(c.At.Add(-c.window())) && !c.names(f.SignIn)
	doubt(far, DoubtFarBack)
	doubt(isOrdinaryStep(f.Code) && f.Solved == nil && slices.Contains(f.NotSeen, GapLate), DoubtLate)
	doubt(policies && mismatched(f.Code, f.Refusals), DoubtMismatch)
	doubt(len(f.Refusals) > 0 && strings.EqualFold(f.SignIn.ConditionalAccessStatus, "success"), DoubtContradiction)
	if f.Main() == UnknownCode {
		f.Certainty, f.Doubts = Uncertain, slices.Insert(f.Doubts, 0, DoubtUnknownCode)
	}
}

// policyHidden reports whether a policy decided and nothing tells which one, nor among which it was.
func (f *Finding) policyHidden() bool {
	if len(f.Refusals) > 0 || f.Session != nil && len(f.Session.Among) > 0 {
		return false
	}
	return slices.Contains(f.NotSeen, GapPolicyDetails) || slices.Contains(f.NotSeen, GapWhichPolicy)
}

// doubt says what is not known of a refusal on a row with this code; empty when all that matters is.
func (r *Refusal) doubt(code int) Doubt {
	switch {
	case len(r.Required) == 0, len(r.Required) == 1 && r.Required[0] == ControlStrength && r.Strength == "":
		return DoubtRequirement
	case r.inOrder(code):
		return DoubtInOrder
	case len(r.Required) == 1 && r.Required[0] == ControlStrength && r.Why == WhyNotShown:
		return DoubtStrengthMet
	case len(r.Required) == 1, r.Operator == "OR":
		return "" // where one of several is enough, none of them was met
	case r.Operator == "":
		return DoubtOperator
	case r.Why == WhyNotShown:
		return DoubtWhichControl
	default:
		return ""
	}
}

// inOrder reports whether a device is what failed, by the code or for want of another requirement, while the row shows it as
// it should be.
func (r *Refusal) inOrder(code int) bool {
	if r.Why != WhyNotShown || len(r.Required) == 0 {
		return false
	}
	spoken := codeControls[code]
	return len(r.Required) == 1 && isDeviceControl(r.Required[0]) || isDeviceControl(spoken) && slices.Contains(r.Required, spoken)
}

// mismatched reports whether a refusal's code speaks of more than the policies that refused.
func mismatched(code int, refused []Refusal) bool {
	return !isOrdinaryStep(code) && speaksOfMore(code, refused)
}

// speaksOfMore reports whether a code names a requirement that none of the refusing policies has, although each shows its own.
func speaksOfMore(code int, refused []Refusal) bool {
	control := codeControls[code]
	if control == "" || len(refused) == 0 {
		return false
	}
	return !slices.ContainsFunc(refused, func(r Refusal) bool {
		return len(r.Required) == 0 || slices.ContainsFunc(r.Required, func(c Control) bool { return c == control || c == ControlBlock || alike(c, control) })
	})
}

// alike tells the controls that one code may stand for: a device that counts, a second step that counts, a risk to be mended.
func alike(a, b Control) bool {
	second, risk := []Control{ControlMFA, ControlStrength}, []Control{ControlPasswordChange, ControlRiskRemediation}
	third := func(c Control) bool { return c == ControlTermsOfUse || !slices.Contains(Controls(), c) } // done at another page
	for _, same := range [][]Control{second, risk} {
		if slices.Contains(same, a) && slices.Contains(same, b) {
			return true
		}
	}
	return isDeviceControl(a) && isDeviceControl(b) || third(a) && third(b)
}

// isOrdinaryStep reports whether a code only interrupts: policies that want more then show as refusing, too.
func isOrdinaryStep(code int) bool {
	c, known := LookUp(code)
	return known && c.Interrupt != InterruptNo
}

// The codes that stand for several things. Microsoft's own sources disagree about 530032.
// Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
const (
	codeLocked         = 50053  // a lock-out, or an address with a bad reputation
	codeSecurityPolicy = 530032 // a policy, or a risk
	codeRefusedAccess  = 50131  // the device, a risk, or a policy
)

func isDisputed(code int) bool {
	return code == codeLocked || code == codeSecurityPolicy || code == codeRefusedAccess
}

// guideByReason lets the reason that the log gives decide what a disputed code means; empty when it does not, or names
// several meanings, as Microsoft's general texts do.
func guideByReason(row *SignIn) string {
	reason := strings.ToLower(row.FailureReason + " " + row.AdditionalDetails)
	says := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(reason, w) })
	}
	address, locked := says("malicious", "ip address"), says(" locked", "too many")
	risk, device := says("due to risk", "of risk", "user risk", "sign-in risk", "at risk"), says("device")
	switch {
	case row.ErrorCode == codeLocked && address && !locked:
		return "address-blocked"
	case row.ErrorCode == codeLocked && locked && !address:
		return "account-locked-out"
	case (row.ErrorCode == codeSecurityPolicy || row.ErrorCode == codeRefusedAccess) && risk && !device && !says("not because"):
		return "risk-blocked"
	case row.ErrorCode == codeRefusedAccess && device && !risk && !says("suspicious", "policy"):
		return row.deviceGuide()
	default:
		return ""
	}
}

// deviceGuide is the guidance for a device that was not good enough; empty when the row shows nothing wrong with it.
func (s *SignIn) deviceGuide() string {
	switch d := &s.Device; {
	case d.ID == "":
		return guideNotManaged
	case d.Compliant != nil && !*d.Compliant:
		return guideNotCompliant
	default:
		return ""
	}
}
