package signins

import (
	"math"
	"slices"
	"strings"

	"signpost/diagnosis"
)

// compareGrant tells of what is required that was not. One more of several controls of which any one is enough is an
// alternative, and requires nothing.
func (l *changes) compareGrant(before, after *documentGrant) {
	was, is := before.controls(), after.controls()
	added, removed := is.without(was), was.without(is)
	kept := len(is) - len(added)
	all := after.Operator.id() == "and"
	wasAll := before.Operator.id() == "and"
	switch {
	case slices.Contains(added, string(diagnosis.ControlBlock)):
		l.addIf(true, diagnosis.EditBlocks)
		return
	case all || len(is) == 1:
		for _, id := range added {
			l.add(after.change(diagnosis.EditControl, id))
		}
	case len(added) > 0 && kept == 0:
		l.addIf(true, diagnosis.EditControls)
	}
	if !wasAll && kept > 0 {
		for _, id := range removed {
			l.add(before.change(diagnosis.EditNotEnough, id))
		}
	}
	l.addIf(all && !wasAll && kept > 1, diagnosis.EditAllControls)
	b, a := &before.Strength, &after.Strength
	if b.set && a.set && b.value.ID.id() != a.value.ID.id() {
		l.add(diagnosis.PolicyChange{Kind: diagnosis.EditStrength, Name: string(a.value.Name)})
	}
}

// The beginnings of the ids of controls that are more than a name.
const (
	termsOfUse = "terms/"
	custom     = "custom/"
)

// controls are the ids of what is required.
func (g *documentGrant) controls() idSet {
	all := idSet{}
	for id := range g.BuiltIn {
		all[id] = true
	}
	for id := range g.TermsOfUse {
		all[termsOfUse+id] = true
	}
	for id := range g.Custom {
		all[custom+id] = true
	}
	if g.Strength.set {
		all[strength] = true
	}
	return all
}

var strength = strings.ToLower(string(diagnosis.ControlStrength))

func (g *documentGrant) change(kind diagnosis.EditKind, id string) diagnosis.PolicyChange {
	c := diagnosis.PolicyChange{Kind: kind, Control: diagnosis.ReadControl(id)}
	switch {
	case id == strength:
		c.Control, c.Name = diagnosis.ControlStrength, string(g.Strength.value.Name)
	case strings.HasPrefix(id, termsOfUse):
		c.Control = diagnosis.ControlTermsOfUse
	case strings.HasPrefix(id, custom):
		c.Control = diagnosis.ControlOfUnknownMeaning
	}
	return c
}

func (l *changes) compareSession(before, after *documentSession) {
	was, is := before.Secure.value.IsEnabled.value, after.Secure.value.IsEnabled.value
	l.addIf(is != nil && *is && (was == nil || !*was), diagnosis.EditTokenProtection)
	if f := after.SignInFrequency.value.frequency(); hours(f) < hours(before.SignInFrequency.value.frequency()) {
		l.add(diagnosis.PolicyChange{Kind: diagnosis.EditFrequency, Frequency: f})
	}
}

// hours is how long a sign-in is good for; without a frequency for ever.
func hours(f *diagnosis.SignInFrequency) int {
	switch {
	case f == nil:
		return math.MaxInt
	case f.EveryTime:
		return 0
	case f.Unit == "days":
		return 24 * f.Value
	default:
		return f.Value
	}
}
