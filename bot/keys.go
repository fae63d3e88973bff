package bot

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwk"
	"golang.org/x/sync/singleflight"
)

const (
	keysFresh      = 24 * time.Hour   // Microsoft: refresh at least daily
	keysUnknownKid = 5 * time.Minute  // an unknown kid may cause one fetch in this time, whoever made it up
	keysTimeout    = 10 * time.Second // for the whole fetch
	mostKeyBytes   = 1 << 20
	leastKeyBits   = 2048
)

// signingKey is a key of the Connector's, with the channels for which it may sign.
type signingKey struct {
	public       *rsa.PublicKey
	endorsements []string
}

// keys are the Connector's signing keys. They are read when first needed and at least daily; while Microsoft cannot be
// reached the old ones go on serving.
type keys struct {
	metadataURL string
	client      *http.Client
	now         func() time.Time
	log         *slog.Logger

	fetching singleflight.Group
	mu       sync.Mutex
	byID     map[string]signingKey
	fetched  time.Time // when byID was read
	tried    time.Time // when a fetch was last begun
	underway bool      // a fetch has begun and not ended
	failed   error     // of the last fetch
}

func newKeys(metadataURL string, client *http.Client, now func() time.Time, log *slog.Logger) *keys {
	own := *client
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &keys{metadataURL: metadataURL, client: &own, now: now, log: log}
}

var errUnknownKey = errors.New("no signing key has this id")

// byKid returns the key with this id. errUnknownKey is returned only when the keys were read and it is not among them;
// while they cannot be read nobody knows.
func (k *keys) byKid(ctx context.Context, kid string) (signingKey, error) {
	k.mu.Lock()
	key, known := k.byID[kid]
	now := k.now()
	mayTry := now.Sub(k.tried) > keysUnknownKid
	switch {
	case known:
		if now.Sub(k.fetched) > keysFresh && mayTry {
			k.begin(ctx) // the old key serves meanwhile
		}
		k.mu.Unlock()
		return key, nil
	case k.byID != nil && !k.underway && !mayTry:
		defer k.mu.Unlock()
		if k.failed != nil {
			return signingKey{}, k.failed
		}
		return signingKey{}, errUnknownKey
	}
	done := k.begin(ctx) // or joins the fetch that is under way, which may bring the key
	k.mu.Unlock()
	if err := finished(ctx, done); err != nil {
		return signingKey{}, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if key, known = k.byID[kid]; known {
		return key, nil
	}
	return signingKey{}, errUnknownKey
}

// ready makes sure that there are keys.
func (k *keys) ready(ctx context.Context) error {
	k.mu.Lock()
	if k.byID != nil {
		k.mu.Unlock()
		return nil
	}
	done := k.begin(ctx)
	k.mu.Unlock()
	return finished(ctx, done)
}

// begin begins to read the keys, once for all who wait for them. The caller holds mu.
func (k *keys) begin(ctx context.Context) <-chan singleflight.Result {
	if !k.underway {
		k.underway, k.tried = true, k.now()
	}
	return k.fetching.DoChan("keys", func() (any, error) {
		fetchCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keysTimeout)
		defer cancel()
		byID, err := k.fetch(fetchCtx)
		if err != nil {
			k.log.Warn("the signing keys could not be read", slog.Any("error", err))
		}
		k.mu.Lock()
		defer k.mu.Unlock()
		k.underway, k.failed = false, err
		if err == nil {
			k.byID, k.fetched = byID, k.now()
		}
		return nil, err
	})
}

// finished waits for a fetch, as long as ctx lasts.
func finished(ctx context.Context, done <-chan singleflight.Result) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case result := <-done:
		return result.Err
	}
}

// fetch reads the metadata document and the keys that it names, which must lie on its own host.
func (k *keys) fetch(ctx context.Context) (map[string]signingKey, error) {
	raw, err := k.get(ctx, k.metadataURL)
	if err != nil {
		return nil, fmt.Errorf("read the OpenID metadata: %w", err)
	}
	var metadata struct {
		JWKSURI string `json:"jwks_uri"`
	}
	if err := json.Unmarshal(raw, &metadata); err != nil {
		return nil, fmt.Errorf("decode the OpenID metadata: %w", err)
	}
	own, err := url.Parse(k.metadataURL)
	if err != nil {
		return nil, fmt.Errorf("read the metadata's address: %w", err)
	}
	if u, err := url.Parse(metadata.JWKSURI); err != nil || u.Scheme != "https" || u.Host != own.Host || u.User != nil {
		return nil, fmt.Errorf("the OpenID metadata names keys on another host")
	}
	if raw, err = k.get(ctx, metadata.JWKSURI); err != nil {
		return nil, fmt.Errorf("read the signing keys: %w", err)
	}
	return parseKeys(raw)
}

func (k *keys) get(ctx context.Context, address string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	response, err := k.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", response.StatusCode)
	}
	raw, err := io.ReadAll(io.LimitReader(response.Body, mostKeyBytes+1))
	if err == nil && len(raw) > mostKeyBytes {
		err = fmt.Errorf("more than %d bytes", mostKeyBytes)
	}
	return raw, err
}

// parseKeys keeps the RSA keys that are long enough and meant for signatures. jwx keeps the endorsements, a member of
// Microsoft's own.
func parseKeys(raw []byte) (map[string]signingKey, error) {
	set, err := jwk.Parse(raw, jwk.WithIgnoreParseError(true)) // a key of a kind yet to come must not take the others along
	if err != nil {
		return nil, fmt.Errorf("decode the signing keys: %w", err)
	}
	byID := map[string]signingKey{}
	for i := range set.Len() {
		key, _ := set.Key(i)
		kid, hasID := key.KeyID()
		if use, ok := key.KeyUsage(); !hasID || (ok && use != "sig") {
			continue
		}
		var public rsa.PublicKey
		if err := jwk.Export(key, &public); err != nil || public.N.BitLen() < leastKeyBits {
			continue
		}
		entry := signingKey{public: &public}
		var listed []any
		if key.Get("endorsements", &listed) == nil {
			for _, e := range listed {
				if channel, ok := e.(string); ok {
					entry.endorsements = append(entry.endorsements, channel)
				}
			}
		}
		byID[kid] = entry
	}
	if len(byID) == 0 {
		return nil, errors.New("no usable signing key is announced")
	}
	return byID, nil
}
