package diagnosis

import (
	"slices"
	"strings"
)

// Remedy is something to change about a sign-in so that policies which refuse it are met. The set is closed; words has a
// phrase for each.
type Remedy string

// The remedies.
const (
	RemedyCompliantDevice Remedy = "compliant-device"
	RemedyHybridDevice    Remedy = "hybrid-joined-device"
	RemedyCurrentClient   Remedy = "current-client" // instead of legacy authentication
	RemedyDirectSignIn    Remedy = "direct-sign-in" // instead of device code flow or a transfer
	RemedyRiskGone        Remedy = "risk-gone"
)

// Remedies returns every remedy.
func Remedies() []Remedy {
	return []Remedy{RemedyCompliantDevice, RemedyHybridDevice, RemedyCurrentClient, RemedyDirectSignIn, RemedyRiskGone}
}

// Remedied is the deciding sign-in, s, with everything changed that would meet the policies that refuse it by What If's answer.
// ok is false when none refuses, and when one of them leaves no way that anybody can name: it blocks a place, or blocks
// outright, or wants of an enrolment what only enrolment gives.
func (f *Finding) Remedied(s Scenario, answer []Evaluated) (better Scenario, remedies []Remedy, ok bool) {
	for i := range answer {
		p := &answer[i]
		if !p.Applies || !p.enforced() || p.outcome(&s) != OutcomeRefused {
			continue
		}
		needed := f.remedies(&s, p)
		if len(needed) == 0 {
			return s, nil, false
		}
		remedies = append(remedies, needed...)
	}
	slices.SortFunc(remedies, func(a, b Remedy) int { return slices.Index(Remedies(), a) - slices.Index(Remedies(), b) })
	remedies = slices.Compact(remedies)
	return s.with(remedies), remedies, len(remedies) > 0
}

// remedies lists what would meet a policy that refuses; nil when nobody can say.
func (f *Finding) remedies(s *Scenario, p *Evaluated) []Remedy {
	wants := func(c Control) bool {
		return slices.ContainsFunc(p.GrantControls, func(spelling string) bool { return ReadControl(spelling) == c })
	}
	if wants(ControlBlock) {
		return f.waysAround(s, p)
	}
	if s.TransferMethod != "" {
		return []Remedy{RemedyDirectSignIn} // no device can be shown otherwise
	}
	either := strings.EqualFold(p.Operator, "OR")
	var needed []Remedy
	if wants(ControlCompliantDevice) && met(s.Compliant) == OutcomeRefused {
		switch {
		case !s.enrolling():
			needed = append(needed, RemedyCompliantDevice)
		case !either:
			return nil
		}
	}
	if wants(ControlHybridJoined) && met(s.HybridJoined) == OutcomeRefused && (!either || len(needed) == 0) {
		needed = append(needed, RemedyHybridDevice)
	}
	return needed
}

// waysAround lists what would keep a blocking policy from applying, which only the row can tell.
func (f *Finding) waysAround(s *Scenario, p *Evaluated) []Remedy {
	i := slices.IndexFunc(f.Refusals, func(r Refusal) bool { return strings.EqualFold(r.ID, p.ID) })
	if i < 0 {
		return nil
	}
	legacy := s.ClientApp == "exchangeActiveSync" || s.ClientApp == "other"
	switch why := f.Refusals[i].Why; {
	case why == WhyFlow && s.TransferMethod != "":
		return []Remedy{RemedyDirectSignIn}
	case why == WhyClientApp && legacy:
		return []Remedy{RemedyCurrentClient}
	case why == WhyRisk:
		return []Remedy{RemedyRiskGone}
	default:
		return nil
	}
}

// with returns the sign-in with the remedies.
func (s Scenario) with(remedies []Remedy) Scenario {
	yes := true
	for _, r := range remedies {
		switch r {
		case RemedyCompliantDevice:
			s.Compliant = &yes
		case RemedyHybridDevice:
			s.HybridJoined, s.TrustType = &yes, trustHybrid
		case RemedyCurrentClient:
			s.ClientApp = clientModern
		case RemedyDirectSignIn:
			s.TransferMethod = ""
			if s.DeviceID == "" { // the flow hid the device, and nobody knows what it would show
				s.Compliant, s.HybridJoined = nil, nil
			}
		case RemedyRiskGone:
			s.SignInRisk = "none"
		}
	}
	return s
}
