package diagnosis

import (
	"slices"
	"strings"
	"time"
)

// WhatIf is what would happen if the deciding sign-in were made again now, judged from Microsoft's What If tool, and what would
// happen with the remedies. It was asked with what the row shows: it knows neither what the row leaves out nor the policies of
// other services that the app calls.
// Source: https://learn.microsoft.com/entra/identity/conditional-access/what-if-tool
type WhatIf struct {
	Now      Verdict  `json:"now"`
	Remedies []Remedy `json:"remedies,omitempty"` // what Then changes; empty when nobody can say what would help
	Then     *Verdict `json:"then,omitempty"`     // nil when there are no remedies
}

// Verdict is how a sign-in would end, and the names of the policies that make it end so. What passes has none.
type Verdict struct {
	Outcome  Outcome  `json:"outcome"`
	Policies []string `json:"policies,omitempty"`
}

// Outcome is how a sign-in would end. The set is closed and ordered from the best to the worst; words has a sentence for each.
type Outcome string

// The outcomes.
const (
	OutcomePasses  Outcome = "passes"  // no policy would refuse or ask for anything
	OutcomeAsks    Outcome = "asks"    // a policy asks for something that is done while signing in
	OutcomeUnknown Outcome = "unknown" // it hangs on something that What If is not told
	OutcomeRefused Outcome = "refused" // a policy would refuse
)

// Outcomes returns every outcome, the best first.
func Outcomes() []Outcome {
	return []Outcome{OutcomePasses, OutcomeAsks, OutcomeUnknown, OutcomeRefused}
}

func worst(all ...Outcome) Outcome {
	rank := -1
	for _, o := range all {
		rank = max(rank, slices.Index(Outcomes(), o))
	}
	return Outcomes()[max(rank, 0)]
}

func best(all ...Outcome) Outcome {
	rank := len(Outcomes())
	for _, o := range all {
		rank = min(rank, slices.Index(Outcomes(), o))
	}
	return Outcomes()[rank]
}

// Evaluated is what What If says of one policy. It tells whether the policy applies, never whether its controls would be met.
// Source: https://learn.microsoft.com/graph/api/resources/whatifanalysisresult
type Evaluated struct {
	Policy
	Applies bool
	Reason  string // analysisReasons: the first condition that kept the policy from applying
}

// Judge tells how a sign-in would end by the policies that apply to it. Policies in report-only mode never refuse.
func Judge(s Scenario, answer []Evaluated) Verdict {
	v := Verdict{Outcome: OutcomePasses}
	for i := range answer {
		p := &answer[i]
		if !p.Applies || !p.enforced() {
			continue
		}
		switch o := p.outcome(&s); {
		case o == OutcomePasses || worst(o, v.Outcome) != o:
		case o == v.Outcome:
			v.Policies = append(v.Policies, p.Name)
		default:
			v = Verdict{o, []string{p.Name}}
		}
	}
	return v
}

// JudgeNow is Judge for the deciding sign-in itself, s, of which one thing more is known: which policies refused it. That one
// of them would let it through is believed only if the answer shows why: the policy is gone, is no longer enforced, leaves the
// user out, or was edited since. Otherwise it hung on a condition that What If is not told, and the outcome is not known.
func (f *Finding) JudgeNow(s Scenario, answer []Evaluated) Verdict {
	return f.doubt(Judge(s, answer), &s, answer)
}

// JudgeThen is Judge for better, a Remedied sign-in, of which the answer is then. A policy that refused and of which the first
// answer does not show why it would not do so again makes this one as uncertain as the first.
func (f *Finding) JudgeThen(s Scenario, answer []Evaluated, better Scenario, then []Evaluated) Verdict {
	return f.doubt(Judge(better, then), &s, answer)
}

// Overtaken reports whether What If shows that what the policies refused for has nothing to do with the same sign-in any more:
// trying it again is what to do, rather than what the guide says about them. A policy that wanted a device or blocked, and now
// asks for what is done while signing in, is another one by now.
func (f *Finding) Overtaken() bool {
	if f.WhatIf == nil {
		return false
	}
	now := &f.WhatIf.Now
	return now.Outcome == OutcomePasses || now.Outcome == OutcomeAsks && !slices.ContainsFunc(f.Refusals, func(r Refusal) bool {
		changed := r.wantsDevice() || slices.Contains(r.Required, ControlBlock)
		return slices.Contains(now.Policies, r.Name) && !changed
	})
}

func (f *Finding) doubt(v Verdict, s *Scenario, answer []Evaluated) Verdict {
	if v.Outcome == OutcomeRefused {
		return v
	}
	unsure := Verdict{Outcome: OutcomeUnknown}
	if v.Outcome == OutcomeUnknown {
		unsure.Policies = v.Policies
	}
	for i := range f.Refusals {
		if r := &f.Refusals[i]; !r.explained(s, answer, f.SignIn.Time) && !slices.Contains(unsure.Policies, r.Name) {
			unsure.Policies = append(unsure.Policies, r.Name)
		}
	}
	if len(unsure.Policies) > 0 || len(f.Refusals) == 0 || len(answer) == 0 {
		return unsure
	}
	return v
}

// explained reports whether the answer shows that a policy which refused would do so again or ask for what can be done while
// signing in, or why it would do neither.
func (r *Refusal) explained(s *Scenario, answer []Evaluated, refused time.Time) bool {
	if r.ID == "" {
		return false
	}
	i := slices.IndexFunc(answer, func(p Evaluated) bool { return strings.EqualFold(p.ID, r.ID) })
	if i < 0 || !answer[i].enforced() {
		return true
	}
	p := &answer[i]
	if o := p.outcome(s); p.Applies && (o == OutcomeRefused || o == OutcomeAsks) {
		return true
	}
	return !p.Applies && strings.EqualFold(p.Reason, "users") || !refused.IsZero() && p.Modified.After(refused)
}

func (p *Evaluated) enforced() bool { return strings.EqualFold(p.State, "enabled") }

// outcome tells how a sign-in to which the policy applies would end.
func (p *Evaluated) outcome(s *Scenario) Outcome {
	var parts []Outcome
	for _, spelling := range p.GrantControls {
		switch ReadControl(spelling) {
		case ControlBlock:
			return OutcomeRefused // stands alone, whatever the operator
		case ControlCompliantDevice:
			parts = append(parts, met(s.Compliant))
		case ControlHybridJoined:
			parts = append(parts, met(s.HybridJoined))
		case ControlMFA, ControlPasswordChange, ControlRiskRemediation:
			parts = append(parts, OutcomeAsks)
		default: // of the app, or younger than this program
			parts = append(parts, OutcomeUnknown)
		}
	}
	if p.AuthenticationStrength != "" || len(p.TermsOfUse) > 0 || len(p.CustomFactors) > 0 {
		parts = append(parts, OutcomeAsks)
	}
	grant := worst(parts...)
	if strings.EqualFold(p.Operator, "OR") && len(parts) > 0 {
		grant = best(parts...)
	}
	if p.TokenProtection {
		return worst(grant, OutcomeUnknown)
	}
	return grant
}

func met(device *bool) Outcome {
	switch {
	case device == nil:
		return OutcomeUnknown
	case *device:
		return OutcomePasses
	default:
		return OutcomeRefused
	}
}
