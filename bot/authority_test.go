package bot_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"math/big"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"signpost/bot"
)

const (
	appID   = "11111111-2222-3333-4444-55555555aaaa"
	tenant  = "99999999-8888-7777-6666-55555555bbbb"
	service = "https://smba.trafficmanager.net/emea/" + tenant + "/"
)

// noon is when the tests happen.
var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// rsaKeys are made once for all tests. Only "weak" is too short.
var rsaKeys = sync.OnceValue(func() map[string]*rsa.PrivateKey {
	made := map[string]*rsa.PrivateKey{}
	for name, bits := range map[string]int{"good": 2048, "other": 2048, "weak": 1024} {
		key, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			panic(err)
		}
		made[name] = key
	}
	return made
})

// announced is a key as the authority announces it. changes replace members, or remove those that are nil.
func announced(kid, key string, changes map[string]any) map[string]any {
	public := rsaKeys()[key].PublicKey
	return with(map[string]any{
		"kty": "RSA", "use": "sig", "kid": kid, "endorsements": []string{"webchat", "msteams"},
		"n": base64.RawURLEncoding.EncodeToString(public.N.Bytes()),
		"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(public.E)).Bytes()),
	}, changes)
}

func with(all, changes map[string]any) map[string]any {
	all = maps.Clone(all)
	maps.Copy(all, changes)
	maps.DeleteFunc(all, func(_ string, v any) bool { return v == nil })
	return all
}

// authority stands in for the Connector's key endpoint. It answers only at the addresses of its cloud.
type authority struct {
	cloud bot.Cloud

	mu       sync.Mutex
	keys     []map[string]any
	jwksURI  string                                      // when not empty, what the metadata says
	answer   func(*http.Request) (*http.Response, error) // when set, answers in its place
	fetches  int                                         // of the metadata
	asked    []string                                    // addresses, in order
	received chan struct{}                               // when set, told of each fetch
	release  chan struct{}                               // when set, holds each answer back
}

func newAuthority(t testing.TB, cloud string) *authority {
	t.Helper()
	c, ok := bot.CloudByName(cloud)
	if !ok {
		t.Fatalf("there is no cloud %q", cloud)
	}
	return &authority{cloud: c, keys: []map[string]any{
		announced("good", "good", nil),
		announced("webchat", "other", map[string]any{"endorsements": []string{"webchat"}}),
		announced("bare", "other", map[string]any{"endorsements": nil}),
		announced("upper", "other", map[string]any{"endorsements": []string{"MSTeams"}}),
		announced("odd", "other", map[string]any{"endorsements": "msteams"}),
		announced("weak", "weak", nil),
		announced("enc", "other", map[string]any{"use": "enc"}),
		announced("nouse", "other", map[string]any{"use": nil}),
		{"kty": "oct", "kid": "oct", "k": "c2VjcmV0", "endorsements": []string{"msteams"}},
		{"kty": "a kind yet to come", "kid": "future"},
		announced("", "other", map[string]any{"kid": nil}),
	}}
}

func (a *authority) set(change func(*authority)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change(a)
}

func (a *authority) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.fetches
}

// RoundTrip implements http.RoundTripper.
func (a *authority) RoundTrip(r *http.Request) (*http.Response, error) {
	a.mu.Lock()
	a.asked = append(a.asked, r.URL.String())
	received, release, answer := a.received, a.release, a.answer
	if r.URL.String() == a.cloud.OpenIDMetadataURL {
		a.fetches++
	}
	a.mu.Unlock()
	if received != nil {
		received <- struct{}{}
	}
	if release != nil {
		<-release
	}
	if answer != nil {
		return answer(r)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	home := strings.TrimSuffix(a.cloud.OpenIDMetadataURL, "openidconfiguration")
	switch r.URL.String() {
	case a.cloud.OpenIDMetadataURL:
		uri := a.jwksURI
		if uri == "" {
			uri = home + "keys"
		}
		return respond(http.StatusOK, map[string]any{"issuer": a.cloud.Issuer, "jwks_uri": uri}), nil
	case home + "keys":
		return respond(http.StatusOK, map[string]any{"keys": a.keys}), nil
	}
	return nil, errors.New("the test authority has no " + r.URL.String())
}

func respond(status int, body any) *http.Response {
	raw, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader(raw)),
	}
}

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

func (a *authority) verifier(now func() time.Time) *bot.Verifier {
	return bot.NewVerifier(bot.VerifierOptions{
		AppID: appID, Cloud: a.cloud, HTTP: a.client(), Now: now, Log: quiet(),
	})
}

func (a *authority) client() *http.Client { return &http.Client{Transport: a} }

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// down answers as a service that is out of order.
func down(*http.Request) (*http.Response, error) {
	return respond(http.StatusServiceUnavailable, "try later"), nil
}

func publicClaims() jwt.MapClaims {
	return jwt.MapClaims{
		"iss": "https://api.botframework.com", "aud": appID, "serviceurl": service,
		"nbf": noon.Add(-time.Minute).Unix(), "exp": noon.Add(time.Hour).Unix(),
	}
}

// signed is a token as the Connector signs it, with its members changed as in announced.
func signed(t testing.TB, kid, key string, claims, header map[string]any) string {
	t.Helper()
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims(with(publicClaims(), claims)))
	token.Header = with(map[string]any{"typ": "JWT", "alg": "RS256", "kid": kid}, header)
	text, err := token.SignedString(rsaKeys()[key])
	if err != nil {
		t.Fatalf("sign a token: %v", err)
	}
	return text
}

// signedRaw signs header and claims to the letter.
func signedRaw(t testing.TB, header, claims string) string {
	t.Helper()
	text := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims))
	signature, err := jwt.SigningMethodRS256.Sign(text, rsaKeys()["good"])
	if err != nil {
		t.Fatalf("sign a token: %v", err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func teams() bot.Envelope { return bot.Envelope{ServiceURL: service, ChannelID: "msteams"} }
