package sandbox

import "maps"

var (
	equal  = []string{"eq"}
	prefix = []string{"eq", "startswith"}
)

// userFields are the properties by which users can be found here.
var userFields = map[string]field{
	"id": {operators: equal, fold: true}, "mail": {operators: prefix, fold: true},
	"userPrincipalName": {operators: prefix, fold: true}, "displayName": {operators: prefix, fold: true},
}

// signInFields are properties that v1.0 documents as filterable, with the documented operators and no other: all but
// those about risk. Texts are compared with regard to letter case.
// Source: https://learn.microsoft.com/graph/api/resources/signin?view=graph-rest-1.0
var signInFields = map[string]field{
	"appDisplayName": {operators: prefix}, "ipAddress": {operators: prefix}, "userDisplayName": {operators: prefix},
	"userPrincipalName": {operators: prefix}, "location/city": {operators: prefix}, "location/state": {operators: prefix},
	"location/countryOrRegion": {operators: prefix}, "deviceDetail/browser": {operators: prefix},
	"deviceDetail/operatingSystem": {operators: prefix},

	"appId": {operators: equal}, "clientAppUsed": {operators: equal}, "conditionalAccessStatus": {operators: equal},
	"correlationId": {operators: equal}, "id": {operators: equal}, "resourceDisplayName": {operators: equal},
	"resourceId": {operators: equal}, "userId": {operators: equal},
	"status/errorCode": {operators: equal, kind: numberLiteral},
	"createdDateTime":  {operators: []string{"eq", "ge", "le"}, kind: timeLiteral},
}

// betaSignInFields are those of beta, which has more.
// Source: https://learn.microsoft.com/graph/api/resources/signin?view=graph-rest-beta
var betaSignInFields = func() map[string]field {
	all := maps.Clone(signInFields)
	maps.Copy(all, map[string]field{
		"signInEventTypes":          {operators: []string{"eq", "ne"}, collection: true},
		"authenticationRequirement": {operators: prefix}, "originalRequestId": {operators: equal}, "userAgent": {operators: prefix},
	})
	return all
}()
