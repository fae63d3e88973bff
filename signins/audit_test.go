package signins_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/diagnosis"
	"signpost/signins"
)

const auditRecord = `{"Id":"a1","CreationTime":"2026-11-20T08:00:00","Operation":"UserLoginFailed","UserId":"Ana@contoso.com","UserKey":"AAAA0000-0000-4000-8000-00000000000A",
	"ApplicationId":"C44B","ObjectId":"797F","ErrorNumber":"50126","LogonError":"InvalidUserNameOrPassword","ClientIP":"192.0.2.2","ActorIpAddress":"192.0.2.1",
	"InterSystemsId":"CORR","IntraSystemId":"REQ","ExtendedProperties":[{"Name":"UserAgent","Value":"Mozilla"}],
	"DeviceProperties":[{"Name":"Id","Value":"D1"},{"Name":"DisplayName","Value":"PC-1"},{"Name":"OS","Value":"Windows10"},{"Name":"BrowserType","Value":"Edge"},
		{"Name":"TrustType","Value":"2"},{"Name":"IsCompliant","Value":"False"}]}`

func TestDecodeAuditReadsEveryMember(t *testing.T) {
	t.Parallel()
	no := false
	want := diagnosis.SignIn{
		ID: "a1", Time: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC), CorrelationID: "corr", OriginalRequestID: "req",
		UserID: "aaaa0000-0000-4000-8000-00000000000a", UserPrincipalName: "ana@contoso.com", AppID: "c44b", ResourceID: "797f",
		HasStatus: true, ErrorCode: 50126, FailureReason: "InvalidUserNameOrPassword", IPAddress: "192.0.2.1",
		Device: diagnosis.Device{ID: "d1", Name: "PC-1", OperatingSystem: "Windows10", Browser: "Edge", TrustType: "2", Compliant: &no},
	}
	got, err := signins.DecodeAudit([]byte(auditRecord))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := signins.DecodeAudit([]byte(`{"Operation":"FileAccessed"}`)); !errors.Is(err, signins.ErrNotSignIn) {
		t.Errorf("of another operation: %v, want %v", err, signins.ErrNotSignIn)
	}
	for _, record := range []string{``, `null`, `[]`, `{"Operation":"UserLoggedIn"`} {
		if s, err := signins.DecodeAudit([]byte(record)); err == nil {
			t.Errorf("%q: no error but %+v", record, s)
		}
	}
}

func FuzzDecodeAudit(f *testing.F) {
	for _, record := range []string{auditRecord, `{"Operation":"UserLoggedIn","DeviceProperties":"[]"}`, `null`} {
		f.Add([]byte(record))
	}
	f.Fuzz(func(t *testing.T, record []byte) {
		s, err := signins.DecodeAudit(record)
		if err != nil {
			return
		}
		checkKept(t, &s)
	})
}
