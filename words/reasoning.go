package words

import (
	"slices"
	"strings"

	"signpost/diagnosis"
)

// certainty says how sure a finding is, and what would settle it.
func (s Speaker) certainty(f *diagnosis.Finding) string {
	said := []string{s.Say("certainty." + string(f.Certainty))}
	for _, d := range f.Doubts {
		said = append(said, s.Say("doubt."+string(d)))
	}
	return strings.Join(said, " ")
}

// solved says when it worked, and what was different then.
func (s Speaker) solved(f *diagnosis.Finding) string {
	id := "note.solved"
	if f.SignIn != nil && f.SignIn.AppID != f.Solved.AppID {
		id = "note.solved.try" // the same try, at another app
	}
	out := s.Say(id, Facts{"Time": s.Time(f.Solved.Time)})
	var names []string
	for _, c := range f.Changed {
		names = append(names, s.Say("changed."+string(c)))
	}
	if len(names) > 0 {
		out += " " + s.Say("changed.lead", Facts{"Changes": s.list("list.and", names)})
	}
	return out
}

// blockWays says what a blocking policy lets through, as far as the row shows why it blocked.
var blockWays = map[diagnosis.Why]string{
	diagnosis.WhyLocation:  "pass.location",
	diagnosis.WhyClientApp: "pass.client-app",
	diagnosis.WhyFlow:      "pass.flow",
	diagnosis.WhyRisk:      "pass.risk",
}

// waysPast says what all the policies together would have let through; empty when one of them leaves no way that is known.
// The result is not escaped yet.
func (s Speaker) waysPast(f *diagnosis.Finding) string {
	if !f.WaysKnown() {
		return ""
	}
	var all []string
	for i := range f.Refusals {
		way := s.ways(&f.Refusals[i], f.SignIn)
		if way == "" {
			return ""
		}
		if !slices.Contains(all, way) {
			all = append(all, way)
		}
	}
	s.escape = asIs
	return s.list("list.and", all)
}

// ways says what a policy would have let through; empty where nobody can say, or nothing would. The result is not escaped
// yet.
func (s Speaker) ways(r *diagnosis.Refusal, row *diagnosis.SignIn) string {
	modern := row == nil || (row.ClientApp == "" || row.ClientApp == "Browser" || row.ClientApp == "Mobile Apps and Desktop clients")
	if r.Trap != "" || r.Why == diagnosis.WhyClientApp && modern {
		return ""
	}
	s.escape = asIs
	if r.Why == diagnosis.WhyFlow || r.Why == diagnosis.WhyFlowNoDevice {
		return s.Say("pass.flow")
	}
	var ways []string
	for _, c := range r.Required {
		id := "pass." + string(c)
		if c == diagnosis.ControlBlock {
			id = blockWays[r.Why]
		}
		if id == "" || !s.has(id) || c == diagnosis.ControlStrength && r.Strength == "" {
			return ""
		}
		ways = append(ways, s.Say(id, Facts{"Strength": r.Strength}))
	}
	return s.joined(r.Operator, ways)
}
