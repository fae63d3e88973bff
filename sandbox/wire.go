package sandbox

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// writeJSON answers with a JSON document. Values here are always encodable.
func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// newGUID makes a random GUID, as for request ids.
func newGUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return guidOf(b)
}

// guidFor makes the same GUID for the same words at every start, as for people and policies.
func guidFor(words ...string) string {
	sum := sha256.Sum256([]byte("signpost sandbox\x00" + strings.Join(words, "\x00")))
	return guidOf([16]byte(sum[:16]))
}

func guidOf(b [16]byte) string {
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// isGUID reports whether a text is a GUID in its usual form, in any letter case.
func isGUID(text string) bool {
	if len(text) != 36 {
		return false
	}
	for i, r := range text {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if r != '-' {
				return false
			}
		} else if !strings.ContainsRune("0123456789abcdefABCDEF", r) {
			return false
		}
	}
	return true
}

// messageIDs makes ids as Teams makes them: the time in milliseconds, each larger than the last.
type messageIDs struct {
	mu   sync.Mutex
	last int64
}

func (m *messageIDs) next(now time.Time) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last = max(m.last+1, now.UnixMilli())
	return strconv.FormatInt(m.last, 10)
}

// graphTime writes a time as Graph does: UTC, up to seven digits of a second.
func graphTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.9999999Z") }
