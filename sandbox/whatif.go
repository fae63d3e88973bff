package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

// whatIfQuestion is the body of an evaluation, as far as a user who signs in to applications goes.
// Source: https://learn.microsoft.com/graph/api/conditionalaccessroot-evaluate
type whatIfQuestion struct {
	Identity *struct {
		Type   string `json:"@odata.type"`
		UserID string `json:"userId"`
	} `json:"signInIdentity"`
	Context *struct {
		Type         string   `json:"@odata.type"`
		Applications []string `json:"includeApplications"`
	} `json:"signInContext"`
	Conditions *whatIfConditions `json:"signInConditions"`
	OnlyApply  bool              `json:"appliedPoliciesOnly"`
}

// whatIfConditions are those that policies of the sandbox look at, and those that every caller may name.
// Source: https://learn.microsoft.com/graph/api/resources/signinconditions
type whatIfConditions struct {
	Type        string `json:"@odata.type"`
	Platform    string `json:"devicePlatform"`
	ClientApp   string `json:"clientAppType"`
	SignInRisk  string `json:"signInRiskLevel"`
	UserRisk    string `json:"userRiskLevel"`
	InsiderRisk string `json:"insiderRiskLevel"`
	Country     string `json:"country"`
	IPAddress   string `json:"ipAddress"`
	Flow        struct {
		Type   string `json:"@odata.type"`
		Method string `json:"transferMethod"`
	} `json:"authenticationFlow"`
	Device map[string]any `json:"deviceInfo"`
}

// serveWhatIf is POST /identity/conditionalAccess/evaluate: which of the policies that are not switched off would apply.
func (s *Sandbox) serveWhatIf(w http.ResponseWriter, g *graphRequest) {
	if s.refusePolicies(w) || s.refuseOptions(w, g) {
		return
	}
	q, err := readWhatIf(g.Body)
	if err != nil {
		s.graphError(w, http.StatusBadRequest, "BadRequest", err.Error())
		return
	}
	if _, found := s.tenant.Person(q.Identity.UserID); !found {
		s.notInDirectory(w, q.Identity.UserID)
		return
	}
	values := []any{}
	for _, p := range s.tenant.Policies() {
		if p.State == "disabled" {
			continue
		}
		object := p.object(g.wantsUnknownMembers())
		reason := q.reason(object["conditions"].(map[string]any))
		object["policyApplies"], object["analysisReasons"] = reason == applies, reason
		if reason == applies || !q.OnlyApply {
			values = append(values, object)
		}
	}
	writeJSON(w, http.StatusOK, map[string]any{"@odata.context": g.context("Collection(microsoft.graph.whatIfAnalysisResult)"), "value": values})
}

// whatIfMembers are the members of the enums.
var whatIfMembers = map[string][]string{
	"devicePlatform":  {"", "android", "iOS", "windows", "windowsPhone", "macOS", "linux", "all"},
	"clientAppType":   {"", "all", "browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "easSupported", "other"},
	"signInRiskLevel": {"", "none", "low", "medium", "high", "hidden"},
	"userRiskLevel":   {"", "none", "low", "medium", "high", "hidden"},
	"transferMethod":  {"", "none", "deviceCodeFlow", "authenticationTransfer"},
}

func readWhatIf(body io.Reader) (*whatIfQuestion, error) {
	var q whatIfQuestion
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields() // as Graph, which knows no property that is not of the type
	if err := decoder.Decode(&q); err != nil {
		return nil, fmt.Errorf("unable to read JSON request payload: %w", err)
	}
	switch {
	case q.Identity == nil || q.Context == nil || q.Conditions == nil:
		return nil, errors.New("signInIdentity, signInContext and signInConditions are required")
	case q.Identity.Type != "#microsoft.graph.userSignIn":
		return nil, errors.New("signInIdentity needs an @odata.type; the sandbox has sign-ins of users only")
	case q.Context.Type != "#microsoft.graph.applicationContext":
		return nil, errors.New("signInContext needs an @odata.type; the sandbox has sign-ins to applications only")
	case !isGUID(q.Identity.UserID):
		return nil, errors.New("userId is not an object id")
	case len(q.Context.Applications) == 0:
		return nil, errors.New("includeApplications is empty")
	}
	for name, value := range map[string]string{
		"devicePlatform": q.Conditions.Platform, "clientAppType": q.Conditions.ClientApp, "transferMethod": q.Conditions.Flow.Method,
		"signInRiskLevel": q.Conditions.SignInRisk, "userRiskLevel": q.Conditions.UserRisk,
	} {
		if !slices.Contains(whatIfMembers[name], value) {
			return nil, fmt.Errorf("requested value %q was not found in %s", value, name)
		}
	}
	return &q, nil
}

// applies is the reason of a policy that applies.
const applies = "notSet"

// reason is the first of a policy's conditions that the sign-in does not meet. What is not given counts as none, and meets no
// condition. A condition that the sandbox does not know is not met either.
// Source: https://learn.microsoft.com/graph/api/resources/whatifanalysisresult
func (q *whatIfQuestion) reason(conditions map[string]any) string {
	within := func(object, list string) []string {
		o, _ := conditions[object].(map[string]any)
		texts, _ := o[list].([]string)
		return texts
	}
	texts := func(list string) []string { all, _ := conditions[list].([]string); return all }
	risky := func(levels []string, level string) bool { return len(levels) == 0 || slices.Contains(levels, level) }
	c := q.Conditions
	switch places, flows := within("locations", "includeLocations"), within("authenticationFlows", "transferMethods"); {
	case !includes(within("users", "includeUsers"), q.Identity.UserID), includes(within("users", "excludeUsers"), q.Identity.UserID):
		return "users" // nobody of the sandbox has a role
	case !q.to(within("applications", "includeApplications")), q.to(within("applications", "excludeApplications")):
		return "application"
	case !includes(texts("clientAppTypes"), c.ClientApp):
		return "clientApps"
	case len(places) > 0 && (!c.in(places) || c.in(within("locations", "excludeLocations"))):
		return "location"
	case !risky(texts("signInRiskLevels"), c.SignInRisk):
		return "signInRisk"
	case !risky(texts("userRiskLevels"), c.UserRisk):
		return "userRisk"
	case len(flows) > 0 && !slices.Contains(flows, c.Flow.Method):
		return "authenticationFlow"
	case conditions["platforms"] != nil || conditions["devices"] != nil:
		return "notEnoughInformation"
	default:
		return applies
	}
}

func includes(list []string, value string) bool {
	return slices.ContainsFunc(list, func(item string) bool {
		return strings.EqualFold(item, "All") || value != "" && strings.EqualFold(item, value)
	})
}

// appGroups are the groups of apps that policies name, with the sandbox's apps among their members.
// Source: https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-cloud-apps
var appGroups = map[string][]string{"Office365": {appTeams}, adminPortals: {appAzurePortal}}

// to reports whether one of the applications is in a policy's list, by itself or in a group.
func (q *whatIfQuestion) to(list []string) bool {
	return slices.ContainsFunc(q.Context.Applications, func(app string) bool {
		return includes(list, app) || slices.ContainsFunc(list, func(group string) bool { return includes(appGroups[group], app) })
	})
}

// namedLocations are the countries of the sample tenant's named locations.
var namedLocations = map[string][]string{
	guidFor("location", "our countries"): {"CH", "DE", "GB", "ID", "JP", "NO", "US"},
}

func (c *whatIfConditions) in(places []string) bool {
	return includes(places, "") || slices.ContainsFunc(places, func(id string) bool { return includes(namedLocations[id], c.Country) })
}
