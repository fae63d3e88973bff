package sandbox

import (
	"maps"
	"slices"
	"strings"
)

// rowsFor are rows as the version that was asked shows them.
func (s *Sandbox) rowsFor(g *graphRequest, rows []*SignIn) []any {
	unknown := g.wantsUnknownMembers()
	out := []any{}
	for _, row := range rows {
		o := row.v1()
		policies := []any{}
		if s.grants.allow(PermissionPolicies) { // without it Graph leaves them out, and says nothing
			for _, p := range row.Policies {
				policies = append(policies, p.object(g.beta, unknown))
			}
		}
		o["appliedConditionalAccessPolicies"] = policies
		if g.beta {
			row.addBeta(o, unknown)
		}
		maps.Copy(o, row.Extra)
		out = append(out, o)
	}
	return out
}

// v1 is the row as v1.0 shows it, but for its policies.
func (row *SignIn) v1() map[string]any {
	return map[string]any{
		"id":                      row.ID,
		"createdDateTime":         graphTime(row.CreatedDateTime),
		"userDisplayName":         row.UserDisplayName,
		"userPrincipalName":       row.UserPrincipalName,
		"userId":                  row.UserID,
		"appId":                   row.AppID,
		"appDisplayName":          row.App,
		"ipAddress":               row.IPAddress,
		"clientAppUsed":           row.ClientAppUsed,
		"userAgent":               row.UserAgent,
		"correlationId":           row.CorrelationID,
		"conditionalAccessStatus": row.ConditionalAccessStatus,
		"isInteractive":           slices.Contains(row.EventTypes, Interactive),
		"riskDetail":              "hidden", // for want of a P2 licence
		"riskLevelAggregated":     "hidden",
		"riskLevelDuringSignIn":   "hidden",
		"riskState":               "none",
		"riskEventTypes":          []string{},
		"riskEventTypes_v2":       []string{},
		"resourceDisplayName":     row.Resource,
		"resourceId":              row.ResourceID,
		"resourceTenantId":        tenantID,
		"homeTenantId":            tenantID,
		"servicePrincipalId":      "",
		"servicePrincipalName":    nil,

		"authenticationAppDeviceDetails": nil,
		"status": map[string]any{
			"errorCode":         row.ErrorCode,
			"failureReason":     orOther(row.FailureReason),
			"additionalDetails": orNull(row.AdditionalDetails),
		},
		"deviceDetail": map[string]any{
			"deviceId":        row.Device.ID,
			"displayName":     orNull(row.Device.Name),
			"operatingSystem": row.Device.OperatingSystem,
			"browser":         row.Device.Browser,
			"isCompliant":     row.Device.Compliant,
			"isManaged":       row.Device.Managed,
			"trustType":       orNull(row.Device.TrustType),
		},
		"location": map[string]any{
			"city": row.City, "state": "", "countryOrRegion": row.Country,
			"geoCoordinates": map[string]any{"altitude": nil, "latitude": nil, "longitude": nil},
		},
	}
}

// addBeta adds what only beta shows. Beta grows: the last two stand for a property and an enum member that no client
// knows yet. The late members of enums, these among them, are for callers that ask for unknown ones.
func (row *SignIn) addBeta(o map[string]any, unknown bool) {
	late := func(member string, all ...string) string {
		if !unknown && slices.Contains(all, member) {
			return unknownMember
		}
		return member
	}
	requirements := func(all []Requirement, key string) []any {
		out := []any{}
		for _, r := range all {
			out = append(out, map[string]any{key: r.Provider, "detail": r.Detail})
		}
		return out
	}
	details := []any{}
	for _, d := range row.AuthenticationDetails {
		details = append(details, map[string]any{
			"authenticationStepDateTime": graphTime(row.CreatedDateTime), "authenticationMethod": d.Method,
			"authenticationMethodDetail": nil, "succeeded": d.Succeeded,
			"authenticationStepResultDetail": d.Result, "authenticationStepRequirement": d.Step,
		})
	}
	maps.Copy(o, map[string]any{
		"signInEventTypes":                  row.EventTypes,
		"originalRequestId":                 row.ID,
		"userType":                          row.UserType,
		"incomingTokenType":                 late(row.IncomingTokenType, "remoteDesktopToken", "refreshToken"),
		"authenticationRequirement":         row.AuthenticationRequirement,
		"authenticationRequirementPolicies": requirements(row.RequirementPolicies, "requirementProvider"),
		"sessionLifetimePolicies":           requirements(row.SessionLifetimePolicies, "expirationRequirement"),
		"authenticationDetails":             details,
		"authenticationProcessingDetails":   []any{},
		"authenticationMethodsUsed":         []any{},
		"networkLocationDetails":            []any{},
		"originalTransferMethod":            "none",
		"crossTenantAccessType":             "none",
		"tokenIssuerType":                   "AzureAD",
		"tokenIssuerName":                   "",
		"processingTimeInMilliseconds":      214,
		"uniqueTokenIdentifier":             strings.ReplaceAll(row.ID, "-", ""),
		"signInIdentifier":                  row.UserPrincipalName,
		"mfaDetail":                         nil,
		"previewOfNextYear":                 map[string]any{"confidence": 0.5, "signals": []any{"one", nil}},
		"authenticationProtocol":            late("protocolOfNextYear", "protocolOfNextYear"),
	})
}

// object is the policy as a row shows it. The report-only results were added late: a caller that does not ask for
// unknown members gets unknownFutureValue in their place.
// Source: https://learn.microsoft.com/graph/api/resources/appliedconditionalaccesspolicy
func (p *AppliedPolicy) object(beta, unknown bool) map[string]any {
	result := p.Result
	if !unknown && strings.HasPrefix(result, "reportOnly") {
		result = unknownMember
	}
	o := map[string]any{
		"id": p.ID, "displayName": p.Name, "result": result,
		"enforcedGrantControls": orEmpty(p.GrantControls), "enforcedSessionControls": orEmpty(p.SessionControls),
	}
	if !beta {
		return o
	}
	o["conditionsSatisfied"], o["conditionsNotSatisfied"] = p.Satisfied, p.NotSatisfied
	o["includeRulesSatisfied"], o["excludeRulesSatisfied"] = []any{}, []any{}
	o["sessionControlsNotSatisfied"], o["authenticationStrength"] = []any{}, nil
	if p.Strength != "" {
		o["authenticationStrength"] = map[string]any{
			"authenticationStrengthId": guidFor("strength", p.Strength), "displayName": p.Strength,
			"authenticationStrengthResult": "multipleChallengesRequired",
		}
	}
	return o
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// orOther is the failureReason of a success, which is not empty.
func orOther(reason string) string {
	if reason == "" {
		return "Other."
	}
	return reason
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
