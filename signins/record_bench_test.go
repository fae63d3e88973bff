package signins_test

import (
	"fmt"
	"strings"
	"testing"

	"signpost/signins"
)

// monitorRecord is a record as Azure Monitor writes it in a tenant of fifteen policies.
func monitorRecord() []byte {
	var policies []string
	for i := range 15 {
		result := "notApplied"
		if i%5 == 0 {
			result = "success"
		}
		policies = append(policies, fmt.Sprintf(`{"id":"ae11ffaa-9879-44e0-972c-7538fd5c4d%02d","displayName":"CA%02[1]d Require multifactor authentication",`+
			`"enforcedGrantControls":["Mfa"],"enforcedSessionControls":[],"result":%[2]q,"conditionsSatisfied":3,"conditionsNotSatisfied":0}`, i, result))
	}
	properties := strings.Replace(betaSignIn, `"appliedConditionalAccessPolicies": [`, `"appliedConditionalAccessPolicies": [`+strings.Join(policies, ",")+",", 1)
	return []byte(`{"time":"2026-11-23T07:04:05.1234567Z","resourceId":"/tenants/11111111-2222-3333-4444-555555555555/providers/Microsoft.aadiam",` +
		`"operationName":"Sign-in activity","operationVersion":"1.0","category":"NonInteractiveUserSignInLogs","tenantId":"11111111-2222-3333-4444-555555555555",` +
		`"resultType":"70043","resultSignature":"None","resultDescription":"The refresh token has expired.","durationMs":0,"callerIpAddress":"192.0.2.10",` +
		`"correlationId":"cccccccc-0000-4000-8000-00000000000c","identity":"Megan Bowen","Level":4,"location":"GB","properties":` + properties + `}`)
}

func BenchmarkDecodeRecord(b *testing.B) { benchmarkRecord(b, signins.DecodeRecord) }

// Most rows of a file are somebody else's and are decoded only so far.
func BenchmarkDecodeRecordOfSomebodyElse(b *testing.B) { benchmarkRecord(b, signins.ReadRecord) }

func benchmarkRecord[T any](b *testing.B, decode func([]byte) (T, error)) {
	b.Helper()
	raw := monitorRecord()
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := decode(raw); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
