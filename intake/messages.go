package intake

import (
	_ "embed"
	"encoding/csv"
	"slices"
	"strings"
	"sync"
	"unicode"

	"signpost/diagnosis"
)

//go:embed messages.csv
var messagesCSV string

// published is one of the texts of messages.csv: the article's error message, or its title, in one language.
type published struct {
	language string  // BCP 47 base
	title    bool    // the title tells that it was Desktop Analytics
	words    string  // folded
	grams    []int32 // the numbers of its grams, each once
}

// found is a published text that a person's text holds.
type found struct {
	*published
	share float64 // of the message's grams, at least enough
}

func (f found) product() diagnosis.Product {
	if f.published != nil && f.title && f.share >= certain {
		return diagnosis.DesktopAnalytics
	}
	return ""
}

// How much of a message must be there: enough when the text also speaks of a token, certain without more. A message of
// 30 letters keeps 0.85 of its grams when one letter is lost or two are swapped.
const (
	enough  = 0.70
	certain = 0.85
)

// A text is compared by its grams: runs of three letters, or two in scripts whose letters are words. That forgives
// typos, other inflections and words split or joined by a translator, at a cost linear in the text.
type gram uint64

// library is messages.csv, indexed.
type library struct {
	messages []published
	number   map[gram]int32 // gram to its number
	holds    [][]int32      // gram number to the messages that hold it
	tokens   []string       // the words for token, compact
}

var messages = sync.OnceValue(func() *library {
	r := csv.NewReader(strings.NewReader(messagesCSV))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		panic("intake: messages.csv: " + err.Error()) // embedded at build time; a test reads it
	}
	lib := &library{number: map[gram]int32{}}
	for _, row := range rows[1:] {
		language, _, _ := strings.Cut(row[0], "-")
		lib.add(language, row[1], false)
		lib.add(language, row[2], !strings.Contains(row[2], "telepítés") && !strings.Contains(row[2], "turbelubade"))
	}
	for t := range strings.FieldsSeq(tokenWords) {
		lib.tokens = append(lib.tokens, fold(t))
	}
	return lib
})

// tokenWords are the words for token in the languages of messages.csv, as far as inflection leaves them alone. A text
// that resembles a message but speaks of no token is about something else: "an error validating your access card".
const tokenWords = `token jeton simbol žeton ženkl oznak marķier pilnvar belirte jogkivonat tunnus tunnuks luba lube loa
	маркер токен διακριτικ رمز אסימון โทเค็น truynhập mãthôngbáo トークン 토큰 令牌 权杖 權杖`

func (lib *library) add(language, text string, title bool) {
	m := published{language: language, title: title, words: fold(text)}
	if slices.ContainsFunc(lib.messages, func(o published) bool { return o.words == m.words && o.title == title }) {
		return
	}
	n := int32(len(lib.messages))
	for _, g := range gramsOf(compact(m.words)) {
		id, ok := lib.number[g]
		if !ok {
			id = int32(len(lib.holds))
			lib.number[g] = id
			lib.holds = append(lib.holds, nil)
		}
		if of := lib.holds[id]; len(of) == 0 || of[len(of)-1] != n {
			lib.holds[id] = append(of, n)
			m.grams = append(m.grams, id)
		}
	}
	lib.messages = append(lib.messages, m)
}

// recognise returns the published text that a folded text holds best. Ties go to the longer one.
func (lib *library) recognise(folded string) (found, bool) {
	letters := compact(after(folded, 0, messageReach))
	grams := make([]int32, 0, len(letters))
	for _, g := range gramsOf(letters) {
		id, ok := lib.number[g]
		if !ok {
			id = -1
		}
		grams = append(grams, id)
	}
	var best found
	for _, n := range lib.candidates(grams) {
		m := &lib.messages[n]
		share := float64(lib.densest(grams, m)) / float64(len(m.grams))
		if share > best.share || share == best.share && best.published != nil && len(m.grams) > len(best.grams) {
			best = found{m, share}
		}
	}
	if best.share < enough || best.share < certain && !lib.speaksOfToken(letters) {
		return found{}, false
	}
	return best, true
}

// messageReach bounds how many folded bytes are searched for a message.
const messageReach = 32 << 10

// candidates returns the messages of which the text holds enough grams anywhere.
func (lib *library) candidates(grams []int32) []int {
	seen := make([]bool, len(lib.holds))
	hits := make([]int, len(lib.messages))
	for _, g := range grams {
		if g < 0 || seen[g] {
			continue
		}
		seen[g] = true
		for _, n := range lib.holds[g] {
			hits[n]++
		}
	}
	var of []int
	for n, h := range hits {
		if float64(h) >= enough*float64(len(lib.messages[n].grams)) {
			of = append(of, n)
		}
	}
	return of
}

// densest returns the most distinct grams of a message that stand together: in a stretch of the text not much longer
// than the message.
func (lib *library) densest(grams []int32, m *published) int {
	const foreign = -1
	times := make([]int32, len(lib.holds)) // how often each gram of the message stands in the stretch
	for g := range times {
		times[g] = foreign
	}
	for _, g := range m.grams {
		times[g] = 0
	}
	width := len(m.grams)*3/2 + 8
	distinct, most := 0, 0
	for i, g := range grams {
		if i >= width {
			if old := grams[i-width]; old >= 0 && times[old] != foreign {
				if times[old]--; times[old] == 0 {
					distinct--
				}
			}
		}
		if g >= 0 && times[g] != foreign {
			if times[g]++; times[g] == 1 {
				distinct++
				most = max(most, distinct)
			}
		}
	}
	return most
}

func (lib *library) speaksOfToken(letters string) bool {
	return slices.ContainsFunc(lib.tokens, func(t string) bool { return strings.Contains(letters, t) })
}

// gramsOf returns the grams of a compact text in order, repetitions included.
func gramsOf(letters string) []gram {
	runes := []rune(letters)
	grams := make([]gram, 0, len(runes))
	for i, r := range runes {
		width := 3
		if isDense(r) {
			width = 2
		}
		if i+width > len(runes) {
			break
		}
		var g gram
		for _, r := range runes[i : i+width] {
			g = g<<21 | gram(r)
		}
		grams = append(grams, g)
	}
	return grams
}

// isDense tells the scripts whose letters stand for syllables or words.
func isDense(r rune) bool {
	return r >= 0x2e80 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}
