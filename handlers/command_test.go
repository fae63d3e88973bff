package handlers_test

import (
	"os"
	"path/filepath"
	"regexp"
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
		"a wide question mark":         {"？", "ja-JP", help},
		"bantuan":                      {"bantuan", "id-ID", help},
		"tolong":                       {"Tolong.", "id-ID", help},
		"help for oneself":             {"help me, please", "en-GB", help},
		"help about an account":        {"tolong ana@contoso.com", "id-ID", checking},
		"help with something else":     {"help me with the printer", "en-GB", "idle.1"},
		"a greeting":                   {"Hi!", "en-GB", help},
		"a greeting and a question":    {"hi, what can you do?", "en-GB", help},
		"a greeting and no question":   {"hi, how are you?", "en-GB", "idle.1"},
		"Hilfe":                        {"Hilfe!", "de-DE", help},
		"Grüß Gott":                    {"Grüß Gott", "de-AT", help},
		"ayuda":                        {"¡Ayúdame, por favor!", "es-ES", help},
		"ajuda":                        {"Olá, preciso de ajuda", "pt-BR", help},
		"aide":                         {"à l’aide !", "fr-FR", help},
		"ヘルプ":                          {"ヘルプ。", "ja-JP", help},
		"ヘルプ in half-width letters":    {"ﾍﾙﾌﾟ", "ja-JP", help},
		"お疲れ様です":                       {"お疲れ様です", "ja-JP", help},
		"帮助":                           {"请帮助", "zh-CN", help},
		"도움말":                          {"안녕하세요, 도움말", "ko-KR", help},
		"مساعدة, with marks":           {"مُسَاعَـــدَة؟", "ar-SA", help},
		"السلام عليكم":                 {"السلام عليكم", "ar-SA", help},
		"check me":                     {"check me", "en-GB", checking},
		"check, in mixed letters":      {"Check  My Account!", "en-GB", checking},
		"check on two lines":           {"check\nana@contoso.com", "en-GB", checking},
		"check, politely":              {"Hello, can you check ana@contoso.com, please?", "en-GB", checking},
		"cek saya":                     {"cek saya", "id-ID", checking},
		"periksa akun saya":            {"Periksa akun saya.", "id-ID", checking},
		"cek with a name":              {"cek: ana@contoso.com", "id-ID", checking},
		"tolong cek":                   {"tolong cek akun saya dong", "id-ID", checking},
		"comprobar mi cuenta":          {"¿Puedes comprobar mi cuenta?", "es-MX", checking},
		"verificar minha conta":        {"Verifique a minha conta.", "pt-BR", checking},
		"vérifier mon compte":          {"VÉRIFIEZ MON COMPTE, SVP", "fr-FR", checking},
		"prüfen after a mention":       {"<at>signpost</at>\u00a0prüfen ana@contoso.com", "de-DE", checking},
		"prüfen in plain letters":      {"pruefe ana@contoso.com", "de-DE", checking},
		"prüfen behind the account":    {"bitte ana@contoso.com prüfen", "de-DE", checking},
		"mein Konto prüfen":            {"mein Konto prüfen!", "de-DE", checking},
		"確認 with a wide space":         {"確認　ｃｈｅｃｋ", "ja-JP", ask},
		"確認 behind the account":        {"ana@contoso.com を確認してください。", "ja-JP", checking},
		"自分のアカウントを調べて":                 {"自分のアカウントを調べて", "ja-JP", checking},
		"wide letters":                 {"ｃｈｅｃｋ　ａｎａ＠ｃｏｎｔｏｓｏ．ｃｏｍ", "ja-JP", checking},
		"检查 without a space":           {"检查ana@contoso.com", "zh-CN", checking},
		"检查我的账户":                       {"请帮我检查我的账户", "zh-CN", checking},
		"확인 behind the account":        {"ana@contoso.com 확인해 주세요", "ko-KR", checking},
		"내 계정을 확인해줘":                   {"내 계정을 확인해줘", "ko-KR", checking},
		"تحقق من حسابي":                {"تحقّق من حسابي", "ar-SA", checking},
		"افحص with a name":             {"افحص: ana@contoso.com", "ar-SA", checking},
		"thanks for checking":          {"確認ありがとうございます", "ja-JP", "idle.1"},
		"a bare name":                  {"ana@contoso.com", "en-GB", checking},
		"a bare name, politely":        {"ana@contoso.com, please.", "en-GB", checking},
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

func TestTheCommandsThatTeamsOffersAreUnderstood(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../manifest/*.json")
	if err != nil || len(files) != 10 {
		t.Fatalf("the manifest and its languages are in %d files (%v), want 10", len(files), err)
	}
	title := regexp.MustCompile(`"(bots\[0\]\.commandLists\[\d\]\.commands\[\d\]\.)?title": "([^"]+)"`)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		titles := title.FindAllSubmatch(raw, -1)
		if len(titles) != 6 {
			t.Fatalf("%s has %d titles of commands, want check and help in 3 scopes", file, len(titles))
		}
		for i, m := range titles {
			text, want := string(m[2])+" ana@contoso.com", "checking.title"
			if i%2 == 1 {
				text, want = string(m[2]), "help.title"
			}
			s := newStage()
			s.say(t, anaID, personal, "m1", text)
			wantShown(t, s.chat.shown(t, 1), want)
		}
	}
}

func TestTheCommandsThatTheHelpCardTeachesAreUnderstood(t *testing.T) {
	t.Parallel()
	bold := regexp.MustCompile(`\*\*(.+?)\*\*`)
	for _, language := range []string{"en", "id", "es", "pt-BR", "fr", "de", "ja", "zh-Hans", "ko", "ar"} {
		for id, want := range map[string]string{"help.check": "ask.title", "help.help": "help.title"} {
			for _, m := range bold.FindAllStringSubmatch(words.For(language, "", nil).Say(id), -1) {
				s := newStage()
				s.say(t, anaID, personal, "m1", m[1])
				wantShown(t, s.chat.shown(t, 1), want)
			}
		}
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

// FuzzMessage sends a person's text through all that reads it: no text breaks the turn, each gets one answer.
func FuzzMessage(f *testing.F) {
	for _, seed := range []string{"help", "確認　ana＠contoso．com", "<at>x</at>prüfen ana@contoso.com", "تحقق من حسابي", "내 계정을 확인해줘", "\xff?", "＠"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := newStage()
		s.say(t, anaID, personal, "m1", text)
		s.chat.shown(t, 1)
	})
}
