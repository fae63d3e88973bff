// Package words says what signpost has to say, in a person's language.
//
// Every sentence lies in a catalogue, one file per topic and language: ui for the conversation, guides for the guidance on
// each kind of failure, reasoning for how sure an answer is and what would pass, edits for what changed in a policy, whatif
// for what would happen now. A Speaker picks the language and puts facts into sentences; Answer turns a diagnosis.Finding
// into the parts of an answer, which cards lay out and the command line prints.
package words

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed *.json
var catalogues embed.FS

var bundle = sync.OnceValue(func() *i18n.Bundle {
	b := i18n.NewBundle(language.English)
	b.RegisterUnmarshalFunc("json", json.Unmarshal)
	files, err := fs.Glob(catalogues, "*.json")
	if err != nil {
		panic("words: " + err.Error()) // the pattern is a constant
	}
	for _, file := range files {
		if _, err := b.LoadMessageFileFS(catalogues, file); err != nil {
			panic("words: " + err.Error()) // embedded at build time; a test reads every file
		}
	}
	return b
})

// matcher finds the nearest of the catalogues' languages; making one is dear.
var matcher = sync.OnceValue(func() language.Matcher { return language.NewMatcher(bundle().LanguageTags()) })

var localizers = sync.OnceValue(func() map[language.Tag]*i18n.Localizer {
	all := map[language.Tag]*i18n.Localizer{}
	for _, tag := range bundle().LanguageTags() {
		all[tag] = i18n.NewLocalizer(bundle(), tag.String())
	}
	return all
})

// Speaker says things in one language. The zero value is of no use; use For.
type Speaker struct {
	localizer *i18n.Localizer
	tag       language.Tag
	zone      *time.Location
	escape    func(string) string
}

// For returns a speaker of the language nearest to locale (BCP 47; English when none is near), who writes times in the
// IANA time zone (UTC when it is unknown). Every fact that goes into a sentence passes through escape, because names
// in a log are chosen by strangers; nil leaves them as they are.
func For(locale, timezone string, escape func(string) string) Speaker {
	if escape == nil {
		escape = asIs
	}
	zone, err := time.LoadLocation(timezone)
	if err != nil {
		zone = time.UTC
	}
	tags, _, _ := language.ParseAcceptLanguage(locale) // an unreadable locale matches nothing and means English
	_, index, _ := matcher().Match(tags...)
	tag := bundle().LanguageTags()[index]
	if isRightToLeft(tag) {
		escape = isolated(escape)
	}
	return Speaker{localizers()[tag], tag, zone, escape}
}

// isRightToLeft reports whether a language is written from right to left.
func isRightToLeft(tag language.Tag) bool {
	script, _ := tag.Script()
	return script.String() == "Arab" || script.String() == "Hebr"
}

// isolated keeps a fact in another script from turning the text around it: names and addresses among right-to-left words.
// Source: https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates
func isolated(escape func(string) string) func(string) string {
	const first, pop = "\u2068", "\u2069"
	return func(text string) string { return first + escape(text) + pop }
}

// RightToLeft reports whether the speaker's language is written from right to left.
func (s Speaker) RightToLeft() bool { return isRightToLeft(s.tag) }

// Language is the BCP 47 tag of what the speaker speaks.
func (s Speaker) Language() string { return s.tag.String() }

// Facts are what a sentence talks about, by placeholder.
type Facts map[string]string

// Say returns the sentence with this id. The facts are escaped on their way in.
func (s Speaker) Say(id string, facts ...Facts) string {
	return s.say(id, nil, facts...)
}

// count is Say for a sentence that depends on a number, which it calls {{.Count}}.
func (s Speaker) count(id string, n int, facts ...Facts) string {
	return s.say(id, n, facts...)
}

func (s Speaker) say(id string, count any, facts ...Facts) string {
	data := map[string]any{}
	for _, f := range facts {
		for name, fact := range f {
			data[name] = s.escape(fact)
		}
	}
	if count != nil {
		data["Count"] = count
	}
	text, err := s.localizer.Localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: data, PluralCount: count})
	if err != nil && text == "" {
		panic(fmt.Sprintf("words: %v", err)) // a test goes over every id
	}
	return text
}

// has reports whether the catalogues know a sentence.
func (s Speaker) has(id string) bool {
	_, err := s.localizer.Localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: map[string]any{}})
	return err == nil
}

// Unseen tells the characters that are not text: they control a terminal, turn the writing, or mean something to one font
// only. Whoever escapes facts drops them.
func Unseen(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r)
}

func asIs(s string) string { return s }

// Time writes a moment to the minute in the person's time zone, with the zone's distance from UTC.
func (s Speaker) Time(t time.Time) string {
	local := t.In(s.zone)
	text := local.Format("2006-01-02 15:04 ") + "(UTC" + strings.TrimSuffix(local.Format("-07:00"), ":00") + ")"
	if s.RightToLeft() {
		return isolated(asIs)(text)
	}
	return text
}

// list joins items as the language does: "a", "a and b", "a, b and c".
func (s Speaker) list(conjunction string, items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return strings.Join(items[:last], s.Say("list.comma")) + s.Say(conjunction) + items[last]
}
