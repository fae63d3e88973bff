package diagnosis

import (
	"cmp"
	"slices"
	"strings"
)

// Scenario is a sign-in as Microsoft's What If tool is asked about it. Values are those of Graph; an empty text or nil means
// that the row did not say.
// Source: https://learn.microsoft.com/graph/api/resources/signinconditions
type Scenario struct {
	UserID         string   // object id
	Apps           []string // app ids: the resource first, which is what Conditional Access guards, then the app itself
	Platform       string   // android, iOS, windows, windowsPhone, macOS, linux
	ClientApp      string   // browser, mobileAppsAndDesktopClients, exchangeActiveSync, other
	IPAddress      string
	Country        string // two letters
	SignInRisk     string // none, low, medium, high
	TransferMethod string // deviceCodeFlow, authenticationTransfer
	DeviceID       string
	DeviceName     string
	Compliant      *bool
	HybridJoined   *bool
	TrustType      string // AzureAD, ServerAD (hybrid joined), Workplace (registered)
}

// Scenario is the deciding sign-in as What If is asked whether it would be refused now. ok is false when Conditional Access is
// not what refused, when the sign-in worked since, when a session ran out (a new sign-in is the answer to that), and when the
// row does not say who signed in to what.
func (f *Finding) Scenario() (s Scenario, ok bool) {
	row := f.SignIn
	if row == nil || f.Solved != nil || f.Session != nil || beforePolicies(f.Main()) || len(f.Refusals) == 0 && !byConditionalAccess(row) {
		return s, false
	}
	switch strings.ToLower(row.CrossTenantAccessType) {
	case "", "none", "b2bcollaboration":
	default:
		return s, false // the account is not in this tenant's directory
	}
	s = Scenario{
		UserID: row.UserID, Apps: appIDs(row), Platform: platform(row.Device.OperatingSystem), ClientApp: clientAppType(row.ClientApp),
		IPAddress: row.IPAddress, DeviceID: row.Device.ID, DeviceName: row.Device.Name,
		Compliant: row.Device.Compliant, HybridJoined: row.Device.hybridJoined(), TrustType: trustType(row.Device.TrustType),
	}
	if len(row.Location.Country) == 2 {
		s.Country = strings.ToUpper(row.Location.Country)
	}
	if risk := strings.ToLower(row.RiskLevel); slices.Contains([]string{"none", "low", "medium", "high"}, risk) {
		s.SignInRisk = risk
	}
	if byTransfer(row) {
		s.TransferMethod = cmp.Or(row.OriginalTransferMethod, "deviceCodeFlow") // v1.0 does not say; the code does
	}
	if s.DeviceID == "" { // a device that does not show itself is neither
		no := false
		s.Compliant, s.HybridJoined = orElse(s.Compliant, &no), orElse(s.HybridJoined, &no)
	}
	return s, s.UserID != "" && s.UserID != emptyID && len(s.Apps) > 0
}

// enrolling reports whether the sign-in is to the app that makes devices compliant.
func (s *Scenario) enrolling() bool { return slices.Contains(s.Apps, intuneEnrolment) }

func appIDs(row *SignIn) []string {
	var ids []string
	for _, id := range []string{strings.ToLower(row.ResourceID), strings.ToLower(row.AppID)} {
		if id != "" && id != emptyID && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// platform reads the log's names of systems, such as "Windows10" and "MacOs".
func platform(system string) string {
	system = strings.ReplaceAll(strings.ToLower(system), " ", "")
	for _, known := range []struct{ start, platform string }{
		{"windowsphone", "windowsPhone"},
		{"windows", "windows"},
		{"android", "android"},
		{"mac", "macOS"},
		{"linux", "linux"},
		{"ios", "iOS"},
		{"iphone", "iOS"},
		{"ipad", "iOS"},
	} {
		if strings.HasPrefix(system, known.start) {
			return known.platform
		}
	}
	return ""
}

// clientAppType reads clientAppUsed. What it names besides these is legacy authentication.
// Source: https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-conditions#client-apps
func clientAppType(used string) string {
	switch strings.ToLower(strings.ReplaceAll(used, " ", "")) {
	case "", "unknown":
		return ""
	case "browser":
		return "browser"
	case "mobileappsanddesktopclients":
		return clientModern
	case "exchangeactivesync":
		return "exchangeActiveSync"
	default:
		return "other"
	}
}

const clientModern = "mobileAppsAndDesktopClients"

// trustType reads the log's trust types in the terms of filters for devices.
// Source: https://learn.microsoft.com/entra/identity/conditional-access/concept-condition-filters-for-devices
func trustType(shown string) string {
	shown = strings.ToLower(shown)
	switch {
	case strings.Contains(shown, "hybrid"):
		return trustHybrid
	case strings.Contains(shown, "registered"):
		return "Workplace"
	case strings.Contains(shown, "joined"):
		return "AzureAD"
	default:
		return ""
	}
}

const trustHybrid = "ServerAD"

func orElse[T any](value, otherwise *T) *T {
	if value != nil {
		return value
	}
	return otherwise
}
