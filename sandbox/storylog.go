package sandbox

import "time"

// tokenExpired is a portal tab that was left open: its refresh token, good for 24 hours because it belongs to a page
// in a browser, ran out in the background. The person did nothing, so only non-interactive rows show it.
func tokenExpired(r *rows) {
	r.succeeded(26*time.Hour, azurePortal, intuneAPI)
	r.succeeded(20*time.Hour, azurePortal, intuneAPI, NonInteractive)
	r.succeeded(11*time.Hour, azurePortal, microsoftGraph, NonInteractive)
	r.succeeded(3*time.Hour, teamsApp, microsoftGraph, NonInteractive)
	for _, ago := range []time.Duration{agoToken + time.Minute, agoToken} {
		row := failed(700084, "The refresh token of the single-page app has reached its fixed lifetime of one day; a new sign-in is needed.", azurePortal, intuneAPI)
		row.EventTypes, row.IncomingTokenType = []string{NonInteractive}, "refreshToken"
		r.add(ago, row)
	}
}

// signInFrequency is a session that a policy ended after four hours.
func signInFrequency(r *rows) {
	r.succeeded(5*time.Hour, azurePortal, azureManagement)
	r.succeeded(2*time.Hour, azurePortal, intuneAPI, NonInteractive)
	row := failed(70043, "Sign-in frequency set by Conditional Access has ended the session.", azurePortal, azureManagement)
	row.EventTypes, row.IncomingTokenType = []string{NonInteractive}, "refreshToken"
	row.ConditionalAccessStatus = "failure"
	row.Policies = []AppliedPolicy{applied(policyFrequency, "failure"), applied(policyMFA, "success"), applied(policyCompliant, "notApplied")}
	row.SessionLifetimePolicies = []Requirement{{"signInFrequencyPeriodicReauthentication", "Sign-in frequency periodic reauthentication"}}
	r.add(agoFrequency, row)
}

// blockedByPolicy is the classic mistake: a compliant device is wanted for the app that makes a device compliant.
func blockedByPolicy(r *rows) {
	no := false
	r.succeeded(6*time.Hour, teamsApp, microsoftGraph)
	row := failed(53000, "Conditional Access wants a compliant device, and this one is not compliant.", intuneEnrollment, intuneEnrollment)
	row.ClientAppUsed = "Mobile Apps and Desktop clients"
	row.CorrelationID = storyCorrelation("AADSTS53000")
	row.Device = Device{OperatingSystem: "Windows10", Browser: "Edge 142.0.0", Compliant: &no, Managed: &no}
	row.ConditionalAccessStatus = "failure"
	row.Policies = []AppliedPolicy{
		applied(policyCompliant, "failure"), applied(policyMFA, "notApplied"),
		applied(policyLegacy, "reportOnlyNotApplied"), applied(policyBinding, "notApplied"),
	}
	r.add(agoPolicy, row)
	r.list[len(r.list)-1].ID = storyRequest("AADSTS53000")
}

// blockedByLocation is a sign-in from a country that the tenant's policy does not list.
func blockedByLocation(r *rows) {
	r.succeeded(30*time.Hour, azurePortal, intuneAPI)
	row := failed(53003, "A Conditional Access policy does not allow a token to be issued.", azurePortal, intuneAPI)
	row.City, row.Country, row.IPAddress = "Recife", "BR", "203.0.113.77"
	row.ConditionalAccessStatus = "failure"
	row.Policies = []AppliedPolicy{applied(policyCountry, "failure"), applied(policyMFA, "success"), applied(policyLegacy, "reportOnlyNotApplied")}
	r.add(agoLocation+4*time.Minute, row)
	r.add(agoLocation, row)
}

// mfaNotCompleted is a second factor that was asked for twice and never given, after the usual noise of a page that
// looks for a session.
func mfaNotCompleted(r *rows) {
	r.succeeded(28*time.Hour, teamsApp, microsoftGraph)
	noise := failed(50058, "No session was found for single sign-on.", azurePortal, intuneAPI)
	row := failed(50074, "Strong Authentication is required.", azurePortal, intuneAPI)
	row.AdditionalDetails = "MFA required in Azure AD"
	row.AuthenticationRequirement = "multiFactorAuthentication"
	row.RequirementPolicies = []Requirement{{"multiConditionalAccess", "Conditional Access"}}
	row.AuthenticationDetails = []AuthenticationDetail{
		{"Password", true, "Correct password", "Primary authentication"},
		{"Mobile app notification", false, "Authentication in progress", "Multifactor authentication"},
	}
	row.ConditionalAccessStatus = "failure"
	row.Policies = []AppliedPolicy{applied(policyMFA, "failure"), applied(policyStrength, "notApplied"), applied(policyLegacy, "reportOnlyNotApplied")}
	r.add(agoMFA+5*time.Minute, noise)
	r.add(agoMFA+4*time.Minute, noise)
	r.add(agoMFA+3*time.Minute, row)
	r.add(agoMFA, row)
}

// passwordExpired is what it says.
func passwordExpired(r *rows) {
	r.succeeded(40*time.Hour, companyPortal, intuneAPI)
	r.add(agoPassword+2*time.Minute, failed(50055, "The password is expired.", companyPortal, intuneAPI))
	r.add(agoPassword, failed(50055, "The password is expired.", companyPortal, intuneAPI))
}

// appRetired is an attempt to onboard a service that Microsoft ended: its apps are disabled.
func appRetired(r *rows) {
	desktopAnalytics := appName{appDesktopAnalytics, "Desktop Analytics"}
	configManager := appName{appConfigMgrService, "Configuration Manager Microservice"}
	logAnalytics := appName{appLogAnalytics, "Log Analytics API"}
	r.succeeded(2*time.Hour, azurePortal, azureManagement)
	r.add(agoRetired+3*time.Minute, failed(500014, "The service principal of resource '"+appConfigMgrService+"' is disabled.", desktopAnalytics, configManager))
	r.add(agoRetired, failed(7000112, "Application '"+appDesktopAnalytics+"'(Desktop Analytics) is disabled.", desktopAnalytics, logAnalytics))
}

// noFailure is a log in which everything ended well: interrupts, each followed by a success of the same attempt.
func noFailure(r *rows) {
	r.succeeded(9*time.Hour, azurePortal, intuneAPI)
	attempt := guidFor("correlation", "jonas.weber")
	stay := failed(50140, "The person was asked whether to stay signed in.", azurePortal, intuneAPI)
	factor := failed(50074, "Strong Authentication is required.", azurePortal, intuneAPI)
	factor.AuthenticationRequirement = "multiFactorAuthentication"
	stay.CorrelationID, factor.CorrelationID = attempt, attempt
	r.add(agoSuccess+4*time.Minute, factor)
	r.add(agoSuccess+3*time.Minute, stay)
	r.succeeded(agoSuccess+2*time.Minute, azurePortal, intuneAPI)
	r.list[len(r.list)-1].CorrelationID = attempt
	r.succeeded(agoSuccess, azurePortal, microsoftGraph, NonInteractive)
}

// permissionMissing has a failure that nobody gets to see.
func permissionMissing(r *rows) {
	r.add(agoDenied, failed(50076, "Multifactor authentication is needed.", azurePortal, intuneAPI))
}

// sessionEnded is a background renewal after the helpdesk had reset the password: the audit log tells so.
func sessionEnded(r *rows) {
	r.succeeded(30*time.Hour, azurePortal, intuneAPI)
	r.succeeded(5*time.Hour, azurePortal, intuneAPI, NonInteractive)
	row := failed(50173, "The grant was issued before the person's tokens became valid anew; a new sign-in is needed.", azurePortal, intuneAPI)
	row.EventTypes, row.IncomingTokenType = []string{NonInteractive}, "refreshToken"
	r.add(agoRevoked, row)
}
