package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"signpost/sandbox"
	"signpost/words"
)

// diagnoseJSON runs `signpost diagnose --json` and returns what it printed, as the contract names it.
func diagnoseJSON(t *testing.T, args ...string) map[string]any {
	t.Helper()
	text, err := runCommand(t, append([]string{"diagnose", "--json"}, args...)...)
	if err != nil {
		t.Fatalf("diagnose %v: %v", args, err)
	}
	var out map[string]any
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatalf("diagnose %v printed no JSON: %v\n%s", args, err, text)
	}
	return out
}

// runCommand runs one command as main does and returns its standard output.
func runCommand(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out strings.Builder
	err := run(t.Context(), args, streams{in: os.Stdin, out: &out, err: io.Discard})
	return out.String(), err
}

// exported asks the sandbox's Graph for the sign-ins of a person, as an administrator would who saves the answer.
func exported(t *testing.T, s *sandbox.Sandbox, version, upn string) string {
	t.Helper()
	address := "https://" + sandbox.HostGraph + "/" + version + "/auditLogs/signIns?$filter=" +
		strings.ReplaceAll("userPrincipalName eq '"+upn+"'", " ", "%20")
	if version == "beta" {
		address += strings.ReplaceAll(" and signInEventTypes/any(t: t eq 'interactiveUser' or t eq 'nonInteractiveUser')", " ", "%20")
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+graphToken(t, s))
	request.Header.Set("Prefer", "include-unknown-enum-members")
	response, err := (&http.Client{Transport: s.Transport()}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	body := readOK(t, response)
	file := filepath.Join(t.TempDir(), "export.json")
	if err := os.WriteFile(file, body, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// graphToken asks the sandbox's Entra for a token, as an app with a secret does.
func graphToken(t *testing.T, s *sandbox.Sandbox) string {
	t.Helper()
	form := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {s.AppID()}, "client_secret": {s.Secret()},
		"scope": {"https://" + sandbox.HostGraph + "/.default"},
	}
	address := "https://" + sandbox.HostEntra + "/" + s.TenantID() + "/oauth2/v2.0/token"
	response, err := (&http.Client{Transport: s.Transport()}).PostForm(address, form)
	if err != nil {
		t.Fatal(err)
	}
	var token struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal(readOK(t, response), &token); err != nil {
		t.Fatal(err)
	}
	return token.AccessToken
}

func readOK(t *testing.T, response *http.Response) []byte {
	t.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d, %v: %s", response.Request.URL.Host, response.StatusCode, err, body)
	}
	return body
}

func TestAnExportedFileGetsTheSameDiagnosisAsTheLog(t *testing.T) {
	t.Parallel()
	s, err := sandbox.Start(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	tests := []struct {
		version, account, product string
		causes, fixers            string
		code                      float64 // 0: null
		policies                  []string
		notSeen                   string
	}{
		{"beta", "david.okafor", "intune", "token-expired-or-revoked", "user", 700084, nil, ""},
		{"beta", "emi.tanaka", "endpoint-analytics", "token-expired-or-revoked conditional-access-block", "user conditional-access-admin", 70043, []string{"CA04 Admin portals: sign in again every 4 hours"}, ""},
		{"beta", "carla.neumann", "intune", "conditional-access-block device-compliance", "user device-admin conditional-access-admin", 53000, []string{"CA01 Compliant device for Intune and Office"}, ""},
		{"beta", "farah.aziz", "autopatch", "conditional-access-block", "user conditional-access-admin", 53003, []string{"CA02 Block sign-ins from outside our countries"}, ""},
		{"beta", "grace.kim", "intune", "mfa-required conditional-access-block unfinished-sign-in", "user helpdesk conditional-access-admin", 50074, []string{"CA03 MFA for admin portals"}, ""},
		{"beta", "hana.wijaya", "intune", "password-expired-or-reset unfinished-sign-in", "user helpdesk", 50055, nil, ""},
		{"beta", "ayu.lestari", "desktop-analytics", "app-configuration", "user app-admin", 7000112, nil, ""},
		{"beta", "ivo.brandt", "", "no-sign-in-found", "user", 0, nil, "log-may-be-late"},
		{"beta", "jonas.weber", "intune", "no-failure-found", "user", 0, nil, ""},
		{"v1.0", "farah.aziz", "autopatch", "conditional-access-block", "user conditional-access-admin", 53003, []string{"CA02 Block sign-ins from outside our countries"}, "non-interactive-not-included"},
		{"v1.0", "david.okafor", "intune", "no-failure-found", "user", 0, nil, "non-interactive-not-included"},
	}
	for _, test := range tests {
		t.Run(test.version+"/"+test.account, func(t *testing.T) {
			t.Parallel()
			upn := test.account + "@contoso.com"
			args := []string{"--signins", exported(t, s, test.version, upn), "--account", strings.ToUpper(upn)}
			if test.product != "" {
				args = append(args, "--product", test.product)
			}
			got := diagnoseJSON(t, args...)
			var code any
			if test.code != 0 {
				code = test.code
			}
			var policies []string
			for _, p := range got["policies"].([]any) {
				policies = append(policies, p.(map[string]any)["name"].(string))
			}
			if diff := cmp.Diff(
				map[string]any{"causes": test.causes, "fixers": test.fixers, "code": code, "policies": test.policies, "not_seen": test.notSeen, "account": strings.ToUpper(upn)},
				map[string]any{
					"causes": joined(got["causes"]), "fixers": joined(got["fixers"]), "code": got["error_code"], "policies": policies,
					"not_seen": joined(got["not_seen"]), "account": got["understood"].(map[string]any)["account"],
				}); diff != "" {
				t.Errorf("diagnosis (-want +got):\n%s", diff)
			}
			if len(got["next_steps"].([]any)) == 0 {
				t.Error("no next step")
			}
			if (got["sign_in"] == nil) != (test.code == 0) {
				t.Errorf("sign_in = %v, want one exactly when a row decides", got["sign_in"])
			}
		})
	}
}

func joined(list any) string {
	var out []string
	for _, e := range list.([]any) {
		out = append(out, e.(string))
	}
	return strings.Join(out, " ")
}

// Scripts read this object: every name must stay, whatever the finding.
func TestTheJSONHasEveryMemberOfTheContract(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "one.json")
	row := `{"id":"r1","createdDateTime":"2026-11-20T08:00:00Z","userPrincipalName":"ana@contoso.com","appDisplayName":"Azure Portal",
		"appId":"c44b4083-3bb0-49c1-b47d-974e53cbdf3c","resourceDisplayName":"Intune","correlationId":"7f1d7d3e-1111-4222-8333-444455556666",
		"signInEventTypes":["interactiveUser"],"conditionalAccessStatus":"failure","status":{"errorCode":53003},
		"appliedConditionalAccessPolicies":[
			{"id":"p1","displayName":"Block","result":"failure","enforcedGrantControls":["Block"],"enforcedSessionControls":["SignInFrequency"]},
			{"id":"p2","displayName":"Reported","result":"reportOnlyFailure","enforcedGrantControls":["Mfa"],"enforcedSessionControls":[]}]}`
	if err := os.WriteFile(file, []byte(row), 0o600); err != nil {
		t.Fatal(err)
	}
	got := diagnoseJSON(t, "--signins", file)
	want := map[string][]string{
		"":           {"understood", "causes", "error_code", "sign_in", "policies", "fixers", "next_steps", "not_seen", "what_if", "events"},
		"understood": {"onboarding_failure", "error_code", "correlation_id", "request_id", "account", "product", "time", "language"},
		"sign_in":    {"id", "time", "app", "app_id", "resource", "interactive", "correlation_id"},
		"events":     {"read", "considered"},
	}
	for member, names := range want {
		object := got
		if member != "" {
			object = got[member].(map[string]any)
		}
		for _, name := range names {
			if _, ok := object[name]; !ok {
				t.Errorf("%s lacks %s", member, name)
			}
		}
	}
	policies := got["policies"].([]any)
	if len(policies) != 1 {
		t.Fatalf("policies = %v, want the one that refused", policies)
	}
	policy := policies[0].(map[string]any)
	for name, want := range map[string]any{
		"id": "p1", "name": "Block", "result": "failure", "grant_controls": []any{"Block"}, "session_controls": []any{"SignInFrequency"},
	} {
		if diff := cmp.Diff(want, policy[name]); diff != "" {
			t.Errorf("policy's %s (-want +got):\n%s", name, diff)
		}
	}
	if reason, _ := policy["reason"].(string); !strings.Contains(reason, "Block") {
		t.Errorf("policy's reason = %q, want a sentence that names it", reason)
	}
	signIn := got["sign_in"].(map[string]any)
	if signIn["time"] != "2026-11-20T08:00:00Z" || signIn["interactive"] != true {
		t.Errorf("sign_in = %v", signIn)
	}
}

func TestAMessageAloneIsOnlyUnderstood(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "message.txt")
	text := "Onboarding Windows Autopatch failed for Ana.Souza@contoso.com:\nAADSTS53003: Access has been blocked.\n" +
		"Trace ID: 0ee28496-8bf7-4029-ade9-de9a1491f558\nCorrelation ID: 0AE508E9-aa40-4062-a6d0-4256508c64d5\nTimestamp: 2026-11-20 08:15:30Z"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"understood": map[string]any{
		"onboarding_failure": true, "error_code": 53003.0, "account": "Ana.Souza@contoso.com", "product": "autopatch", "language": "en",
		"request_id": "0ee28496-8bf7-4029-ade9-de9a1491f558", "correlation_id": "0ae508e9-aa40-4062-a6d0-4256508c64d5",
		"time": "2026-11-20T08:15:30Z",
	}}
	if diff := cmp.Diff(want, diagnoseJSON(t, "--message-file", file)); diff != "" {
		t.Errorf("understood (-want +got):\n%s", diff)
	}
}

// PowerShell's ">" writes UTF-16; people write their zone.
func TestAMessageMayBeUTF16AndNameItsZone(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "message.txt")
	var text []byte
	for _, unit := range append([]uint16{0xfeff}, utf16.Encode([]rune("AADSTS53003 at 2026-11-23 08:15 (UTC+05:30)\u202e"))...) {
		text = append(text, byte(unit), byte(unit>>8))
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	got := diagnoseJSON(t, "--message-file", file)["understood"].(map[string]any)
	if got["error_code"] != 53003.0 || got["time"] != "2026-11-23T02:45:00Z" {
		t.Errorf("understood = %v, want the code and the time in UTC", got)
	}
}

func TestUnreadableInputIsAnError(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	files := map[string]string{"empty": "", "table.csv": "Date,User\n1,2\n", "cut": `[{"id":"1","status":{"errorCode":0}}`, "page.html": "<html></html>", "binary": "\x00\x01\x02"}
	for name, content := range files {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := runCommand(t, "diagnose", "--signins", file)
		if err == nil || out != "" {
			t.Errorf("%s: printed %q, error %v; want an error only", name, out, err)
		} else if !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), "export") {
			t.Errorf("%s: %v; want the file named and what to do", name, err)
		}
	}
	for _, args := range [][]string{
		{},
		{"--signins", filepath.Join(dir, "none")},
		{"--message-file", filepath.Join(dir, "none")},
		{"--signins", "-", "--product", "excel"},
		{"--signins", "-", "--at", "yesterday"},
	} {
		if out, err := runCommand(t, append([]string{"diagnose"}, args...)...); err == nil || out != "" {
			t.Errorf("diagnose %v: printed %q, error %v; want an error only", args, out, err)
		}
	}
}

func TestTextForPeopleHoldsNoControlCharacters(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "hostile.json")
	row := `[{"id":"1","createdDateTime":"2026-11-20T08:00:00Z","userId":"a","appDisplayName":"\u001b[31mRed\u202e","status":{"errorCode":50126,"failureReason":"line\nbreak\u0007"},"signInEventTypes":["interactiveUser"]},
		{"id":"2","createdDateTime":"2026-11-20T07:00:00Z","userId":"b","appDisplayName":"x","status":{"errorCode":0},"signInEventTypes":["interactiveUser"]}]`
	if err := os.WriteFile(file, []byte(row), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := runCommand(t, "diagnose", "--signins", file)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"\x1b", "\u202e", "\a", "line\nbreak"} {
		if strings.Contains(out, bad) {
			t.Errorf("the text holds %q:\n%s", bad, out)
		}
	}
	if !strings.Contains(out, "2 accounts") {
		t.Errorf("the text does not say that the file holds several accounts:\n%s", out)
	}
}

// The log names the account by an older name first.
func TestAStreamIsReadTwiceWhereItMust(t *testing.T) {
	t.Parallel()
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	go func() {
		defer out.Close()
		for _, name := range []string{"old@contoso.com", "eve@contoso.com", "ana@contoso.com"} {
			id := map[bool]string{true: "eve", false: "ana"}[name == "eve@contoso.com"]
			_, _ = out.WriteString(`{"id":"` + name + `","userId":"` + id + `","userPrincipalName":"` + name + `","appDisplayName":"Portal","userType":"member","status":{"errorCode":0}}` + "\n")
		}
	}()
	var printed strings.Builder
	err = run(t.Context(), []string{"diagnose", "--json", "--signins", "-", "--account", "Ana@contoso.com"}, streams{in: in, out: &printed, err: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Events struct{ Read, Considered int }
	}
	if err := json.Unmarshal([]byte(printed.String()), &got); err != nil {
		t.Fatal(err)
	}
	if got.Events.Read != 3 || got.Events.Considered != 2 {
		t.Errorf("events = %+v, want 3 read and both of the account considered", got.Events)
	}
}

func TestTheTextSpeaksTheLanguageOfTheMessage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	message, log := filepath.Join(dir, "m.txt"), filepath.Join(dir, "l.json")
	if err := os.WriteFile(message, []byte("Saya gagal masuk ke Intune sejak kemarin, mohon bantuannya"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(log, []byte("[]"), 0o600); err != nil {
		t.Fatal(err)
	}
	for language, args := range map[string][]string{"id": nil, "en": {"--language", "en"}} {
		want := strings.ToUpper(words.For(language, "", nil).Say("title.no-sign-in-found"))
		out, err := runCommand(t, slices.Concat([]string{"diagnose", "--signins", log, "--message-file", message}, args)...)
		if err != nil || !strings.HasPrefix(out, want) {
			t.Errorf("%v: %v\n%s\nwant it to begin with %s", args, err, out, want)
		}
	}
}
