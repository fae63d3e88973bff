package diagnosis

import (
	"strings"
	"time"
)

// SignIn is one row of the Microsoft Entra sign-in log, reduced to what the reasoning reads.
// Every text is as Microsoft sent it and therefore partly chosen by strangers (user agents, display names):
// whoever shows one must escape it. Empty text means that the row did not hold the property.
//
// The properties are those of https://learn.microsoft.com/graph/api/resources/signin (v1.0 and beta).
type SignIn struct {
	ID                string    `json:"id,omitempty"`
	Time              time.Time `json:"time,omitzero"` // createdDateTime, UTC; zero when the row lacks it
	CorrelationID     string    `json:"correlation_id,omitempty"`
	OriginalRequestID string    `json:"original_request_id,omitempty"`
	Kind              EventKind `json:"kind,omitempty"`

	UserID            string `json:"user_id,omitempty"`
	UserPrincipalName string `json:"user_principal_name,omitempty"`
	SignInIdentifier  string `json:"sign_in_identifier,omitempty"` // what the person typed; also alternateSignInName
	UserDisplayName   string `json:"user_display_name,omitempty"`
	HomeTenantID      string `json:"home_tenant_id,omitempty"`
	ResourceTenantID  string `json:"resource_tenant_id,omitempty"`

	AppID      string `json:"app_id,omitempty"`
	App        string `json:"app,omitempty"`
	ResourceID string `json:"resource_id,omitempty"`
	Resource   string `json:"resource,omitempty"`

	HasStatus         bool   `json:"has_status"` // false when the row holds no error code at all: neither success nor failure
	ErrorCode         int    `json:"error_code"` // 0 is success when HasStatus
	FailureReason     string `json:"failure_reason,omitempty"`
	AdditionalDetails string `json:"additional_details,omitempty"`

	ConditionalAccessStatus string          `json:"conditional_access_status,omitempty"` // success, failure, notApplied
	Policies                []AppliedPolicy `json:"policies,omitempty"`

	ClientApp string   `json:"client_app,omitempty"` // clientAppUsed: "Browser", "Mobile Apps and Desktop clients", ...
	IPAddress string   `json:"ip_address,omitempty"`
	Location  Location `json:"location,omitzero"`
	Device    Device   `json:"device,omitzero"`

	RiskLevel string `json:"risk_level,omitempty"` // riskLevelDuringSignIn
	RiskState string `json:"risk_state,omitempty"`

	// Only beta and Azure Monitor have these.
	IncomingTokenType         string               `json:"incoming_token_type,omitempty"`  // none, primaryRefreshToken, refreshToken, ...
	RequirementPolicies       []Requirement        `json:"requirement_policies,omitempty"` // authenticationRequirementPolicies
	SessionLifetimePolicies   []Requirement        `json:"session_lifetime_policies,omitempty"`
	AuthenticationSteps       []AuthenticationStep `json:"authentication_steps,omitempty"`
	OriginalTransferMethod    string               `json:"original_transfer_method,omitempty"` // none, deviceCodeFlow, authenticationTransfer
	CrossTenantAccessType     string               `json:"cross_tenant_access_type,omitempty"`
	TokenProtectionStatusCode int                  `json:"token_protection_status_code,omitempty"`
}

// Location is where Entra believes the sign-in came from.
type Location struct {
	City    string `json:"city,omitempty"`
	State   string `json:"state,omitempty"`
	Country string `json:"country,omitempty"` // countryOrRegion, usually two letters
}

// Device is what the sign-in showed of its device. An empty ID means that no device identity was presented.
type Device struct {
	ID              string `json:"id,omitempty"`
	Name            string `json:"name,omitempty"`
	OperatingSystem string `json:"operating_system,omitempty"`
	Browser         string `json:"browser,omitempty"`
	Compliant       *bool  `json:"compliant,omitempty"` // nil: the row does not say
	Managed         *bool  `json:"managed,omitempty"`
	TrustType       string `json:"trust_type,omitempty"` // "Azure AD joined", "Azure AD registered", "Hybrid Azure AD joined"
}

// Requirement is a provider and its detail, as in authenticationRequirementPolicies and sessionLifetimePolicies.
type Requirement struct {
	Provider string `json:"provider,omitempty"` // requirementProvider or expirationRequirement
	Detail   string `json:"detail,omitempty"`
}

// AuthenticationStep is one entry of authenticationDetails.
type AuthenticationStep struct {
	Time      time.Time `json:"time,omitzero"`
	Method    string    `json:"method,omitempty"`
	Succeeded *bool     `json:"succeeded,omitempty"`
	Result    string    `json:"result,omitempty"`
	For       string    `json:"for,omitempty"` // authenticationStepRequirement
}

// AppliedPolicy is a Conditional Access policy as one sign-in met it.
type AppliedPolicy struct {
	ID                     string       `json:"id,omitempty"`
	Name                   string       `json:"name,omitempty"`
	Result                 PolicyResult `json:"result,omitempty"`
	GrantControls          []string     `json:"grant_controls,omitempty"`   // enforcedGrantControls as sent; empty for authentication strength
	SessionControls        []string     `json:"session_controls,omitempty"` // enforcedSessionControls as sent
	AuthenticationStrength string       `json:"authentication_strength,omitempty"`
	StrengthResult         string       `json:"strength_result,omitempty"`
	ConditionsSatisfied    []string     `json:"conditions_satisfied,omitempty"` // beta's names; empty for Azure Monitor's bit masks
	ConditionsNotSatisfied []string     `json:"conditions_not_satisfied,omitempty"`
	IncludedBy             []string     `json:"included_by,omitempty"` // ruleSatisfied of includeRulesSatisfied: allApps, groupId, ...; beta only
}

// PolicyResult is appliedConditionalAccessPolicy.result as Microsoft spells it. Compare with the methods.
type PolicyResult string

// The results that the reasoning tells apart.
const (
	ResultFailure           PolicyResult = "failure"
	ResultSuccess           PolicyResult = "success"
	ResultReportOnlyFailure PolicyResult = "reportOnlyFailure"
	ResultReportOnlyAsked   PolicyResult = "reportOnlyInterrupted"
)

// Refused reports whether the policy stood in the way. Report-only results never do.
func (r PolicyResult) Refused() bool { return strings.EqualFold(string(r), string(ResultFailure)) }

// WouldRefuse reports whether a report-only policy would have refused had it been on.
func (r PolicyResult) WouldRefuse() bool {
	return strings.EqualFold(string(r), string(ResultReportOnlyFailure))
}

// WouldAsk reports whether a report-only policy would have asked the person for something, such as a second step.
// Source: https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-report-only
func (r PolicyResult) WouldAsk() bool {
	return strings.EqualFold(string(r), string(ResultReportOnlyAsked))
}

// EventKind tells who signed in and how.
type EventKind string

// The kinds of sign-in event. Only the two user kinds concern a person.
const (
	KindUnknown          EventKind = ""
	KindInteractive      EventKind = "interactiveUser"
	KindNonInteractive   EventKind = "nonInteractiveUser"
	KindServicePrincipal EventKind = "servicePrincipal"
	KindManagedIdentity  EventKind = "managedIdentity"
)

// ByPerson reports whether the row may be a person's: everything but service principals and managed identities.
func (k EventKind) ByPerson() bool { return k != KindServicePrincipal && k != KindManagedIdentity }

// Failed reports whether the row says that no token was issued, for an ordinary interrupt or a real refusal.
func (s *SignIn) Failed() bool { return s.HasStatus && s.ErrorCode != 0 }

// Succeeded reports whether the row says that a token was issued.
func (s *SignIn) Succeeded() bool { return s.HasStatus && s.ErrorCode == 0 }

// Refusals returns the policies that stood in the way of this sign-in, in the row's order; nil when none did.
func (s *SignIn) Refusals() []AppliedPolicy {
	var refused []AppliedPolicy
	for _, p := range s.Policies {
		if p.Result.Refused() {
			refused = append(refused, p)
		}
	}
	return refused
}
