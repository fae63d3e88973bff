package words

import (
	"strings"

	"signpost/diagnosis"
)

// remedyWays are the phrases for the remedies.
var remedyWays = map[diagnosis.Remedy]string{
	diagnosis.RemedyCompliantDevice: "pass.compliantDevice",
	diagnosis.RemedyHybridDevice:    "pass.domainJoinedDevice",
	diagnosis.RemedyCurrentClient:   "pass.client-app",
	diagnosis.RemedyDirectSignIn:    "pass.flow",
	diagnosis.RemedyRiskGone:        "pass.risk",
}

// whatIf says what would happen if the same sign-in were made again now, and with the remedies, and how far that goes; nothing
// when nobody knows, nor which policies it hangs on.
func (s Speaker) whatIf(w *diagnosis.WhatIf) []string {
	if w == nil || w.Now.Outcome == diagnosis.OutcomeUnknown && len(w.Now.Policies) == 0 {
		return nil
	}
	out := []string{s.Say("whatif.now."+string(w.Now.Outcome), Facts{"Policies": s.policyNames(w.Now.Policies)})}
	if then := w.Then; then != nil && (then.Outcome != diagnosis.OutcomeUnknown || len(then.Policies) > 0) {
		out = append(out, s.Say("whatif.then."+string(then.Outcome), Facts{
			"Ways": s.remedies(w.Remedies), "Policies": s.policyNames(then.Policies),
		}))
	}
	return append(out, s.Say("whatif.limits"))
}

// remedies joins what would be different. The result is not escaped yet.
func (s Speaker) remedies(remedies []diagnosis.Remedy) string {
	s.escape = asIs
	var ways []string
	for _, r := range remedies {
		ways = append(ways, s.Say(remedyWays[r]))
	}
	return s.list("list.and", ways)
}

// policyNames joins the names of policies. The result is not escaped yet.
func (s Speaker) policyNames(names []string) string {
	var out []string
	for _, name := range names {
		out = append(out, s.policyName(name))
	}
	return strings.Join(out, s.Say("list.comma"))
}
