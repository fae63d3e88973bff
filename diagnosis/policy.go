package diagnosis

import "time"

// Policy is a Conditional Access policy as the tenant defines it now, reduced to what the reasoning reads.
// Source: https://learn.microsoft.com/graph/api/resources/conditionalaccesspolicy
type Policy struct {
	ID                     string           `json:"id"`
	Name                   string           `json:"name,omitempty"`
	State                  string           `json:"state,omitempty"`    // enabled, disabled, enabledForReportingButNotEnforced
	Operator               string           `json:"operator,omitempty"` // AND or OR, how the grant controls combine
	GrantControls          []string         `json:"grant_controls,omitempty"`
	AuthenticationStrength string           `json:"authentication_strength,omitempty"` // its display name
	TermsOfUse             []string         `json:"terms_of_use,omitempty"`
	CustomFactors          []string         `json:"custom_factors,omitempty"`
	SignInFrequency        *SignInFrequency `json:"sign_in_frequency,omitempty"`
	TokenProtection        bool             `json:"token_protection,omitempty"` // the session control secureSignInSession
	Modified               time.Time        `json:"modified,omitzero"`
}

// SignInFrequency is the session control of that name.
type SignInFrequency struct {
	EveryTime bool   `json:"every_time,omitempty"`
	Value     int    `json:"value,omitempty"`
	Unit      string `json:"unit,omitempty"` // "hours" or "days"
}
