package sandbox

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"math/big"
	"sync"
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

// The purposes of a key id. The connector's keys are endorsed for different channels, keyBare for none: a bot in Teams
// must refuse what the latter two sign.
const (
	keyTeams   = "teams"
	keyWebChat = "webchat"
	keyBare    = "bare"
	keyEntra   = "entra"
)

func keyID(purpose string, version int) string { return fmt.Sprintf("sandbox-%s-%d", purpose, version) }

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
