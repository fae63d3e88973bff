package sandbox

import "time"

// How long before the start the decisive sign-in of a story was.
const (
	agoToken     = 12 * time.Minute
	agoFrequency = 35 * time.Minute
	agoPolicy    = 22 * time.Minute
	agoLocation  = 50 * time.Minute
	agoMFA       = 18 * time.Minute
	agoPassword  = 40 * time.Minute
	agoRetired   = 28 * time.Minute
	agoSuccess   = 33 * time.Minute
	agoDenied    = 15 * time.Minute
	agoRevoked   = 25 * time.Minute
)

// rows collects the sign-ins of one person.
type rows struct {
	now  time.Time
	by   Person
	list []SignIn
}

func (r *rows) add(ago time.Duration, row SignIn) {
	row.UserID = r.by.ID
	row.CreatedDateTime = r.now.Add(-ago).Truncate(time.Second).Add(615483300 * time.Nanosecond)
	row.ID = guidFor("row", r.by.UPN, ago.String())
	r.list = append(r.list, row)
}

// succeeded adds a sign-in that worked.
func (r *rows) succeeded(ago time.Duration, app, resource appName, kinds ...string) {
	row := SignIn{EventTypes: kinds, AppID: app.id, App: app.name, ResourceID: resource.id, Resource: resource.name}
	row.ConditionalAccessStatus, row.Policies = "success", []AppliedPolicy{applied(policyMFA, "notApplied"), applied(policyLegacy, "reportOnlyNotApplied")}
	if len(kinds) > 0 && kinds[0] == NonInteractive {
		row.IncomingTokenType = "refreshToken"
	}
	r.add(ago, row)
}

type appName struct{ id, name string }

var (
	azurePortal      = appName{appAzurePortal, "Azure Portal"}
	azureManagement  = appName{appAzureManagement, "Windows Azure Service Management API"}
	microsoftGraph   = appName{appGraph, "Microsoft Graph"}
	intuneAPI        = appName{appIntuneAPI, "Microsoft Intune API"}
	intuneEnrollment = appName{appIntuneEnrollment, "Microsoft Intune Enrollment"}
	companyPortal    = appName{appCompanyPortal, "Microsoft Intune Company Portal"}
	teamsApp         = appName{appTeams, "Microsoft Teams"}
)

// failed starts a row with an error.
func failed(code int, reason string, app, resource appName) SignIn {
	return SignIn{
		ErrorCode: code, FailureReason: reason,
		AppID: app.id, App: app.name, ResourceID: resource.id, Resource: resource.name,
	}
}

// applied is a sample policy as a row shows it, with the controls that it enforces.
func applied(policy, result string) AppliedPolicy {
	p := AppliedPolicy{ID: guidFor("policy", policy), Name: policy, Result: result, Satisfied: "application,users", NotSatisfied: "none"}
	switch policy {
	case policyCompliant:
		p.GrantControls = []string{"RequireCompliantDevice"}
	case policyCountry:
		p.GrantControls, p.Satisfied = []string{"Block"}, "application,users,location"
	case policyMFA:
		p.GrantControls = []string{"Mfa"}
	case policyFrequency:
		p.SessionControls = []string{"SignInFrequency"}
	case policyLegacy:
		p.GrantControls, p.Satisfied = []string{"Block"}, "application,users,clientType"
	case policyStrength:
		p.Strength = "Phishing-resistant MFA" // the list of controls stays empty
	case policyBinding:
		p.SessionControls = []string{"SignInTokenProtection"}
	case policyRisk:
		p.GrantControls = []string{"RiskRemediation"}
	}
	if result == "notApplied" || result == "reportOnlyNotApplied" || result == "notEnabled" {
		p.Satisfied, p.NotSatisfied = "none", "application"
	}
	return p
}

// storySignIns is the sample tenant's log.
func storySignIns(now time.Time) []SignIn {
	var all []SignIn
	tell := func(local string, story func(r *rows)) {
		r := rows{now: now, by: sample(local)}
		story(&r)
		all = append(all, r.list...)
	}
	tell("david.okafor", tokenExpired)
	tell("emi.tanaka", signInFrequency)
	tell("carla.neumann", blockedByPolicy)
	tell("farah.aziz", blockedByLocation)
	tell("grace.kim", mfaNotCompleted)
	tell("hana.wijaya", passwordExpired)
	tell("ayu.lestari", appRetired)
	tell("jonas.weber", noFailure)
	tell("laila.haddad", permissionMissing)
	tell("kofi.mensah", sessionEnded)
	return all
}
