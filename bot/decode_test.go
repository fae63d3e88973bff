package bot_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"signpost/bot"
)

// FuzzDecodeActivity compares the decoder with encoding/json, which reads the same but for two things: a member of ours
// that stands twice, and a value that nests deeper than any activity does.
func FuzzDecodeActivity(f *testing.F) {
	for _, body := range []string{
		message(nil), `{"type":"message","value":{"verb":"x"}}`, `{"type":"invoke","value":{"action":{"verb":"x"}}}`, `{}`, `null`, ` `, `[]`, `{`,
		" \t\r\n{ \"type\" : \"message\" , \"value\" : [ 1 , { } , [ ] ] }\n", "\v{\"type\":\"message\"}", `{"type":"message",}`, `{"type":"message"}}`,
		`{"type":"message"}]`, `{"type":"message"} {}`, `{,"type":"message"}`, `{"type":"message" "id":"1"}`, `{"type" "message"}`, `{type:"message"}`,
		`{"TYPE":"message","ıd":"1","\u0069D":"2"}`, `{"tYpe":"message","Id":"1","id":null}`, `{"type":"message","te\u0078t":"a\"\\\/\b\f\n\r\tz"}`,
		"{\"type\":\"message\",\"channelDat\u0061\":{},\"membersAdded\":null,\"\u017ferviceUrl\":\"x\"}", "{\"type\":\"message\",\"lo\u212aale\":\"x\"}",
		`{"type":"message","text":"\ud83d\ude42 \ud83d \ude42\ud83d \u0000"}`, "{\"type\":\"message\",\"text\":\"\xff\xc0\x80 \u2028\"}", "{\"type\":\"message\",\"text\":\"\x00\"}",
		"{\"type\":\"message\",\"text\":\"a\tb\"}", `{"type":"message","text":"\x"}`, `{"type":"message","text":"\u12G4"}`, `{"type":"message","text":"\u12`, `{"type":"message","text":"\`,
		`{"type":"message","value":-0.5e+10}`, `{"type":"message","value":01}`, `{"type":"message","value":-}`, `{"type":"message","value":1.}`, `{"type":"message","value":.5}`,
		`{"type":"message","value":1e}`, `{"type":"message","value":0E-1}`, `{"type":"message","value":+1}`, `{"type":"message","value":0x1}`, `{"type":"message","value":NaN}`,
		`{"type":"message","value":tru}`, `{"type":"message","value":truee}`, `{"type":"message","value":nul`, `{"type":"message","value":[1,]}`, `{"type":"message","value":[1 2]}`,
		`{"type":"message","value":{"a":1,}}`, `{"type":"message","value":{"a"}}`, `{"type":"message","value":[}`, `{"type":"message","value":{]}`, `{"type":"message","value":`,
		`{"type":"message","entities":[1,null,{"type":1},{"type":"mention","mentioned":{"id":"x"}},{"mentioned":[]},{"text":null,"x":{}}]}`, `{"type":"message","entities":{}}`,
		`{"type":"message","entities":[{"type":"a","type":"b"},{"mentioned":{"id":"1","ID":"2"}}]}`, `{"type":"message","membersAdded":[{"id":"1"},null,{}]}`, `{"type":"message","membersAdded":[1]}`,
		`{"type":"message","from":{"id":1}}`, `{"type":"message","from":[]}`, `{"type":"message","from":{"x":1,"x":2}}`, `{"type":"message","recipient":{"id":"1","id":"1"}}`,
		`{"type":"message","conversation":{"id":"a","tenantid":null},"channelData":{"tenant":{"id":"t"}}}`, `{"type":"message","channelData":{"tenant":{"id":"t","id":"u"}}}`,
		`{"type":"message","channelData":[]}`, `{"type":"message","channelData":{"tenant":5}}`, `{"type":"message","text":"1","text":"2"}`, `{"type":"message","x":1,"x":2}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := bot.DecodeActivity(body)
		want, failed := reference(body)
		if depth(body) > 100 {
			return
		}
		if (err == nil) != (failed == nil) {
			t.Fatalf("decoding returned %v; encoding/json %v", err, failed)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("the activity (-want +got):\n%s", diff)
		}
		_, _ = got.CardAction()
		_, _, _, _, _ = got.Words(), got.Language(), got.Timezone(), got.Reference(), got.BotAdded()
	})
}

// depth is how deep a value may nest at most.
func depth(body []byte) int { return bytes.Count(body, []byte("{")) + bytes.Count(body, []byte("[")) }

// reference decodes an activity with encoding/json alone.
func reference(body []byte) (bot.Activity, error) {
	var wire struct {
		bot.Activity

		Entities     []json.RawMessage `json:"entities"`
		From         json.RawMessage   `json:"from"`
		Recipient    json.RawMessage   `json:"recipient"`
		Conversation json.RawMessage   `json:"conversation"`
		MembersAdded []json.RawMessage `json:"membersAdded"`
	}
	if err := errors.Join(json.Unmarshal(body, &wire), distinct(body, ours...)); err != nil {
		return bot.Activity{}, err
	}
	a := wire.Activity
	err := errors.Join(inner(wire.From, &a.From), inner(wire.Recipient, &a.Recipient), inner(wire.Conversation, &a.Conversation))
	for _, raw := range wire.MembersAdded {
		var member bot.Account
		err = errors.Join(err, inner(raw, &member))
		a.MembersAdded = append(a.MembersAdded, member)
	}
	for _, raw := range wire.Entities {
		var e struct {
			bot.Entity

			Mentioned json.RawMessage `json:"mentioned"`
		}
		if inner(raw, &e) == nil && inner(e.Mentioned, &e.Entity.Mentioned) == nil {
			a.Entities = append(a.Entities, e.Entity)
		}
	}
	if err != nil || a.Type == "" {
		return bot.Activity{}, errors.Join(err, errors.New("or no type"))
	}
	var data struct{ Tenant json.RawMessage }
	var tenant struct{ ID any }
	if a.Conversation.TenantID == "" && inner(a.ChannelData, &data) == nil && inner(data.Tenant, &tenant) == nil {
		a.Conversation.TenantID, _ = tenant.ID.(string)
	}
	return a, nil
}

// ours are the members of an activity that are read.
var ours = []string{
	"type", "id", "name", "action", "serviceUrl", "channelId", "text", "locale", "localTimezone", "replyToId", "from", "recipient",
	"conversation", "membersAdded", "entities", "value", "channelData",
}

// inner decodes an object in which no member may stand twice.
func inner(raw []byte, into any) error {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	return errors.Join(json.Unmarshal(raw, into), distinct(raw))
}

// distinct returns an error when an object names a member twice: one of those given, or any when none is given.
func distinct(object []byte, only ...string) error {
	decoder := json.NewDecoder(bytes.NewReader(object))
	if _, err := decoder.Token(); err != nil {
		return err
	}
	var seen []string
	for decoder.More() {
		token, err := decoder.Token()
		name, isName := token.(string)
		if err != nil || !isName {
			return errors.Join(err, errors.New("or no object"))
		}
		same := func(other string) bool { return strings.EqualFold(name, other) }
		if slices.ContainsFunc(seen, same) && (len(only) == 0 || slices.ContainsFunc(only, same)) {
			return errors.New("a member stands twice")
		}
		seen = append(seen, name)
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return err
		}
	}
	return nil
}

func TestNothingNestsDeeperThanAHundredLevels(t *testing.T) {
	t.Parallel()
	for levels, fits := range map[int]bool{100: true, 101: false, 400_000: false} {
		body := message(members{"value": nil})
		body = inject(body, `"value":`+strings.Repeat("[", levels)+strings.Repeat("]", levels))
		if _, err := bot.DecodeActivity([]byte(body)); (err == nil) != fits {
			t.Errorf("a value of %d levels: %v", levels, err)
		}
	}
}
