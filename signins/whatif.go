package signins

import (
	"encoding/json"
	"errors"
	"fmt"

	"signpost/diagnosis"
)

// wireWhatIf is what a whatIfAnalysisResult says besides being a policy.
// Source: https://learn.microsoft.com/graph/api/resources/whatifanalysisresult
type wireWhatIf struct {
	Applies lenientBool `json:"policyApplies"`
	Reason  lenientText `json:"analysisReasons"`
}

// DecodeWhatIf decodes the answer of the What If tool. Controls and reasons stay as Graph spells them. A policy of which the
// answer does not say whether it applies is an error, for leaving it out would say that it does not.
func DecodeWhatIf(raw []byte) ([]diagnosis.Evaluated, error) {
	var answer struct {
		Value []json.RawMessage `json:"value"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, fmt.Errorf("decode what if: %w", err)
	}
	if answer.Value == nil {
		return nil, errors.New("decode what if: it has no list")
	}
	policies := make([]diagnosis.Evaluated, 0, len(answer.Value))
	for _, result := range answer.Value {
		var p wirePolicy
		var says wireWhatIf
		if unmarshal(result, &p) != nil || unmarshal(result, &says) != nil || says.Applies.value == nil {
			return nil, errors.New("decode what if: it does not say whether a policy applies")
		}
		policies = append(policies, diagnosis.Evaluated{Policy: p.policy(), Applies: says.Applies.isTrue(), Reason: string(says.Reason)})
	}
	return policies, nil
}
