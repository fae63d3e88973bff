package export_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"signpost/signins/export"
)

// monitorLog is an Azure Monitor export of so many sign-ins of 500 people in a tenant of 15 policies.
func monitorLog(rows int) []byte {
	var policies strings.Builder
	for i := range 15 {
		result := "notApplied"
		if i%7 == 0 {
			result = "success"
		}
		fmt.Fprintf(&policies, `{"id":"ae11ffaa-9879-44e0-972c-7538fd5c4d%02[1]d","displayName":"CA%02[1]d Require multifactor authentication","enforcedGrantControls":["Mfa"],`+
			`"enforcedSessionControls":[],"result":%[2]q,"conditionsSatisfied":3,"conditionsNotSatisfied":0},`, i, result)
	}
	var log bytes.Buffer
	for i := range rows {
		user, minute, result := i*7919%500, i%60, "success"
		code := 0
		if i%20 == 0 {
			code, result = 53003, "failure"
		}
		fmt.Fprintf(&log, `{"time":"2026-11-23T07:%02[2]d:05.1234567Z","resourceId":"/tenants/11111111-2222-3333-4444-555555555555/providers/Microsoft.aadiam",`+
			`"operationName":"Sign-in activity","operationVersion":"1.0","category":"SignInLogs","tenantId":"11111111-2222-3333-4444-555555555555","resultType":"%[3]d",`+
			`"resultSignature":"None","durationMs":0,"callerIpAddress":"192.0.2.%[2]d","correlationId":"cccccccc-0000-4000-8000-%012[4]d","identity":"User %[1]d","Level":4,"location":"GB",`+
			`"properties":{"id":"66ea54eb-0000-4000-8000-%012[4]d","createdDateTime":"2026-11-23T07:%02[2]d:05.1234567+00:00","userDisplayName":"User %[1]d",`+
			`"userPrincipalName":"user%[1]d@contoso.com","userId":"aaaaaaaa-0000-4000-8000-%012[1]d","appId":"c44b4083-3bb0-49c1-b47d-974e53cbdf3c","appDisplayName":"Azure Portal",`+
			`"ipAddress":"192.0.2.%[2]d","status":{"errorCode":%[3]d,"failureReason":"Other.","additionalDetails":"MFA requirement satisfied by claim in the token"},`+
			`"clientAppUsed":"Browser","userAgent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",`+
			`"deviceDetail":{"deviceId":"99999999-0000-4000-8000-%012[1]d","displayName":"PC-%[1]d","operatingSystem":"Windows 10","browser":"Edge 140.0.0","isCompliant":true,`+
			`"isManaged":true,"trustType":"Azure AD joined"},"location":{"city":"Reading","state":"Berkshire","countryOrRegion":"GB","geoCoordinates":{"latitude":51.45,"longitude":-0.97}},`+
			`"correlationId":"cccccccc-0000-4000-8000-%012[4]d","conditionalAccessStatus":%[5]q,"appliedConditionalAccessPolicies":[%[6]s{"id":"ae11ffaa-9879-44e0-972c-7538fd5c4d99",`+
			`"displayName":"CA99 Require a compliant device","enforcedGrantControls":["RequireCompliantDevice"],"enforcedSessionControls":[],"result":%[5]q}],`+
			`"originalRequestId":"66ea54eb-0000-4000-8000-%012[4]d","isInteractive":true,"authenticationProcessingDetails":[{"key":"Login Hint Present","value":"True"}],`+
			`"networkLocationDetails":[],"processingTimeInMilliseconds":238,"riskDetail":"none","riskLevelAggregated":"none","riskLevelDuringSignIn":"none","riskState":"none",`+
			`"riskEventTypes":[],"resourceDisplayName":"Windows Azure Service Management API","resourceId":"797f4846-ba00-4fd7-ba43-dac1f8f63013",`+
			`"resourceTenantId":"11111111-2222-3333-4444-555555555555","homeTenantId":"11111111-2222-3333-4444-555555555555",`+
			`"authenticationDetails":[{"authenticationStepDateTime":"2026-11-23T07:%02[2]d:05Z","authenticationMethod":"Previously satisfied","succeeded":true,`+
			`"authenticationStepResultDetail":"MFA requirement satisfied by claim in the token","authenticationStepRequirement":"Primary authentication"}],`+
			`"authenticationRequirement":"multiFactorAuthentication","authenticationRequirementPolicies":[{"requirementProvider":"multiConditionalAccess","detail":"Conditional Access"}],`+
			`"userType":"Member","tokenIssuerType":"AzureAD","autonomousSystemNumber":64496,"crossTenantAccessType":"none","incomingTokenType":"none",`+
			`"uniqueTokenIdentifier":"IvkxAvqTBUC7EbRMfVxOAA","signInIdentifier":"user%[1]d@contoso.com","sessionLifetimePolicies":[],"originalTransferMethod":"none"}}`+"\n",
			user, minute, code, i, result, policies.String())
	}
	return log.Bytes()
}

func BenchmarkReadOneAccount(b *testing.B) {
	benchmarkRead(b, export.Query{Account: "user42@contoso.com"})
}

func BenchmarkReadEverybody(b *testing.B) { benchmarkRead(b, export.Query{}) }

func benchmarkRead(b *testing.B, q export.Query) {
	b.Helper()
	const rows = 5_000
	file := monitorLog(rows)
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		log, err := export.Read(bytes.NewReader(file), q)
		if err != nil || log.Read != rows || log.Skipped > 0 || len(log.SignIns) == 0 {
			b.Fatalf("read %d rows, skipped %d, kept %d: %v", log.Read, log.Skipped, len(log.SignIns), err)
		}
	}
	b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
}
