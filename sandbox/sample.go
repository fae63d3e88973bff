package sandbox

// helpdeskGroup is the group whose members may ask about everybody.
const helpdeskGroup = "IT Helpdesk"

// samplePeople are the people of the sample tenant. Each story has somebody of its own; two more work at the helpdesk,
// and one is a guest.
func samplePeople() []Person {
	return []Person{
		samplePerson("david.okafor", "David Okafor", "en-GB", "Europe/London", "GB", "London"),
		samplePerson("emi.tanaka", "Emi Tanaka", "en-GB", "Asia/Tokyo", "JP", "Tokyo"),
		samplePerson("carla.neumann", "Carla Neumann", "en-GB", "Europe/Berlin", "DE", "Berlin"),
		samplePerson("farah.aziz", "Farah Aziz", "en-US", "America/New_York", "US", "New York"),
		samplePerson("grace.kim", "Grace Kim", "en-US", "America/Los_Angeles", "US", "Seattle"),
		samplePerson("hana.wijaya", "Hana Wijaya", "id-ID", "Asia/Jakarta", "ID", "Bandung"),
		samplePerson("ayu.lestari", "Ayu Lestari", "id-ID", "Asia/Jakarta", "ID", "Jakarta"),
		samplePerson("ivo.brandt", "Ivo Brandt", "en-GB", "Europe/Berlin", "DE", "Hamburg"),
		samplePerson("jonas.weber", "Jonas Weber", "en-GB", "Europe/Zurich", "CH", "Zurich"),
		samplePerson("kofi.mensah", "Kofi Mensah", "en-GB", "Africa/Accra", "GH", "Accra"),
		samplePerson("laila.haddad", "Laila Haddad", "en-US", "America/Chicago", "US", "Chicago"),
		samplePerson("mira.olsen", "Mira Olsen", "en-GB", "Europe/Oslo", "NO", "Oslo"),
		samplePerson("noah.clark", "Noah Clark", "en-US", "America/Chicago", "US", "Chicago"),
		{
			ID: guidFor("person", "ana.souza@fabrikam.com"), UPN: "ana.souza_fabrikam.com#EXT#@" + sampleOnMicrosoft,
			Name: "Ana Souza (Fabrikam)", Mail: "Ana.Souza@fabrikam.com", Guest: true,
			Locale: "pt-BR", Timezone: "America/Sao_Paulo", Country: "BR", City: "Recife",
		},
	}
}

func samplePerson(local, name, locale, timezone, country, city string) Person {
	upn := local + "@" + sampleDomain
	return Person{
		ID: guidFor("person", upn), UPN: upn, Name: name, Mail: upn,
		Locale: locale, Timezone: timezone, Country: country, City: city,
	}
}

// sample returns one of samplePeople by the part of the UPN before the @.
func sample(local string) Person {
	for _, p := range samplePeople() {
		if p.UPN == local+"@"+sampleDomain {
			return p
		}
	}
	panic("sandbox: there is no sample person " + local)
}

// sampleGroups are the helpdesk, of which one member belongs through a group within, and a group of its own.
func sampleGroups() []Group {
	first := Group{ID: guidFor("group", "Helpdesk first line"), Name: "Helpdesk first line", Members: []string{sample("noah.clark").ID}}
	return []Group{
		{ID: guidFor("group", helpdeskGroup), Name: helpdeskGroup, Members: []string{sample("mira.olsen").ID, first.ID}},
		first,
		{ID: guidFor("group", "Sales"), Name: "Sales", Members: []string{sample("grace.kim").ID}},
	}
}

// HelpdeskGroupID is the object id of the group whose members may ask about everybody.
func (t *Tenant) HelpdeskGroupID() string { return guidFor("group", helpdeskGroup) }

// Helpdesk returns the two people of the helpdesk.
func (t *Tenant) Helpdesk() []Person {
	return []Person{t.MustPerson("mira.olsen@" + sampleDomain), t.MustPerson("noah.clark@" + sampleDomain)}
}

// The sample policies by name.
const (
	policyCompliant = "CA01 Compliant device for Intune and Office"
	policyCountry   = "CA02 Block sign-ins from outside our countries"
	policyMFA       = "CA03 MFA for admin portals"
	policyFrequency = "CA04 Admin portals: sign in again every 4 hours"
	policyLegacy    = "CA05 Block legacy authentication (report-only)"
	policyStrength  = "CA06 Phishing-resistant methods for administrators"
	policyBinding   = "CA07 Token protection for Office"
	policyRisk      = "CA08 Remediate risky users"
)

// Microsoft's own apps, by id.
// Source: https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
const (
	appAzurePortal      = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c"
	appAzureManagement  = "797f4846-ba00-4fd7-ba43-dac1f8f63013"
	appGraph            = "00000003-0000-0000-c000-000000000000"
	appIntuneAPI        = "c161e42e-d4df-4a3d-9b42-e7a3c31f59d4"
	appIntuneEnrollment = "d4ebce55-015a-49b5-a083-c84d1797ae8c"
	appCompanyPortal    = "9ba1a5c7-f17a-4de9-a1f1-6178c8d51223"
	appDesktopAnalytics = "3cf6df92-2745-4f6f-bbcf-19b59bcdb62a"
	appConfigMgrService = "557c67cf-c916-4293-8373-d584996f60ae"
	appLogAnalytics     = "ca7f3f0b-7d91-482c-8e09-c5d840d0eac5"
	appTeams            = "1fec8e78-bce4-4aaf-ab1b-5451cc387264"
	adminPortals        = "MicrosoftAdminPortals"
)

// roleGlobalAdministrator is a role that nobody of the sample tenant has.
// Source: https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference#global-administrator
const roleGlobalAdministrator = "62e90394-69f5-4237-9190-012177145e10"

func samplePolicies() []Policy {
	grant := func(controls ...string) map[string]any { return map[string]any{"builtInControls": controls} }
	policies := []Policy{
		{Name: policyCompliant, State: "enabled", Apps: []string{appIntuneEnrollment, "Office365"}, Grant: grant("compliantDevice")},
		{Name: policyCountry, State: "enabled", Grant: grant("block"), Extra: map[string]any{
			"locations": map[string]any{"includeLocations": []string{"All"}, "excludeLocations": []string{guidFor("location", "our countries")}},
		}},
		{Name: policyMFA, State: "enabled", Apps: []string{adminPortals}, Grant: grant("mfa")},
		{Name: policyFrequency, State: "enabled", Apps: []string{adminPortals, appAzureManagement}, Session: map[string]any{
			"signInFrequency": map[string]any{
				"isEnabled": true, "type": "hours", "value": 4, "frequencyInterval": "timeBased",
				"authenticationType": "primaryAndSecondaryAuthentication",
			},
			"applicationEnforcedRestrictions": nil, "cloudAppSecurity": nil, "persistentBrowser": nil, "disableResilienceDefaults": nil,
		}},
		{
			Name: policyLegacy, State: "enabledForReportingButNotEnforced", Grant: grant("block"),
			Extra: map[string]any{"clientAppTypes": []string{"exchangeActiveSync", "other"}},
		},
		{Name: policyStrength, State: "enabled", Grant: map[string]any{"authenticationStrength": map[string]any{
			"id": "00000000-0000-0000-0000-000000000004", "displayName": "Phishing-resistant MFA", "policyType": "builtIn",
			"requirementsSatisfied": "mfa", "allowedCombinations": []string{"windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"},
		}}, Extra: map[string]any{"users": map[string]any{"includeUsers": []string{}, "includeRoles": []string{roleGlobalAdministrator}}}},
		{Name: policyBinding, State: "enabled", Apps: []string{"Office365"}, Session: map[string]any{
			"secureSignInSession": map[string]any{"isEnabled": true}, "signInFrequency": nil,
		}},
		{Name: policyRisk, State: "enabled", Grant: map[string]any{"operator": "AND", "builtInControls": []string{"riskRemediation"}}, Extra: map[string]any{
			"userRiskLevels": []string{"high"},
		}},
	}
	for i := range policies {
		policies[i].ID = guidFor("policy", policies[i].Name)
	}
	return policies
}
