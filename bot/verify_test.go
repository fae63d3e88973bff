package bot_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"signpost/bot"
)

// accepted is what a row expects of a token that every rule lets through.
const accepted bot.Rule = ""

type members = map[string]any

// attempt is a token and what it comes with. Rows change one thing of a good one.
type attempt struct {
	kid, key       string
	claims, header members
	token          func(t *testing.T, good string) string // when set, what is shown in place of the token
	authorization  func(token string) string              // when set, the header's value
	about          bot.Envelope
	down           bool // the keys cannot be read
}

type row struct {
	name   string
	broken bot.Rule
	change func(a *attempt)
}

func claim(name string, value any) func(*attempt) {
	return func(a *attempt) { a.claims[name] = value }
}

func headed(name string, value any) func(*attempt) {
	return func(a *attempt) { a.header[name] = value }
}

func key(kid, key string) func(*attempt) {
	return func(a *attempt) { a.kid, a.key = kid, key }
}

func written(change func(token string) string) func(*attempt) {
	return func(a *attempt) { a.authorization = change }
}

func shown(token func(t *testing.T, good string) string) func(*attempt) {
	return func(a *attempt) { a.token = token }
}

// rawClaims signs good claims to which more members are written by hand.
func rawClaims(more string) func(*attempt) {
	return shown(func(t *testing.T, _ string) string {
		all, err := json.Marshal(publicClaims())
		if err != nil {
			t.Fatal(err)
		}
		return signedRaw(t, `{"alg":"RS256","kid":"good"}`, strings.TrimSuffix(string(all), "}")+more)
	})
}

func rawHeader(header string) func(*attempt) {
	return shown(func(t *testing.T, _ string) string {
		all, err := json.Marshal(publicClaims())
		if err != nil {
			t.Fatal(err)
		}
		return signedRaw(t, header, string(all))
	})
}

func addressed(claim, activity string) func(*attempt) {
	return func(a *attempt) { a.claims["serviceurl"], a.about.ServiceURL = claim, activity }
}

func at(d time.Duration) int64 { return noon.Add(d).Unix() }

func rows() []row {
	hs256 := func(t *testing.T, _ string) string {
		token := jwt.NewWithClaims(jwt.SigningMethodHS256, publicClaims())
		token.Header["kid"] = "good"
		text, err := token.SignedString([]byte(rsaKeys()["good"].N.String()))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	unsigned := func(t *testing.T, _ string) string {
		token := jwt.NewWithClaims(jwt.SigningMethodNone, publicClaims())
		token.Header["kid"] = "good"
		text, err := token.SignedString(jwt.UnsafeAllowNoneSignatureType)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	part := func(i int, change func(string) string) func(*attempt) {
		return shown(func(_ *testing.T, good string) string {
			parts := strings.Split(good, ".")
			parts[i] = change(parts[i])
			return strings.Join(parts, ".")
		})
	}
	return []row{
		{"a good token is accepted", accepted, func(*attempt) {}},

		{"bearer in lower case is accepted", accepted, written(func(s string) string { return "bearer " + s })},
		{"no header", bot.RuleScheme, written(func(string) string { return "" })},
		{"a bare token", bot.RuleScheme, written(func(s string) string { return s })},
		{"another scheme", bot.RuleScheme, written(func(s string) string { return "Basic " + s })},
		{"a scheme and no token", bot.RuleScheme, written(func(string) string { return "Bearer " })},
		{"two spaces", bot.RuleScheme, written(func(s string) string { return "Bearer  " + s })},
		{"a space at the end", bot.RuleScheme, written(func(s string) string { return "Bearer " + s + " " })},
		{"a tab for the space", bot.RuleScheme, written(func(s string) string { return "Bearer\t" + s })},
		{"a line break in the token", bot.RuleScheme, written(func(s string) string { return "Bearer " + s[:9] + "\r\n" + s[9:] })},
		{"two tokens", bot.RuleScheme, written(func(s string) string { return "Bearer " + s + "," + s })},

		{"a token of more than 16 KiB", bot.RuleSize, claim("long", strings.Repeat("x", 16<<10))},
		{"a token of almost 16 KiB is accepted", accepted, claim("long", strings.Repeat("x", 11<<10))},

		{"two parts", bot.RuleForm, shown(func(_ *testing.T, good string) string { return good[:strings.LastIndex(good, ".")] })},
		{"four parts", bot.RuleForm, shown(func(_ *testing.T, good string) string { return good + ".x" })},
		{"five parts, as of an encrypted token", bot.RuleForm, shown(func(_ *testing.T, good string) string { return good + ".x.y" })},
		{"a header that is not base64", bot.RuleForm, part(0, func(s string) string { return "!" + s })},
		{"padded base64", bot.RuleForm, part(1, func(s string) string { return s + "=" })},
		{"a header that is not JSON", bot.RuleForm, rawHeader(`RS256`)},
		{"a header that is a list", bot.RuleForm, rawHeader(`["RS256"]`)},
		{"a header with a member twice", bot.RuleForm, rawHeader(`{"alg":"RS256","kid":"good","alg":"RS256"}`)},
		{"a header with a bracket behind it", bot.RuleForm, rawHeader(`{"alg":"RS256","kid":"good"}}`)},
		{"claims with a member twice", bot.RuleForm, rawClaims(`,"aud":"` + appID + `"}`)},
		{"claims with a member twice in another case", bot.RuleForm, rawClaims(`,"AUD":"` + appID + `"}`)},
		{"claims with a member twice to Unicode's folding", bot.RuleForm, rawClaims(`,"i\u017fs":"https://api.botframework.com"}`)},
		{"claims with something behind them", bot.RuleForm, rawClaims(`} {}`)},
		{"claims with a bracket behind them", bot.RuleForm, rawClaims(`}]`)},
		{"claims that break off", bot.RuleForm, rawClaims(`,"x":`)},

		{"unsigned", bot.RuleAlgorithm, shown(unsigned)},
		{"HS256 with the public key as the secret", bot.RuleAlgorithm, shown(hs256)},
		{"RS512 in the header", bot.RuleAlgorithm, headed("alg", "RS512")},
		{"PS256 in the header", bot.RuleAlgorithm, headed("alg", "PS256")},
		{"rs256 in lower case", bot.RuleAlgorithm, headed("alg", "rs256")},
		{"no alg", bot.RuleAlgorithm, headed("alg", nil)},
		{"an alg that is a list", bot.RuleAlgorithm, headed("alg", []string{"RS256"})},

		{"a crit header", bot.RuleCritical, headed("crit", []string{"b64"})},
		{"an empty crit header", bot.RuleCritical, headed("crit", []string{})},

		{"no kid", bot.RuleKeyID, headed("kid", nil)},
		{"an empty kid", bot.RuleKeyID, headed("kid", "")},
		{"a kid that is a number", bot.RuleKeyID, headed("kid", 7)},

		{"another issuer", bot.RuleIssuer, claim("iss", "https://api.botframework.example")},
		{"no issuer", bot.RuleIssuer, claim("iss", nil)},
		{"the issuer with a slash", bot.RuleIssuer, claim("iss", "https://api.botframework.com/")},
		{"the issuer in capitals", bot.RuleIssuer, claim("iss", "https://API.botframework.com")},
		{"an issuer that is a list", bot.RuleIssuer, claim("iss", []string{"https://api.botframework.com"})},
		{"the issuer of the government's cloud", bot.RuleIssuer, claim("iss", "https://api.botframework.us")},
		{"the Emulator's token, version 1", bot.RuleIssuer, func(a *attempt) {
			a.claims = members{"iss": "https://sts.windows.net/" + tenant + "/", "tid": tenant, "appid": appID, "ver": "1.0"}
		}},
		{"the Emulator's token, version 2", bot.RuleIssuer, func(a *attempt) {
			a.claims = members{"iss": "https://login.microsoftonline.com/" + tenant + "/v2.0", "tid": tenant, "azp": appID, "ver": "2.0"}
		}},

		{"the app id in capitals is accepted", accepted, claim("aud", strings.ToUpper(appID))},
		{"the app id in a list is accepted", accepted, claim("aud", []string{appID})},
		{"another app", bot.RuleAudience, claim("aud", "11111111-2222-3333-4444-555555550000")},
		{"no audience", bot.RuleAudience, claim("aud", nil)},
		{"an empty audience", bot.RuleAudience, claim("aud", "")},
		{"two audiences", bot.RuleAudience, claim("aud", []string{appID, "https://api.botframework.com"})},
		{"the app id twice", bot.RuleAudience, claim("aud", []string{appID, appID})},
		{"an empty list of audiences", bot.RuleAudience, claim("aud", []string{})},
		{"the app's address for an audience", bot.RuleAudience, claim("aud", "api://botid-"+appID)},
		{"the bot's own outbound audience", bot.RuleAudience, claim("aud", "https://api.botframework.com")},

		{"expired 299 s ago is accepted", accepted, claim("exp", at(-299*time.Second))},
		{"expired 300 s ago", bot.RuleExpiry, claim("exp", at(-300*time.Second))},
		{"expired an hour ago", bot.RuleExpiry, claim("exp", at(-time.Hour))},
		{"no exp", bot.RuleExpiry, claim("exp", nil)},
		{"an exp that is a text", bot.RuleExpiry, claim("exp", strconv.FormatInt(at(time.Hour), 10))},
		{"an exp of null", bot.RuleExpiry, claim("exp", json.RawMessage("null"))},
		{"an exp in milliseconds beyond the year 9999", bot.RuleExpiry, claim("exp", 1e15)},

		{"no nbf is accepted", accepted, claim("nbf", nil)},
		{"valid in 300 s is accepted", accepted, claim("nbf", at(300*time.Second))},
		{"valid in 301 s", bot.RuleNotBefore, claim("nbf", at(301*time.Second))},
		{"an nbf that is a text", bot.RuleNotBefore, claim("nbf", "0")},
		{"issued in 301 s", bot.RuleNotBefore, claim("iat", at(301*time.Second))},
		{"issued a minute ago is accepted", accepted, claim("iat", at(-time.Minute))},

		{"no serviceurl claim", bot.RuleServiceURL, claim("serviceurl", nil)},
		{"an empty serviceurl claim", bot.RuleServiceURL, addressed("", service)},
		{"no serviceUrl in the activity", bot.RuleServiceURL, addressed(service, "")},
		{"neither has a serviceUrl", bot.RuleServiceURL, addressed("", "")},
		{"a serviceurl claim that is a list", bot.RuleServiceURL, claim("serviceurl", []string{service})},
		{"another host in the activity", bot.RuleServiceURL, addressed(service, "https://evil.example/emea/")},
		{"another path in the activity", bot.RuleServiceURL, addressed(service, "https://smba.trafficmanager.net/amer/")},
		{"two slashes more", bot.RuleServiceURL, addressed(strings.TrimSuffix(service, "/"), service+"/")},
		{"one slash more is accepted", accepted, addressed(strings.TrimSuffix(service, "/"), service)},
		{"one slash less is accepted", accepted, addressed(service, strings.TrimSuffix(service, "/"))},
		{"another letter case is accepted", accepted, addressed(service, strings.ToUpper(service[:20])+service[20:])},

		{"a host that is not the cloud's, in both", bot.RuleServiceHost, addressed("https://evil.example/", "https://evil.example/")},

		{"no channel", bot.RuleChannel, func(a *attempt) { a.about.ChannelID = "" }},
		{"a channel for which the key is endorsed too", bot.RuleChannel, func(a *attempt) { a.about.ChannelID = "webchat" }},
		{"the channel in capitals", bot.RuleChannel, func(a *attempt) { a.about.ChannelID = "MSTeams" }},

		{"an unknown kid", bot.RuleUnknownKey, key("nobody", "good")},
		{"a kid in another case", bot.RuleUnknownKey, key("GOOD", "good")},
		{"a key of 1024 bits", bot.RuleUnknownKey, key("weak", "weak")},
		{"a key for encryption", bot.RuleUnknownKey, key("enc", "other")},
		{"a symmetric key", bot.RuleUnknownKey, key("oct", "good")},
		{"a key without a use is accepted", accepted, key("nouse", "other")},
		{"a key in the token itself", bot.RuleUnknownKey, func(a *attempt) {
			a.kid, a.key, a.header["jwk"] = "mine", "other", announced("mine", "other", nil)
			a.header["jku"] = "https://evil.example/keys"
		}},

		{"a key endorsed for another channel", bot.RuleEndorsement, key("webchat", "other")},
		{"a key without endorsements", bot.RuleEndorsement, key("bare", "other")},
		{"an endorsement in another case", bot.RuleEndorsement, key("upper", "other")},
		{"endorsements that are a text", bot.RuleEndorsement, key("odd", "other")},

		{"signed by another key", bot.RuleSignature, key("good", "other")},
		{"no signature", bot.RuleSignature, part(2, func(string) string { return "" })},
		{"a signature that is not base64", bot.RuleSignature, part(2, func(s string) string { return s[:len(s)-1] + "!" })},
		{"a signature of more bytes", bot.RuleSignature, part(2, func(s string) string { return s + "AAAA" })},
		{"a signature that was altered", bot.RuleSignature, part(2, func(s string) string {
			return map[bool]string{true: "B", false: "A"}[s[0] == 'A'] + s[1:]
		})},
		{"claims that were altered", bot.RuleSignature, shown(func(t *testing.T, good string) string {
			longer := signed(t, "good", "good", members{"exp": at(2 * time.Hour)}, nil)
			return longer[:strings.LastIndex(longer, ".")] + good[strings.LastIndex(good, "."):]
		})},
		{"a header that was altered", bot.RuleSignature, shown(func(t *testing.T, good string) string {
			other := signed(t, "good", "good", nil, members{"x": "y"})
			head, _, _ := strings.Cut(other, ".")
			_, rest, _ := strings.Cut(good, ".")
			return head + "." + rest
		})},

		{"keys that cannot be read", bot.RuleKeys, func(a *attempt) { a.down = true }},
	}
}

func TestVerifierAcceptsATokenOnlyIfEveryRuleHolds(t *testing.T) {
	t.Parallel()
	for _, r := range rows() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			a := attempt{kid: "good", key: "good", claims: members{}, header: members{}, about: teams()}
			r.change(&a)
			at := newAuthority(t, "public")
			if a.down {
				at.answer = down
			}
			shown := signed(t, a.kid, a.key, a.claims, a.header)
			if a.token != nil {
				shown = a.token(t, shown)
			}
			authorization := "Bearer " + shown
			if a.authorization != nil {
				authorization = a.authorization(shown)
			}
			err := at.verifier((&clock{t: noon}).now).Verify(t.Context(), authorization, a.about)
			if got := ruleOf(t, err); got != r.broken {
				t.Errorf("Verify broke rule %q, want %q (error: %v)", got, r.broken, err)
			}
			if err != nil && len(shown) > 40 && strings.Contains(err.Error(), shown) {
				t.Errorf("the error shows the token: %v", err)
			}
		})
	}
}

// ruleOf is the rule that an error of Verify names.
func ruleOf(t *testing.T, err error) bot.Rule {
	t.Helper()
	if err == nil {
		return accepted
	}
	var refusal *bot.Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("Verify returned %T, want a *bot.Refusal: %v", err, err)
	}
	if !strings.Contains(err.Error(), string(refusal.Rule)) {
		t.Errorf("the error %q does not name its rule %q", err, refusal.Rule)
	}
	return refusal.Rule
}

func TestEveryRuleHasARowThatBreaksIt(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "verify.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var rules, documented []string
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			if kind, ok := n.Type.(*ast.Ident); ok && kind.Name == "Rule" {
				value, err := strconv.Unquote(n.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				rules = append(rules, value)
			}
		case *ast.FuncDecl:
			if n.Name.Name == "Verify" {
				documented = strings.FieldsFunc(n.Doc.Text(), func(r rune) bool { return strings.ContainsRune(" \n\t():", r) })
			}
		}
		return true
	})
	if len(rules) < 10 {
		t.Fatalf("found only the rules %q in verify.go", rules)
	}
	all := rows()
	for _, rule := range rules {
		if !slices.ContainsFunc(all, func(r row) bool { return r.broken == bot.Rule(rule) }) {
			t.Errorf("no row breaks rule %q", rule)
		}
		if !slices.Contains(documented, rule) {
			t.Errorf("the doc comment of Verify does not speak of rule %q", rule)
		}
	}
}

func TestEachCloudAcceptsItsOwnConnectorOnly(t *testing.T) {
	t.Parallel()
	services := map[string]string{
		"public": service, "usgov": "https://smba.infra.gov.teams.microsoft.us/teams", "china": "https://eu.botframework.azure.cn/teams/",
	}
	for _, own := range bot.CloudNames() {
		for _, other := range bot.CloudNames() {
			t.Run(own+" is shown a token of "+other, func(t *testing.T) {
				t.Parallel()
				authority := newAuthority(t, own)
				issuer, _ := bot.CloudByName(other)
				token := signed(t, "good", "good", members{"iss": issuer.Issuer, "serviceurl": services[own]}, nil)
				want := accepted
				if own != other {
					want = bot.RuleIssuer
				}
				v := authority.verifier((&clock{t: noon}).now)
				got := ruleOf(t, v.Verify(t.Context(), "Bearer "+token, bot.Envelope{ServiceURL: services[own], ChannelID: "msteams"}))
				if got != want {
					t.Errorf("Verify broke rule %q, want %q", got, want)
				}
				for _, address := range authority.asked {
					if !strings.HasPrefix(address, strings.TrimSuffix(authority.cloud.OpenIDMetadataURL, "openidconfiguration")) {
						t.Errorf("keys were asked of %s, not of the cloud %s", address, own)
					}
				}
			})
			t.Run(own+" is shown a serviceUrl of "+other, func(t *testing.T) {
				t.Parallel()
				authority := newAuthority(t, own)
				token := signed(t, "good", "good", members{"iss": authority.cloud.Issuer, "serviceurl": services[other]}, nil)
				want := accepted
				if own != other {
					want = bot.RuleServiceHost
				}
				v := authority.verifier((&clock{t: noon}).now)
				got := ruleOf(t, v.Verify(t.Context(), "Bearer "+token, bot.Envelope{ServiceURL: services[other], ChannelID: "msteams"}))
				if got != want {
					t.Errorf("Verify broke rule %q, want %q", got, want)
				}
			})
		}
	}
	if _, ok := bot.CloudByName("Public"); ok {
		t.Error("CloudByName takes a name that is none of CloudNames")
	}
}

func TestAVerifierWithoutAnAppIDAcceptsNothing(t *testing.T) {
	t.Parallel()
	authority := newAuthority(t, "public")
	v := bot.NewVerifier(bot.VerifierOptions{Cloud: authority.cloud, HTTP: authority.client(), Now: (&clock{t: noon}).now, Log: quiet()})
	for _, audience := range []any{"", nil, []string{""}, appID} {
		token := signed(t, "good", "good", members{"aud": audience}, nil)
		if got := ruleOf(t, v.Verify(t.Context(), "Bearer "+token, teams())); got != bot.RuleAudience {
			t.Errorf("with aud %v Verify broke rule %q, want %q", audience, got, bot.RuleAudience)
		}
	}
}
