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

// fixers lists who can do something about the finding, in the order in which an answer names them.
func (f *Finding) fixers(code Code) []Fixer {
	able := slices.Clone(code.Fixers)
	for _, r := range f.Refusals {
		able = append(able, FixConditionalAccess)
		for _, c := range r.Required {
			able = append(able, controlFixers[c]...)
		}
	}
	if slices.Contains(f.Clues, ClueGuestDevice) {
		able = append(able, FixCrossTenantAdmin)
	}
	switch {
	case slices.Contains(f.Causes, ConditionalBlock):
		able = append(able, FixConditionalAccess)
	case f.Main() == UnknownCode:
		able = append(able, FixHelpdesk)
	case f.Main() == UnfinishedSignIn:
		able = append(able, FixUser)
	}
	var out []Fixer
	for _, who := range fixerOrder {
		if slices.Contains(able, who) {
			out = append(out, who)
		}
	}
	return out
}
