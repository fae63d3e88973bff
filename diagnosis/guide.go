package diagnosis

import (
	"slices"
	"strings"
)

// The guides that belong to no single code. The others are the fifth column of codes.csv.
const (
	guideConditionalAccess = "conditional-access" // a policy's refusal that neither code nor control describes better
	guideBlocked           = "blocked-by-policy"  // the code says only that a policy refused
	guideEnrolment         = "enrolment-needs-compliance"
	guideDeviceToken       = "device-token-expired"
	guideTokenTooOld       = "token-too-old"
	guideNoSession         = "no-session" // of codes that say only that a page found no session in the background
	guideNotCompliant      = "device-not-compliant"
	guideNotManaged        = "device-not-managed"
	guideOldClient         = "old-client-blocked"
	guideGuestApp          = "guest-app-not-possible"
	guideRisk              = "risk-blocked"
	guideStrengthNotMet    = "strength-not-met"
	guideImpossible        = "strength-impossible"
)

// storedSignIns are the guides about a stored sign-in that ran out, without regard to who stored it.
var storedSignIns = []string{"token-too-old", "token-unused", "session-invalid", "invalid-grant"}

// controlGuides is the guidance for a control that was not met, for codes that do not name it.
var controlGuides = map[Control]string{
	ControlMFA:             "mfa-not-completed",
	ControlStrength:        guideStrengthNotMet,
	ControlCompliantDevice: "device-not-compliant",
	ControlHybridJoined:    "device-not-hybrid-joined",
	ControlApprovedApp:     "app-not-approved",
	ControlAppProtection:   "app-protection-needed",
	ControlPasswordChange:  "risk-password-change",
	ControlRiskRemediation: "risk-remediation",
	ControlTermsOfUse:      "terms-or-third-party-mfa",
	ControlTokenProtection: "token-protection",
}

// Guides returns the guidance that a finding may carry besides those of the code table and the causes without a code.
func Guides() []string {
	all := []string{
		guideConditionalAccess, guideBlocked, guideEnrolment, guideOldClient, guideGuestApp, guideRisk, guideImpossible,
		"address-blocked", "account-locked-out",
	}
	for _, g := range controlGuides {
		all = append(all, g)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// refusalGuide picks the guidance for a policy's refusal. A code that says what failed speaks for itself, unless the row
// shows otherwise; where it says only that a policy refused, the control does, when all refusals want the same one.
func (f *Finding) refusalGuide(code Code, known bool) string {
	all := func(is func(*Refusal) bool) bool {
		return !slices.ContainsFunc(f.Refusals, func(r Refusal) bool { return !is(&r) })
	}
	switch {
	case !all(func(r *Refusal) bool { return r.Trap != TrapEnrolment }):
		return guideEnrolment
	case all(func(r *Refusal) bool { return r.Why == WhyFlow || r.Why == WhyFlowNoDevice }):
		return "authentication-flow-blocked"
	case all(func(r *Refusal) bool { return r.Why == WhyRisk && slices.Contains(r.Required, ControlBlock) }):
		return guideRisk
	case all(func(r *Refusal) bool { return r.Why == WhyClientApp }) && !f.SignIn.modernClient():
		return guideOldClient
	}
	guide := guideConditionalAccess
	if known && underPolicy(code.Category) {
		guide = code.Guide
	}
	var wanted []Control
	for _, r := range f.Refusals {
		wanted = append(wanted, r.Required...)
	}
	slices.Sort(wanted)
	wanted = slices.Compact(wanted)
	if !all(func(r *Refusal) bool { return !r.inOrder(code.Number) }) && isDeviceControl(codeControls[code.Number]) {
		return guideConditionalAccess // the row shows the device as it should be
	}
	if len(wanted) != 1 {
		return f.guideOfSeveral(guide, wanted)
	}
	control, spoken := wanted[0], codeControls[code.Number]
	overruled := control == ControlStrength || // has no codes of its own: they speak of plain MFA
		isDeviceControl(control) && isDeviceControl(spoken) && (control != spoken || f.SignIn.Device.ID != "")
	if guide != guideConditionalAccess && guide != guideBlocked && !overruled {
		return guide
	}
	why := f.Refusals[0].Why
	switch {
	case (isDeviceControl(control) || control == ControlStrength) && why == WhyNotShown:
		return guideConditionalAccess // the row shows it as it should be
	case control == ControlCompliantDevice && why == WhyDeviceNotShown:
		return guideNotManaged
	case why == WhyTerms:
		return controlGuides[ControlTermsOfUse]
	case controlGuides[control] == "":
		return guide
	}
	return controlGuides[control]
}

// guideOfSeveral is the guidance where several things are wanted, of which the code may name one.
func (f *Finding) guideOfSeveral(guide string, wanted []Control) string {
	either := slices.ContainsFunc(f.Refusals, func(r Refusal) bool { return r.Operator == "OR" && len(r.Required) > 1 })
	switch {
	case len(wanted) == 0 || slices.Contains(wanted, ControlBlock):
		return guide
	case either, guide == guideBlocked:
		return guideConditionalAccess // which speaks of what the answer names
	}
	return guide
}

// refineGuide lets what else the row shows decide between neighbouring guides.
func (f *Finding) refineGuide() {
	row := f.SignIn
	if guide := guideByReason(row); guide != "" && len(f.Refusals) == 0 {
		f.Guide = guide
	}
	system := strings.ToLower(row.Device.OperatingSystem)
	wants := func(c Control) bool {
		return slices.ContainsFunc(f.Refusals, func(r Refusal) bool { return slices.Contains(r.Required, c) })
	}
	switch {
	case slices.Contains(f.Clues, ClueDeviceToken) && slices.Contains(storedSignIns, f.Guide):
		f.Guide = guideDeviceToken
	case f.Guide == guideDeviceToken && system != "" && !strings.HasPrefix(system, "windows"):
		f.Guide = guideTokenTooOld
	case f.Session != nil && f.Session.Frequency != nil && f.Session.Frequency.EveryTime && f.Guide == "sign-in-frequency":
		f.Guide = "reauthentication-every-time"
	case row.ErrorCode == codeGuestDevice && (wants(ControlApprovedApp) || wants(ControlAppProtection)):
		f.Guide = guideGuestApp
	case f.Guide == guideStrengthNotMet && slices.Contains(f.Clues, ClueImpossible):
		f.Guide = guideImpossible
	case f.Guide == guideNotCompliant && slices.Contains(f.Clues, ClueGuestDevice):
		f.Guide = guideConditionalAccess
	case f.Guide == guideNotCompliant && len(f.Refusals) == 0 && enrolling(row):
		f.Guide = guideEnrolment
	case f.Guide == guideNotCompliant && slices.Contains(f.Clues, ClueHiddenDevice):
		f.Guide = guideNotManaged
	}
}

// codeGuestDevice is the refusal of a guest whose device is not trusted.
const codeGuestDevice = 530004

// modernClient reports whether the app can do what policies ask for; one that the row does not name is taken for it.
func (s *SignIn) modernClient() bool {
	return s.ClientApp == "" || strings.EqualFold(s.ClientApp, "Browser") || strings.EqualFold(s.ClientApp, "Mobile Apps and Desktop clients")
}
