package diagnosis

import (
	"slices"
	"strings"
)

// Control is a Conditional Access grant control in the terms of the policy API. A control that is not among the
// constants is a custom control or the name of terms of use, as the log spells it.
// Source: https://learn.microsoft.com/graph/api/resources/conditionalaccessgrantcontrols
type Control string

// The grant controls.
const (
	ControlBlock            Control = "block"
	ControlMFA              Control = "mfa"
	ControlCompliantDevice  Control = "compliantDevice"
	ControlHybridJoined     Control = "domainJoinedDevice"
	ControlApprovedApp      Control = "approvedApplication"
	ControlAppProtection    Control = "compliantApplication"
	ControlPasswordChange   Control = "passwordChange"
	ControlRiskRemediation  Control = "riskRemediation"
	ControlStrength         Control = "authenticationStrength"
	ControlTermsOfUse       Control = "termsOfUse"
	ControlSignInFrequency  Control = "signInFrequency"
	ControlTokenProtection  Control = "tokenProtection"
	ControlAppControl       Control = "cloudAppSecurity"
	ControlOfUnknownMeaning Control = "unknown"
)

// Controls returns every control that has a meaning of its own.
func Controls() []Control {
	return []Control{
		ControlBlock, ControlMFA, ControlCompliantDevice, ControlHybridJoined, ControlApprovedApp, ControlAppProtection,
		ControlPasswordChange, ControlRiskRemediation, ControlStrength, ControlTermsOfUse, ControlSignInFrequency,
		ControlTokenProtection, ControlAppControl, ControlOfUnknownMeaning,
	}
}

// logControls maps the log's spelling (enforcedGrantControls, lower case) and the policy's (builtInControls) to a control.
var logControls = map[string]Control{
	"block":                     ControlBlock,
	"mfa":                       ControlMFA,
	"federatedmfa":              ControlMFA,
	"requirecompliantdevice":    ControlCompliantDevice,
	"compliantdevice":           ControlCompliantDevice,
	"requiredomainjoineddevice": ControlHybridJoined,
	"domainjoineddevice":        ControlHybridJoined,
	"requireapprovedapp":        ControlApprovedApp,
	"approvedapplication":       ControlApprovedApp,
	"requirecompliantapp":       ControlAppProtection,
	"compliantapplication":      ControlAppProtection,
	"requirepasswordchange":     ControlPasswordChange,
	"mfaandchangepassword":      ControlPasswordChange,
	"passwordchange":            ControlPasswordChange,
	"riskremediation":           ControlRiskRemediation,
}

// ReadControl returns the control that the log or a policy spells this way.
func ReadControl(spelling string) Control {
	if c, ok := logControls[strings.ToLower(strings.TrimSpace(spelling))]; ok {
		return c
	}
	return Control(spelling)
}

// Why says what the row shows of the reason for a refusal. The set is closed; words has a sentence for each.
type Why string

// The reasons.
const (
	WhyBlocked            Why = "blocked"              // the policy blocks outright; what made it apply is not shown
	WhyLocation           Why = "location"             // the policy blocks where the sign-in came from
	WhyClientApp          Why = "client-app"           // the policy blocks the kind of client that was used
	WhyFlow               Why = "flow"                 // the policy blocks device code flow or authentication transfer
	WhyFlowNoDevice       Why = "flow-no-device"       // such a sign-in can never show the device that is wanted
	WhyPlatform           Why = "platform"             // the policy blocks the device's system
	WhyDeviceFilter       Why = "device-filter"        // the policy blocks devices by a filter
	WhyDeviceNotShown     Why = "device-not-shown"     // no device identity was presented
	WhyDeviceNotCompliant Why = "device-not-compliant" // the device is known and not compliant
	WhyDeviceNotJoined    Why = "device-not-joined"    // the device is not hybrid joined
	WhyApp                Why = "app"                  // an approved or protected app was wanted
	WhyMFA                Why = "mfa"                  // multifactor authentication was wanted and not completed
	WhyStrength           Why = "strength"             // the methods used are not strong enough for the policy
	WhyRisk               Why = "risk"                 // Entra judged the sign-in or the person risky
	WhyTerms              Why = "terms"                // terms of use or a custom control were not completed
	WhyUnbound            Why = "unbound"              // the sign-in was not bound to the device
	WhySessionAge         Why = "session-age"          // the sign-in was older than the policy allows
	WhyNotShown           Why = "not-shown"            // the row does not show which requirement failed
)

// Whys returns every reason.
func Whys() []Why {
	return []Why{
		WhyBlocked, WhyLocation, WhyClientApp, WhyFlow, WhyFlowNoDevice, WhyPlatform, WhyDeviceFilter, WhyDeviceNotShown, WhyDeviceNotCompliant, WhyDeviceNotJoined,
		WhyApp, WhyMFA, WhyStrength, WhyRisk, WhyTerms, WhyUnbound, WhySessionAge, WhyNotShown,
	}
}

// refusals describes each policy that refused the row, once.
func refusals(row *SignIn, tenant []Policy) []Refusal {
	var out []Refusal
	for _, p := range row.Refusals() {
		if slices.ContainsFunc(out, func(r Refusal) bool { return r.ID == p.ID && r.Name == p.Name }) {
			continue
		}
		out = append(out, refusal(row, p, tenant))
	}
	return out
}

func refusal(row *SignIn, p AppliedPolicy, tenant []Policy) Refusal {
	r := Refusal{
		ID: p.ID, Name: p.Name, Result: p.Result,
		GrantControls: p.GrantControls, SessionControls: p.SessionControls, Strength: p.AuthenticationStrength,
	}
	for _, spelling := range p.GrantControls {
		r.Required = append(r.Required, ReadControl(spelling))
	}
	if def := policyByID(tenant, p.ID); def != nil {
		r.Operator = def.Operator
		if r.Name == "" {
			r.Name = def.Name
		}
		if len(r.Required) == 0 {
			r.Required = def.required()
		}
		if r.Strength == "" {
			r.Strength = def.AuthenticationStrength
		}
	}
	met := strings.EqualFold(p.StrengthResult, strengthMet)
	if r.Strength != "" && !met && !slices.Contains(r.Required, ControlStrength) && !slices.Contains(r.Required, ControlBlock) {
		r.Required = append(r.Required, ControlStrength) // the log leaves a strength out of the list of controls
	}
	if len(r.Required) == 0 {
		r.Required = sessionControls(p.SessionControls)
	}
	if endsSession(row.ErrorCode) && setsFrequency(p.SessionControls) && !slices.Contains(r.Required, ControlBlock) {
		r.Required = []Control{ControlSignInFrequency} // the code says that the grant controls were not what failed
	}
	r.Why = why(row, p, &r)
	r.Reach = reach(&p)
	r.Trap = trap(row, &r)
	return r
}

// trap recognises a policy that wants a compliant device for the app that makes devices compliant. Where another control
// would do as well, it does not lock anybody out.
func trap(row *SignIn, r *Refusal) Trap {
	asksForMore := isOrdinaryStep(row.ErrorCode) && codeControls[row.ErrorCode] != ControlCompliantDevice
	if !enrolling(row) || asksForMore || !slices.Contains(r.Required, ControlCompliantDevice) {
		return ""
	}
	if len(r.Required) > 1 && (r.Operator == "OR" || r.Why != WhyDeviceNotShown && r.Why != WhyDeviceNotCompliant) {
		return ""
	}
	return TrapEnrolment
}

// enrolling reports whether a row is of an app through which a device becomes compliant.
func enrolling(row *SignIn) bool {
	return slices.ContainsFunc([]string{intuneEnrolment, companyPortal}, func(id string) bool {
		return strings.EqualFold(row.AppID, id) || strings.EqualFold(row.ResourceID, id)
	})
}

// required lists what a policy's definition asks for.
func (p *Policy) required() []Control {
	var out []Control
	for _, c := range p.GrantControls {
		out = append(out, ReadControl(c))
	}
	if p.AuthenticationStrength != "" {
		out = append(out, ControlStrength)
	}
	if len(p.TermsOfUse) > 0 {
		out = append(out, ControlTermsOfUse)
	}
	for _, c := range p.CustomFactors {
		out = append(out, Control(c))
	}
	if len(out) == 0 && p.TokenProtection {
		out = append(out, ControlTokenProtection)
	}
	return out
}

func sessionControls(spellings []string) []Control {
	var out []Control
	for _, s := range spellings {
		switch strings.ToLower(s) {
		case "signinfrequency":
			out = append(out, ControlSignInFrequency)
		case "signintokenprotection", "binding":
			out = append(out, ControlTokenProtection)
		case "cloudappsecurity":
			out = append(out, ControlAppControl)
		}
	}
	return out
}

func policyByID(tenant []Policy, id string) *Policy {
	for i := range tenant {
		if id != "" && strings.EqualFold(tenant[i].ID, id) {
			return &tenant[i]
		}
	}
	return nil
}
