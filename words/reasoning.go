package words

import (
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
	out := s.Say("note.solved", Facts{"Time": s.Time(f.Solved.Time)})
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

// waysPast says what one of the policies would have let through; empty when another one leaves no way.
func (s Speaker) waysPast(f *diagnosis.Finding, r *diagnosis.Refusal) string {
	for i := range f.Refusals {
		if s.ways(&f.Refusals[i], f.SignIn) == "" {
			return ""
		}
	}
	return s.ways(r, f.SignIn)
}

// ways says what a policy would have let through; empty where nobody can say, or nothing would. The result is not escaped
// yet.
func (s Speaker) ways(r *diagnosis.Refusal, row *diagnosis.SignIn) string {
	modern := row != nil && (row.ClientApp == "" || row.ClientApp == "Browser" || row.ClientApp == "Mobile Apps and Desktop clients")
	if r.Trap != "" || r.Why == diagnosis.WhyClientApp && modern {
		return ""
	}
	s.escape = asIs
	if r.Why == diagnosis.WhyFlow {
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
	if r.Operator == "OR" {
		return s.list("list.or", ways)
	}
	return s.list("list.and", ways)
}
