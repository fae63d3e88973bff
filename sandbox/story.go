package sandbox

import (
	"fmt"
	"strings"
	"time"
)

// Story is a conversation to play with the bot: somebody whose onboarding failed, what they say and press, and, in the
// sample tenant, the sign-ins that tell why.
type Story struct {
	Name   string // kebab-case
	Title  string // one line
	Person Person // who speaks, in the personal chat with the bot; their own account is the one that failed
	Steps  []Step

	Before func(*Sandbox) // makes the tenant fit the story; nil when it does
	After  func(*Sandbox) // undoes Before; nil when there is nothing to undo
}

// Step is one thing that a person does: they say something, or press a button on the newest card that has it.
type Step struct {
	Say    string            // empty: they press
	Press  string            // a verb
	Inputs map[string]string // what they enter on the card first
}

// Stories are all stories, told now. See StoriesAt.
func Stories() []Story { return StoriesAt(time.Now()) }

// StoriesAt are all stories for a sandbox that was started at that time: the days and times that people enter are the
// ones of their sign-ins.
func StoriesAt(now time.Time) []Story {
	return []Story{
		{
			Name: "token-expired", Title: "A portal tab was left open overnight", Person: sample("david.okafor"),
			Steps: []Step{{Say: `Intune onboarding stopped with "There was an error validating access token". My account is david.okafor@contoso.com`}},
		},
		{
			Name: "sign-in-frequency", Title: "A policy asks to sign in again every four hours", Person: sample("emi.tanaka"),
			Steps: []Step{
				{Say: "There was an error validating access token"},
				{Press: "check", Inputs: form(sample("emi.tanaka"), "endpoint-analytics", now.Add(-agoFrequency))},
			},
		},
		{
			Name: "blocked-by-policy", Title: "Enrolment wants the compliant device that only enrolment makes", Person: sample("carla.neumann"),
			Steps: []Step{{Say: pasted(53000, now.Add(-agoPolicy)) + " I tried to enroll my new laptop in Intune as carla.neumann@contoso.com"}},
		},
		{
			Name: "blocked-by-location", Title: "Signing in from abroad", Person: sample("farah.aziz"),
			Steps: []Step{
				{Say: "I can't onboard to Windows Autopatch: there was an error validating access token."},
				{Press: "check", Inputs: form(sample("farah.aziz"), "autopatch", now.Add(-agoLocation))},
			},
		},
		{
			Name: "mfa-not-completed", Title: "The second factor was asked for and never given", Person: sample("grace.kim"),
			Steps: []Step{{Say: "Intune onboarding failed with an error validating access token for grace.kim@contoso.com"}},
		},
		{
			Name: "password-expired", Title: "The password has expired", Person: sample("hana.wijaya"),
			Steps: []Step{
				{Say: "Terdapat kesalahan memvalidasi token akses saat onboarding Intune"},
				{Press: "check", Inputs: form(sample("hana.wijaya"), "intune", now.Add(-agoPassword))},
			},
		},
		{
			Name: "app-retired", Title: "Desktop Analytics is gone", Person: sample("ayu.lestari"),
			Steps: []Step{
				{Say: `Kesalahan "Terdapat kesalahan memvalidasi token akses" selama onboarding Analitik Desktop`},
				{Press: "check", Inputs: form(sample("ayu.lestari"), "desktop-analytics", now.Add(-agoRetired))},
			},
		},
		{
			Name: "no-sign-in-found", Title: "The log holds nothing for the account", Person: sample("ivo.brandt"),
			Steps: []Step{{Say: "Tenant attach onboarding failed: there was an error validating access token. I used ivo.brandt@contoso.com"}},
		},
		{
			Name: "no-failure-found", Title: "Every sign-in went well in the end", Person: sample("jonas.weber"),
			Steps: []Step{
				{Say: "There was an error validating access token"},
				{Press: "check", Inputs: form(sample("jonas.weber"), "intune", now.Add(-agoSuccess))},
			},
		},
		{
			Name: "session-ended", Title: "The helpdesk reset the password in between", Person: sample("kofi.mensah"),
			Steps: []Step{{Say: "Intune onboarding failed with an error validating access token for kofi.mensah@contoso.com"}},
		},
		{
			Name: "permission-missing", Title: "The app may not read the log", Person: sample("laila.haddad"),
			Steps:  []Step{{Say: "Intune onboarding failed: there was an error validating access token. Account: laila.haddad@contoso.com"}},
			Before: func(s *Sandbox) { s.Revoke(PermissionSignIns) },
			After:  func(s *Sandbox) { s.Grant(PermissionSignIns) },
		},
	}
}

// form is what a person enters on the ask card about themself: day and time are those of their own clock.
func form(p Person, product string, at time.Time) map[string]string {
	at = at.In(p.location())
	return map[string]string{
		"account": p.ID, "product": product, "date": at.Format(time.DateOnly), "time": at.Format("15:04"),
	}
}

// pasted is the end of an error page as people copy it, with the ids of the story's row.
func pasted(code int, at time.Time) string {
	name := fmt.Sprintf("AADSTS%d", code)
	return strings.Join([]string{
		name + ": The device is not in the required state.",
		"Trace ID: " + storyRequest(name), "Correlation ID: " + storyCorrelation(name),
		"Timestamp: " + at.UTC().Format("2006-01-02 15:04:05Z") + ".",
	}, " ")
}

// storyRequest and storyCorrelation are the ids of the row that a story pastes.
func storyRequest(name string) string     { return guidFor("request", name) }
func storyCorrelation(name string) string { return guidFor("correlation", name) }
