package diagnosis

import "slices"

// controlFixers tells who can do something about a control that was not met, besides the owner of the policy.
var controlFixers = map[Control][]Fixer{
	ControlMFA:             {FixUser, FixHelpdesk},
	ControlStrength:        {FixUser, FixHelpdesk},
	ControlCompliantDevice: {FixUser, FixDeviceAdmin},
	ControlHybridJoined:    {FixUser, FixDeviceAdmin},
	ControlApprovedApp:     {FixUser},
	ControlAppProtection:   {FixUser, FixDeviceAdmin},
	ControlPasswordChange:  {FixUser, FixHelpdesk, FixSecurity},
	ControlRiskRemediation: {FixUser, FixHelpdesk, FixSecurity},
	ControlTermsOfUse:      {FixUser},
	ControlSignInFrequency: {FixUser},
	ControlTokenProtection: {FixUser},
}

// guideFixers are who can help with a guide that the code alone does not lead to.
var guideFixers = map[string][]Fixer{
	guideRisk: {FixSecurity}, "address-blocked": {FixSecurity}, guideNotManaged: {FixDeviceAdmin}, guideNotCompliant: {FixDeviceAdmin},
}

// guideLacks are who cannot help with a guide, although they can with its code.
var guideLacks = map[string][]Fixer{
	guideGuestApp:    {FixCrossTenantAdmin}, // trust between organisations does not reach apps
	guideTokenTooOld: {FixDeviceAdmin},      // a new sign-in is enough, whatever the device
}

// whyControls are the controls that a reason speaks of; a reason that is not listed speaks of any.
var whyControls = map[Why][]Control{
	WhyDeviceNotShown: {ControlCompliantDevice, ControlHybridJoined}, WhyDeviceNotCompliant: {ControlCompliantDevice},
	WhyDeviceNotJoined: {ControlHybridJoined}, WhyFlowNoDevice: {}, WhyApp: {ControlApprovedApp, ControlAppProtection},
	WhyMFA: {ControlMFA}, WhyStrength: {ControlStrength}, WhyUnbound: {ControlTokenProtection},
	WhySessionAge: {ControlSignInFrequency},
}

// concerns reports whether a control may be what was not met. Where any one of several would do, each may help.
func (r *Refusal) concerns(c Control) bool {
	controls, known := whyControls[r.Why]
	return !known || r.Operator == "OR" && r.Why != WhyFlowNoDevice || slices.Contains(controls, c)
}

// fixers lists who can do something about the finding, in the order in which an answer names them.
func (f *Finding) fixers(code Code) []Fixer {
	able := slices.DeleteFunc(slices.Clone(code.Fixers), func(who Fixer) bool { return slices.Contains(guideLacks[f.Guide], who) })
	for _, r := range f.Refusals {
		able = append(able, FixConditionalAccess)
		for _, c := range r.Required {
			if r.concerns(c) {
				able = append(able, controlFixers[c]...)
			}
		}
		if r.Why == WhyRisk {
			able = append(able, FixSecurity)
		}
	}
	able = append(able, guideFixers[f.Guide]...)
	if slices.Contains(f.Clues, ClueNoDeviceToBind) || slices.Contains(f.Clues, ClueBindDevice) {
		able = append(able, FixDeviceAdmin)
	}
	if slices.Contains(f.Clues, ClueGuestDevice) {
		able = append(able, FixCrossTenantAdmin)
		able = slices.DeleteFunc(able, func(who Fixer) bool { return who == FixDeviceAdmin }) // the device is another organisation's
	}
	if slices.Contains(f.Causes, ConditionalBlock) {
		able = append(able, FixConditionalAccess)
	}
	switch f.Main() {
	case UnknownCode:
		able = append(able, FixHelpdesk)
	case UnfinishedSignIn:
		able = append(able, FixUser)
	default:
	}
	var out []Fixer
	for _, who := range fixerOrder {
		if slices.Contains(able, who) {
			out = append(out, who)
		}
	}
	return out
}
