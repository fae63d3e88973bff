package handlers_test

import (
	"strings"
	"testing"

	"signpost/words"
)

func TestWhatAMessageBrings(t *testing.T) {
	t.Parallel()
	const checking, ask, help = "checking.title", "ask.title", "help.title"
	tests := map[string]struct{ text, locale, want string }{
		"help":                         {"help", "en-GB", help},
		"help, loudly":                 {"HELP!", "en-GB", help},
		"a question mark":              {"?", "en-GB", help},
		"bantuan":                      {"bantuan", "id-ID", help},
		"tolong":                       {"Tolong.", "id-ID", help},
		"help with more words":         {"help me", "en-GB", "idle.1"},
		"check me":                     {"check me", "en-GB", checking},
		"check, in mixed letters":      {"Check  My Account!", "en-GB", checking},
		"check on two lines":           {"check\nana@contoso.com", "en-GB", checking},
		"cek saya":                     {"cek saya", "id-ID", checking},
		"periksa akun saya":            {"Periksa akun saya.", "id-ID", checking},
		"cek with a name":              {"cek: ana@contoso.com", "id-ID", checking},
		"a bare name":                  {"ana@contoso.com", "en-GB", checking},
		"check alone":                  {"check", "en-GB", ask},
		"cek alone":                    {"cek", "id-ID", ask},
		"an error without an account":  {"There was an error validating access token", "id-ID", ask},
		"a code alone":                 {"AADSTS50058", "en-GB", ask},
		"several accounts":             {"check ana@contoso.com budi@contoso.com", "en-GB", ask},
		"checkout":                     {"checkout ana@contoso.com please", "en-GB", "idle.1"},
		"nothing":                      {"", "en-GB", "idle.1"},
		"a language that has no words": {"help", "xx-YY", help},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage()
			turn := says(anaID, personal, "m1", test.text)
			turn.Locale = test.locale
			if err := s.bot.OnMessage(t.Context(), turn); err != nil {
				t.Fatal(err)
			}
			if want := words.For(test.locale, "", nil).Say(test.want); !strings.Contains(s.chat.shown(t, 1), want) {
				t.Errorf("shown is %s, want %q", s.chat.shown(t, 1), want)
			}
		})
	}
}

func TestAMentionIsNoWord(t *testing.T) {
	t.Parallel()
	s := newStage()
	turn := says(anaID, channel, "m1", "<at>Signpost</at>&nbsp;help")
	turn.Entities = append(turn.Entities, mention("28:bot", "<at>Signpost</at>"))
	if err := s.bot.OnMessage(t.Context(), turn); err != nil {
		t.Fatal(err)
	}
	wantShown(t, s.chat.shown(t, 1), "help.title")
}

// In a channel a form must not offer whoever happened to write: it stands for everybody to see.
func TestAFormOffersOneselfOnlyWhereNobodyReadsAlong(t *testing.T) {
	t.Parallel()
	for kind, offered := range map[string]bool{personal: true, channel: false, "groupChat": false} {
		s := newStage()
		s.say(t, anaID, kind, "m1", "There was an error validating access token")
		if got := strings.Contains(s.chat.shown(t, 1), anaID); got != offered {
			t.Errorf("in a conversation of type %s oneself offered is %t, want %t", kind, got, offered)
		}
	}
}
