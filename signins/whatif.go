package signins

import (
	"encoding/json"
	"errors"
	"fmt"

	"signpost/diagnosis"
)

// wireWhatIf is a whatIfAnalysisResult: a policy, and whether it applies.
// Source: https://learn.microsoft.com/graph/api/resources/whatifanalysisresult
type wireWhatIf struct {
	wirePolicy
	Applies lenientBool `json:"policyApplies"`
	Reason  lenientText `json:"analysisReasons"`
}

// DecodeWhatIf decodes the answer of the What If tool. Controls and reasons stay as Graph spells them. A policy of which the
// answer does not say whether it applies is an error, for leaving it out would say that it does not.
func DecodeWhatIf(raw []byte) ([]diagnosis.Evaluated, error) {
	var answer struct {
		Value []lenientObject[wireWhatIf] `json:"value"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, fmt.Errorf("decode what if: %w", err)
	}
	if answer.Value == nil {
		return nil, errors.New("decode what if: it has no list")
	}
	policies := make([]diagnosis.Evaluated, 0, len(answer.Value))
	for _, p := range answer.Value {
		if !p.set || p.value.Applies.value == nil {
			return nil, errors.New("decode what if: it does not say whether a policy applies")
		}
		policies = append(policies, diagnosis.Evaluated{
			Policy: p.value.policy(), Applies: p.value.Applies.isTrue(), Reason: string(p.value.Reason),
		})
	}
	return policies, nil
}
