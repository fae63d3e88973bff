package intake_test

import (
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"signpost/diagnosis"
	"signpost/intake"
)

// now is a Friday, at 16:30 in Jakarta.
var now = time.Date(2026, time.November, 20, 16, 30, 0, 0, jakarta)

var jakarta = time.FixedZone("WIB", 7*3600)

const (
	correlation = "7a8b3c1d-1111-4222-8333-944455556666"
	request     = "0b1c2d3e-aaaa-4bbb-8ccc-dddddddddddd"
	object      = "5f0d9c7e-1234-4abc-9def-0123456789ab"
	ana, bob    = "ana@contoso.com", "bob@contoso.com"
)

func clock(day, hour, minute int) time.Time {
	return time.Date(2026, time.November, day, hour, minute, 0, 0, jakarta)
}

func utc(hour, minute, second int) time.Time {
	return time.Date(2026, time.November, 20, hour, minute, second, 0, time.UTC)
}

const pasted = "AADSTS53003: Access has been blocked by Conditional Access policies. The access policy does not allow token issuance. Trace ID: " + request +
	" Correlation ID: " + correlation + " Timestamp: 2026-11-20 08:15:30Z"

func TestReadTellsFailuresFromEverythingElse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"There was an error validating access token":                                       true,
		"ther was an eror validating acces token":                                          true,
		"THERE WAS AN ERROR VALIDATING ACCESS TOKEN!!!":                                    true,
		"<p>There was an error <b>validating</b>&nbsp;access token</p>":                    true,
		"we could not validate the access token":                                           true,
		"AADSTS50105":                                                                      true,
		pasted:                                                                             true,
		"Saya gagal login ke Intune":                                                       true,
		"gak bisa masuk portal perusahaan dari tadi pagi":                                  true,
		"Ich kann mich nicht bei Intune anmelden":                                          true,
		"No puedo iniciar sesión en el portal de Intune":                                   true,
		"Não consigo entrar na minha conta":                                                true,
		"Je n'arrive pas à me connecter à Intune":                                          true,
		"Non riesco ad accedere a Intune":                                                  true,
		"Ik kan niet inloggen op Intune":                                                   true,
		"Не могу войти в Intune":                                                           true,
		"Nie mogę się zalogować do Intune":                                                 true,
		"Intune にサインインできません":                                                               true,
		"无法登录 Intune":                                                                      true,
		"Intune에 로그인할 수 없습니다":                                                              true,
		"لا يمكنني تسجيل الدخول إلى Intune":                                                true,
		"I can't enrol my laptop":                                                          true,
		"onboarding to Windows Autopatch keeps failing":                                    true,
		"my account is locked":                                                             true,
		"MsalUiRequiredException: interaction required":                                    true,
		`{"error":"invalid_grant","error_codes":[50076],"trace_id":"` + request + `"}`:     true,
		"You cannot access this right now\nYour sign-in was successful but does not meet":  true,
		"Enrolment failed with 0x80180014":                                                 true,
		"The onboarding worked yesterday, but today the sign-in fails":                     true,
		"Error validating access token: Session has expired on Friday, 20-Nov-26.":         false,
		`{"error":{"message":"Error validating access token","type":"OAuthException"}}`:    false,
		"I can't log in to GitHub":                                                         false,
		"the printer onboarding failed":                                                    false,
		"How do I onboard my laptop to Intune?":                                            false,
		"onboarding went fine":                                                             false,
		"Onboarding berjalan lancar, terima kasih":                                         false,
		"Intune sign-in works now, thanks!":                                                false,
		"It is fixed, I can sign in now":                                                   false,
		"Invitation: New hire onboarding\nMeeting ID: 123 456\nLearn about login problems": false,
		"what is for lunch?":                                                               false,
		"Bagaimana cara mendaftarkan perangkat ke Intune?":                                 false,
		"Was passiert, wenn die Anmeldung fehlschlägt?":                                    false,
		"is there a guide about device enrollment failures?":                               false,
		"waktu itu gagal, skrg udh bisa login, makasih":                                    false,
		"AADSTS50076 earlier, resolved. Thanks":                                            false,
		"gh auth login: error validating token: HTTP 401":                                  false,
		"The onboarding course login fails":                                                false,
		"1. get laptop 2. sign in 3. if sign in fails call IT":                             false,
		"I was able to sign in today. No problem.":                                         false,
		"I have not been able to log in for 3 hours":                                       true,
		"nobody can log in since the Conditional Access change":                            true,
		"I can sign in to Outlook but not to Intune":                                       true,
		"Sign in page never loads at portal.azure.com":                                     true,
		"Intune enrolment gives 50097 for two of us":                                       true,
		"I get 53003 in Autopatch":                                                         true,
		"SSO to Slack fails with AADSTS50105":                                              true,
		"seit gestern schlägt die Registrierung meines Geräts in Intune fehl":              true,
		"Δεν μπορώ να συνδεθώ στο Intune":                                                  true,
		"לא מצליח להתחבר ל-Intune":                                                         true,
		"Ne mogu se prijaviti na Intune":                                                   true,
		"":                                                                                 false,
		"hi":                                                                               false,
		"ADSTS53003: Access has been blocked":                                              true,
		"Something went wrong. Error Code: CAA50021":                                       true,
		"Kak, akun saya kena blokir pas enrol":                                             true,
		"Anmelung am Unternehmensportal schlägt fehl":                                      true,
		"kann mich net einloggen":                                                          true,
		"Anmeldung geht seit gestern um 9 nicht":                                           true,
		"heute früh ging die Anmeldung leider nicht":                                       true,
		"Wie kann ich mich anmelden, wenn ich das Gerät nicht dabei habe?":                 false,
		"Die Anmeldung ging gestern nicht, geht heute aber wieder, danke":                  false,
		"j'arrive plus à me connecter":                                                     true,
		"je ne peux toujours pas me connecter":                                             true,
		"je ne sais pas comment me connecter":                                              false,
		"hoje de manhã não consegui entrar":                                                true,
		"مش عارف اسجل دخول على Intune":                                                     true,
		"เข้าสู่ระบบ Intune ไม่ได้":                                                        true,
		"プリンターの登録に失敗しました":                                                                  false,
		"프린터 등록 실패":                                                                        false,
		"الطابعة: فشل تسجيل الدخول":                                                        false,
		"Jira login fails":                                                                 false,
		"SAP GUI logon fails":                                                              false,
		"our API key was rotated and the access token of the CRM integration is invalid":   false,
		"Postal code 50126 Firenze":                                                        false,
		"PLZ 53003, Fehler in der Adresse":                                                 false,
		"Sent from Outlook for iOS\n\nFrom: Ana <ana@contoso.com>\nSent: Friday\nTo: IT\n\nI cannot sign in":             true,
		"Any idea?\n\nFrom: Ana <ana@contoso.com>\nSent: Friday\nTo: IT\nSubject: login\n\nI cannot sign in to Intune":   true,
		"Thanks!\n\nFrom: Ana <ana@contoso.com>\nSent: Friday\nTo: IT\nSubject: login\n\nI cannot sign in to Intune":     false,
		"It works again, thanks!\n\nFrom: Ana <ana@contoso.com>\nSent: Friday\nTo: IT\nSubject: login\n\n" + pasted:      false,
		"Can you look at this please?\n\nFrom: Ana <ana@contoso.com>\nSent: Friday\nTo: IT\nSubject: login\n\n" + pasted: true,
	} {
		if got := intake.Read(text, now).OnboardingFailure; got != want {
			t.Errorf("%q: failure %v, want %v", text, got, want)
		}
	}
}

func TestReadFindsCodesAndIDs(t *testing.T) {
	t.Parallel()
	type named struct {
		Code                 int
		Correlation, Request string
	}
	for _, tt := range []struct {
		text string
		want named
	}{
		{pasted, named{53003, correlation, request}},
		{strings.ToLower(pasted), named{53003, correlation, request}},
		{"AADSTS50076 and then AADSTS53003", named{Code: 53003}},
		{"error code 53003", named{Code: 53003}},
		{"kode galat: 50105", named{Code: 50105}},
		{"Error Code: 53003\nRequest Id: " + request + "\nCorrelation Id: " + strings.ToUpper(correlation), named{53003, correlation, request}},
		{`{"error_codes":[53003],"trace_id":"` + request + `","correlation_id":"` + correlation + `"}`, named{53003, correlation, request}},
		{`{\"error_codes\":[53003],\"trace_id\":\"` + request + `\"}`, named{Code: 53003, Request: request}},
		{"https://login.microsoftonline.com/error?code=53003", named{Code: 53003}},
		{"https://login.microsoftonline.com/error?code=AADSTS50173", named{Code: 50173}},
		{"AADST53003", named{Code: 53003}},
		{"AAD STS 50105", named{Code: 50105}},
		{"53003", named{Code: 53003}},
		{"53003?", named{Code: 53003}},
		{"was bedeutet 53003?", named{Code: 53003}},
		{"Oturum açamıyorum, 53003 hatası alıyorum", named{Code: 53003}},
		{"53001 people", named{}},
		{"kode pos 50131", named{}},
		{"client-request-id: " + correlation, named{Correlation: correlation}},
		{"ID Korelasi: " + correlation + " ID Permintaan: " + request, named{0, correlation, request}},
		{"Invoice 50105 failed to print", named{}},
		{"Please approve PR #53003", named{}},
		{"error 50", named{}},
		{"call me at 0812 50105 50105", named{}},
		{"correlation id 1234", named{}},
	} {
		u := intake.Read(tt.text, now)
		if diff := cmp.Diff(tt.want, named{u.ErrorCode, u.CorrelationID, u.RequestID}); diff != "" {
			t.Errorf("%q: -want +got\n%s", tt.text, diff)
		}
	}
}

func TestReadFindsTheAccount(t *testing.T) {
	t.Parallel()
	const guest = "ana_fabrikam.com#EXT#@contoso.onmicrosoft.com"
	for _, tt := range []struct {
		text, want string
		all        []string
	}{
		{"Login fails for ana@contoso.com.", ana, []string{ana}},
		{"Login fails for <mailto:ana@contoso.com>", ana, []string{ana}},
		{"ana@contoso.com<mailto:ana@contoso.com> cannot sign in", ana, []string{ana}},
		{"Ana@Contoso.com cannot sign in, ana@contoso.com says", "Ana@Contoso.com", []string{"Ana@Contoso.com"}},
		{"akun ana@contoso.com gagal login, tembusan bob@contoso.com", ana, []string{ana}},
		{"User: " + guest + " sign-in failed", guest, []string{guest}},
		{"my colleague ana@contoso.com cannot enrol. I am bob@contoso.com", "", []string{ana, bob}},
		{"I am bob@contoso.com. Sign-in fails with user ana@contoso.com", ana, []string{bob, ana}},
		{"https://login.microsoftonline.com/x?login_hint=ana%40contoso.com&client_id=1", ana, []string{ana}},
		{`{"username":"ana@contoso.com","error":"invalid_grant"}`, ana, []string{ana}},
		{"AADSTS50020: User account 'ana@contoso.com' from identity provider", ana, []string{ana}},
		{"Intune sign-in fails for ana@contoso.com and bob@contoso.com", "", []string{ana, bob}},
		{"Now I get AADSTS53003 when I sign in as ana@contoso.com\n\nOn Mon, Bob wrote:\n> sign-in failed for bob@contoso.com", ana, []string{ana, bob}},
		{"gagal masuk untuk ana@contoso.com dan bob@contoso.com", "", []string{ana, bob}},
		{"sign-in fails for ana@contoso.com (bob@contoso.com knows more)", ana, []string{ana, bob}},
		{"User object id: " + strings.ToUpper(object) + " cannot sign in", object, []string{object}},
		{"oid=" + object, object, []string{object}},
		{"Device object id: " + object, "", nil},
		{"Username\n" + ana, ana, []string{ana}},
		{"From: bob@contoso.com\nTo: it@contoso.com\nSubject: x\n\nSign-in fails", "", nil},
		{"From: bob@contoso.com\nTo: it@contoso.com\nSubject: x\n\nSign-in fails for ana@contoso.com", ana, []string{ana}},
		{"Sign-in fails\n\nRegards,\nBob\nbob@contoso.com", "", nil},
		{"login fails, I wrote to support@contoso.com and noreply@contoso.com", "", nil},
		{"19:abc@thread.tacv2 login fails", "", nil},
		{"see https://contoso.com/@ana@contoso.com/x", "", nil},
		{"@Signpost login fails", "", nil},
		{"アカウントana@contoso.comでサインインできません", ana, []string{ana}},
		{"Anmeldung schlägt fehl für ana@contoso.com", ana, []string{ana}},
		{"sign-in fails for **ana@contoso.com**", ana, []string{ana}},
		{"sign-in fails for _ana@contoso.com_", ana, []string{ana}},
		{"sign-in fails for a***na@contoso.com", "", nil},
		{"sign-in fails for ana+x@contoso.com", "ana+x@contoso.com", []string{"ana+x@contoso.com"}},
		{"Anmeldung schlägt fehl: ana@contoso.com, gemeldet von bob@contoso.com", ana, []string{ana, bob}},
		{"Reported by: ana@contoso.com\nSign-in fails", ana, []string{ana}},
		{"<blockquote><p>sign-in fails for bob@contoso.com</p></blockquote><p>ana@contoso.com cannot sign in either</p>", "", []string{bob, ana}},
		{"2026年11月20日(金) 9:12 Bob <bob@contoso.com>:\n> サインインできません ana@contoso.com", ana, []string{ana}},
		{"sign-in fails\nSent from my Galaxy\nana@contoso.com", ana, []string{ana}},
		{"a@b.co c@d.co e@f.co g@h.co i@j.co k@l.co", "", []string{"a@b.co", "c@d.co", "e@f.co", "g@h.co", "i@j.co"}},
	} {
		u := intake.Read(tt.text, now)
		if u.Account != tt.want {
			t.Errorf("%q: account %q, want %q", tt.text, u.Account, tt.want)
		}
		if diff := cmp.Diff(tt.all, u.Accounts); diff != "" {
			t.Errorf("%q: accounts -want +got\n%s", tt.text, diff)
		}
	}
}

func TestReadFindsTheProduct(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]diagnosis.Product{
		"Desktop Analytics onboarding fails":                                                diagnosis.DesktopAnalytics,
		"gagal onboarding Analitik Desktop":                                                 diagnosis.DesktopAnalytics,
		"connecting Configuration Manager to Desktop Analytics fails":                       diagnosis.DesktopAnalytics,
		"Company Portal won't let me sign in":                                               diagnosis.Intune,
		"pendaftaran perangkat gagal":                                                       diagnosis.Intune,
		"Autopilot fails":                                                                   diagnosis.Intune,
		"enrolling in Endpoint analytics in Intune fails":                                   diagnosis.EndpointAnalytics,
		"Windows Autopatch in the Intune admin center: sign-in blocked":                     diagnosis.Autopatch,
		"it's not Intune, it's Autopatch that fails":                                        diagnosis.Autopatch,
		"bukan Autopatch, tapi Intune yang gagal":                                           diagnosis.Intune,
		"tenant attach wizard cannot sign in":                                               diagnosis.TenantAttach,
		"SCCM co-management enrolment fails":                                                diagnosis.TenantAttach,
		"Windows Update for Business reports enrolment fails":                               diagnosis.WUfBReports,
		"Update Compliance onboarding fails":                                                diagnosis.WUfBReports,
		"Intune went fine, but Endpoint analytics fails":                                    diagnosis.EndpointAnalytics,
		"Autopatch works fine. But Intune enrolment is blocked":                             diagnosis.Intune,
		"I can sign in to Outlook but not to Intune":                                        diagnosis.Intune,
		"I can't sign in":                                                                   "",
		"sign-in at endpoint.microsoft.com fails":                                           diagnosis.Intune,
		"https://portal.manage.microsoft.com asks for my password in a loop, sign-in fails": diagnosis.Intune,
		"cmmicrosvc.manage.microsoft.com: sign-in fails":                                    diagnosis.TenantAttach,
		"https://login.microsoftonline.com/authorize?client_id=d4ebce55-015a-49b5-a083-c84d1797ae8c AADSTS50076": diagnosis.Intune,
		"App name: Windows Autopatch\nApp id: d4ebce55-015a-49b5-a083-c84d1797ae8c\nAADSTS50105":                 diagnosis.Autopatch,
		`"There was an error validating access token" error during Desktop Analytics onboarding`:                 diagnosis.DesktopAnalytics,
	} {
		if got := intake.Read(text, now).Product; got != want {
			t.Errorf("%q: product %q, want %q", text, got, want)
		}
	}
}

func TestReadFindsTheTime(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Time{
		pasted:                          utc(8, 15, 30),
		pasted + "\nIt failed at 14:05": utc(8, 15, 30),
		`{"timestamp":"2026-11-20 08:15:30Z","x":1}`:                                                     utc(8, 15, 30),
		"Timestamp: 2026-11-20T08:15:30.123Z":                                                            utc(8, 15, 30),
		"failed at 2026-11-20T15:15:30+07:00":                                                            utc(8, 15, 30),
		"2026-11-20 07:00:00Z start\n2026-11-20 08:15:30Z AADSTS53003 blocked\n2026-11-20 09:00:00Z end": utc(8, 15, 30),
		"[Fri, 20 Nov 2026 08:15:30 GMT] : AADSTS53003":                                                  utc(8, 15, 30),
		"sign-in failed at 14:05":                                                                        clock(20, 14, 5),
		"sign-in failed at 23:05":                                                                        clock(19, 23, 5),
		"sign-in failed yesterday at 3pm":                                                                clock(19, 15, 0),
		"sign-in failed yesterday 14:05":                                                                 clock(19, 14, 5),
		"sign-in fails since this morning":                                                               clock(20, 9, 0),
		"sign-in failed 2 hours ago":                                                                     clock(20, 14, 30),
		"sign-in failed half an hour ago":                                                                clock(20, 16, 0),
		"gagal login kemarin jam 14.30":                                                                  clock(19, 14, 30),
		"gagal login tadi pagi":                                                                          clock(20, 9, 0),
		"gagal login tadi sore jam 3":                                                                    clock(20, 15, 0),
		"gagal login 2 jam yang lalu":                                                                    clock(20, 14, 30),
		"gagal login sejam yang lalu":                                                                    clock(20, 15, 30),
		"Anmeldung schlug heute um 9 Uhr fehl":                                                           clock(20, 9, 0),
		"Anmeldung schlug vor 2 Stunden fehl":                                                            clock(20, 14, 30),
		"Anmeldung schlug gestern um 14:05 fehl":                                                         clock(19, 14, 5),
		"no puedo entrar desde hace 2 horas":                                                             clock(20, 14, 30),
		"ayer a las 15:00 no pude entrar":                                                                clock(19, 15, 0),
		"connexion impossible hier à 14h30":                                                              clock(19, 14, 30),
		"昨日14時30分にサインインできませんでした":                                                                         clock(19, 14, 30),
		"2小时前无法登录":                                                                                       clock(20, 14, 30),
		"十分钟前无法登录":                                                                                       clock(20, 16, 20),
		"半小时前无法登录":                                                                                       clock(20, 16, 0),
		"今天上午9:15登录失败":                                                                                   clock(20, 9, 15),
		"一時間前からログインできない":                                                                                 clock(20, 15, 30),
		"昨日の夜9時にログインできなかった":                                                                              clock(19, 21, 0),
		"２０２６年１１月１９日１４：０５ ログイン失敗":                                                                        clock(19, 14, 5),
		"2026/11/19 14:05 ログイン失敗":                                                                        clock(19, 14, 5),
		"2026. 11. 19. 오후 2:05 로그인 실패":                                                                   clock(19, 14, 5),
		"어제 밤 10시 로그인 실패":                                                                                clock(19, 22, 0),
		"เข้าสู่ระบบ Intune ไม่ได้ 19/11/2569 14:05":                                                     clock(19, 14, 5),
		"فشل تسجيل الدخول قبل ١٠ دقائق":                                                                  clock(20, 16, 20),
		"فشل تسجيل الدخول منذ ساعتين":                                                                    clock(20, 14, 30),
		"فشل تسجيل الدخول قبل نصف ساعة":                                                                  clock(20, 16, 0),
		"فشل تسجيل الدخول أمس الساعة 3 مساءً":                                                            clock(19, 15, 0),
		"فشل تسجيل الدخول هذا الصباح":                                                                    clock(20, 9, 0),
		"فشل تسجيل الدخول في 19 نوفمبر 2026 الساعة 2:05 م":                                               clock(19, 14, 5),
		"login failed 19.11. 14:05":                                                                      clock(19, 14, 5),
		"Anmeldung ging gestern um 9 nicht":                                                              clock(19, 9, 0),
		"heute Vormittag ging die Anmeldung nicht":                                                       clock(20, 9, 0),
		"vor einer Viertelstunde Anmeldung fehlgeschlagen":                                               clock(20, 16, 15),
		"il y a un quart d'heure connexion impossible":                                                   clock(20, 16, 15),
		"hoy a las 9 y media no pude entrar":                                                             clock(20, 9, 30),
		"hace media hora no pude entrar":                                                                 clock(20, 16, 0),
		"sign-in failed a couple of hours ago":                                                           clock(20, 14, 30),
		"sign-in failed fifteen minutes ago":                                                             clock(20, 16, 15),
		"dari td pagi jam 7 an ga bs masuk":                                                              clock(20, 7, 0),
		"login gagal td malem jam 10":                                                                    clock(19, 22, 0),
		"sign-in failed 14:05-14:10 today":                                                               clock(20, 14, 5),
		"sign-in failed at 3:04 AM EST":                                                                  utc(8, 4, 0),
		"à 14:05 est apparue une erreur de connexion":                                                    clock(20, 14, 5),
		"le poste 12 est bloqué, connexion impossible depuis 14:05":                                      clock(20, 14, 5),
		"sign-in failed at 17:04 JST":                                                                    utc(8, 4, 0),
		"sign-in failed at 13:34 +05:30":                                                                 utc(8, 4, 0),
		"ResultType: 50126\nTimeGenerated [UTC]: 2026-11-20 08:15:30":                                    utc(8, 15, 30),
		"failed on Nov 19 around 3 pm (UTC)":                                                             time.Date(2026, 11, 19, 15, 0, 0, 0, time.UTC),
		"gagal login tadi siang jam 1":                                                                   clock(20, 13, 0),
		"Selamat siang, pendaftaran gagal 20 November 2026 pukul 09.15 WITA":                             time.Date(2026, 11, 20, 9, 15, 0, 0, time.FixedZone("WITA", 8*3600)),
		"login gagal pukul 25.99":                                                                        {},
		"error 50126 since 8.40":                                                                         clock(20, 8, 40),
		"kemarin AADSTS50105, sekarang AADSTS53003":                                                      {},
		"sign-in failed yesterday":                                                                       clock(19, 12, 0),
		"sign-in failed on Monday at 10:00":                                                              clock(16, 10, 0),
		"sign-in failed on 18/11/2026 at 10:00":                                                          clock(18, 10, 0),
		"sign-in failed on 18 November at 10:00":                                                         clock(18, 10, 0),
		"sign-in failed on 11/10/2026 10:00":                                                             time.Date(2026, 10, 11, 10, 0, 0, 0, jakarta),
		"sign-in failed on 11/10/2026 1:00:00 PM":                                                        time.Date(2026, 11, 10, 13, 0, 0, 0, jakarta),
		"sign-in failed on 2027-11-20T08:15:30Z":                                                         {},
		"From: Ana <ana@contoso.com>\nSent: Friday, 20 November 2026 08:15\nTo: IT\n\nsign-in fails":     {},
		"From: Ana <ana@contoso.com>\nDate: Fri, 20 Nov 2026 08:15:30 +0000\n\nsign-in fails":            {},
		"sign-in fails, 3 devices":                                                                       {},
		"I can't sign in, please fix by 17:00 tomorrow":                                                  {},
	} {
		if got := intake.Read(text, now).Time; !got.Equal(want) {
			t.Errorf("%q: time %v, want %v", text, got, want)
		}
	}
	if got := intake.Read("failed yesterday at 14:05", time.Time{}).Time; !got.IsZero() {
		t.Errorf("without a now: time %v", got)
	}
}

func TestReadFindsTheLanguage(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":     "en",
		pasted: "en",
		`{"error":"invalid_grant","error_description":"AADSTS53003: blocked"}`: "en",
		"I can't sign in to Intune":                         "en",
		"Saya tidak bisa masuk ke Intune":                   "id",
		"gagal login":                                       "id",
		"Tolong bantu, saya dapat ini:\n" + pasted:          "id",
		"muncul There was an error validating access token": "id",
		"Hi, I get this when onboarding: Fehler beim Überprüfen des Zugriffstokens": "en",
		"Ich kann mich nicht anmelden, AADSTS53003":                                 "de",
		"No puedo iniciar sesión en Intune":                                         "es",
		"Não consigo entrar na minha conta":                                         "pt",
		"Je n'arrive pas à me connecter":                                            "fr",
		"Non riesco ad accedere a Intune":                                           "it",
		"Ik kan niet inloggen":                                                      "nl",
		"Не могу войти в Intune, ошибка":                                            "ru",
		"Не можу увійти, допоможіть":                                                "uk",
		"サインインできません":                                                                "ja",
		"无法登录":                                                                      "zh",
		"로그인할 수 없습니다":                                                               "ko",
		"لا يمكنني تسجيل الدخول":                                                    "ar",
		"ไม่สามารถลงชื่อเข้าใช้ได้":                                                 "th",
		"Nie mogę się zalogować do Intune":                                          "pl",
		"Jag kan inte logga in":                                                     "sv",
		"Не мога да вляза в Intune, грешка при проверка":                            "bg",
		"Sign in page never loads at portal.azure.com":                              "en",
		"Lapor: user budi@contoso.com, error AADSTS50034":                           "id",
		"kode eror 50126 pas login":                                                 "id",
		"código de erro: 50053":                                                     "pt",
		"Como faço para entrar no Intune?":                                          "pt",
		"Usuário: ana@contoso.com\nErro: 53003":                                     "pt",
		"was bedeutet 53003?":                                                       "de",
		"Anforderungs-ID: " + request + "\nMeldung: AADSTS50105":                    "de",
		"Id. de solicitud: " + request + "\nMensaje: AADSTS50105":                   "es",
		"ID de demande : " + request + "\nHorodatage : 2026-11-20T07:04:00Z":        "fr",
		"Oturum açamıyorum, hesabım kilitli":                                        "tr",
		"Gagal login nih\n\nFrom: Bob\nSent: Friday\nTo: IT\nSubject: x\n\nI can not sign in to the portal, please help": "id",
	} {
		if got := intake.Read(text, now).Language; got != want {
			t.Errorf("%q: language %q, want %q", text, got, want)
		}
	}
}

func TestReadKnowsEveryPublishedMessage(t *testing.T) {
	t.Parallel()
	for _, row := range publishedRows(t) {
		want, _, _ := strings.Cut(row[0], "-")
		for _, text := range row[1:] {
			for _, shape := range []string{text, strings.ToUpper(text), "<p>" + text + ".</p>", text + "\n\n" + pasted} {
				u := intake.Read(shape, now)
				if !u.OnboardingFailure || u.Language != want {
					t.Errorf("%s %q: failure %v, language %q", row[0], shape, u.OnboardingFailure, u.Language)
				}
			}
		}
	}
}

// publishedRows are the rows of messages.csv: locale, error message, title.
func publishedRows(t *testing.T) [][]string {
	t.Helper()
	f, err := os.Open("messages.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func TestReadForgivesTyposInPublishedMessages(t *testing.T) {
	t.Parallel()
	for _, row := range publishedRows(t) {
		letters := []rune(row[1])
		i := len(letters) / 2
		lost := string(letters[:i]) + string(letters[i+1:])
		letters[i], letters[i+1] = letters[i+1], letters[i]
		for _, text := range []string{lost, string(letters)} {
			if !intake.Read(text, now).OnboardingFailure {
				t.Errorf("%s %q: no failure", row[0], text)
			}
		}
	}
}

func TestReadUnderstandsWholeMessages(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		want       intake.Understood
	}{
		{"a mail with a heading and a signature", `From: Siti Rahma <siti@contoso.com>
Sent: Friday, November 20, 2026 9:12 AM
To: IT Helpdesk <helpdesk@contoso.com>
Cc: budi@contoso.com
Subject: Tidak bisa enrol laptop

Selamat pagi tim IT,

Laptop saya tidak bisa didaftarkan ke Intune sejak kemarin jam 3 sore. Muncul pesan AADSTS50097: Device authentication is required.
Akun saya siti@contoso.com.

Terima kasih,
Siti Rahma
Finance | PT Contoso | +62 812 3456 7890
siti.rahma@contoso.com | www.contoso.com`, intake.Understood{
			OnboardingFailure: true, ErrorCode: 50097, Account: "siti@contoso.com", Accounts: []string{"siti@contoso.com"},
			Product: diagnosis.Intune, Time: clock(19, 15, 0), Language: "id",
		}},
		{
			"a forwarded mail", `Fwd: help

---------- Forwarded message ---------
From: Bob <bob@contoso.com>
Date: Fri, Nov 20, 2026 at 2:05 PM
Subject: onboarding
To: <it@contoso.com>

I keep getting "There was an error validating access token" when connecting ConfigMgr to Desktop Analytics. User ana@contoso.com.`,
			intake.Understood{
				OnboardingFailure: true, Account: ana, Accounts: []string{ana}, Product: diagnosis.DesktopAnalytics, Language: "en",
			},
		},
		{"the details of a row in the sign-in logs", `Sign-in error code: 53003
Failure reason: Access has been blocked by Conditional Access policies.
Date: 11/20/2026, 8:15:30 AM
Request ID: ` + request + `
Correlation ID: ` + correlation + `
User: Ana Kelly
Username: ana@contoso.com
User ID: ` + object + `
Application: Microsoft Intune Enrollment`, intake.Understood{
			OnboardingFailure: true, ErrorCode: 53003, CorrelationID: correlation, RequestID: request, Account: ana, Accounts: []string{ana},
			Product: diagnosis.Intune, Time: clock(20, 8, 15).Add(30 * time.Second), Language: "en",
		}},
		{"troubleshooting details", `Troubleshooting details
Request Id: ` + request + `
Correlation Id: ` + correlation + `
Timestamp: 2026-11-20T08:15:30Z
Message: AADSTS50105: Your administrator has configured the application Windows Autopatch ('` + object + `') to block users. The signed in user 'ana@contoso.com' is blocked.
Flag sign-in errors for review: Enable flagging`, intake.Understood{
			OnboardingFailure: true, ErrorCode: 50105, CorrelationID: correlation, RequestID: request, Account: ana, Accounts: []string{ana},
			Product: diagnosis.Autopatch, Time: utc(8, 15, 30), Language: "en",
		}},
		{
			"the body of a refused token request", `{"error":"interaction_required","error_description":"AADSTS50076: Due to a configuration change you must use multi-factor authentication.\r\nTrace ID: ` + request + `\r\nCorrelation ID: ` + correlation + `\r\nTimestamp: 2026-11-20 08:15:30Z","error_codes":[50076],"timestamp":"2026-11-20 08:15:30Z","error_uri":"https://login.microsoftonline.com/error?code=50076"}`,
			intake.Understood{
				OnboardingFailure: true, ErrorCode: 50076, CorrelationID: correlation, RequestID: request, Time: utc(8, 15, 30), Language: "en",
			},
		},
		{"a log of MSAL", `False MSAL 4.61.3.0 MSAL.NetCore [2026-11-20 08:15:30Z - ` + correlation + `] Exception type: Microsoft.Identity.Client.MsalUiRequiredException
, ErrorCode: invalid_grant
Microsoft Error Code: AADSTS53000: Device is not in required device state: compliant.
   at Microsoft.Identity.Client.OAuth2.OAuthClient.ThrowServerException(HttpResponse response)`, intake.Understood{
			OnboardingFailure: true, ErrorCode: 53000, CorrelationID: correlation, Time: utc(8, 15, 30), Language: "en",
		}},
		{
			"a message in Teams", `<div><at id="0">Signpost</at>&nbsp;my colleague <a href="mailto:ana@contoso.com">ana@contoso.com</a> can't enrol in <strong>Endpoint analytics</strong> since 14:05 &#128546;</div>`,
			intake.Understood{
				OnboardingFailure: true, Account: ana, Accounts: []string{ana}, Product: diagnosis.EndpointAnalytics, Time: clock(20, 14, 5), Language: "en",
			},
		},
		{"a chat in short forms", "min, hp ku ga bs enrol k intune dr td pagi jam 8 an", intake.Understood{
			OnboardingFailure: true, Product: diagnosis.Intune, Time: clock(20, 8, 0), Language: "id",
		}},
		{"Japanese without spaces", "今朝からIntuneポータルにサインインできません。エラー コード: 53003 ユーザー: ana@contoso.com", intake.Understood{
			OnboardingFailure: true, ErrorCode: 53003, Account: ana, Accounts: []string{ana}, Product: diagnosis.Intune, Time: clock(20, 9, 0), Language: "ja",
		}},
		{"an update on an old mail", "any update on this?\n\nOn Fri, 20 Nov 2026 at 09:12, Bob <bob@contoso.com> wrote:\n> AADSTS53003 in Intune\n> User: ana@contoso.com", intake.Understood{
			OnboardingFailure: true, ErrorCode: 53003, Account: ana, Accounts: []string{ana}, Product: diagnosis.Intune, Language: "en",
		}},
		{"an invitation", "You're invited to Onboarding kick-off\nWhen: Monday, November 23, 2026 10:00 AM\nMeeting ID: 123 456 789\nIf you have trouble signing in, contact it@contoso.com", intake.Understood{Language: "en"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, intake.Read(tt.text, now)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		mailRow, "فشل تسجيل الدخول أمس الساعة ٣ مساءً", "2026. 11. 19. 오후 2:05 로그인 실패", "一時間前 **ana@contoso.com** {\\\"error_codes\\\":[50076]}",
		pasted, "login fails for ana@contoso.com", "<at>Signpost</at> &lt;b&gt; %41%zz \\u00", "kemarin jam 14.30 ID Korelasi: " + correlation, "\xff@\xfe.com",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u := intake.Read(text, now)
		for _, s := range append([]string{u.Account, u.CorrelationID, u.RequestID, u.Language, string(u.Product)}, u.Accounts...) {
			if !utf8.ValidString(s) || len(s) > 330 || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || unicode.IsControl(r) }) {
				t.Errorf("a field that nobody should be shown: %q", s)
			}
		}
		if len(u.Accounts) > 5 || u.Account != "" && !slices.Contains(u.Accounts, u.Account) {
			t.Errorf("account %q of %q", u.Account, u.Accounts)
		}
		if u.ErrorCode != 0 && (u.ErrorCode < 10000 || u.ErrorCode > 9999999) {
			t.Errorf("error code %d", u.ErrorCode)
		}
		if u.Time.After(now.Add(24 * time.Hour)) {
			t.Errorf("a failure to come: %v", u.Time)
		}
		if again := intake.Read(text, time.Time{}).Language; again != u.Language {
			t.Errorf("language %q, without a clock %q", u.Language, again)
		}
		if diff := cmp.Diff(u, intake.Read(text, now)); diff != "" {
			t.Errorf("read twice:\n%s", diff)
		}
	})
}

// mailRow is a paragraph as Outlook writes it.
const mailRow = `<p class="MsoNormal" style="margin:0cm"><span lang="DE" style="font-size:11.0pt;font-family:&quot;Calibri&quot;,sans-serif">` +
	`Der Benutzer Ana Kelly &lt;<a href="mailto:ana@contoso.com">ana@contoso.com</a>&gt; meldet am 20.11.2026 um 08:15 einen Fehler.<o:p></o:p></span></p>`

func BenchmarkRead(b *testing.B) {
	for name, text := range map[string]string{
		"200 bytes":   "Hi, I can't enrol my new laptop in Intune since this morning, it says AADSTS53003 and something about Conditional Access. My account is ana@contoso.com, I tried it twice on the office network.",
		"64 KiB mail": "<html><body><p>Hallo,</p><p>seit gestern um 9 geht die Anmeldung bei Intune nicht mehr.</p>" + strings.Repeat(mailRow, 64<<10/len(mailRow)) + "</body></html>",
		"chat line":   "Saya gagal login ke Intune tadi pagi, akun ana@contoso.com",
		"64 KiB log":  strings.Repeat("2026-11-20 08:15:30Z [INFO] MSAL "+correlation+" acquiring token for ana@contoso.com\n", 640) + pasted,
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				intake.Read(text, now)
			}
		})
	}
}
