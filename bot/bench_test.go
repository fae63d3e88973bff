package bot_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// BenchmarkVerify is the check of a token while the keys are known.
func BenchmarkVerify(b *testing.B) {
	v := newAuthority(b, "public").verifier((&clock{t: noon}).now)
	header := lasting(b, "good", "good")
	if err := v.Ready(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := v.Verify(b.Context(), header, teams()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRefusal is a message whose token has somebody else's signature, of which a flood must cost little.
func BenchmarkRefusal(b *testing.B) {
	d := newDesk(b)
	body := message(nil)
	header := delivery(b, "").Header
	header.Set("Authorization", "Bearer "+signed(b, "good", "other", nil, nil))
	b.ReportAllocs()
	for b.Loop() {
		request := httptest.NewRequest(http.MethodPost, "/api/messages", strings.NewReader(body))
		request.Header = header
		if w := d.post(request); w.Code != 401 {
			b.Fatalf("the answer is %d", w.Code)
		}
	}
}

// BenchmarkEndpoint is a message from its bytes until it is stored, but for the network and the store.
func BenchmarkEndpoint(b *testing.B) {
	d := newDesk(b)
	body := message(nil)
	header := delivery(b, "").Header
	b.ReportAllocs()
	for b.Loop() {
		request := httptest.NewRequest(http.MethodPost, "/api/messages", strings.NewReader(body))
		request.Header = header
		if w := d.post(request); w.Code != 202 {
			b.Fatalf("the answer is %d", w.Code)
		}
		d.keys, d.stored = d.keys[:0], d.stored[:0]
	}
}
