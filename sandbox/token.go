package sandbox

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"strings"
	"sync"
	"time"
)

const (
	issuerConnector   = "https://api.botframework.com"
	audienceConnector = "https://api.botframework.com"
	audienceGraph     = "https://graph.microsoft.com"
)

// keys holds the one RSA key that signs everything. Each service publishes it under ids of its own, so that a service's
// tokens are not taken for another's.
type keys struct {
	mu      sync.Mutex
	private *rsa.PrivateKey
	version int
}

func (k *keys) rotate() error {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return fmt.Errorf("make a signing key: %w", err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.private = key
	k.version++
	return nil
}

func (k *keys) current() (key *rsa.PrivateKey, version int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.private, k.version
}

// RotateKeys replaces the signing key, under new key ids. Tokens that the old key signed are worth nothing from now on.
func (s *Sandbox) RotateKeys() {
	if err := s.keys.rotate(); err != nil {
		panic(fmt.Sprintf("sandbox: %v", err)) // the system has no randomness left
	}
}

// The purposes of a key id. KeyWebChat is endorsed for the channel webchat only, KeyBare for none: a bot in Teams must
// refuse what they sign.
const (
	KeyTeams   = "teams"
	KeyWebChat = "webchat"
	KeyBare    = "bare"
	keyEntra   = "entra"
)

// KeyID is the id under which the current key is published for a purpose, for the "kid" of Token's header.
func (s *Sandbox) KeyID(purpose string) string {
	_, version := s.keys.current()
	return keyID(purpose, version)
}

func keyID(purpose string, version int) string { return fmt.Sprintf("sandbox-%s-%d", purpose, version) }

// Token signs a token as the Bot Connector would sign one for the bot. claims and header replace single members, and
// remove those that they set to nil. The signature is always RS256, whatever the header says.
func (s *Sandbox) Token(claims, header map[string]any) string {
	now := s.opts.Now()
	all := map[string]any{
		"iss":        issuerConnector,
		"aud":        s.opts.AppID,
		"serviceurl": s.serviceURL(),
		"nbf":        now.Unix(),
		"exp":        now.Add(time.Hour).Unix(),
	}
	return s.sign(with(all, claims), with(map[string]any{"alg": "RS256", "typ": "JWT", "kid": s.KeyID(KeyTeams)}, header))
}

// ConnectorToken signs the token that comes with an activity from the service at serviceURL.
func (s *Sandbox) ConnectorToken(serviceURL string) string {
	return s.Token(map[string]any{"serviceurl": serviceURL}, nil)
}

func with(all, changes map[string]any) map[string]any {
	maps.Copy(all, changes)
	maps.DeleteFunc(all, func(_ string, v any) bool { return v == nil })
	return all
}

func (s *Sandbox) sign(claims, header map[string]any) string {
	key, _ := s.keys.current()
	head, _ := json.Marshal(header) // what cannot be encoded makes a broken token, which is what the caller asked for
	body, _ := json.Marshal(claims)
	signed := base64.RawURLEncoding.EncodeToString(head) + "." + base64.RawURLEncoding.EncodeToString(body)
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		panic(fmt.Sprintf("sandbox: sign a token: %v", err))
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// accessToken is what Entra issues to the app for one audience.
func (s *Sandbox) accessToken(audience string, roles []string) string {
	now := s.opts.Now()
	claims := map[string]any{
		"aud": audience, "iss": "https://sts.windows.net/" + s.opts.TenantID + "/", "tid": s.opts.TenantID,
		"appid": s.opts.AppID, "appidacr": "1", "idtyp": "app", "ver": "1.0", "uti": newGUID(),
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(tokenLifetime + time.Second).Unix(),
	}
	if len(roles) > 0 {
		claims["roles"] = roles
	}
	return s.sign(claims, map[string]any{"alg": "RS256", "typ": "JWT", "kid": s.KeyID(keyEntra)})
}

var (
	errTokenMalformed = errors.New("token is malformed")
	errTokenSignature = errors.New("signature is invalid")
	errTokenLifetime  = errors.New("token is expired")
	errTokenAudience  = errors.New("invalid audience")
)

// verify checks an access token as its audience would.
func (s *Sandbox) verify(token, audience string) error {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return errTokenMalformed
	}
	var header struct{ Alg, Kid string }
	var claims struct {
		Aud      string
		Nbf, Exp int64
	}
	if decodePart(parts[0], &header) != nil || decodePart(parts[1], &claims) != nil {
		return errTokenMalformed
	}
	key, version := s.keys.current()
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err != nil || header.Alg != "RS256" || header.Kid != keyID(keyEntra, version) ||
		rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, sum[:], signature) != nil {
		return errTokenSignature
	}
	const leeway = 5 * 60
	now := s.opts.Now().Unix()
	switch {
	case now > claims.Exp+leeway || now < claims.Nbf-leeway:
		return errTokenLifetime
	case claims.Aud != audience:
		return errTokenAudience
	}
	return nil
}

func decodePart(part string, v any) error {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, v)
}

// publicKey is the current key as a JWKS publishes it. endorsements nil leaves them out.
func (s *Sandbox) publicKey(purpose string, endorsements []string) map[string]any {
	key, version := s.keys.current()
	id := keyID(purpose, version)
	jwk := map[string]any{
		"kty": "RSA", "use": "sig", "kid": id, "x5t": id,
		"n": base64.RawURLEncoding.EncodeToString(key.N.Bytes()),
		"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes()),
	}
	if endorsements != nil {
		jwk["endorsements"] = endorsements
	}
	return jwk
}
