package diagnosis_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/diagnosis"
)

type change = func(*diagnosis.SignIn)

func browser(s *diagnosis.SignIn) { s.ClientApp, s.Device.Browser = "Browser", "Chrome 141" }
func windows(s *diagnosis.SignIn) { s.Device.OperatingSystem = "Windows 11" }
func byPRT(s *diagnosis.SignIn)   { s.IncomingTokenType = "primaryRefreshToken" }
func guest(s *diagnosis.SignIn)   { s.CrossTenantAccessType = "b2bCollaboration" }
func byCode(s *diagnosis.SignIn)  { s.OriginalTransferMethod = "deviceCodeFlow" }

func unbound(code int) change {
	return func(s *diagnosis.SignIn) { s.TokenProtectionStatusCode = code }
}

func strength(result string) change {
	return func(s *diagnosis.SignIn) {
		s.Policies = append(s.Policies, diagnosis.AppliedPolicy{
			ID: "s", Name: "S", Result: "failure", AuthenticationStrength: "Phishing-resistant MFA", StrengthResult: result,
		})
	}
}

func askedBy(provider string) change {
	return func(s *diagnosis.SignIn) { s.RequirementPolicies = []diagnosis.Requirement{{Provider: provider}} }
}

func lifetime(requirement string) change {
	return func(s *diagnosis.SignIn) {
		s.SessionLifetimePolicies = []diagnosis.Requirement{{Provider: requirement}}
	}
}

func TestAFindingPointsOutWhatAnExpertWould(t *testing.T) {
	t.Parallel()
	compliant := policy("P", "failure", "RequireCompliantDevice")
	tests := map[string]struct {
		row  diagnosis.SignIn
		want []diagnosis.Clue
	}{
		"a browser that hid the device":                      {row("09:00", 53000, compliant, browser), []diagnosis.Clue{diagnosis.ClueHiddenDevice}},
		"not one that showed it":                             {row("09:00", 53000, compliant, browser, onDevice("laptop")), nil},
		"not an app":                                         {row("09:00", 53000, compliant), nil},
		"not where no device was wanted":                     {row("09:00", 50074, policy("P", "failure", "Mfa"), browser), nil},
		"a guest's device":                                   {row("09:00", 53000, compliant, browser, guest), []diagnosis.Clue{diagnosis.ClueGuestDevice}},
		"a guest who needs a second step":                    {row("09:00", 50074, policy("P", "failure", "Mfa"), guest), nil},
		"a session that began with a device code":            {row("09:00", 53003, compliant, byCode), []diagnosis.Clue{diagnosis.ClueTransfer}},
		"and one that a policy forbids for it":               {row("09:00", 530036, byCode), []diagnosis.Clue{diagnosis.ClueTransfer}},
		"not one that failed for another reason":             {row("09:00", 50173, byCode), nil},
		"token protection without a device":                  {row("09:00", 530084, unbound(1002)), []diagnosis.Clue{diagnosis.ClueNoDeviceToBind}},
		"token protection in an app without a broker":        {row("09:00", 530084, unbound(1008)), []diagnosis.Clue{diagnosis.ClueBindClient}},
		"token protection for a reason that is not told":     {row("09:00", 530084, unbound(1005)), nil},
		"a status of token protection that did not decide":   {row("09:00", 53000, compliant, unbound(1008)), nil},
		"a strength that has to be registered for":           {row("09:00", 53003, strength("singleRegistrationRequired")), []diagnosis.Clue{diagnosis.ClueRegister}},
		"a strength out of reach":                            {row("09:00", 53003, strength("cannotSatisfy")), []diagnosis.Clue{diagnosis.ClueImpossible}},
		"a strength for which another method is enough":      {row("09:00", 53003, strength("singleChallengeRequired")), nil},
		"a second step asked for by the account's setting":   {row("09:00", 50076, askedBy("user")), []diagnosis.Clue{diagnosis.CluePerUserMFA}},
		"a second step asked for by security defaults":       {row("09:00", 50079, askedBy("securityDefaults")), []diagnosis.Clue{diagnosis.ClueDefaultsMFA}},
		"a second step asked for by a policy that is named":  {row("09:00", 50076, askedBy("user"), policy("P", "failure", "Mfa")), nil},
		"a device's own sign-in that ran out":                {row("09:00", 70008, windows, byPRT), []diagnosis.Clue{diagnosis.ClueDeviceToken}},
		"not an app's":                                       {row("09:00", 70008, windows), nil},
		"a session that a frequency ended":                   {row("09:00", 70044, lifetime("signInFrequencyPeriodicReauthentication")), []diagnosis.Clue{diagnosis.ClueFrequency}},
		"a second step that is remembered only so long":      {row("09:00", 50078, lifetime("rememberMultifactorAuthenticationOnTrustedDevices")), []diagnosis.Clue{diagnosis.ClueRememberedMFA}},
		"a lifetime that has nothing to do with the failure": {row("09:00", 53000, compliant, lifetime("signInFrequencyPeriodicReauthentication")), nil},
		"a risk that was dismissed": {
			row("09:00", 53003, policy("P", "failure", "Block"), func(s *diagnosis.SignIn) {
				s.Policies[0].ConditionsSatisfied, s.RiskState = []string{"application", "users", "signInRisk"}, "dismissed"
			}),
			[]diagnosis.Clue{diagnosis.ClueRiskCleared},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := diagnosis.Diagnose(rows(test.row))
			if diff := cmp.Diff(test.want, f.Clues); diff != "" {
				t.Errorf("clues (-want +got):\n%s", diff)
			}
		})
	}
}

func TestADevicesOwnSignInHasItsOwnGuide(t *testing.T) {
	t.Parallel()
	if f := diagnosis.Diagnose(rows(row("09:00", 70008, windows, byPRT))); f.Guide != "device-token-expired" {
		t.Errorf("guide %s", f.Guide)
	}
	if f := diagnosis.Diagnose(rows(row("09:00", 50173, windows, byPRT))); f.Guide != "grant-revoked" {
		t.Errorf("a revoked grant: guide %s", f.Guide)
	}
}

func TestAGuestsDeviceIsTheBusinessOfWhoeverTrustsOtherOrganisations(t *testing.T) {
	t.Parallel()
	f := diagnosis.Diagnose(rows(row("09:00", 53000, policy("P", "failure", "RequireCompliantDevice"), guest)))
	want := []diagnosis.Fixer{diagnosis.FixUser, diagnosis.FixConditionalAccess, diagnosis.FixCrossTenantAdmin}
	if diff := cmp.Diff(want, f.Fixers); diff != "" {
		t.Errorf("fixers (-want +got):\n%s", diff)
	}
}

func TestWhyAPolicyAppliesIsReadFromItsRules(t *testing.T) {
	t.Parallel()
	f := diagnosis.Diagnose(rows(row("09:00", 53003, policy("P", "failure", "Block"), func(s *diagnosis.SignIn) {
		s.Policies[0].IncludedBy = []string{"groupId", "allApps", "allDevices", "soMeThingNew"}
	})))
	if diff := cmp.Diff([]diagnosis.Reach{diagnosis.ReachGroup, diagnosis.ReachAllApps}, f.Refusals[0].Reach); diff != "" {
		t.Errorf("reach (-want +got):\n%s", diff)
	}
}

func TestAStreakTellsSinceWhenTheSameThingFails(t *testing.T) {
	t.Parallel()
	blocked := policy("P", "failure", "Block")
	tests := map[string]struct {
		rows []diagnosis.SignIn
		want diagnosis.Streak
	}{
		"once": {[]diagnosis.SignIn{row("09:00", 53003, blocked)}, diagnosis.Streak{Since: clock("09:00"), Times: 1}},
		"since it last worked": {
			[]diagnosis.SignIn{row("07:00", 53003, blocked), row("07:30", 0), row("08:00", 53003, blocked), row("09:00", 53003, blocked)},
			diagnosis.Streak{Since: clock("08:00"), Times: 2, LastGood: clock("07:30")},
		},
		"not at another app": {
			[]diagnosis.SignIn{row("08:00", 53003, blocked, app(exchange, "Office 365 Exchange Online")), row("09:00", 53003, blocked)},
			diagnosis.Streak{Since: clock("09:00"), Times: 1},
		},
		"not for another reason": {
			[]diagnosis.SignIn{row("08:00", 50076), row("09:00", 53003, blocked)},
			diagnosis.Streak{Since: clock("09:00"), Times: 1},
		},
		"not without times": {
			[]diagnosis.SignIn{row("09:00", 53003, blocked, func(s *diagnosis.SignIn) { s.Time = time.Time{} })},
			diagnosis.Streak{Times: 1},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, diagnosis.Diagnose(rows(test.rows...)).Streak); diff != "" {
				t.Errorf("streak (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReportOnlyPoliciesAreToldApart(t *testing.T) {
	t.Parallel()
	f := diagnosis.Diagnose(rows(row("09:00", 50173, policy("Refuses", "reportOnlyFailure"), policy("Asks", "reportOnlyInterrupted"), policy("Passes", "reportOnlySuccess"))))
	if diff := cmp.Diff([][]string{{"Refuses"}, {"Asks"}}, [][]string{f.ReportOnly, f.WouldAsk}); diff != "" {
		t.Errorf("would refuse, would ask (-want +got):\n%s", diff)
	}
}

func TestAFailureLongAfterTheTimeThatWasGivenIsMentioned(t *testing.T) {
	t.Parallel()
	c := rows(row("08:30", 0), row("12:00", 50105))
	c.At, c.Window = clock("09:00"), time.Hour
	if f := diagnosis.Diagnose(c); f.Later == nil || f.Later.ErrorCode != 50105 {
		t.Errorf("later = %+v", f.Later)
	}
	c.Window = 24 * time.Hour
	if f := diagnosis.Diagnose(c); f.Later != nil {
		t.Errorf("within the window, later = %+v", f.Later)
	}
}
