package sandbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// fakeBot keeps what Teams posts to it.
type fakeBot struct {
	url string

	mu     sync.Mutex
	status int    // of its answers
	body   string // of its answers
	react  func() // called before it answers
	got    []json.RawMessage
	head   []http.Header
}

func newBot(t *testing.T) *fakeBot {
	t.Helper()
	b := &fakeBot{status: http.StatusOK}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	b.url = server.URL + "/api/messages"
	return b
}

func (b *fakeBot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	b.mu.Lock()
	b.got, b.head = append(b.got, body), append(b.head, r.Header)
	status, answer, react := b.status, b.body, b.react
	b.mu.Unlock()
	if react != nil {
		react()
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, answer)
}

// answers sets what the bot answers from now on.
func (b *fakeBot) answers(status int, body string, react func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.status, b.body, b.react = status, body, react
}

// activities are all that came, oldest first.
func (b *fakeBot) activities(t *testing.T) []map[string]any {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []map[string]any
	for _, raw := range b.got {
		var a map[string]any
		if err := json.Unmarshal(raw, &a); err != nil {
			t.Fatalf("the bot got no JSON: %v", err)
		}
		all = append(all, a)
	}
	return all
}

// activity is the last that came.
func (b *fakeBot) activity(t *testing.T) map[string]any {
	t.Helper()
	all := b.activities(t)
	if len(all) == 0 {
		t.Fatal("the bot got nothing")
	}
	return all[len(all)-1]
}

// header is what came with the last activity.
func (b *fakeBot) header(t *testing.T) http.Header {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.head) == 0 {
		t.Fatal("the bot got nothing")
	}
	return b.head[len(b.head)-1]
}
