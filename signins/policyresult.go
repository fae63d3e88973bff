package signins

import (
	"strconv"
	"strings"

	"signpost/diagnosis"
)

// wirePolicyResult is a Conditional Access policy as a sign-in met it.
// Source: https://learn.microsoft.com/graph/api/resources/appliedconditionalaccesspolicy
type wirePolicyResult struct {
	ID              lenientText                 `json:"id"`
	Name            lenientText                 `json:"displayName"`
	Result          lenientText                 `json:"result"`
	GrantControls   lenientTexts                `json:"enforcedGrantControls"`
	SessionControls lenientTexts                `json:"enforcedSessionControls"`
	Strength        lenientObject[wireStrength] `json:"authenticationStrength"`
	Satisfied       lenientConditions           `json:"conditionsSatisfied"`
	NotSatisfied    lenientConditions           `json:"conditionsNotSatisfied"`
	IncludedBy      lenientList[wireRule]       `json:"includeRulesSatisfied"`
}

type wireRule struct {
	Name lenientText `json:"ruleSatisfied"`
}

type wireStrength struct {
	Name   lenientText `json:"displayName"`
	Result lenientText `json:"authenticationStrengthResult"`
}

// lenientConditions are names of conditions. Azure Monitor writes a bit mask instead, whose bits nobody documents, so a
// number counts as absent, also as a string, as does "none".
type lenientConditions []string

// UnmarshalJSON implements json.Unmarshaler.
func (c *lenientConditions) UnmarshalJSON(raw []byte) error {
	var names lenientTexts
	if err := names.UnmarshalJSON(raw); err != nil {
		return err
	}
	for _, name := range names {
		if _, err := strconv.Atoi(name); err != nil && !strings.EqualFold(name, "none") {
			*c = append(*c, name)
		}
	}
	return nil
}

func (w *wireSignIn) policies() []diagnosis.AppliedPolicy {
	var list lenientList[unreadPolicy]
	if len(w.Policies) == 0 || list.UnmarshalJSON(w.Policies) != nil {
		return nil
	}
	var out []diagnosis.AppliedPolicy
	for _, unread := range list[:min(len(list), mostPolicies)] {
		var p wirePolicyResult
		if saysNothing[strings.ToLower(strings.TrimSpace(string(unread.Result)))] || unmarshal(unread.raw, &p) != nil {
			continue
		}
		out = append(out, diagnosis.AppliedPolicy{
			ID: p.ID.id(), Name: p.Name.shared(), Result: diagnosis.PolicyResult(p.Result.shared()),
			GrantControls: p.GrantControls, SessionControls: p.SessionControls,
			AuthenticationStrength: string(p.Strength.value.Name), StrengthResult: string(p.Strength.value.Result),
			ConditionsSatisfied: p.Satisfied, ConditionsNotSatisfied: p.NotSatisfied, IncludedBy: ruleNames(p.IncludedBy),
		})
	}
	return out
}

// unreadPolicy is a wirePolicyResult of which only the result was read: most say nothing.
type unreadPolicy struct {
	Result lenientText
	raw    []byte
}

func (p *unreadPolicy) scan(s *scanner) error {
	begin := s.at
	var read struct {
		Result lenientText `json:"result"`
	}
	err := s.into(&read)
	p.Result, p.raw = read.Result, s.raw[begin:s.at]
	return err
}

// saysNothing are the results of policies that had no part in a sign-in: most of a tenant's, on every row.
var saysNothing = map[string]bool{"notapplied": true, "notenabled": true, "reportonlynotapplied": true}

func ruleNames(list []wireRule) []string {
	var out []string
	for _, r := range list[:min(len(list), mostSteps)] {
		out = append(out, string(r.Name))
	}
	return out
}
