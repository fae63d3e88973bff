package diagnosis

import (
	"slices"
	"strings"
)

// Clue is something that the deciding row shows besides the refusal itself and that an expert would point out: why the
// requirement could not be met, or what set it. The set is closed; words has a sentence for each.
type Clue string

// The clues.
const (
	ClueHiddenDevice   Clue = "hidden-device"         // a browser that did not show the device it runs on
	ClueGuestDevice    Clue = "guest-device"          // a guest's device counts only where its home organisation is trusted
	ClueTransfer       Clue = "transfer"              // the session began with a device code or on another device, and keeps that mark
	ClueNoDeviceToBind Clue = "unbound-no-device"     // token protection: the sign-in had no device
	ClueBindDevice     Clue = "unbound-registration"  // token protection: the device's kind of registration cannot bind
	ClueBindSystem     Clue = "unbound-system"        // token protection: the operating system cannot bind
	ClueBindClient     Clue = "unbound-client"        // token protection: the app does not sign in through a broker
	ClueRegister       Clue = "strength-registration" // the account must register a method of the wanted strength first
	ClueImpossible     Clue = "strength-impossible"   // no method that the account may use reaches the wanted strength
	CluePerUserMFA     Clue = "asked-by-user-setting" // the second step was asked for by the account's own setting
	ClueDefaultsMFA    Clue = "asked-by-security-defaults"
	ClueRiskMFA        Clue = "asked-by-risk-policy"
	ClueRiskCleared    Clue = "risk-cleared"       // the risk that decided is gone by now
	ClueDeviceToken    Clue = "device-token"       // what ran out is the device's own sign-in (primary refresh token)
	ClueFrequency      Clue = "lifetime-frequency" // a sign-in frequency in hours or days set how long the session lasts
	ClueEveryTime      Clue = "lifetime-every-time"
	ClueRememberedMFA  Clue = "lifetime-remembered-mfa"
	ClueTokenLifetime  Clue = "lifetime-policy" // a token lifetime policy of the tenant or of the app
)

// Clues returns every clue.
func Clues() []Clue {
	return []Clue{
		ClueHiddenDevice, ClueGuestDevice, ClueTransfer, ClueNoDeviceToBind, ClueBindDevice, ClueBindSystem, ClueBindClient,
		ClueRegister, ClueImpossible, CluePerUserMFA, ClueDefaultsMFA, ClueRiskMFA, ClueRiskCleared, ClueDeviceToken,
		ClueFrequency, ClueEveryTime, ClueRememberedMFA, ClueTokenLifetime,
	}
}

// clues reads from the deciding row what bears on the finding.
func (f *Finding) clues() []Clue {
	row := f.SignIn
	wants := func(controls ...Control) bool {
		return slices.ContainsFunc(f.Refusals, func(r Refusal) bool {
			return slices.ContainsFunc(controls, func(c Control) bool { return slices.Contains(r.Required, c) })
		}) || slices.Contains(controls, codeControls[row.ErrorCode])
	}
	why := func(w Why) bool {
		return slices.ContainsFunc(f.Refusals, func(r Refusal) bool { return r.Why == w })
	}
	var out []Clue
	add := func(is bool, c Clue) {
		if is && c != "" && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	device := wants(ControlCompliantDevice, ControlHybridJoined)
	flow := why(WhyFlow) || why(WhyFlowNoDevice) || row.ErrorCode == codeFlowForbidden || row.ErrorCode == codeFlowNoDevice
	add(device && !flow && row.isGuest(), ClueGuestDevice)
	add(device && !flow && !row.isGuest() && row.Device.ID == "" && row.inBrowser(), ClueHiddenDevice)
	add(flow, ClueTransfer)
	add(wants(ControlTokenProtection), unbound[row.TokenProtectionStatusCode])
	for _, p := range row.Refusals() {
		add(true, strengthClues[strings.ToLower(p.StrengthResult)])
	}
	if len(f.Refusals) == 0 && (slices.Contains(f.Causes, MFARequired) || slices.Contains(f.Causes, Registration)) {
		for _, r := range row.RequirementPolicies {
			add(true, providers[strings.ToLower(r.Provider)])
		}
	}
	add((why(WhyRisk) || slices.Contains(f.Causes, Risk)) && riskIsGone(row.RiskState), ClueRiskCleared)
	if slices.Contains(f.Causes, TokenExpired) || row.ErrorCode == codeMFATooOld {
		add(row.byDeviceToken(), ClueDeviceToken)
		for _, r := range row.SessionLifetimePolicies {
			add(true, lifetimes[strings.ToLower(r.Provider)])
		}
	}
	return out
}

// The codes of sign-ins that began with a device code or were carried over.
// Source: https://learn.microsoft.com/entra/identity/conditional-access/concept-authentication-flows
const (
	codeFlowNoDevice  = 530033 // a device code cannot show the device that a policy wants
	codeFlowForbidden = 530036 // a policy forbids the flow with which the session began
)

// codeMFATooOld is UserStrongAuthExpired: an expiry, though the table files it under the second step.
const codeMFATooOld = 50078

// unbound are the reasons for which a token could not be bound to the device.
// Source: https://learn.microsoft.com/entra/identity/conditional-access/concept-token-protection
var unbound = map[int]Clue{1002: ClueNoDeviceToBind, 1003: ClueBindDevice, 1006: ClueBindSystem, 1008: ClueBindClient}

// The names below are enum members of Graph's beta, in lower case.
// Source: https://learn.microsoft.com/graph/api/resources/signin?view=graph-rest-beta

// strengthMet is the result of an authentication strength that was met.
const strengthMet = "satisfied"

// strengthClues are results of an authentication strength that the person cannot simply meet by trying again.
var strengthClues = map[string]Clue{
	"skippedforproofup": ClueRegister, "singleregistrationrequired": ClueRegister, "multipleregistrationsrequired": ClueRegister,
	"cannotsatisfyduetocombinationconfiguration": ClueImpossible, "cannotsatisfy": ClueImpossible,
}

// providers tell who asked for a second step, where that is no Conditional Access policy that an answer could name.
var providers = map[string]Clue{
	"user":             CluePerUserMFA,
	"securitydefaults": ClueDefaultsMFA, "mfaregistrationrequiredbysecuritydefaults": ClueDefaultsMFA,
	"riskbasedpolicy": ClueRiskMFA, "tenantsessionriskpolicy": ClueRiskMFA, "accountcompromisepolicies": ClueRiskMFA,
	"mfaregistrationrequiredbyidentityprotectionpolicy": ClueRiskMFA,
}

// lifetimes tell what set how long a session may last.
var lifetimes = map[string]Clue{
	"signinfrequencyperiodicreauthentication":           ClueFrequency,
	"signinfrequencyeverytime":                          ClueEveryTime,
	"remembermultifactorauthenticationontrusteddevices": ClueRememberedMFA,
	"tenanttokenlifetimepolicy":                         ClueTokenLifetime,
	"audiencetokenlifetimepolicy":                       ClueTokenLifetime,
}

func riskIsGone(state string) bool {
	return slices.Contains([]string{"remediated", "dismissed", "confirmedsafe"}, strings.ToLower(state))
}

// isGuest reports whether the person came from another organisation.
func (s *SignIn) isGuest() bool {
	if strings.HasPrefix(strings.ToLower(s.CrossTenantAccessType), "b2b") {
		return true
	}
	return s.HomeTenantID != "" && s.ResourceTenantID != "" && !strings.EqualFold(s.HomeTenantID, s.ResourceTenantID)
}

// inBrowser reports whether the row says that a browser was used.
func (s *SignIn) inBrowser() bool {
	return strings.EqualFold(s.ClientApp, "Browser") || s.ClientApp == "" && s.Device.Browser != ""
}

// byDeviceToken reports whether Windows' own sign-in on the device was presented.
func (s *SignIn) byDeviceToken() bool {
	return strings.EqualFold(s.IncomingTokenType, "primaryRefreshToken") && strings.HasPrefix(strings.ToLower(s.Device.OperatingSystem), "windows")
}
