package diagnosis

import (
	"slices"
	"strings"
)

// Reach says why a policy applies to a sign-in. The set is closed; words has a name for each.
type Reach string

// The reaches.
const (
	ReachEverybody  Reach = "everybody"
	ReachGroup      Reach = "group"
	ReachRole       Reach = "role"
	ReachPerson     Reach = "person"
	ReachGuests     Reach = "guests"
	ReachAllApps    Reach = "all-apps"
	ReachOffice     Reach = "office-365"
	ReachPortals    Reach = "admin-portals"
	ReachApp        Reach = "this-app"
	ReachAnywhere   Reach = "anywhere"
	ReachPlace      Reach = "place"
	ReachPlatform   Reach = "platform"
	ReachDevice     Reach = "device-filter"
	ReachDeviceCode Reach = "device-code"
	ReachTransfer   Reach = "transfer"
)

// Reaches returns every reach, in the order in which an answer names them.
func Reaches() []Reach {
	return []Reach{
		ReachEverybody, ReachGroup, ReachRole, ReachPerson, ReachGuests, ReachAllApps, ReachOffice, ReachPortals, ReachApp,
		ReachAnywhere, ReachPlace, ReachPlatform, ReachDevice, ReachDeviceCode, ReachTransfer,
	}
}

// ruleReaches maps the names of rules, in lower case. What every sign-in fulfils where nothing is configured says nothing.
// Source: https://learn.microsoft.com/graph/api/resources/conditionalaccessrulesatisfied?view=graph-rest-beta
var ruleReaches = map[string]Reach{
	"allusers": ReachEverybody, "groupid": ReachGroup, "roleid": ReachRole, "userid": ReachPerson,
	"guest": ReachGuests, "internalguest": ReachGuests, "otherexternaluser": ReachGuests, "serviceprovider": ReachGuests,
	"b2bcollaborationguest": ReachGuests, "b2bcollaborationmember": ReachGuests, "b2bdirectconnectuser": ReachGuests,
	"allapps": ReachAllApps, "firstpartyapps": ReachAllApps, "office365": ReachOffice, "microsoftadminportals": ReachPortals,
	"appid": ReachApp, "appfilter": ReachApp,
	"alllocations": ReachAnywhere, "locationid": ReachPlace, "alltrustedlocations": ReachPlace, "insidecorpnet": ReachPlace,
	"deviceplatform": ReachPlatform, "devicefilter": ReachDevice, "devicefilterincluderulenotmatched": ReachDevice,
	"devicecodeflow": ReachDeviceCode, "authenticationtransfer": ReachTransfer,
}

// reach lists why a policy applies, as far as the row shows it; nil where the source has no rules.
func reach(p *AppliedPolicy) []Reach {
	found := map[Reach]bool{}
	for _, rule := range p.IncludedBy {
		found[ruleReaches[strings.ToLower(rule)]] = true
	}
	return slices.DeleteFunc(Reaches(), func(r Reach) bool { return !found[r] })
}
