package graph

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/diagnosis"
	"signpost/signins"
)

// revokedRows are two rows that say that a session was ended, between others.
const revokedRows = `{"value":[
	{"id":"d","userId":"` + anaID + `","createdDateTime":"1999-12-31T23:55:00Z","status":{"errorCode":0}},
	{"id":"c","userId":"` + anaID + `","createdDateTime":"1999-12-31T23:50:00.5Z","status":{"errorCode":50173}},
	{"id":"b","userId":"` + anaID + `","createdDateTime":"1999-12-31T20:00:00Z","status":{"errorCode":50133}},
	{"id":"a","userId":"` + anaID + `","createdDateTime":"1999-12-31T19:00:00Z","status":{"errorCode":50126}}]}`

const aReset = `{"value":[
	{"activityDateTime":"1999-12-31T18:00:00Z","activityDisplayName":"Reset user password","result":"success",
		"initiatedBy":{"user":{"userPrincipalName":"mira@contoso.com"}},"targetResources":[{"id":"` + anaID + `"}]},
	{"activityDateTime":"1999-12-31T18:00:00Z","activityDisplayName":"Update user","result":"success","targetResources":[{"id":"` + anaID + `"}]}],
	"@odata.nextLink":"https://graph.microsoft.com/v1.0/auditLogs/directoryAudits?$skiptoken=x"}`

func TestWhatEndedASession(t *testing.T) {
	t.Parallel()
	reset := []diagnosis.Revocation{{
		UserID: anaID, Kind: diagnosis.RevokedPasswordReset, Time: time.Date(1999, 12, 31, 18, 0, 0, 0, time.UTC), By: "mira@contoso.com",
	}}
	tests := []struct {
		name         string
		rows, audits func(http.ResponseWriter, *http.Request)
		retention    time.Duration
		filter       string // of every request; two look-ups are made
		asked        int
		want         []diagnosis.Revocation
		took         time.Duration
	}{
		{
			name: "one page from a month before the oldest to the newest such row, kept", rows: answering(revokedRows), audits: answering(aReset),
			filter: "targetResources/any(t:t/id eq '" + anaID + "') and activityDateTime ge 1999-12-02T00:01:00Z and activityDateTime le 1999-12-31T23:50:01Z",
			asked:  1, want: reset,
		},
		{
			name: "no further back than the log is kept", rows: answering(revokedRows), audits: answering(aReset), retention: 10 * 24 * time.Hour,
			filter: "targetResources/any(t:t/id eq '" + anaID + "') and activityDateTime ge 1999-12-22T00:01:00Z and activityDateTime le 1999-12-31T23:50:01Z",
			asked:  1, want: reset,
		},
		{name: "no row says so: nothing is asked", rows: answering(page("", "a"))},
		{name: "a missing permission is kept", rows: answering(revokedRows), audits: refusing(http.StatusForbidden, "x"), asked: 1},
		{name: "an error is none of the answer's business", rows: answering(revokedRows), audits: refusing(http.StatusInternalServerError, "x"), asked: 2},
		{name: "what cannot be read", rows: answering(revokedRows), audits: answering("[]"), asked: 2},
		{name: "no answer in time", rows: answering(revokedRows), audits: silent, asked: 2, took: 2 * editsPatience},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			withStand(t, func(t *testing.T, s *stand) {
				s.beta, s.edits = test.rows, test.audits
				c := s.client(func(o *Options) { o.Retention = test.retention })
				start := time.Now()
				for range 2 {
					log, err := c.SignIns(t.Context(), signins.Query{Account: anaUPN, Fresh: true})
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(test.want, log.Revocations); diff != "" {
						t.Errorf("revocations (-want +got):\n%s", diff)
					}
				}
				if took := time.Since(start); took > test.took+time.Second {
					t.Errorf("two look-ups took %s, want %s", took, test.took)
				}
				asked := s.requests("directoryAudits")
				if len(asked) != test.asked {
					t.Errorf("asked %d times, want %d", len(asked), test.asked)
				}
				for _, r := range asked {
					if test.filter != "" && r.filter != test.filter {
						t.Errorf("filter\n%s, want\n%s", r.filter, test.filter)
					}
				}
			})
		})
	}
}
