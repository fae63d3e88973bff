package signins

import (
	"encoding/json"
	"errors"
	"fmt"

	"signpost/diagnosis"
)

// DecodePage decodes a page of Graph's list of sign-ins. Rows that cannot be decoded are skipped and counted. nextLink is
// empty on the last page; a short page is not the last one.
func DecodePage(raw []byte) (rows []diagnosis.SignIn, skipped int, nextLink string, err error) {
	var page struct {
		Value    []json.RawMessage `json:"value"`
		NextLink string            `json:"@odata.nextLink"`
	}
	if err := json.Unmarshal(raw, &page); err != nil {
		return nil, 0, "", fmt.Errorf("decode a page of sign-ins: %w", err)
	}
	if page.Value == nil {
		return nil, 0, "", errors.New("decode a page of sign-ins: it has no list")
	}
	for _, element := range page.Value {
		row, err := DecodeSignIn(element)
		if err != nil {
			skipped++
			continue
		}
		rows = append(rows, row)
	}
	return rows, skipped, page.NextLink, nil
}

// wirePolicy is a conditionalAccessPolicy.
// Source: https://learn.microsoft.com/graph/api/resources/conditionalaccesspolicy
type wirePolicy struct {
	ID       lenientText                        `json:"id"`
	Name     lenientText                        `json:"displayName"`
	State    lenientText                        `json:"state"`
	Created  lenientTime                        `json:"createdDateTime"`
	Modified lenientTime                        `json:"modifiedDateTime"`
	Grant    lenientObject[wireGrantControls]   `json:"grantControls"`
	Session  lenientObject[wireSessionControls] `json:"sessionControls"`
}

type wireGrantControls struct {
	Operator      lenientText                 `json:"operator"`
	BuiltIn       lenientTexts                `json:"builtInControls"`
	Custom        lenientTexts                `json:"customAuthenticationFactors"`
	TermsOfUse    lenientTexts                `json:"termsOfUse"`
	Authenticator lenientObject[wireStrength] `json:"authenticationStrength"`
}

type wireSessionControls struct {
	SignInFrequency lenientObject[wireFrequency] `json:"signInFrequency"`
	SecureSession   lenientObject[wireEnabled]   `json:"secureSignInSession"` // token protection
}

type wireEnabled struct {
	IsEnabled lenientBool `json:"isEnabled"`
}

type wireFrequency struct {
	IsEnabled lenientBool `json:"isEnabled"`
	Type      lenientText `json:"type"`
	Value     lenientInt  `json:"value"`
	Interval  lenientText `json:"frequencyInterval"`
}

// DecodePolicies decodes a page of Graph's list of Conditional Access policies. Controls stay as Graph spells them, so
// that one which we do not know is not taken for another. What is no object in the list is left out.
func DecodePolicies(raw []byte) (policies []diagnosis.Policy, nextLink string, err error) {
	var page struct {
		Value    []lenientObject[wirePolicy] `json:"value"`
		NextLink string                      `json:"@odata.nextLink"`
	}
	if err := json.Unmarshal(raw, &page); err != nil {
		return nil, "", fmt.Errorf("decode a page of policies: %w", err)
	}
	if page.Value == nil {
		return nil, "", errors.New("decode a page of policies: it has no list")
	}
	for _, p := range page.Value {
		if p.set {
			policies = append(policies, p.value.policy())
		}
	}
	return policies, page.NextLink, nil
}

func (w *wirePolicy) policy() diagnosis.Policy {
	p := diagnosis.Policy{
		ID: w.ID.id(), Name: string(w.Name), State: string(w.State),
		Operator: string(w.Grant.value.Operator), GrantControls: w.Grant.value.BuiltIn,
		AuthenticationStrength: string(w.Grant.value.Authenticator.value.Name),
		TermsOfUse:             w.Grant.value.TermsOfUse, CustomFactors: w.Grant.value.Custom,
		Modified: w.Modified.Time, TokenProtection: w.Session.value.SecureSession.value.IsEnabled.isTrue(),
	}
	if p.Modified.IsZero() {
		p.Modified = w.Created.Time
	}
	p.SignInFrequency = w.Session.value.SignInFrequency.value.frequency()
	return p
}

// frequency is nil for one that is not switched on.
func (w *wireFrequency) frequency() *diagnosis.SignInFrequency {
	if !w.IsEnabled.isTrue() {
		return nil
	}
	return &diagnosis.SignInFrequency{EveryTime: w.Interval.id() == "everytime", Value: w.Value.value, Unit: w.Type.id()}
}
