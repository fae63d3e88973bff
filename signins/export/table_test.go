package export_test

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/diagnosis"
	"signpost/signins/export"
)

// The portal's headings as it writes them: a byte order mark, spaces at the end, one heading twice.
const portalHeadings = "\xEF\xBB\xBFDate (UTC),Request ID,User agent,Correlation ID,User ID,User,Username,User type,Incoming token type," +
	"Application,Application ID ,Resource,Resource ID ,IP address,Location,Status,Sign-in error code,Failure reason,Client app," +
	"Device ID,Browser,Operating System,Compliant,Managed,Join Type,Conditional Access,IP address\r\n"

func portalRow(token string) string {
	return "2026-11-20T08:00:00Z,row-1,Mozilla,CORR-1,5D0C2F4E-0000-4000-8000-00000000000A,Ana Contoso,ana@contoso.com,member," + token +
		",Azure Portal,c44b4083-3bb0-49c1-b47d-974e53cbdf3c,\"Windows Azure, Service\",797f4846-ba00-4fd7-ba43-dac1f8f63013,192.0.2.1," +
		"\"Jakarta, Jakarta, ID\",Failure,53003,Access has been blocked,Browser,,Edge 142,Windows10,,,,Failure,\r\n"
}

func read(t *testing.T, text string) export.Log {
	t.Helper()
	log, err := export.Read(strings.NewReader(text), export.Query{})
	if err != nil {
		t.Fatal(err)
	}
	return log
}

func TestThePortalsTableIsRead(t *testing.T) {
	t.Parallel()
	log := read(t, portalHeadings+portalRow("none"))
	if len(log.SignIns) != 1 || log.Read != 1 {
		t.Fatalf("read %d rows, %d sign-ins, warnings %v; want one", log.Read, len(log.SignIns), log.Warnings)
	}
	want := diagnosis.SignIn{
		ID: "row-1", Time: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC), CorrelationID: "corr-1",
		UserID: "5d0c2f4e-0000-4000-8000-00000000000a", UserPrincipalName: "ana@contoso.com", UserDisplayName: "Ana Contoso",
		AppID: "c44b4083-3bb0-49c1-b47d-974e53cbdf3c", App: "Azure Portal",
		ResourceID: "797f4846-ba00-4fd7-ba43-dac1f8f63013", Resource: "Windows Azure, Service",
		HasStatus: true, ErrorCode: 53003, FailureReason: "Access has been blocked", ConditionalAccessStatus: "Failure",
		ClientApp: "Browser", IPAddress: "192.0.2.1", IncomingTokenType: "none",
		Location: diagnosis.Location{City: "Jakarta", State: "Jakarta", Country: "ID"},
		Device:   diagnosis.Device{OperatingSystem: "Windows10", Browser: "Edge 142"},
	}
	if diff := cmp.Diff(want, log.SignIns[0]); diff != "" {
		t.Errorf("sign-in (-want +got):\n%s", diff)
	}
}

func TestThePortalsTablesSayWhatTheyCannotHold(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want []diagnosis.Gap
	}{
		"interactive":     {portalHeadings + portalRow("none"), []diagnosis.Gap{diagnosis.GapNonInteractive, diagnosis.GapPolicyDetails}},
		"non-interactive": {portalHeadings + portalRow("refreshToken"), []diagnosis.Gap{diagnosis.GapPolicyDetails}},
		"the audit log":   {"CreationDate,UserIds,Operations,AuditData\r\n" + auditRow, []diagnosis.Gap{diagnosis.GapPolicyDetails}},
		"Log Analytics":   {monitorHeadings + monitorRow, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, read(t, test.text).Gaps); diff != "" {
				t.Errorf("gaps (-want +got):\n%s", diff)
			}
		})
	}
}

const (
	auditRecord = `{"Id":"a1","CreationTime":"2026-11-20T08:00:00","Operation":"UserLoginFailed","UserId":"Ana@contoso.com","ApplicationId":"c44b4083-3bb0-49c1-b47d-974e53cbdf3c",` +
		`"ErrorNumber":"50126","LogonError":"InvalidUserNameOrPassword","ActorIpAddress":"192.0.2.1","InterSystemsId":"corr-1",` +
		`"DeviceProperties":[{"Name":"OS","Value":"Windows10"},{"Name":"IsCompliant","Value":"False"}]}`
	monitorHeadings = "TimeGenerated [UTC],ResultType,CorrelationId,AppDisplayName,AppId,UserPrincipalName,ConditionalAccessPolicies_dynamic,Status_string,Category\r\n"
	monitorRow      = "\"11/20/2026, 8:00:00.500 AM\",53003,corr-1,Azure Portal,app,ana@contoso.com," +
		"\"[{\"\"id\"\":\"\"p\"\",\"\"displayName\"\":\"\"P\"\",\"\"result\"\":\"\"failure\"\",\"\"enforcedGrantControls\"\":[\"\"Block\"\"]}]\"," +
		"\"{\"\"errorCode\"\":53003}\",NonInteractiveUserSignInLogs\r\n"
)

var auditRow = "2026-11-20,ana@contoso.com,UserLoginFailed,\"" + strings.ReplaceAll(auditRecord, "\"", "\"\"") + "\"\r\n"

func TestATableOfLogAnalyticsIsRead(t *testing.T) {
	t.Parallel()
	log := read(t, monitorHeadings+monitorRow)
	if len(log.SignIns) != 1 {
		t.Fatalf("no sign-in; warnings %v", log.Warnings)
	}
	s := log.SignIns[0]
	if s.ErrorCode != 53003 || s.Kind != diagnosis.KindNonInteractive || !s.Time.Equal(time.Date(2026, 11, 20, 8, 0, 0, 500e6, time.UTC)) ||
		len(s.Policies) != 1 || s.Policies[0].Name != "P" {
		t.Errorf("sign-in = %+v", s)
	}
}

// interactiveHeadings are all that the portal's download of interactive sign-ins has.
const interactiveHeadings = "\xEF\xBB\xBFDate (UTC),Request ID,User agent,Correlation ID,User ID,User,Username,User type,Cross tenant access type,Incoming token type," +
	"Authentication Protocol,Unique token identifier,Original transfer method,Client credential type,Token Protection - Sign In Session," +
	"Token Protection - Sign In Session StatusCode,Application,Application ID ,App owner tenant ID,Resource,Resource ID ,Resource tenant ID,Resource owner tenant ID," +
	"Home tenant ID,Home tenant name,IP address,Location,Status,Sign-in error code,Failure reason,Client app,Device ID,Browser,Operating System,Compliant,Managed," +
	"Join Type,Multifactor authentication result,Multifactor authentication auth method,Multifactor authentication auth detail,Authentication requirement," +
	"Sign-in identifier,Session ID,IP address (seen by resource),Through Global Secure Access,Global Secure Access IP address,Autonomous system  number," +
	"Flagged for review,Token issuer type,Incoming token type,Token issuer name,Latency,Conditional Access,Managed Identity type,Associated Resource Id," +
	"Federated Token Id,Federated Token Issuer"

func TestThePortalsWholeTableIsRead(t *testing.T) {
	t.Parallel()
	cells := map[string]string{
		"Date (UTC)": "2026-11-20T08:00:00Z", "Request ID": "row-1", "User agent": "Mozilla", "Correlation ID": "corr-1", "User ID": "AAAA", "User": "Ana", "Username": "ana@contoso.com",
		"User type": "member", "Cross tenant access type": "none", "Incoming token type": "none", "Original transfer method": "none", "Token Protection - Sign In Session StatusCode": "1002",
		"Application": "Azure Portal", "Application ID ": "BBBB", "Resource": "Graph", "Resource ID ": "CCCC", "Resource tenant ID": "dddd", "Home tenant ID": "dddd",
		"IP address": "192.0.2.1", "Location": "\"Jakarta, Jakarta, ID\"", "Status": "Success", "Sign-in error code": "None", "Client app": "Browser", "Device ID": "eeee",
		"Browser": "Edge 142", "Operating System": "Windows10", "Compliant": "True", "Managed": "", "Join Type": "Azure AD joined",
		"Multifactor authentication result": "MFA completed in Azure AD", "Authentication requirement": "Multifactor authentication", "Sign-in identifier": "ana", "Latency": "200",
		"Conditional Access": "Not Applied",
	}
	names := strings.Split(strings.TrimPrefix(interactiveHeadings, "\xEF\xBB\xBF"), ",")
	if len(names) != 57 {
		t.Fatalf("%d columns", len(names))
	}
	var row []string
	for _, name := range names {
		row = append(row, cells[name])
		delete(cells, name)
	}
	if len(cells) > 0 {
		t.Fatalf("no columns for %v", cells)
	}
	log := read(t, interactiveHeadings+"\r\n"+strings.Join(row, ",")+"\r\n")
	yes := true
	want := []diagnosis.SignIn{{
		ID: "row-1", Time: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC), CorrelationID: "corr-1",
		UserID: "aaaa", UserPrincipalName: "ana@contoso.com", UserDisplayName: "Ana", SignInIdentifier: "ana",
		HomeTenantID: "dddd", ResourceTenantID: "dddd", AppID: "bbbb", App: "Azure Portal", ResourceID: "cccc", Resource: "Graph",
		HasStatus: true, AdditionalDetails: "MFA completed in Azure AD", ConditionalAccessStatus: "NotApplied",
		ClientApp: "Browser", IPAddress: "192.0.2.1", Location: diagnosis.Location{City: "Jakarta", State: "Jakarta", Country: "ID"},
		Device:            diagnosis.Device{ID: "eeee", OperatingSystem: "Windows10", Browser: "Edge 142", Compliant: &yes, TrustType: "Azure AD joined"},
		IncomingTokenType: "none", OriginalTransferMethod: "none", CrossTenantAccessType: "none",
		TokenProtectionStatusCode: 1002,
	}}
	if diff := cmp.Diff(want, log.SignIns); diff != "" {
		t.Errorf("sign-ins (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]diagnosis.Gap{diagnosis.GapNonInteractive, diagnosis.GapPolicyDetails}, log.Gaps); diff != "" {
		t.Errorf("gaps (-want +got):\n%s", diff)
	}
}

func TestAHeadingThatStandsTwiceGivesTheFirstValue(t *testing.T) {
	t.Parallel()
	log := read(t, "Sign-in error code,Application,Location,Incoming token type,Status,Incoming token type,Location,Device ID,Device ID\n"+
		"53003,App,,,Success,refreshToken,\"Reading, GB\",d1,d2\n")
	want := []diagnosis.SignIn{{
		App: "App", HasStatus: true, ErrorCode: 53003, IncomingTokenType: "refreshToken",
		Location: diagnosis.Location{State: "Reading", Country: "GB"}, Device: diagnosis.Device{ID: "d1"},
	}}
	if diff := cmp.Diff(want, log.SignIns); diff != "" {
		t.Errorf("sign-ins (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]diagnosis.Gap{diagnosis.GapPolicyDetails}, log.Gaps); diff != "" {
		t.Errorf("gaps (-want +got):\n%s", diff)
	}
}

func TestTheUnifiedAuditLogIsRead(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"as Purview's table": "CreationDate,UserIds,Operations,AuditData\n" + auditRow,
		"as NDJSON":          auditRecord + "\n" + auditRecord,
		"with Excel's hint":  "sep=,\r\nCreationDate,UserIds,Operations,AuditData\n" + auditRow,
		"with semicolons":    "CreationDate;UserIds;Operations;AuditData\n" + strings.Replace(strings.Replace(auditRow, ",", ";", 3), "\r\n", "\n", 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := read(t, text)
			if len(log.SignIns) == 0 {
				t.Fatalf("no sign-in; warnings %v", log.Warnings)
			}
			s := log.SignIns[0]
			if s.ErrorCode != 50126 || s.UserPrincipalName != "ana@contoso.com" || s.Device.Compliant == nil || *s.Device.Compliant || s.Time.IsZero() {
				t.Errorf("sign-in = %+v", s)
			}
		})
	}
}

func TestAHintWithoutATableIsAnError(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"sep=;", "sep=,\n", "sep=;\r\n\r\n", "sep=;\nx"} {
		if _, err := export.Read(strings.NewReader(text), export.Query{}); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}

func TestATableMayBeCompressed(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	w := gzip.NewWriter(&file)
	if _, err := w.Write([]byte(portalHeadings + portalRow("none"))); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if n := len(read(t, file.String()).SignIns); n != 1 {
		t.Errorf("%d sign-ins, want 1", n)
	}
}

func TestABrokenRowOfATableIsSkipped(t *testing.T) {
	t.Parallel()
	shifted := strings.Replace(portalRow("none"), "\"Jakarta, Jakarta, ID\"", "Jakarta, Jakarta, ID", 1)
	log := read(t, portalHeadings+shifted+portalRow("none"))
	if len(log.SignIns) != 1 || log.Skipped != 1 || !strings.HasPrefix(log.Warnings[0], "line 2:") {
		t.Errorf("%d sign-ins, %d skipped, %v; want the shifted row skipped, with its line", len(log.SignIns), log.Skipped, log.Warnings)
	}
	if _, err := export.Read(strings.NewReader(portalHeadings+strings.Replace(portalRow("none"), "Mozilla", "\"Mozilla", 1)), export.Query{}); err == nil {
		t.Error("a quotation that never ends was read")
	}
}

func TestRowsOfATableThatAreNoSignInsAreSkipped(t *testing.T) {
	t.Parallel()
	other := strings.ReplaceAll(auditRow, "UserLoginFailed", "FileAccessed")
	log := read(t, "CreationDate,UserIds,Operations,AuditData\n"+other+auditRow)
	if log.Read != 2 || log.Skipped != 1 || len(log.SignIns) != 1 || !strings.HasPrefix(log.Warnings[0], "line 2:") {
		t.Errorf("read %d, skipped %d, %v; want one of two skipped, with its line", log.Read, log.Skipped, log.Warnings)
	}
}
