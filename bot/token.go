package bot

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
)

// token is a JSON Web Token that was taken apart. Nothing of it is to be believed before its signature is verified.
// Source: https://www.rfc-editor.org/rfc/rfc7515#section-3
type token struct {
	signed    []byte // what the signature is for: the first two parts and the dot between them
	signature string // encoded
	kid       string
	claims    claims
}

// claims are the claims of a token on which rules rest, as they stand; those that it does not have are nil.
type claims struct {
	issuer, audience, expiry, notBefore, issuedAt, serviceURL json.RawMessage
}

// base64URL takes only the one way to write some bytes.
var base64URL = base64.RawURLEncoding.Strict()

// readToken takes a token apart. An error is a *Refusal.
func readToken(encoded string) (*token, error) {
	dot, last := strings.IndexByte(encoded, '.'), strings.LastIndexByte(encoded, '.')
	if strings.Count(encoded, ".") != 2 {
		return nil, &Refusal{RuleForm, nil}
	}
	t := &token{signed: []byte(encoded[:last]), signature: encoded[last+1:]}
	if err := t.readHeader(t.signed[:dot]); err != nil {
		return nil, err
	}
	if err := t.readClaims(t.signed[dot+1:]); err != nil {
		return nil, err
	}
	return t, nil
}

func (t *token) readHeader(encoded []byte) error {
	var algorithm string
	critical := false
	err := part(encoded, func(name, value []byte) {
		switch string(name) {
		case "alg":
			algorithm = text(value)
		case "kid":
			t.kid = text(value)
		case "crit":
			critical = true
		}
	})
	switch {
	case err != nil:
		return err
	case algorithm != "RS256":
		return &Refusal{RuleAlgorithm, nil}
	case critical:
		return &Refusal{RuleCritical, nil}
	case t.kid == "":
		return &Refusal{RuleKeyID, nil}
	}
	return nil
}

func (t *token) readClaims(encoded []byte) error {
	return part(encoded, func(name, value []byte) {
		switch string(name) {
		case "iss":
			t.claims.issuer = value
		case "aud":
			t.claims.audience = value
		case "exp":
			t.claims.expiry = value
		case "nbf":
			t.claims.notBefore = value
		case "iat":
			t.claims.issuedAt = value
		case "serviceurl":
			t.claims.serviceURL = value
		}
	})
}

// part hands on the members of a part of a token, in which none stands twice.
func part(encoded []byte, member func(name, value []byte)) error {
	raw, err := base64URL.AppendDecode(nil, encoded)
	if err != nil {
		return &Refusal{RuleForm, err}
	}
	m := uniqueMembersOf(raw)
	for m.next() {
		member(m.name, m.value)
	}
	if m.err != nil {
		return &Refusal{RuleForm, m.err}
	}
	return nil
}

// verify checks the signature, which must be RS256.
func (t *token) verify(key *rsa.PublicKey) error {
	signature, err := base64URL.DecodeString(t.signature)
	if err != nil {
		return err
	}
	digest := sha256.Sum256(t.signed)
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signature)
}

// audience reads aud: a string, or a list of one.
func audience(raw []byte) string {
	if all, ok := elements(raw); ok && len(all) == 1 {
		raw = all[0]
	}
	return text(raw)
}

// moment reads a NumericDate: seconds since 1970, perhaps with a fraction.
func moment(raw []byte) (time.Time, bool) {
	const year9999 = 253402300799
	seconds, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || math.Abs(seconds) > year9999 {
		return time.Time{}, false
	}
	return time.Unix(int64(seconds), 0), true
}
