package diagnosis

// Cause says what kept a person out, or that nothing did. Its values are part of the contract of `signpost diagnose --json`.
type Cause string

// The causes that an error code stands for: the categories of the code table.
const (
	TokenExpired     Cause = "token-expired-or-revoked"
	ConditionalBlock Cause = "conditional-access-block"
	DeviceCompliance Cause = "device-compliance"
	MFARequired      Cause = "mfa-required"
	Registration     Cause = "authentication-strength-or-registration"
	Risk             Cause = "risk-identity-protection"
	PasswordExpired  Cause = "password-expired-or-reset"
	BadCredentials   Cause = "bad-credentials"
	AccountState     Cause = "account-disabled-or-locked-or-missing"
	CrossTenant      Cause = "tenant-or-cross-tenant"
	AppAssignment    Cause = "app-assignment-or-licensing"
	AppConfiguration Cause = "app-configuration"
	Consent          Cause = "consent-or-permission"
	Federation       Cause = "federation"
	Protocol         Cause = "protocol-error"
	Transient        Cause = "transient-service"
	OrdinaryStep     Cause = "user-interrupt-not-failure"
	Other            Cause = "other"
)

// The causes that no code stands for.
const (
	NoFailureFound   Cause = "no-failure-found"
	NoSignInFound    Cause = "no-sign-in-found"
	Resolved         Cause = "resolved"
	UnfinishedSignIn Cause = "unfinished-sign-in"
	UnknownCode      Cause = "unknown-code"
)

// Fixer is somebody who can do something about a cause. Its values are part of the contract of `signpost diagnose --json`.
type Fixer string

// The fixers, in the order in which an answer names them.
const (
	FixUser              Fixer = "user"
	FixHelpdesk          Fixer = "helpdesk"
	FixDeviceAdmin       Fixer = "device-admin"
	FixConditionalAccess Fixer = "conditional-access-admin"
	FixAppAdmin          Fixer = "app-admin"
	FixCrossTenantAdmin  Fixer = "cross-tenant-admin"
	FixSecurity          Fixer = "security"
	FixMicrosoft         Fixer = "microsoft"
)

// fixerOrder is the order in which an answer names the fixers.
var fixerOrder = []Fixer{
	FixUser, FixHelpdesk, FixDeviceAdmin, FixConditionalAccess,
	FixAppAdmin, FixCrossTenantAdmin, FixSecurity, FixMicrosoft,
}

// Interrupt says whether a code is an ordinary step of a sign-in.
type Interrupt string

// The three answers, as the code table spells them.
const (
	InterruptNo   Interrupt = "no"   // a real refusal
	InterruptYes  Interrupt = "yes"  // an ordinary step, never the cause by itself
	InterruptStep Interrupt = "step" // an ordinary step that is the cause when no later row completed the sign-in
)
