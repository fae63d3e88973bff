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
	"strings"
	"time"
)

const (
	issuerConnector   = "https://api.botframework.com"
	audienceConnector = "https://api.botframework.com"
	audienceGraph     = "https://graph.microsoft.com"
)

// connectorToken is what comes with an activity: the Bot Connector's word that it sent it to this bot.
func (s *Sandbox) connectorToken() string {
	now := s.opts.Now()
	return s.sign(keyTeams, map[string]any{
		"iss":        issuerConnector,
		"aud":        appID,
		"serviceurl": serviceURL,
		"nbf":        now.Unix(),
		"exp":        now.Add(time.Hour).Unix(),
	})
}

func (s *Sandbox) sign(purpose string, claims map[string]any) string {
	key, version := s.keys.current()
	head, _ := json.Marshal(map[string]any{"alg": "RS256", "typ": "JWT", "kid": keyID(purpose, version)})
	body, _ := json.Marshal(claims) // claims here are always encodable
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
		"aud": audience, "iss": "https://sts.windows.net/" + tenantID + "/", "tid": tenantID,
		"appid": appID, "appidacr": "1", "idtyp": "app", "ver": "1.0", "uti": newGUID(),
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(tokenLifetime + time.Second).Unix(),
	}
	if len(roles) > 0 {
		claims["roles"] = roles
	}
	return s.sign(keyEntra, claims)
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
