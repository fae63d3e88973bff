package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Rule is a rule that a token must fulfil. The set is closed: it is what the log says of a refusal.
type Rule string

// The rules.
const (
	RuleScheme      Rule = "scheme"
	RuleSize        Rule = "size"
	RuleForm        Rule = "form"
	RuleAlgorithm   Rule = "algorithm"
	RuleCritical    Rule = "critical-header"
	RuleKeyID       Rule = "key-id"
	RuleIssuer      Rule = "issuer"
	RuleAudience    Rule = "audience"
	RuleExpiry      Rule = "expiry"
	RuleNotBefore   Rule = "not-before"
	RuleServiceURL  Rule = "service-url"
	RuleServiceHost Rule = "service-host"
	RuleChannel     Rule = "channel"
	RuleUnknownKey  Rule = "unknown-key"
	RuleEndorsement Rule = "endorsement"
	RuleSignature   Rule = "signature"
	RuleKeys        Rule = "keys-unavailable"
)

// Refusal says which rule a token broke.
type Refusal struct {
	Rule Rule
	Err  error // may be nil
}

// Error names the rule.
func (r *Refusal) Error() string {
	if r.Err != nil {
		return fmt.Sprintf("token refused, rule %s: %v", r.Rule, r.Err)
	}
	return fmt.Sprintf("token refused, rule %s", r.Rule)
}

// Unwrap returns the underlying error.
func (r *Refusal) Unwrap() error { return r.Err }

const (
	leeway        = 5 * time.Minute
	mostTokenSize = 16 << 10
	teamsChannel  = "msteams"
)

// Envelope is the part of an activity that a token vouches for.
type Envelope struct {
	ServiceURL string
	ChannelID  string
}

// VerifierOptions is what a Verifier needs.
type VerifierOptions struct {
	AppID string // the bot's own application id
	Cloud Cloud
	HTTP  *http.Client // for the signing keys
	Now   func() time.Time
	Log   *slog.Logger
}

// Verifier checks the tokens of the Bot Connector.
type Verifier struct {
	appID string
	cloud Cloud
	keys  *keys
	now   func() time.Time
}

// NewVerifier returns a Verifier. It reads the signing keys when they are first needed.
func NewVerifier(o VerifierOptions) *Verifier {
	return &Verifier{o.AppID, o.Cloud, newKeys(o.Cloud.OpenIDMetadataURL, o.HTTP, o.Now, o.Log), o.Now}
}

// Ready reports whether the signing keys are there, and reads them when they are not.
func (v *Verifier) Ready(ctx context.Context) error { return v.keys.ready(ctx) }

// Verify checks the Authorization header of a request that carries an activity. It returns nil only if every rule holds,
// and otherwise a *Refusal. A token is accepted if and only if
//
//   - scheme: the header is "Bearer" and a token, nothing else;
//   - size: the token has at most 16 KiB;
//   - form: it has three parts, header and claims are JSON objects in which no member stands twice;
//   - algorithm: alg is RS256;
//   - critical-header: it has no crit header, for we understand no extension; jku, x5u, x5c and jwk are not looked at;
//   - key-id: it names its key by kid;
//   - issuer: iss is the cloud's Connector;
//   - audience: aud is the bot's app id, a string or a list of just that;
//   - expiry: exp is there and not more than 5 minutes ago;
//   - not-before: nbf and iat, where present, are not more than 5 minutes ahead;
//   - service-url: the serviceurl claim is there and equals the activity's serviceUrl but for letter case and one slash
//     at the end;
//   - service-host: that address is on the cloud's allow-list;
//   - channel: the activity's channelId is msteams;
//   - unknown-key: kid is one of the Connector's current keys, which are RSA keys of at least 2048 bits for signatures
//     (keys-unavailable: they could not be read);
//   - endorsement: that key is endorsed for the activity's channel;
//   - signature: the signature is that key's.
//
// The order is that of the cost; nothing is believed before the last rule holds. Tokens issued by Entra itself fail at
// issuer: Teams sends none to a bot. Source:
// https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication#connector-to-bot
func (v *Verifier) Verify(ctx context.Context, authorization string, about Envelope) error {
	encoded, err := bearer(authorization)
	if err != nil {
		return err
	}
	token, err := readToken(encoded)
	if err != nil {
		return err
	}
	if err := v.checkClaims(&token.claims); err != nil {
		return err
	}
	if err := v.checkEnvelope(&token.claims, about); err != nil {
		return err
	}
	key, err := v.keys.byKid(ctx, token.kid)
	switch {
	case errors.Is(err, errUnknownKey):
		return &Refusal{RuleUnknownKey, nil}
	case err != nil:
		return &Refusal{RuleKeys, err}
	case !slices.Contains(key.endorsements, about.ChannelID):
		return &Refusal{RuleEndorsement, nil}
	}
	if err := token.verify(key.public); err != nil {
		return &Refusal{RuleSignature, err}
	}
	return nil
}

func bearer(authorization string) (string, error) {
	scheme, token, ok := strings.Cut(authorization, " ")
	switch {
	case !ok || !strings.EqualFold(scheme, "Bearer") || token == "" || strings.ContainsAny(token, " ,\t\r\n"):
		return "", &Refusal{RuleScheme, nil}
	case len(token) > mostTokenSize:
		return "", &Refusal{RuleSize, nil}
	default:
		return token, nil
	}
}

func (v *Verifier) checkClaims(c *claims) error {
	now := v.now()
	expiry, hasExpiry := moment(c.expiry)
	switch {
	case text(c.issuer) != v.cloud.Issuer:
		return &Refusal{RuleIssuer, nil}
	case v.appID == "" || !strings.EqualFold(audience(c.audience), v.appID):
		return &Refusal{RuleAudience, nil}
	case !hasExpiry || !now.Before(expiry.Add(leeway)):
		return &Refusal{RuleExpiry, nil}
	}
	for _, raw := range []json.RawMessage{c.notBefore, c.issuedAt} {
		if raw == nil {
			continue
		}
		if from, ok := moment(raw); !ok || now.Before(from.Add(-leeway)) {
			return &Refusal{RuleNotBefore, nil}
		}
	}
	return nil
}

func (v *Verifier) checkEnvelope(c *claims, about Envelope) error {
	claim := text(c.serviceURL)
	if claim == "" || about.ServiceURL == "" || !sameService(claim, about.ServiceURL) {
		return &Refusal{RuleServiceURL, nil}
	}
	if _, err := v.cloud.serviceURL(about.ServiceURL); err != nil {
		return &Refusal{RuleServiceHost, err}
	}
	if about.ChannelID != teamsChannel {
		return &Refusal{RuleChannel, nil}
	}
	return nil
}
