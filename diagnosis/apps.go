package diagnosis

import "strings"

// relation says how much an app or resource has to do with the product that is being onboarded.
type relation int

const (
	unrelated relation = iota // somebody else's app: mail, files, a shop
	nearby                    // a portal or a broker through which onboarding runs, or another product of the same family
	ofProduct                 // the product itself
)

// relate judges a row against a product. Without a product every row is equally near.
//
// A row names the client (appId) and the API (resourceId); a wizard in a portal shows the portal as client and the
// product as resource, so either may match.
func relate(s *SignIn, p Product) relation {
	if p == "" {
		return nearby
	}
	if isApp(productApps[p], s.AppID, s.App) || isApp(productApps[p], s.ResourceID, s.Resource) {
		return ofProduct
	}
	if isApp(portals, s.AppID, s.App) || isApp(portals, s.ResourceID, s.Resource) {
		return nearby
	}
	for _, apps := range productApps {
		if isApp(apps, s.AppID, s.App) || isApp(apps, s.ResourceID, s.Resource) {
			return nearby
		}
	}
	return unrelated
}

// AtKnownApp reports whether the row's app is one of Microsoft's own, by its id. Its name then tells nothing of the tenant.
func (s *SignIn) AtKnownApp() bool {
	if isApp(apps{ids: portals.ids}, s.AppID, "") {
		return true
	}
	for _, a := range productApps {
		if isApp(apps{ids: a.ids}, s.AppID, "") {
			return true
		}
	}
	return false
}

// apps recognises Microsoft's apps by id, and by a part of their name for those whose id is the tenant's own.
type apps struct {
	ids   []string
	names []string // lower case
}

func isApp(a apps, id, name string) bool {
	for _, want := range a.ids {
		if strings.EqualFold(id, want) {
			return true
		}
	}
	name = strings.ToLower(name)
	for _, part := range a.names {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

// companyPortal is the app in which people see what their device lacks, and mend it.
const companyPortal = "9ba1a5c7-f17a-4de9-a1f1-6178c8d51223"

// intuneEnrolment is Microsoft Intune Enrollment, the app that makes a device compliant in the first place.
const intuneEnrolment = "d4ebce55-015a-49b5-a083-c84d1797ae8c"

// The ids are Microsoft's own:
// https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
var productApps = map[Product]apps{
	Intune: {
		ids: []string{
			intuneEnrolment,
			"0000000a-0000-0000-c000-000000000000", // Microsoft Intune
			"c161e42e-d4df-4a3d-9b42-e7a3c31f59d4", // Microsoft Intune API
			"26a4ae64-5862-427f-a9b0-044e62572a4f", // Microsoft Intune Checkin
			companyPortal,
			"74bcdadc-2fdc-4bb3-8459-76d06952a0e9", // Microsoft Intune Web Company Portal
			"9cb77803-d937-493e-9a3b-4b49de3f5a74", // Microsoft Intune Service Discovery
			"b8066b99-6e67-41be-abfa-75db1a2c8809", // Microsoft Intune IW Service
			"14452459-6fa6-4ec0-bc50-1528a1a06bf0", // Intune CMDeviceService
			"fc0f3af4-6835-4174-b806-f7db311fd2f3", // Microsoft Intune Windows Agent
			"709110f7-976e-4284-8851-b537e9bcb187", // Microsoft Device Management Enrollment
			"ca0a114d-6fbc-46b3-90fa-2ec954794ddb", // Microsoft Device Management Checkin
			"8ae6a0b1-a07f-4ec9-927a-afb8d39da81c", // Microsoft Device Management EMM API
			"de50c81f-5f80-4771-b66b-cebd28ccdfc1", // Device Management Client
			"01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9", // Device Registration Service
			"8f41dc7c-542c-4bdd-8eb3-e60543f607ca", // Microsoft Device Directory Service
			"cbfda01c-c883-45aa-aedc-e7a484615620", // Microsoft Windows AutoPilot Service API
		},
		names: []string{"intune", "company portal", "device management", "device registration"},
	},
	Autopatch: {
		ids: []string{
			"c9d36ed4-91b3-4c87-b8d7-68d92826c96c", // Modern Workplace Customer APIs
			"61ae9cd9-7bca-458c-affc-861e2f24ba3b", // Windows Update for Business Deployment Service
			"7bf960f6-2cd9-443a-8046-5dbff9558365", // the same, as documented elsewhere
			"c161e42e-d4df-4a3d-9b42-e7a3c31f59d4", // Microsoft Intune API, behind the Intune admin center
		},
		names: []string{"autopatch", "modern workplace", "windows update for business"},
	},
	EndpointAnalytics: {
		ids: []string{
			"c161e42e-d4df-4a3d-9b42-e7a3c31f59d4", // Microsoft Intune API, behind the Intune admin center
			"0000000a-0000-0000-c000-000000000000", // Microsoft Intune
		},
		names: []string{"endpoint analytics"},
	},
	TenantAttach: {
		ids: []string{
			"557c67cf-c916-4293-8373-d584996f60ae", // Configuration Manager Microservice
			"63e61dc2-f593-4a6f-92b9-92e4d2c03d4f", // Microsoft Intune SCCM Connector
		},
		names: []string{"configuration manager", "configmgr", "sccm", "cmgserverapp", "cmgclientapp", "tenant attach"},
	},
	WUfBReports: {
		ids: []string{
			"ca7f3f0b-7d91-482c-8e09-c5d840d0eac5", // Log Analytics API
			"61ae9cd9-7bca-458c-affc-861e2f24ba3b", // Windows Update for Business Deployment Service
			"7bf960f6-2cd9-443a-8046-5dbff9558365", // the same, as documented elsewhere
			"d5097d05-956f-4ae2-b6a2-eff25f5689b3", // Windows Update for Business Cloud Extensions PowerShell
		},
		names: []string{"windows update for business", "log analytics"},
	},
	DesktopAnalytics: {
		ids: []string{
			"3cf6df92-2745-4f6f-bbcf-19b59bcdb62a", // Desktop Analytics, until June 2020 Office 365 Client Admin
			"557c67cf-c916-4293-8373-d584996f60ae", // Configuration Manager Microservice
			"ca7f3f0b-7d91-482c-8e09-c5d840d0eac5", // Log Analytics API
		},
		names: []string{"desktop analytics", "office 365 client admin", "maloganalyticsreader", "configuration manager microservice", "configmgr"},
	},
}

// portals are the clients through which any product is onboarded.
var portals = apps{
	ids: []string{
		"c44b4083-3bb0-49c1-b47d-974e53cbdf3c", // Azure Portal
		"74658136-14ec-4630-ad9b-26e160ff0fc6", // ADIbizaUX, the Entra blades
		"618dd325-23f6-4b6f-8380-4df78026e39b", // Microsoft 365 Admin portal
		"00000006-0000-0ff1-ce00-000000000000", // Microsoft Office 365 Portal
		"4765445b-32c6-49b0-83e6-1d93765276ca", // OfficeHome
		"14d82eec-204b-4c2f-b7e8-296a70dab67e", // Microsoft Graph Command Line Tools
		"04b07795-8ddb-461a-bbee-02f9e1bf7b46", // Azure CLI
		"1950a258-227b-4e31-a9cf-717495945fc2", // Azure PowerShell
		"29d9ed98-a469-4536-ade2-f981bc1d605e", // Microsoft Authentication Broker
		"2793995e-0a7d-40d7-bd35-6968ba142197", // My Apps
		"0000000c-0000-0000-c000-000000000000", // App Access Panel
		"19db86c3-b2b9-44cc-b339-36da233a3be2", // My Signins
		"797f4846-ba00-4fd7-ba43-dac1f8f63013", // Windows Azure Service Management API
		"00000002-0000-0000-c000-000000000000", // Windows Azure Active Directory
		"00000003-0000-0000-c000-000000000000", // Microsoft Graph
	},
	names: []string{"azure portal", "windows sign in", "microsoft 365 admin", "acom azure website"},
}
