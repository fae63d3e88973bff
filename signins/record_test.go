package signins_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/diagnosis"
	"signpost/signins"
)

func TestDecodeRecord(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 7, 4, 5, 0, time.UTC)
	tests := map[string]struct {
		record string
		want   diagnosis.SignIn
	}{
		"the properties count": {
			`{"category":"SignInLogs","time":"2026-11-23T09:00:00Z","resultType":"1","resultDescription":"x","correlationId":"x","callerIpAddress":"x",
			  "properties":{"id":"1","createdDateTime":"2026-11-23T07:04:05Z","isInteractive":true,"correlationId":"C","ipAddress":"192.0.2.10","status":{"errorCode":50140,"failureReason":"KMSI"}}}`,
			diagnosis.SignIn{ID: "1", Time: at, Kind: diagnosis.KindInteractive, CorrelationID: "c", IPAddress: "192.0.2.10", HasStatus: true, ErrorCode: 50140, FailureReason: "KMSI"},
		},
		"the record says what the properties leave out": {
			`{"category":"NonInteractiveUserSignInLogs","time":"2026-11-23T07:04:05Z","resultType":"70043","resultDescription":"Expired","correlationId":"C","callerIpAddress":"192.0.2.10","properties":{}}`,
			diagnosis.SignIn{Time: at, Kind: diagnosis.KindNonInteractive, CorrelationID: "c", IPAddress: "192.0.2.10", HasStatus: true, ErrorCode: 70043, FailureReason: "Expired"},
		},
		"success has no reason": {
			`{"category":"SignInLogs","resultType":0,"resultDescription":"Success","properties":{}}`, diagnosis.SignIn{HasStatus: true},
		},
		"properties, status and policies as text": {
			`{"category":"noninteractiveusersigninlogs","properties":"{\"status\":\"{\\\"errorCode\\\":1}\",\"appliedConditionalAccessPolicies\":\"[{\\\"displayName\\\":\\\"P\\\",\\\"conditionsSatisfied\\\":3}]\"}"}`,
			diagnosis.SignIn{Kind: diagnosis.KindNonInteractive, HasStatus: true, ErrorCode: 1, Policies: []diagnosis.AppliedPolicy{{Name: "P"}}},
		},
		"a service principal":                   {`{"category":"ServicePrincipalSignInLogs","properties":{"isInteractive":false}}`, diagnosis.SignIn{Kind: diagnosis.KindServicePrincipal}},
		"a managed identity":                    {`{"category":"ManagedIdentitySignInLogs","properties":{}}`, diagnosis.SignIn{Kind: diagnosis.KindManagedIdentity}},
		"a log of sign-ins that nobody knows":   {`{"category":"QuantumSignInLogs","properties":{"id":"1"}}`, diagnosis.SignIn{ID: "1"}},
		"a record without category":             {`{"properties":{"id":"1"}}`, diagnosis.SignIn{ID: "1"}},
		"a result that is no number":            {`{"category":"SignInLogs","resultType":"Failure","properties":{"id":"1"}}`, diagnosis.SignIn{ID: "1"}},
		"members of the record of another type": {`{"category":"SignInLogs","time":{},"resultType":[],"correlationId":{},"properties":{"id":"1"}}`, diagnosis.SignIn{ID: "1"}},
		"a row of Log Analytics": {
			`{"TimeGenerated":"2026-11-23T07:04:05Z","ResourceId":"/tenants/x","ResourceIdentity":"R","Category":"NonInteractiveUserSignInLogs","ResultType":"53003","ResultDescription":"Blocked",
			  "AppDisplayName":"Portal","ConditionalAccessPolicies":"[{\"displayName\":\"P\",\"result\":\"failure\"}]","Location":"GB","LocationDetails":"{\"city\":\"Reading\"}","IPAddress":"192.0.2.10"}`,
			diagnosis.SignIn{
				Time: at, Kind: diagnosis.KindNonInteractive, App: "Portal", ResourceID: "r", HasStatus: true, ErrorCode: 53003, FailureReason: "Blocked",
				Policies: []diagnosis.AppliedPolicy{{Name: "P", Result: diagnosis.ResultFailure}}, Location: diagnosis.Location{City: "Reading"}, IPAddress: "192.0.2.10",
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := signins.DecodeRecord([]byte(test.record))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodeRecordRefusesWhatIsNoSignIn(t *testing.T) {
	t.Parallel()
	for _, record := range []string{`{"category":"AuditLogs","properties":{}}`, `{"Category":"RiskyUsers","resultType":"0"}`} {
		if _, err := signins.DecodeRecord([]byte(record)); !errors.Is(err, signins.ErrNotSignIn) {
			t.Errorf("%s: error is %v, want %v", record, err, signins.ErrNotSignIn)
		}
	}
	for _, record := range []string{``, `null`, `[]`, `"x"`, `{`, `{"properties":null}`, `{"properties":7}`, `{"properties":"x"}`, `{"properties":[]}`} {
		if s, err := signins.DecodeRecord([]byte(record)); err == nil {
			t.Errorf("%q: no error but %+v", record, s)
		}
	}
}

func FuzzDecodeRecord(f *testing.F) {
	for _, record := range []string{
		`{"category":"SignInLogs","resultType":"50140","properties":` + betaSignIn + `}`, `{"properties":"{}"}`, `{"category":"AuditLogs"}`,
		`{"ResultType":"1","ConditionalAccessPolicies":"[{}]","LocationDetails":{}}`, `null`,
	} {
		f.Add([]byte(record))
	}
	f.Fuzz(func(t *testing.T, record []byte) {
		s, err := signins.DecodeRecord(record)
		if err != nil {
			return
		}
		checkKept(t, &s)
	})
}
