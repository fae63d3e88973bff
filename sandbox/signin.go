package sandbox

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// The kinds of sign-in event.
const (
	Interactive      = "interactiveUser"
	NonInteractive   = "nonInteractiveUser"
	ServicePrincipal = "servicePrincipal"
	ManagedIdentity  = "managedIdentity"
)

// SignIn is one row of the sign-in log. The fields are the properties of Graph's signIn; AddSignIn fills those that a
// row always has.
// Source: https://learn.microsoft.com/graph/api/resources/signin?view=graph-rest-beta
type SignIn struct {
	ID              string
	CreatedDateTime time.Time
	VisibleFrom     time.Time // when the row appears in the log, which runs behind; zero: with CreatedDateTime
	CorrelationID   string
	EventTypes      []string // nil: Interactive

	UserID            string
	UserPrincipalName string // kept in lower case, whatever it is given as
	UserDisplayName   string
	UserType          string // member or guest

	AppID, App           string
	ResourceID, Resource string

	ErrorCode         int
	FailureReason     string
	AdditionalDetails string

	ConditionalAccessStatus string // success, failure, notApplied
	Policies                []AppliedPolicy

	ClientAppUsed string
	UserAgent     string
	IPAddress     string
	City          string
	Country       string // two letters
	Device        Device

	// Beta only.
	IncomingTokenType         string
	AuthenticationRequirement string
	RequirementPolicies       []Requirement
	SessionLifetimePolicies   []Requirement
	AuthenticationDetails     []AuthenticationDetail

	Extra map[string]any // further properties in both versions; they win over everything else
}

// Device is deviceDetail.
type Device struct {
	ID, Name, OperatingSystem, Browser string
	Compliant, Managed                 *bool
	TrustType                          string
}

// AppliedPolicy is one of appliedConditionalAccessPolicies. The last three are beta only.
type AppliedPolicy struct {
	ID, Name        string
	Result          string
	GrantControls   []string
	SessionControls []string
	Strength        string // the authentication strength's name
	Satisfied       string // conditionsSatisfied: names with commas
	NotSatisfied    string
}

// Requirement is an entry of authenticationRequirementPolicies or sessionLifetimePolicies.
type Requirement struct{ Provider, Detail string }

// AuthenticationDetail is an entry of authenticationDetails.
type AuthenticationDetail struct {
	Method    string
	Succeeded bool
	Result    string
	Step      string // authenticationStepRequirement
}

// shownIn reports whether the version shows the row at all. v1.0 has only what people did themselves; so has beta
// until the filter asks for more.
func (row *SignIn) shownIn(q reportQuery) bool {
	return q.beta && q.anyKind || slices.Contains(row.EventTypes, Interactive)
}

// property returns what a filter compares with.
func (row *SignIn) property(field string) any {
	switch field {
	case "id":
		return row.ID
	case "createdDateTime":
		return row.CreatedDateTime
	case "correlationId":
		return row.CorrelationID
	case "originalRequestId":
		return row.ID
	case "signInEventTypes":
		return row.EventTypes
	case "userId":
		return row.UserID
	case "userPrincipalName":
		return row.UserPrincipalName
	case "userDisplayName":
		return row.UserDisplayName
	case "appId":
		return row.AppID
	case "appDisplayName":
		return row.App
	case "resourceId":
		return row.ResourceID
	case "resourceDisplayName":
		return row.Resource
	case "status/errorCode":
		return strconv.Itoa(row.ErrorCode)
	case "conditionalAccessStatus":
		return row.ConditionalAccessStatus
	case "clientAppUsed":
		return row.ClientAppUsed
	case "userAgent":
		return row.UserAgent
	case "ipAddress":
		return row.IPAddress
	case "location/city":
		return row.City
	case "location/countryOrRegion":
		return row.Country
	case "deviceDetail/browser":
		return row.Device.Browser
	case "deviceDetail/operatingSystem":
		return row.Device.OperatingSystem
	case "authenticationRequirement":
		return row.AuthenticationRequirement
	default:
		return ""
	}
}

// complete fills what every row has. people finds the person that the row names.
func (row *SignIn) complete(now time.Time, people func(id string) (Person, bool)) {
	set := func(to *string, value string) {
		if *to == "" {
			*to = value
		}
	}
	if p, ok := people(row.UserID); ok {
		set(&row.UserPrincipalName, p.signInName())
		set(&row.UserDisplayName, p.Name)
		set(&row.UserType, strings.ToLower(p.userType()))
		set(&row.Country, p.Country)
		set(&row.City, p.City)
	}
	if row.CreatedDateTime.IsZero() {
		row.CreatedDateTime = now
	}
	if len(row.EventTypes) == 0 {
		row.EventTypes = []string{Interactive}
	}
	set(&row.ID, newGUID())
	set(&row.CorrelationID, newGUID())
	set(&row.ConditionalAccessStatus, "notApplied")
	set(&row.ClientAppUsed, "Browser")
	set(&row.UserAgent, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0")
	set(&row.IPAddress, "192.0.2.44")
	set(&row.Device.OperatingSystem, "Windows10")
	set(&row.Device.Browser, "Edge 142.0.0")
	set(&row.AuthenticationRequirement, "singleFactorAuthentication")
	set(&row.IncomingTokenType, "none")
	set(&row.UserType, "member")
	row.ID, row.UserID = strings.ToLower(row.ID), strings.ToLower(row.UserID)
	row.UserPrincipalName = strings.ToLower(row.UserPrincipalName)
}
