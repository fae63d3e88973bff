package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// ErrNotFound is returned for a key that a bucket does not hold, or no longer.
var ErrNotFound = errors.New("not found")

// Bucket holds small JSON values by key, each for a limited time. Keys may hold letters, digits and -/_=. only.
type Bucket struct {
	name string
	kv   jetstream.KeyValue
}

// Bucket opens a bucket whose values are forgotten after ttl; 0 keeps them.
func (q *Queue) Bucket(ctx context.Context, name string, ttl time.Duration) (*Bucket, error) {
	kv, err := q.js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: name, TTL: ttl, Storage: jetstream.FileStorage})
	if err != nil {
		return nil, fmt.Errorf("prepare bucket %s: %w", name, err)
	}
	return &Bucket{name: name, kv: kv}, nil
}

// Put stores a value, in place of an older one.
func (b *Bucket) Put(ctx context.Context, key string, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encode for bucket %s: %w", b.name, err)
	}
	if _, err := b.kv.Put(ctx, key, body); err != nil {
		return fmt.Errorf("put into bucket %s: %w", b.name, err)
	}
	return nil
}

// Create stores a value unless the key is taken, and reports whether it did.
func (b *Bucket) Create(ctx context.Context, key string, value any) (bool, error) {
	body, err := json.Marshal(value)
	if err != nil {
		return false, fmt.Errorf("encode for bucket %s: %w", b.name, err)
	}
	switch _, err := b.kv.Create(ctx, key, body); {
	case errors.Is(err, jetstream.ErrKeyExists):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("create in bucket %s: %w", b.name, err)
	}
	return true, nil
}

// Read decodes a value into *into; ErrNotFound when the bucket does not hold the key.
func (b *Bucket) Read(ctx context.Context, key string, into any) error {
	entry, err := b.kv.Get(ctx, key)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("read from bucket %s: %w", b.name, err)
	}
	if err := json.Unmarshal(entry.Value(), into); err != nil {
		return fmt.Errorf("decode from bucket %s: %w", b.name, err)
	}
	return nil
}

// Delete forgets a key. Deleting one that is not there is no error.
func (b *Bucket) Delete(ctx context.Context, key string) error {
	if err := b.kv.Purge(ctx, key); err != nil {
		return fmt.Errorf("delete from bucket %s: %w", b.name, err)
	}
	return nil
}
