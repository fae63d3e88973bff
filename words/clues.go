package words

import (
	"slices"

	"signpost/diagnosis"
)

// saidByGuide are the guides that say what a clue says.
var saidByGuide = map[diagnosis.Clue][]string{
	diagnosis.ClueHiddenDevice: {"device-not-managed", "browser-cannot-show-device", "device-proof-asked"},
	diagnosis.ClueGuestDevice:  {"guest-device-not-trusted"},
	diagnosis.ClueDeviceToken:  {"device-token-expired"},
	diagnosis.ClueImpossible:   {"strength-impossible"},
}

// clues says what else the deciding row shows.
func (s Speaker) clues(f *diagnosis.Finding) []string {
	var out []string
	for _, c := range f.Clues {
		limit := c == diagnosis.ClueFrequency || c == diagnosis.ClueEveryTime
		if slices.Contains(saidByGuide[c], f.Guide) || limit && f.Session != nil && f.Session.Policy != "" {
			continue // it is said already
		}
		out = append(out, s.Say("clue."+string(c)))
	}
	return out
}

// reach says why a policy applies to the sign-in; empty when the log does not say.
func (s Speaker) reach(r *diagnosis.Refusal) string {
	s.escape = asIs
	var names []string
	for _, one := range r.Reach {
		names = append(names, s.Say("reach."+string(one)))
	}
	if len(names) == 0 {
		return ""
	}
	return s.Say("reach.lead", Facts{"Reach": s.list("list.comma", names)})
}
