package handlers

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"strings"
)

const (
	referencePrefix = "SP-"
	referenceBytes  = 5
)

// referenceAlphabet leaves out letters and digits that people confuse when they read a reference aloud.
var referenceAlphabet = base32.NewEncoding("ABCDEFGHJKLMNPQRSTUVWXYZ23456789").WithPadding(base32.NoPadding)

// reference is what people quote, such as SP-7KQ2M4XH: 40 bits of a hash, so the same parts give the same reference.
func reference(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return referencePrefix + referenceAlphabet.EncodeToString(sum[:referenceBytes])
}

// isReference reports whether a text, which a client may have forged, can be a reference and thus a store key.
func isReference(text string) bool {
	code, ok := strings.CutPrefix(text, referencePrefix)
	if !ok || len(code) != referenceAlphabet.EncodedLen(referenceBytes) { // the decoder skips line breaks
		return false
	}
	raw, err := referenceAlphabet.DecodeString(code)
	return err == nil && len(raw) == referenceBytes
}

// key makes a store key of a text that Teams chose.
func key(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// turnKey is the store key of an activity.
func turnKey(conversationID, activityID string) string {
	return key(conversationID + "\x00" + activityID)
}

// thread is a conversation id without the message that a channel's thread hangs on.
func thread(conversationID string) string {
	id, _, _ := strings.Cut(conversationID, ";messageid=")
	return id
}
