package diagnosis

import (
	"slices"
	"strings"
)

// codeControls tells which control a code speaks of, for policies that ask for several.
// Source of the codes' meanings: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
var codeControls = map[int]Control{
	53000: ControlCompliantDevice, 530002: ControlCompliantDevice, 530003: ControlCompliantDevice, 50097: ControlCompliantDevice,
	codeFlowNoDevice: ControlCompliantDevice,
	53001:            ControlHybridJoined,
	53002:            ControlApprovedApp, 530021: ControlApprovedApp,
	53005: ControlAppProtection, 53009: ControlAppProtection,
	50074: ControlMFA, 50076: ControlMFA, 50078: ControlMFA, 50079: ControlMFA, 50072: ControlMFA, 500121: ControlMFA,
	50142: ControlPasswordChange,
	50158: ControlTermsOfUse,
	70043: ControlSignInFrequency, 70044: ControlSignInFrequency, 70045: ControlSignInFrequency, 70046: ControlSignInFrequency,
	530084: ControlTokenProtection,
}

// why reads from the row which requirement failed and how one can tell.
func why(row *SignIn, p AppliedPolicy, r *Refusal) Why {
	if slices.Contains(r.Required, ControlBlock) {
		return whyBlocked(row, p)
	}
	control := failedControl(row, r)
	if isDeviceControl(control) && byTransfer(row) {
		return WhyFlowNoDevice
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
		if strings.EqualFold(p.StrengthResult, strengthMet) {
			return WhyNotShown // something else failed
		}
		return WhyStrength
	case ControlPasswordChange, ControlRiskRemediation:
		return WhyRisk
	case ControlTermsOfUse:
		return WhyTerms
	case ControlSignInFrequency:
		return WhySessionAge
	case ControlTokenProtection:
		return WhyUnbound
	case ControlBlock, ControlAppControl, ControlOfUnknownMeaning:
		return WhyNotShown
	default:
		return WhyTerms // a name of the tenant's own: terms of use or a custom control
	}
}

// failedControl is the control that was not met: the only one, the one of which the code speaks, or a device that the row
// shows to fall short. Where a policy wants all or one of several, each that is not met stood in the way.
func failedControl(row *SignIn, r *Refusal) Control {
	if len(r.Required) == 1 {
		return r.Required[0]
	}
	control := codeControls[row.ErrorCode]
	if control == ControlMFA && !slices.Contains(r.Required, ControlMFA) {
		control = ControlStrength // has no codes of its own
	}
	switch {
	case control != "" && slices.Contains(r.Required, control):
		return control
	case r.Operator == "":
		return ControlOfUnknownMeaning
	case slices.Contains(r.Required, ControlCompliantDevice) && fallsShort(row, row.Device.Compliant):
		return ControlCompliantDevice
	case slices.Contains(r.Required, ControlHybridJoined) && fallsShort(row, row.Device.hybridJoined()):
		return ControlHybridJoined
	}
	return ControlOfUnknownMeaning
}

func fallsShort(row *SignIn, met *bool) bool {
	return row.Device.ID == "" || met != nil && !*met
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
		case "signinrisk", "userrisk": // insider risk is nobody's business but the investigators'
			return WhyRisk
		case "deviceplatform":
			return WhyPlatform
		case "devicestate", "devicefilter":
			return WhyDeviceFilter
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
	if row.ErrorCode == codeFlowNoDevice || row.ErrorCode == codeFlowForbidden {
		return true
	}
	return row.OriginalTransferMethod != "" && !strings.EqualFold(row.OriginalTransferMethod, "none")
}
