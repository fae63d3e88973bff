package export_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/diagnosis"
)

// Answers of Log Analytics' query API, the second as Azure Data Explorer and the API's first version write it, with a table that
// tells how the query went.
const (
	answer = `{"tables":[{"name":"PrimaryResult",
 "columns":[{"name":"TimeGenerated","type":"datetime"},{"name":"Id","type":"string"},{"name":"ResultType","type":"string"},{"name":"Category","type":"string"},
  {"name":"UserPrincipalName","type":"string"},{"name":"ConditionalAccessPolicies","type":"dynamic"},{"name":"Status","type":"dynamic"}],
 "rows":[
  ["2026-11-20T08:00:00.5Z","first","53003","NonInteractiveUserSignInLogs","ana@contoso.com","[{\"id\":\"P\",\"displayName\":\"Block\",\"result\":\"failure\"}]","{\"errorCode\":53003}"],
  [null,"second","0","SignInLogs","ana@contoso.com",[{"id":"P","displayName":"Block","result":"failure"}],{"errorCode":53003}]]}]}`
	oldAnswer = `{"Tables":[{"TableName":"Table_0","Columns":[{"ColumnName":"Id","DataType":"String","ColumnType":"string"},{"ColumnName":"ResultType","DataType":"Int32"}],"Rows":[["first",50126]]},
 {"TableName":"Table_1","Columns":[{"ColumnName":"Severity","DataType":"Int32"}],"Rows":[[4],[4]]}]}`
)

func TestAnAnswerOfLogAnalyticsIsRead(t *testing.T) {
	t.Parallel()
	policies := []diagnosis.AppliedPolicy{{ID: "p", Name: "Block", Result: diagnosis.ResultFailure}}
	want := []diagnosis.SignIn{
		{
			ID: "first", Time: time.Date(2026, 11, 20, 8, 0, 0, 500e6, time.UTC), Kind: diagnosis.KindNonInteractive, UserPrincipalName: "ana@contoso.com",
			HasStatus: true, ErrorCode: 53003, Policies: policies,
		},
		{ID: "second", UserPrincipalName: "ana@contoso.com", HasStatus: true, ErrorCode: 53003, Policies: policies},
	}
	if diff := cmp.Diff(want, read(t, answer).SignIns); diff != "" {
		t.Errorf("sign-ins (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]diagnosis.SignIn{{ID: "first", HasStatus: true, ErrorCode: 50126}}, read(t, oldAnswer).SignIns); diff != "" {
		t.Errorf("sign-ins of the older form (-want +got):\n%s", diff)
	}
}
