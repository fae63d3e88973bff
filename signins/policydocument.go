package signins

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// document is a conditionalAccessPolicy as an audit holds it, reduced to what decides whom it refuses.
// Source: https://learn.microsoft.com/graph/api/resources/conditionalaccesspolicy
type document struct {
	State         lenientText                    `json:"state"`
	RawConditions json.RawMessage                `json:"conditions"`
	Grant         lenientObject[documentGrant]   `json:"grantControls"`
	Session       lenientObject[documentSession] `json:"sessionControls"`

	conditions documentConditions
	others     map[string]any // conditions that are not among those
}

type documentConditions struct {
	Users       lenientObject[documentUsers] `json:"users"`
	Apps        lenientObject[documentApps]  `json:"applications"`
	ClientApps  idSet                        `json:"clientAppTypes"`
	SignInRisk  idSet                        `json:"signInRiskLevels"`
	UserRisk    idSet                        `json:"userRiskLevels"`
	InsiderRisk idSet                        `json:"insiderRiskLevels"`
	Locations   lenientObject[struct {
		Include idSet `json:"includeLocations"`
		Exclude idSet `json:"excludeLocations"`
	}] `json:"locations"`
	Platforms lenientObject[struct {
		Include idSet `json:"includePlatforms"`
		Exclude idSet `json:"excludePlatforms"`
	}] `json:"platforms"`
	Flows lenientObject[struct {
		Methods idSet `json:"transferMethods"`
	}] `json:"authenticationFlows"`
	Devices json.RawMessage `json:"devices"`
}

// namedConditions are the members of conditions that documentConditions reads.
var namedConditions = []string{
	"users", "applications", "clientapptypes", "signinrisklevels", "userrisklevels", "insiderrisklevels", "locations", "platforms",
	"authenticationflows", "devices",
}

type documentUsers struct {
	Include       idSet                         `json:"includeUsers"`
	Exclude       idSet                         `json:"excludeUsers"`
	IncludeGroups idSet                         `json:"includeGroups"`
	ExcludeGroups idSet                         `json:"excludeGroups"`
	IncludeRoles  idSet                         `json:"includeRoles"`
	ExcludeRoles  idSet                         `json:"excludeRoles"`
	IncludeGuests lenientObject[documentGuests] `json:"includeGuestsOrExternalUsers"`
	ExcludeGuests lenientObject[documentGuests] `json:"excludeGuestsOrExternalUsers"`
}

type documentGuests struct {
	Types idSet `json:"guestOrExternalUserTypes"`
}

type documentApps struct {
	Include  idSet           `json:"includeApplications"`
	Exclude  idSet           `json:"excludeApplications"`
	Actions  idSet           `json:"includeUserActions"`
	Contexts idSet           `json:"includeAuthenticationContextClassReferences"`
	Filter   json.RawMessage `json:"applicationFilter"`
}

type documentGrant struct {
	Operator   lenientText `json:"operator"`
	BuiltIn    idSet       `json:"builtInControls"`
	Custom     idSet       `json:"customAuthenticationFactors"`
	TermsOfUse idSet       `json:"termsOfUse"`
	Strength   lenientObject[struct {
		ID   lenientText `json:"id"`
		Name lenientText `json:"displayName"`
	}] `json:"authenticationStrength"`
}

type documentSession struct {
	SignInFrequency lenientObject[wireFrequency] `json:"signInFrequency"`
	Secure          lenientObject[struct {
		IsEnabled lenientBool `json:"isEnabled"`
	}] `json:"secureSignInSession"`
}

// readDocument reads a value of an audit's property; nil when it is no policy.
func readDocument(value json.RawMessage) *document {
	raw := inner(value)
	if len(raw) == 0 || raw[0] != '{' {
		return nil
	}
	var d document
	if json.Unmarshal(raw, &d) != nil {
		return nil
	}
	if len(d.RawConditions) > 0 {
		_ = json.Unmarshal(d.RawConditions, &d.conditions) // what is no object is as good as absent
		_ = json.Unmarshal(d.RawConditions, &d.others)
	}
	maps.DeleteFunc(d.others, func(name string, _ any) bool { return slices.Contains(namedConditions, strings.ToLower(name)) })
	return &d
}

// mayBeOn reports whether the policy can refuse: it is on, or in a state that we do not know.
func (d *document) mayBeOn() bool {
	state := d.State.id()
	return state != "disabled" && state != reportOnly
}

const reportOnly = "enabledforreportingbutnotenforced"

// idSet is a list of ids or names, without regard to letter case and order; a text is such a list with commas.
type idSet map[string]bool

// UnmarshalJSON implements json.Unmarshaler.
func (s *idSet) UnmarshalJSON(raw []byte) error {
	*s = idSet{}
	text := unquote(raw)
	if len(text) > 0 && text[0] == '[' {
		var items []lenientText
		if json.Unmarshal(text, &items) == nil {
			for _, item := range items {
				s.add(item)
			}
		}
		return nil
	}
	if raw[0] == '"' {
		for item := range strings.SplitSeq(string(text), ",") {
			s.add(lenientText(item))
		}
	}
	return nil
}

// add leaves out "None", which stands for nothing.
func (s idSet) add(item lenientText) {
	if id := item.id(); id != "" && id != "none" {
		s[id] = true
	}
}

// without lists what is in s and not in other, sorted.
func (s idSet) without(other idSet) []string {
	var out []string
	for id := range s {
		if !other[id] {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}
