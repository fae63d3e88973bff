package diagnosis

import "slices"

// WaysKnown reports whether meeting what the refusing policies require is all that the sign-in would have needed. Where it is
// not, nobody can say what would pass: something else stopped the sign-in or is wanted, too, the row shows what is required as
// met already, the account or device cannot meet it, or Microsoft's What If tool says that it would not do.
func (f *Finding) WaysKnown() bool {
	main := f.Main()
	if main == Resolved && len(f.Causes) > 1 {
		main = f.Causes[1]
	}
	shows := func(clues ...Clue) bool {
		return slices.ContainsFunc(clues, func(c Clue) bool { return slices.Contains(f.Clues, c) })
	}
	switch {
	case !underPolicy(main) && main != UnfinishedSignIn, speaksOfMore(f.Code, f.Refusals):
		return false
	case slices.Contains(f.Doubts, DoubtInOrder), slices.Contains(f.Doubts, DoubtStrengthMet):
		return false
	case f.Guide == guideGuestApp, shows(ClueImpossible, ClueNoDeviceToBind, ClueBindDevice, ClueBindSystem):
		return false
	case shows(ClueGuestDevice) && slices.ContainsFunc(f.Refusals, func(r Refusal) bool { return r.wantsDevice() }):
		return false
	}
	return f.WhatIf == nil || !f.Overtaken() && !f.StillRefused()
}

// StillRefused reports whether What If shows that meeting the policies which refused is not enough: others refuse, too.
func (f *Finding) StillRefused() bool {
	if f.WhatIf == nil || f.WhatIf.Now.Outcome != OutcomeRefused {
		return false
	}
	if then := f.WhatIf.Then; then != nil {
		return then.Outcome == OutcomeRefused
	}
	return slices.ContainsFunc(f.WhatIf.Now.Policies, func(name string) bool {
		return !slices.ContainsFunc(f.Refusals, func(r Refusal) bool { return r.Name == name })
	})
}

// wantsDevice reports whether nothing but a device meets the policy.
func (r *Refusal) wantsDevice() bool {
	other := slices.ContainsFunc(r.Required, func(c Control) bool { return !isDeviceControl(c) })
	return slices.ContainsFunc(r.Required, isDeviceControl) && (r.Operator != "OR" || !other)
}
