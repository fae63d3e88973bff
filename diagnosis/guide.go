package diagnosis

import "slices"

// The guides that belong to no single code. The others are the fifth column of codes.csv.
const (
	guideConditionalAccess = "conditional-access" // a policy's refusal that neither code nor control describes better
	guideBlocked           = "blocked-by-policy"  // the code says only that a policy refused
	guideEnrolment         = "enrolment-needs-compliance"
	guideDeviceToken       = "device-token-expired"
)

// storedSignIns are the guides about a stored sign-in that ran out, without regard to who stored it.
var storedSignIns = []string{"token-too-old", "token-unused", "session-invalid", "invalid-grant"}

// controlGuides is the guidance for a control that was not met, for codes that do not name it.
var controlGuides = map[Control]string{
	ControlMFA:             "mfa-not-completed",
	ControlStrength:        "strength-not-met",
	ControlCompliantDevice: "device-not-compliant",
	ControlHybridJoined:    "device-not-hybrid-joined",
	ControlApprovedApp:     "app-not-approved",
	ControlAppProtection:   "app-protection-needed",
	ControlPasswordChange:  "risk-password-change",
	ControlRiskRemediation: "risk-password-change",
	ControlTermsOfUse:      "terms-or-third-party-mfa",
	ControlTokenProtection: "token-protection",
}

// Guides returns the guidance that a finding may carry besides those of the code table and the causes without a code.
func Guides() []string {
	all := []string{guideConditionalAccess, guideBlocked, guideEnrolment, "address-blocked", "account-locked-out", "risk-blocked"}
	for _, g := range controlGuides {
		all = append(all, g)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// refusalGuide picks the guidance for a policy's refusal. A code that says what failed speaks for itself; where it says
// only that a policy refused, the control does, when all refusals want the same one.
func (f *Finding) refusalGuide(code Code, known bool) string {
	if slices.ContainsFunc(f.Refusals, func(r Refusal) bool { return r.Trap == TrapEnrolment }) {
		return guideEnrolment
	}
	if len(f.Refusals) > 0 && !slices.ContainsFunc(f.Refusals, func(r Refusal) bool { return r.Why != WhyFlow }) {
		return "authentication-flow-blocked"
	}
	guide := guideConditionalAccess
	if known && underPolicy(code.Category) {
		guide = code.Guide
	}
	var wanted []Control
	terms := true
	for _, r := range f.Refusals {
		wanted = append(wanted, r.Required...)
		terms = terms && r.Why == WhyTerms
	}
	slices.Sort(wanted)
	wanted = slices.Compact(wanted)
	isStrength := len(wanted) == 1 && wanted[0] == ControlStrength // has no codes of its own: they speak of plain MFA
	if guide != guideConditionalAccess && guide != guideBlocked && !isStrength {
		return guide
	}
	if terms {
		return controlGuides[ControlTermsOfUse]
	}
	if len(wanted) != 1 || controlGuides[wanted[0]] == "" {
		return guide
	}
	if wanted[0] == ControlCompliantDevice && f.Refusals[0].Why == WhyDeviceNotShown {
		return "device-not-managed"
	}
	return controlGuides[wanted[0]]
}
