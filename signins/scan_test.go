package signins_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"signpost/signins"
)

// sound and unsound are JSON texts, and texts that nearly are.
var (
	sound = []string{
		betaSignIn, `0`, `-0.5e+10`, `1E9`, `true`, `false`, `null`, ` [ ] `, `{}`, `"\u00e9\ud83d\ude00\/"`, "\"\xff\"", `[1,"a",{"b":[null]}]`,
		`{"status":1,"STATUS":"x","\u0073tatus":null}`, "{\"\u017ftatus\":7}", `{"isInteractive":"True","resultType":"53003"}`, `"\ud800"`, "\"\u2028\"",
		`{"a":{"b":{"c":"\\\""}}}`, strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000),
	}
	unsound = []string{
		``, ` `, `tru`, `truex`, `01`, `-`, `1.`, `1.e5`, `1e`, `+1`, `.5`, `[1,]`, `[,1]`, `[1 2]`, `{"a":1,}`, `{"a"}`, `{"a" 1}`, `{a:1}`, `{1:2}`,
		`"a`, `"\x"`, `"\u12G4"`, `"\u12`, "\"\n\"", "\"\x00\"", `{}{}`, `]`, `[}`, "\u00a01", "\x0b1", "1\x0c", `"a"b`, `nul`,
		strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001),
	}
)

func TestTheScannerAcceptsWhatEncodingJSONAccepts(t *testing.T) {
	t.Parallel()
	for _, text := range sound {
		if !json.Valid([]byte(text)) {
			t.Fatalf("%.40q is not sound", text)
		}
		compare(t, []byte(text), 0)
	}
	for _, text := range unsound {
		if json.Valid([]byte(text)) {
			t.Fatalf("%.40q is sound", text)
		}
		compare(t, []byte(text), 0)
	}
}

func FuzzScanner(f *testing.F) {
	for _, text := range append(append([]string{}, sound[:len(sound)-1]...), unsound[:len(unsound)-1]...) {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, raw []byte) { compare(t, raw, 0) })
}

// compare checks that the scanner sees in a text what encoding/json sees.
func compare(t *testing.T, raw []byte, level int) {
	t.Helper()
	members, elements, text, err := signins.Scan(raw)
	if valid := json.Valid(raw); valid != (err == nil) {
		t.Fatalf("%.200q: encoding/json says %v, the scanner %v", raw, valid, err)
	}
	if err != nil || level > 20 {
		return
	}
	switch c := bytes.TrimSpace(raw)[0]; c {
	case '{':
		var want map[string]json.RawMessage
		unmarshal(t, raw, &want)
		if len(want) != len(members) {
			t.Fatalf("%.200q: %d members, want %d", raw, len(members), len(want))
		}
		for name, value := range want {
			if !bytes.Equal(value, members[name]) {
				t.Fatalf("%.200q: member %q is %q, want %q", raw, name, members[name], value)
			}
			compare(t, value, level+1)
		}
		compareFields(t, raw)
	case '[':
		var want []json.RawMessage
		unmarshal(t, raw, &want)
		if len(want) != len(elements) {
			t.Fatalf("%.200q: %d elements, want %d", raw, len(elements), len(want))
		}
		for i, value := range want {
			if !bytes.Equal(value, elements[i]) {
				t.Fatalf("%.200q: element %d is %q, want %q", raw, i, elements[i], value)
			}
			compare(t, value, level+1)
		}
	case '"':
		var want string
		unmarshal(t, raw, &want)
		if text != want {
			t.Fatalf("%.200q: text is %q, want %q", raw, text, want)
		}
	}
}

// compareFields checks that members find the fields that encoding/json gives them to.
func compareFields(t *testing.T, raw []byte) {
	t.Helper()
	got, err := signins.Unmarshal(raw, nil)
	if err != nil {
		t.Fatalf("%.200q: %v", raw, err)
	}
	want, err := signins.Unmarshal(raw, json.Unmarshal)
	if err != nil {
		t.Fatalf("%.200q: %v", raw, err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%.200q: fields (-encoding/json +scanner):\n%s", raw, diff)
	}
}

func unmarshal(t *testing.T, raw []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatalf("%.200q: %v", raw, err)
	}
}
