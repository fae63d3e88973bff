package diagnosis

import (
	"slices"
	"strings"
)

// codeControls tells which control a code speaks of, for policies that ask for several.
// Source of the codes' meanings: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
var codeControls = map[int]Control{
	53000: ControlCompliantDevice, 530002: ControlCompliantDevice, 530003: ControlCompliantDevice, 50097: ControlCompliantDevice,
	53001: ControlHybridJoined,
	53002: ControlApprovedApp, 530021: ControlApprovedApp,
	53005: ControlAppProtection, 53009: ControlAppProtection,
	50074: ControlMFA, 50076: ControlMFA, 50078: ControlMFA, 50079: ControlMFA, 50072: ControlMFA, 500121: ControlMFA,
	50142: ControlPasswordChange,
	50158: ControlTermsOfUse,
	70043: ControlSignInFrequency, 70044: ControlSignInFrequency, 70045: ControlSignInFrequency, 70046: ControlSignInFrequency,
	530084: ControlTokenProtection,
}

// why reads from the row which requirement failed and how one can tell.
func why(row *SignIn, p AppliedPolicy, required []Control) Why {
	if slices.Contains(required, ControlBlock) {
		return whyBlocked(row, p)
	}
	control := ControlOfUnknownMeaning
	if len(required) == 1 {
		control = required[0]
	} else if c := codeControls[row.ErrorCode]; slices.Contains(required, c) {
		control = c
	}
	if isDeviceControl(control) && byTransfer(row) {
		return WhyFlow // such a sign-in can never show a device
	}
	switch control {
	case ControlCompliantDevice:
		return whyDevice(row, WhyDeviceNotCompliant, row.Device.Compliant)
	case ControlHybridJoined:
		return whyDevice(row, WhyDeviceNotJoined, row.Device.hybridJoined())
	case ControlApprovedApp, ControlAppProtection:
		return WhyApp
	case ControlMFA:
		return WhyMFA
	case ControlStrength:
		return WhyStrength
	case ControlPasswordChange, ControlRiskRemediation:
		return WhyRisk
	case ControlTermsOfUse:
		return WhyTerms
	case ControlSignInFrequency:
		return WhySessionAge
	case ControlBlock, ControlTokenProtection, ControlOfUnknownMeaning:
		return WhyNotShown
	default:
		return WhyTerms // a name of the tenant's own: terms of use or a custom control
	}
}

// hybridJoined tells whether the device is hybrid joined: by its trust type, else by whether it is managed; nil when the
// row does not say.
func (d *Device) hybridJoined() *bool {
	if d.TrustType == "" {
		return d.Managed
	}
	hybrid := strings.Contains(strings.ToLower(d.TrustType), "hybrid")
	return &hybrid
}

// whyDevice tells a device that showed itself and fell short from one that did not show itself at all.
func whyDevice(row *SignIn, short Why, met *bool) Why {
	switch {
	case met != nil && *met:
		return WhyNotShown // the row says the device is as wanted: something else failed
	case row.Device.ID == "":
		return WhyDeviceNotShown
	default:
		return short
	}
}

// whyBlocked names the condition that made a blocking policy apply. Only beta's rows list the conditions; the users
// and the application are part of every policy and say nothing.
func whyBlocked(row *SignIn, p AppliedPolicy) Why {
	for _, condition := range p.ConditionsSatisfied {
		if slices.ContainsFunc(p.ConditionsNotSatisfied, func(c string) bool { return strings.EqualFold(c, condition) }) {
			continue
		}
		switch strings.ToLower(condition) {
		case "location", "ipaddressseenbyazuread", "ipaddressseenbyresourceprovider":
			return WhyLocation
		case "clienttype", "client":
			return WhyClientApp
		case "signinrisk", "userrisk", "insiderrisk":
			return WhyRisk
		case "authenticationflows":
			return WhyFlow
		}
	}
	if byTransfer(row) {
		return WhyFlow
	}
	return WhyBlocked
}

func isDeviceControl(c Control) bool { return c == ControlCompliantDevice || c == ControlHybridJoined }

// byTransfer reports whether the sign-in began with a device code, or was carried over from another device.
func byTransfer(row *SignIn) bool {
	return row.OriginalTransferMethod != "" && !strings.EqualFold(row.OriginalTransferMethod, "none")
}
