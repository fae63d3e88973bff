package sandbox_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"slices"
	"strings"
	"testing"

	"signpost/sandbox"
)

const (
	metadataAddress = "https://" + sandbox.HostBotFramework + "/v1/.well-known/openidconfiguration"
	keysPage        = "https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication"
)

// publicKeys follows a metadata document to its keys, by id.
func (s *services) publicKeys(metadata string) map[string]map[string]any {
	s.t.Helper()
	address, _ := s.get(metadata).body["jwks_uri"].(string)
	list, _ := s.get(address).body["keys"].([]any)
	all := map[string]map[string]any{}
	for _, k := range list {
		key, _ := k.(map[string]any)
		id, _ := key["kid"].(string)
		all[id] = key
	}
	if len(all) == 0 || len(all) != len(list) {
		s.t.Fatalf("%s leads to %d keys with %d ids", metadata, len(list), len(all))
	}
	return all
}

// readToken checks a token against published keys and returns its claims and the key.
func readToken(t *testing.T, token string, keys map[string]map[string]any) (claims, key map[string]any) {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("%q is no token", token)
	}
	decode := func(part string) []byte {
		raw, err := base64.RawURLEncoding.DecodeString(part)
		if err != nil {
			t.Fatalf("decode a token: %v", err)
		}
		return raw
	}
	var header struct{ Alg, Kid string }
	if err := json.Unmarshal(decode(parts[0]), &header); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(decode(parts[1]), &claims); err != nil {
		t.Fatal(err)
	}
	key, known := keys[header.Kid]
	if !known || header.Alg != "RS256" {
		t.Fatalf("the header is %+v, want RS256 and a published key", header)
	}
	n, _ := key["n"].(string)
	e, _ := key["e"].(string)
	public := &rsa.PublicKey{N: new(big.Int).SetBytes(decode(n)), E: int(new(big.Int).SetBytes(decode(e)).Int64())}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err := rsa.VerifyPKCS1v15(public, crypto.SHA256, sum[:], decode(parts[2])); err != nil {
		t.Fatalf("the signature is not of the published key: %v", err)
	}
	return claims, key
}

func TestTheConnectorsKeysAreEndorsedForChannels(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	metadata := s.get(metadataAddress)
	if got := metadata.body["issuer"]; got != "https://api.botframework.com" {
		t.Errorf("the issuer is %v, as opposed to %s", got, keysPage)
	}
	forTeams, bare := 0, 0
	for _, key := range s.publicKeys(metadataAddress) {
		endorsements, has := key["endorsements"].([]any)
		if slices.Contains(endorsements, any("msteams")) {
			forTeams++
		}
		if !has {
			bare++
		}
		if key["kty"] != "RSA" || key["use"] != "sig" {
			t.Errorf("a key is %v %v, want RSA sig as in %s", key["kty"], key["use"], keysPage)
		}
	}
	if forTeams != 1 || bare != 1 {
		t.Errorf("%d keys are for Teams and %d for nothing, want one of each beside one for other channels", forTeams, bare)
	}
	for _, key := range s.publicKeys("https://" + sandbox.HostEntra + "/" + s.TenantID() + "/v2.0/.well-known/openid-configuration") {
		if _, has := key["endorsements"]; has {
			t.Errorf("a key of Entra has endorsements, as opposed to %s", keysPage)
		}
	}
}

func TestTheTokenOfAnActivity(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	bot := newBot(t)
	p := s.Tenant().Helpdesk()[0]
	if _, err := s.Teams(bot.url, nil).Personal(p).Say(t.Context(), p, "hi"); err != nil {
		t.Fatal(err)
	}
	token := strings.TrimPrefix(bot.header(t).Get("Authorization"), "Bearer ")
	claims, key := readToken(t, token, s.publicKeys(metadataAddress))
	want := map[string]any{
		"iss": "https://api.botframework.com", "aud": s.AppID(), "serviceurl": bot.activity(t)["serviceUrl"],
		"nbf": float64(noon.Unix()), "exp": float64(noon.Unix() + 3600),
	}
	for claim, value := range want {
		if claims[claim] != value {
			t.Errorf("%s is %v, want %v as in %s", claim, claims[claim], value, keysPage)
		}
	}
	if endorsements, _ := key["endorsements"].([]any); !slices.Contains(endorsements, any("msteams")) {
		t.Errorf("the key is endorsed for %v, want msteams as in %s", endorsements, keysPage)
	}
}

func TestAccessTokensNameTheAppAndItsRoles(t *testing.T) {
	t.Parallel()
	const page = "https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference"
	s := start(t, sandbox.Options{})
	s.Revoke(sandbox.PermissionPolicies)
	keys := s.publicKeys("https://" + sandbox.HostEntra + "/" + s.TenantID() + "/v2.0/.well-known/openid-configuration")
	claims, _ := readToken(t, s.token(scopeGraph), keys)
	if claims["appid"] != s.AppID() || claims["tid"] != s.TenantID() || claims["idtyp"] != "app" {
		t.Errorf("the claims are %v, want the app and its tenant as in %s", claims, page)
	}
	roles, _ := claims["roles"].([]any)
	if len(roles) != 3 || slices.Contains(roles, any(sandbox.PermissionPolicies)) {
		t.Errorf("the roles are %v, want the granted ones as in %s", roles, page)
	}
	claims, _ = readToken(t, s.token(scopeConnector), keys)
	if _, has := claims["roles"]; has {
		t.Errorf("the connector's token has the roles %v, want none", claims["roles"])
	}
}

func TestRotatedKeysEndOldTokens(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	before, old := s.publicKeys(metadataAddress), s.token(scopeGraph)
	s.RotateKeys()
	for id := range s.publicKeys(metadataAddress) {
		if _, same := before[id]; same {
			t.Errorf("key id %s outlived the rotation", id)
		}
	}
	r := s.request("GET", "https://graph.microsoft.com/v1.0/users", "")
	r.Header.Set("Authorization", "Bearer "+old)
	s.do(r).want(t, 401, "InvalidAuthenticationToken", keysPage)
	s.graph("GET", "/v1.0/users", "").want(t, 200, "", keysPage)
}

func TestOpenIDOfAnUnknownTenant(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	a := s.get("https://" + sandbox.HostEntra + "/fabrikam.com/v2.0/.well-known/openid-configuration")
	if a.status != 400 || a.body["error"] != "invalid_tenant" {
		t.Errorf("answered %d %v, want 400 invalid_tenant", a.status, a.body["error"])
	}
}

// MSAL asks for the names of the cloud before it asks for a token.
func TestInstanceDiscovery(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	a := s.get("https://" + sandbox.HostEntra + "/common/discovery/instance?api-version=1.1&authorization_endpoint=" +
		"https%3A%2F%2Flogin.microsoftonline.com%2F" + s.TenantID() + "%2Foauth2%2Fv2.0%2Fauthorize")
	next, _ := a.body["tenant_discovery_endpoint"].(string)
	if b := s.get(next); b.body["issuer"] != "https://"+sandbox.HostEntra+"/"+s.TenantID()+"/v2.0" {
		t.Errorf("%s leads to the issuer %v", next, b.body["issuer"])
	}
}

func TestOtherHostsAreOutOfReach(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Options{})
	for _, address := range []string{"https://example.com/", "http://graph.microsoft.com/", "https://graph.microsoft.com:8443/"} {
		if response, err := s.client.Do(s.request("GET", address, "")); err == nil {
			_ = response.Body.Close()
			t.Errorf("%s was reached", address)
		}
	}
	for _, host := range []string{sandbox.HostBotFramework, sandbox.HostEntra, sandbox.HostConnector} {
		if a := s.get("https://" + host + "/nothing"); a.status/100 != 4 {
			t.Errorf("%s answers %d for a page that it does not have", host, a.status)
		}
	}
}
