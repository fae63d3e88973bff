package signins_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"signpost/diagnosis"
	"signpost/signins"
)

// betaSignIn has every member that is read.
const betaSignIn = `{
	"id": "66EA54EB-0000-4000-8000-000000000001", "createdDateTime": "2026-11-23T07:04:05.1234567Z",
	"correlationId": " CCCCCCCC-0000-4000-8000-00000000000C ", "originalRequestId": "DDDDDDDD-0000-4000-8000-00000000000D",
	"isInteractive": false, "signInEventTypes": ["nonInteractiveUser"],
	"userId": "AAAAAAAA-0000-4000-8000-00000000000A", "userPrincipalName": "meganb@contoso.com", "userDisplayName": "Megan Bowen",
	"userType": "member", "signInIdentifier": "megan@contoso.com", "alternateSignInName": "mb",
	"homeTenantId": "EEEEEEEE-0000-4000-8000-00000000000E", "resourceTenantId": "FFFFFFFF-0000-4000-8000-00000000000F",
	"appId": "0000000C-0000-0000-C000-000000000000", "appDisplayName": "Portal", "resourceId": "00000003-0000-0000-C000-000000000000",
	"resourceDisplayName": "Microsoft Graph",
	"status": {"errorCode": 70043, "failureReason": "The refresh token has expired.", "additionalDetails": "Sign in again"},
	"conditionalAccessStatus": "failure",
	"appliedConditionalAccessPolicies": [
		{"id": "11111111-0000-4000-8000-00000000000A", "displayName": "Require MFA", "result": "failure", "enforcedGrantControls": ["Mfa"],
		 "enforcedSessionControls": ["SignInFrequency"], "conditionsSatisfied": "application,users", "conditionsNotSatisfied": "none",
		 "includeRulesSatisfied": [{"conditionalAccessCondition": "application", "ruleSatisfied": "allApps"}, {"conditionalAccessCondition": "users", "ruleSatisfied": "groupId"}],
		 "authenticationStrength": {"displayName": "Phishing-resistant MFA", "authenticationStrengthResult": "cannotSatisfy"}},
		{"id": "22222222", "displayName": "Trial", "result": "reportOnlyFailure", "enforcedGrantControls": []}
	],
	"clientAppUsed": "Browser", "userAgent": "Mozilla/5.0", "ipAddress": "192.0.2.10",
	"location": {"city": "Reading", "state": "Berkshire", "countryOrRegion": "GB", "geoCoordinates": {"latitude": 51.4}},
	"deviceDetail": {"deviceId": "99999999-0000-4000-8000-00000000000A", "displayName": "PC-1", "operatingSystem": "Windows 11", "browser": "Edge 140",
		"isCompliant": false, "isManaged": true, "trustType": "Azure AD joined"},
	"riskLevelDuringSignIn": "low", "riskState": "atRisk", "incomingTokenType": "refreshToken",
	"authenticationRequirement": "multiFactorAuthentication",
	"authenticationRequirementPolicies": [{"requirementProvider": "multiConditionalAccess", "detail": "Conditional Access"}],
	"sessionLifetimePolicies": [{"expirationRequirement": "signInFrequencyPeriodicReauthentication", "detail": "Sign-in frequency"}],
	"authenticationDetails": [{"authenticationStepDateTime": "2026-11-23T07:04:00Z", "authenticationMethod": "Password", "succeeded": true,
		"authenticationStepResultDetail": "Correct password", "authenticationStepRequirement": "Primary authentication"}],
	"originalTransferMethod": "deviceCodeFlow", "crossTenantAccessType": "b2bCollaboration",
	"tokenProtectionStatusDetails": {"signInSessionStatus": "unbound", "signInSessionStatusCode": 1002}
}`

func TestDecodeSignInReadsEveryMember(t *testing.T) {
	t.Parallel()
	no, yes := false, true
	want := diagnosis.SignIn{
		ID: "66EA54EB-0000-4000-8000-000000000001", Time: time.Date(2026, 11, 23, 7, 4, 5, 123456700, time.UTC),
		CorrelationID: "cccccccc-0000-4000-8000-00000000000c", OriginalRequestID: "dddddddd-0000-4000-8000-00000000000d",
		Kind:   diagnosis.KindNonInteractive,
		UserID: "aaaaaaaa-0000-4000-8000-00000000000a", UserPrincipalName: "meganb@contoso.com", UserDisplayName: "Megan Bowen",
		SignInIdentifier: "megan@contoso.com",
		HomeTenantID:     "eeeeeeee-0000-4000-8000-00000000000e", ResourceTenantID: "ffffffff-0000-4000-8000-00000000000f",
		AppID: "0000000c-0000-0000-c000-000000000000", App: "Portal", ResourceID: "00000003-0000-0000-c000-000000000000", Resource: "Microsoft Graph",
		HasStatus: true, ErrorCode: 70043, FailureReason: "The refresh token has expired.", AdditionalDetails: "Sign in again",
		ConditionalAccessStatus: "failure",
		Policies: []diagnosis.AppliedPolicy{
			{
				ID: "11111111-0000-4000-8000-00000000000a", Name: "Require MFA", Result: diagnosis.ResultFailure, GrantControls: []string{"Mfa"},
				SessionControls: []string{"SignInFrequency"}, AuthenticationStrength: "Phishing-resistant MFA", StrengthResult: "cannotSatisfy",
				ConditionsSatisfied: []string{"application", "users"}, IncludedBy: []string{"allApps", "groupId"},
			},
			{ID: "22222222", Name: "Trial", Result: diagnosis.ResultReportOnlyFailure},
		},
		ClientApp: "Browser", IPAddress: "192.0.2.10",
		Location: diagnosis.Location{City: "Reading", State: "Berkshire", Country: "GB"},
		Device: diagnosis.Device{
			ID: "99999999-0000-4000-8000-00000000000a", Name: "PC-1", OperatingSystem: "Windows 11", Browser: "Edge 140",
			Compliant: &no, Managed: &yes, TrustType: "Azure AD joined",
		},
		RiskLevel: "low", RiskState: "atRisk", IncomingTokenType: "refreshToken",
		RequirementPolicies:     []diagnosis.Requirement{{Provider: "multiConditionalAccess", Detail: "Conditional Access"}},
		SessionLifetimePolicies: []diagnosis.Requirement{{Provider: "signInFrequencyPeriodicReauthentication", Detail: "Sign-in frequency"}},
		AuthenticationSteps: []diagnosis.AuthenticationStep{{
			Time: time.Date(2026, 11, 23, 7, 4, 0, 0, time.UTC), Method: "Password", Succeeded: &yes, Result: "Correct password", For: "Primary authentication",
		}},
		OriginalTransferMethod: "deviceCodeFlow", CrossTenantAccessType: "b2bCollaboration", TokenProtectionStatusCode: 1002,
	}
	got, err := signins.DecodeSignIn([]byte(betaSignIn))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// The same as Windows PowerShell writes it, whose names begin with capitals, and as text, as Azure Monitor does.
	text, err := json.Marshal(betaSignIn)
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{pascal(betaSignIn), string(text)} {
		got, err := signins.DecodeSignIn([]byte(other))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%.20s (-want +got):\n%s", other, diff)
		}
	}
}

// pascal gives every name a capital.
func pascal(object string) string {
	var out strings.Builder
	for i := range len(object) {
		c := object[i]
		if i > 0 && object[i-1] == '"' && strings.IndexByte("{ ,\t", object[i-2]) >= 0 && 'a' <= c && c <= 'z' {
			if end := strings.IndexByte(object[i:], '"'); strings.HasPrefix(object[i+end:], `":`) {
				c -= 'a' - 'A'
			}
		}
		out.WriteByte(c)
	}
	return out.String()
}

func TestDecodeSignInTakesWhatMicrosoftWrites(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 7, 4, 5, 0, time.UTC)
	no, yes := false, true
	policy := func(p diagnosis.AppliedPolicy) diagnosis.SignIn {
		return diagnosis.SignIn{Policies: []diagnosis.AppliedPolicy{p}}
	}
	device := func(compliant *bool) diagnosis.SignIn {
		return diagnosis.SignIn{Device: diagnosis.Device{Compliant: compliant}}
	}
	tests := map[string]struct {
		row  string
		want diagnosis.SignIn
	}{
		"an empty object":           {` {} `, diagnosis.SignIn{}},
		"members that nobody knows": {`{"new": {"a": [1, {"b": null}]}, "status": {"new": 1, "errorCode": 1}}`, diagnosis.SignIn{HasStatus: true, ErrorCode: 1}},
		"nulls": {
			`{"id":null,"createdDateTime":null,"isInteractive":null,"signInEventTypes":null,"status":null,"deviceDetail":null,"location":null,
			  "appliedConditionalAccessPolicies":null,"authenticationDetails":null,"sessionLifetimePolicies":null,"tokenProtectionStatusDetails":null,"userAgent":null}`,
			diagnosis.SignIn{},
		},
		"nulls further inside": {
			`{"status":{"errorCode":null,"failureReason":null},"deviceDetail":{"deviceId":null,"isCompliant":null},"signInEventTypes":[null],
			  "appliedConditionalAccessPolicies":[null,{"id":null,"result":null,"enforcedGrantControls":null,"conditionsSatisfied":null,"authenticationStrength":null}]}`,
			policy(diagnosis.AppliedPolicy{}),
		},
		"members of another type": {
			`{"id":{},"createdDateTime":7,"isInteractive":[],"signInEventTypes":{},"userPrincipalName":[],"status":[],"deviceDetail":"x","location":1,
			  "appliedConditionalAccessPolicies":{},"authenticationDetails":true,"sessionLifetimePolicies":"none","tokenProtectionStatusDetails":{"signInSessionStatusCode":"x"},
			  "appDisplayName":"Portal"}`,
			diagnosis.SignIn{App: "Portal"},
		},
		"list elements of another type": {
			`{"appliedConditionalAccessPolicies":[1,"x",[],{"displayName":"P","enforcedGrantControls":["Mfa",{},[],null,""]}],"signInEventTypes":[{},"interactiveUser"]}`,
			diagnosis.SignIn{Kind: diagnosis.KindInteractive, Policies: []diagnosis.AppliedPolicy{{Name: "P", GrantControls: []string{"Mfa"}}}},
		},
		"a number in the place of a text":  {`{"id":12,"appDisplayName":true}`, diagnosis.SignIn{ID: "12", App: "true"}},
		"escapes and broken UTF-8":         {"{\"appDisplayName\":\"a\\u00e9\\n\\\"\\ud800\",\"clientAppUsed\":\"\xFF\"}", diagnosis.SignIn{App: "aé\n\"\uFFFD", ClientApp: "\uFFFD"}},
		"an account in the case it is in":  {`{"userPrincipalName":"meganb@contoso.com"}`, diagnosis.SignIn{UserPrincipalName: "meganb@contoso.com"}},
		"an account in capitals":           {`{"userPrincipalName":"MeganB@Contoso.com"}`, diagnosis.SignIn{UserPrincipalName: "MeganB@Contoso.com"}},
		"the older name of what was typed": {`{"alternateSignInName":"mb"}`, diagnosis.SignIn{SignInIdentifier: "mb"}},

		"an error code as text":             {`{"status":{"errorCode":" 53003 "}}`, diagnosis.SignIn{HasStatus: true, ErrorCode: 53003}},
		"an error code with a point":        {`{"status":{"errorCode":5.0e1}}`, diagnosis.SignIn{HasStatus: true, ErrorCode: 50}},
		"success":                           {`{"status":{"errorCode":0}}`, diagnosis.SignIn{HasStatus: true}},
		"a status without code":             {`{"status":{"failureReason":"Other."}}`, diagnosis.SignIn{FailureReason: "Other."}},
		"an error code beyond all bounds":   {`{"status":{"errorCode":1e400}}`, diagnosis.SignIn{}},
		"an error code of more than 32 bit": {`{"status":{"errorCode":4294967296}}`, diagnosis.SignIn{}},
		"an error code that is no number":   {`{"status":{"errorCode":"NaN"}}`, diagnosis.SignIn{}},
		"a status as text":                  {`{"status":"{\"errorCode\":70043}"}`, diagnosis.SignIn{HasStatus: true, ErrorCode: 70043}},
		"a status as text that is cut":      {`{"status":"{\"errorCode\":70043"}`, diagnosis.SignIn{}},

		"a time in another zone":             {`{"createdDateTime":"2026-11-23T08:04:05+01:00"}`, diagnosis.SignIn{Time: at}},
		"a time without zone":                {`{"createdDateTime":"2026-11-23T07:04:05"}`, diagnosis.SignIn{Time: at}},
		"a time with a space":                {`{"createdDateTime":"2026-11-23 07:04:05Z"}`, diagnosis.SignIn{Time: at}},
		"a time of Windows PowerShell":       {`{"createdDateTime":"\/Date(1795417445000)\/"}`, diagnosis.SignIn{Time: at}},
		"a time that is none":                {`{"createdDateTime":"yesterday"}`, diagnosis.SignIn{}},
		"a time after the year 9999":         {`{"createdDateTime":"9999-12-31T23:59:59-01:00"}`, diagnosis.SignIn{}},
		"a time of PowerShell far from here": {`{"createdDateTime":"\/Date(9223372036854775807)\/"}`, diagnosis.SignIn{}},

		"compliant as text":                        {`{"deviceDetail":{"isCompliant":"True"}}`, device(&yes)},
		"compliant as an empty text":               {`{"deviceDetail":{"isCompliant":""}}`, device(nil)},
		"a device as text":                         {`{"deviceDetail":"{\"isCompliant\":false}"}`, device(&no)},
		"interactive by the flag":                  {`{"isInteractive":true}`, diagnosis.SignIn{Kind: diagnosis.KindInteractive}},
		"non-interactive by the flag":              {`{"isInteractive":false}`, diagnosis.SignIn{Kind: diagnosis.KindNonInteractive}},
		"the type of event counts before the flag": {`{"isInteractive":false,"signInEventTypes":["ServicePrincipal"]}`, diagnosis.SignIn{Kind: diagnosis.KindServicePrincipal}},
		"a type of event that nobody knows":        {`{"isInteractive":true,"signInEventTypes":["unknownFutureValue"]}`, diagnosis.SignIn{Kind: diagnosis.KindInteractive}},
		"types of event as text":                   {`{"signInEventTypes":"[\"managedIdentity\"]"}`, diagnosis.SignIn{Kind: diagnosis.KindManagedIdentity}},

		"enum members that nobody knows are kept": {
			`{"conditionalAccessStatus":"later","incomingTokenType":"magic","appliedConditionalAccessPolicies":[{"result":"reportOnlyLater","enforcedGrantControls":["RiskRemediation"]}]}`,
			diagnosis.SignIn{
				ConditionalAccessStatus: "later", IncomingTokenType: "magic",
				Policies: []diagnosis.AppliedPolicy{{Result: "reportOnlyLater", GrantControls: []string{"RiskRemediation"}}},
			},
		},
		"policies as text":             {`{"appliedConditionalAccessPolicies":" [{\"id\":\"P\",\"enforcedGrantControls\":[\"Mfa\"]}]"}`, policy(diagnosis.AppliedPolicy{ID: "p", GrantControls: []string{"Mfa"}})},
		"controls as text":             {`{"appliedConditionalAccessPolicies":[{"enforcedGrantControls":"[\"Mfa\"]","enforcedSessionControls":"A, B,"}]}`, policy(diagnosis.AppliedPolicy{GrantControls: []string{"Mfa"}, SessionControls: []string{"A", "B"}})},
		"conditions as a list":         {`{"appliedConditionalAccessPolicies":[{"conditionsSatisfied":["users","none"]}]}`, policy(diagnosis.AppliedPolicy{ConditionsSatisfied: []string{"users"}})},
		"conditions as bits":           {`{"appliedConditionalAccessPolicies":[{"conditionsSatisfied":3,"conditionsNotSatisfied":"8"}]}`, policy(diagnosis.AppliedPolicy{})},
		"text that begins as a list":   {`{"appliedConditionalAccessPolicies":[{"enforcedGrantControls":"[Terms]"}]}`, policy(diagnosis.AppliedPolicy{GrantControls: []string{"[Terms]"}})},
		"a requirement without source": {`{"authenticationRequirementPolicies":[{"detail":"d"}]}`, diagnosis.SignIn{RequirementPolicies: []diagnosis.Requirement{{Detail: "d"}}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := signins.DecodeSignIn([]byte(test.row))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodeSignInRefusesWhatIsNoObject(t *testing.T) {
	t.Parallel()
	for _, row := range []string{``, ` `, `null`, `[]`, `7`, `"x"`, `"`, `"{`, `""`, `"null"`, `{`, `{"id":}`, `{"id":1}}`, `"{\"id\":"`, `tru`} {
		if s, err := signins.DecodeSignIn([]byte(row)); err == nil {
			t.Errorf("%q: no error but %+v", row, s)
		} else if !strings.HasPrefix(err.Error(), "decode a sign-in: ") {
			t.Errorf("%q: error is %v", row, err)
		}
	}
}

func TestDecodeSignInBoundsWhatItKeeps(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 100_000)
	s, err := signins.DecodeSignIn(fmt.Appendf(nil,
		`{"clientAppUsed":%q,"id":%s,"signInEventTypes":[%[3]s"x"],"appliedConditionalAccessPolicies":[%[4]s{"displayName":%[1]q,"enforcedGrantControls":[%[3]s%[1]q]}],
		"sessionLifetimePolicies":[%[4]s{}],"authenticationDetails":[%[4]s{}]}`,
		"x"+long, strings.Repeat("9", 100_000), strings.Repeat(`"a",`, 1000), strings.Repeat(`{"enforcedSessionControls":"a,b"},`, 1000)))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"client": s.ClientApp, "id": s.ID} {
		if len(text) == 0 || len(text) > 4<<10 || !utf8.ValidString(text) {
			t.Errorf("%s has %d bytes", name, len(text))
		}
	}
	if len(s.Policies) != 200 || len(s.SessionLifetimePolicies) != 50 || len(s.AuthenticationSteps) != 50 {
		t.Errorf("%d policies, %d session lifetime policies, %d steps", len(s.Policies), len(s.SessionLifetimePolicies), len(s.AuthenticationSteps))
	}
	s, err = signins.DecodeSignIn(fmt.Appendf(nil, `{"appliedConditionalAccessPolicies":[{"enforcedGrantControls":[%s"x"],"enforcedSessionControls":%q}]}`,
		strings.Repeat(`"a",`, 1000), strings.Repeat("a,", 100_000)))
	if err != nil {
		t.Fatal(err)
	}
	if p := s.Policies[0]; len(p.GrantControls) != 100 || len(p.SessionControls) != 100 {
		t.Errorf("%d grant controls, %d session controls", len(p.GrantControls), len(p.SessionControls))
	}
}

func FuzzDecodeSignIn(f *testing.F) {
	for _, row := range []string{betaSignIn, `{}`, `null`, `"{}"`, `{"status":"{\"errorCode\":1}"}`, `{"createdDateTime":"\/Date(1)\/"}`, `{"signInEventTypes":"[\"x\"]"}`} {
		f.Add([]byte(row))
	}
	f.Fuzz(func(t *testing.T, row []byte) {
		s, err := signins.DecodeSignIn(row)
		if err != nil {
			return
		}
		checkKept(t, &s)
	})
}

// checkKept checks that a sign-in can be written as JSON, read again and is bounded.
func checkKept(t *testing.T, s *diagnosis.SignIn) {
	t.Helper()
	written, err := json.Marshal(s)
	if err != nil {
		t.Fatalf("cannot be written: %v", err)
	}
	var again diagnosis.SignIn
	if err := json.Unmarshal(written, &again); err != nil {
		t.Fatalf("cannot be read again: %v", err)
	}
	if diff := cmp.Diff(*s, again); diff != "" {
		t.Errorf("changes when written and read (-kept +read):\n%s", diff)
	}
}

func BenchmarkDecodeSignIn(b *testing.B) {
	row := []byte(betaSignIn)
	b.SetBytes(int64(len(row)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := signins.DecodeSignIn(row); err != nil {
			b.Fatal(err)
		}
	}
}
