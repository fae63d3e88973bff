package words

import (
	"slices"
	"strings"

	"signpost/diagnosis"
)

// policies says of each policy that refused what it requires and why that was not met, and names the policy whose
// sign-in frequency ended a session.
func (s Speaker) policies(f *diagnosis.Finding) []string {
	var out []string
	for i := range f.Refusals {
		r := &f.Refusals[i]
		if endedSession(f, r) {
			continue
		}
		sentence := s.Refusal(r, f.SignIn)
		if why := s.reach(r); why != "" {
			sentence += " " + why
		}
		out = append(out, sentence)
	}
	if ways := s.waysPast(f); ways != "" && len(out) > 0 {
		lead := s.Say("pass.lead", Facts{"Ways": ways})
		if len(out) == 1 {
			out[0] += " " + lead
		} else {
			out = append(out, lead)
		}
	}
	if f.Session != nil && len(f.Session.Among) > 0 {
		out = append(out, s.Say("policy.session.among", Facts{"Policies": strings.Join(f.Session.Among, s.Say("list.comma"))}))
	}
	if f.Session != nil && f.Session.Policy != "" {
		out = append(out, s.Say("policy.session", Facts{"Policy": f.Session.Policy, "Frequency": s.frequency(f.Session.Frequency)}))
	}
	return out
}

// endedSession reports whether a refusal is the policy whose sign-in frequency ended the session, of which more is known, or
// may be it.
func endedSession(f *diagnosis.Finding, r *diagnosis.Refusal) bool {
	if f.Session == nil {
		return false
	}
	return f.Session.Policy != "" && f.Session.PolicyID == r.ID || slices.Contains(f.Session.Among, r.Name)
}

// Refusal says what one policy requires and what the row shows of why that was not met. The row may be nil.
func (s Speaker) Refusal(r *diagnosis.Refusal, row *diagnosis.SignIn) string {
	facts := Facts{"Policy": s.policyName(r.Name), "Controls": s.controls(r)}
	sentence := s.Say("policy.requires", facts)
	if slices.Contains(r.Required, diagnosis.ControlBlock) {
		sentence = s.Say("policy.blocks", facts)
	}
	return sentence + " " + s.Say("why."+string(r.Why), Facts{"Where": s.where(row), "Client": s.client(row)})
}

// controls joins what a policy requires. The result is not escaped yet.
func (s Speaker) controls(r *diagnosis.Refusal) string {
	s.escape = asIs
	var items []string
	for _, c := range r.Required {
		items = append(items, s.control(c, r.Strength))
	}
	if len(items) == 0 {
		items = []string{s.Say("control." + string(diagnosis.ControlOfUnknownMeaning))}
	}
	return s.joined(r.Operator, items)
}

// joined joins what a policy asks for. Where the policy could not be read it is not known whether all or one of several is
// wanted.
func (s Speaker) joined(operator string, items []string) string {
	switch operator {
	case "OR":
		return s.list("list.or", items)
	case "AND":
		return s.list("list.and", items)
	default:
		return s.list("list.and-or", items)
	}
}

func (s Speaker) control(c diagnosis.Control, strength string) string {
	if c == diagnosis.ControlStrength && strength == "" {
		return s.Say("control.authenticationStrength.unnamed")
	}
	if slices.Contains(diagnosis.Controls(), c) {
		return s.Say("control."+string(c), Facts{"Strength": strength})
	}
	return s.Say("control.custom", Facts{"Name": string(c)})
}

func (s Speaker) frequency(f *diagnosis.SignInFrequency) string {
	switch {
	case f == nil:
		return s.Say("frequency.unknown")
	case f.EveryTime:
		return s.Say("frequency.every")
	case f.Unit == "hours":
		return s.count("frequency.hours", f.Value)
	case f.Unit == "days":
		return s.count("frequency.days", f.Value)
	default:
		return s.Say("frequency.unknown")
	}
}

func (s Speaker) policyName(name string) string {
	if name == "" {
		return s.Say("policy.unnamed")
	}
	return name
}

func (s Speaker) where(row *diagnosis.SignIn) string {
	if row == nil {
		return s.Say("where.unknown")
	}
	place := row.Location.City
	if row.Location.Country != "" && place != "" {
		place += ", "
	}
	if place += row.Location.Country; place == "" {
		return s.Say("where.unknown")
	}
	return place
}

func (s Speaker) client(row *diagnosis.SignIn) string {
	if row == nil || row.ClientApp == "" {
		return s.Say("client.unknown")
	}
	return row.ClientApp
}
