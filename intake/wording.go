package intake

import (
	_ "embed"
	"encoding/csv"
	"iter"
	"slices"
	"strings"
	"sync"
)

//go:embed wording.csv
var wordingCSV string

// kind is what a phrase of wording.csv says.
type kind string

const (
	act      kind = "act"
	lockable kind = "lockable"
	atPlace  kind = "place"
	fail     kind = "fail"
	trouble  kind = "trouble"
	shut     kind = "shut"
	noFail   kind = "nofail"
	notFine  kind = "notfine"
	fine     kind = "fine"
	solved   kind = "solved"
	but      kind = "but"
	checking kind = "check"
	token    kind = "token"
	mistake  kind = "error"
	stop     kind = "stop"
)

// phrase is one way to say something.
type phrase struct {
	language string
	text     string // folded, with the spaces that make it match at word borders, or compact
	lead     string // folded, too: stands not far before text; usually empty
}

// gapBytes is how far apart the two parts of a phrase may stand: "geht seit gestern um 9 nicht".
const gapBytes = 30

// wording is wording.csv, by kind: phrases that begin where a word does, by that word's first two bytes, and phrases of
// scripts without word borders, which are looked for in the compact text when it has letters beyond ASCII.
type wording struct {
	spaced map[kind]map[string][]phrase
	joined map[kind][]phrase
}

func (w *wording) add(k kind, p phrase) {
	if w.spaced[k] == nil {
		w.spaced[k] = map[string][]phrase{}
	}
	initial := p.text[1:3]
	w.spaced[k][initial] = append(w.spaced[k][initial], p)
}

var wordings = sync.OnceValue(func() *wording {
	r := csv.NewReader(strings.NewReader(wordingCSV))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		panic("intake: wording.csv: " + err.Error()) // embedded at build time; a test reads it
	}
	w := &wording{spaced: map[kind]map[string][]phrase{}, joined: map[kind][]phrase{}}
	for _, row := range rows[1:] {
		language, k := row[0], kind(row[1])
		for said := range strings.SplitSeq(row[2], ";") {
			said = strings.TrimSpace(said)
			whole := strings.HasSuffix(said, "$")
			lead, tail, parted := strings.Cut(said, "…")
			text := fold(said)
			switch {
			case parted:
				w.add(k, phrase{language, " " + fold(tail) + " ", " " + fold(lead) + " "})
			case joinsWords(language):
				w.joined[k] = append(w.joined[k], phrase{language, compact(text), ""})
			case whole:
				w.add(k, phrase{language, " " + text + " ", ""})
			default:
				w.add(k, phrase{language, " " + text, ""})
			}
		}
	}
	return w
})

// joinsWords tells the languages in which words have no borders to rely on.
func joinsWords(language string) bool {
	switch language {
	case "ja", "zh", "ko", "th", "ar":
		return true
	}
	return false
}

// sentence is a folded sentence, ready to be looked through.
type sentence struct {
	spaced string // with a space at both ends
	joined string // compact; empty when all is ASCII
}

func newSentence(folded string) sentence {
	s := sentence{spaced: " " + folded + " "}
	if !isASCII(folded) {
		s.joined = compact(folded)
	}
	return s
}

// found yields the phrases of a kind that stand in the spaced text, and where they begin.
func (s sentence) found(k kind) iter.Seq2[phrase, int] {
	of := wordings().spaced[k]
	return func(yield func(phrase, int) bool) {
		for i := 0; i+3 <= len(s.spaced); i++ {
			if s.spaced[i] != ' ' {
				continue
			}
			for _, p := range of[s.spaced[i+1:i+3]] {
				if !strings.HasPrefix(s.spaced[i:], p.text) || p.lead != "" && !strings.Contains(before(s.spaced, i+1, gapBytes+len(p.lead)), p.lead) {
					continue
				}
				if !yield(p, i) {
					return
				}
			}
		}
	}
}

// last returns where the last phrase of a kind ends in a sentence, as a share of its length, and -1 when it has none.
func (s sentence) last(k kind) float64 {
	at := -1.0
	for p, i := range s.found(k) {
		at = max(at, float64(i+len(p.text))/float64(len(s.spaced)))
	}
	if s.joined == "" {
		return at
	}
	for _, p := range wordings().joined[k] {
		if i := strings.LastIndex(s.joined, p.text); i >= 0 {
			at = max(at, float64(i+len(p.text))/float64(len(s.joined)))
		}
	}
	return at
}

func (s sentence) says(k kind) bool { return s.last(k) >= 0 }

// without returns the sentence with every phrase of a kind blanked out, and whether there was one.
func (s sentence) without(k kind) (sentence, bool) {
	had := false
	blanked := []byte(s.spaced)
	for p, i := range s.found(k) {
		had = true
		for n := range len(p.text) {
			blanked[i+n] = ' '
		}
	}
	if had {
		s.spaced = string(blanked)
	}
	if s.joined == "" {
		return s, had
	}
	for _, p := range wordings().joined[k] {
		if strings.Contains(s.joined, p.text) {
			had = true
			s.joined = strings.ReplaceAll(s.joined, p.text, strings.Repeat(" ", len(p.text)))
		}
	}
	return s, had
}

// stopWords are the languages of each common word.
var stopWords = sync.OnceValue(func() map[string][]string {
	languages := map[string][]string{}
	for _, ps := range wordings().spaced[stop] {
		for _, p := range ps {
			word := strings.TrimSpace(p.text)
			if !slices.Contains(languages[word], p.language) {
				languages[word] = append(languages[word], p.language)
			}
		}
	}
	return languages
})
