package intake

import (
	"regexp"
	"strings"
	"unicode"
)

// english is the language of machine text, and of texts that leave theirs open.
const english = "en"

// languageOf returns the BCP 47 base of the language that a person writes in. Machine text is left out, and so are the
// words of the article's message: its language counts only where the person says nothing else.
func languageOf(p *page, message found) string {
	written := p.wordsOf(own)
	if strings.TrimSpace(written) == "" {
		written = p.text
	}
	words := wordsWithout(humanPart(written), message)
	byScript, byWords := languageOfScript(words), languageOfWords(words)
	switch {
	case byScript == "ru" && byWords == "bg": // which share their letters
		return byWords
	case byScript != "":
		return byScript
	case byWords != "":
		return byWords
	}
	if message.published != nil {
		return message.language
	}
	return english
}

// machineParts are what nobody writes by hand: addresses, ids, URLs, stamps, JSON members, and Microsoft's English
// sentences behind a code or in quotation marks.
var machineParts = regexp.MustCompile(`(?i)aadsts\d+:[^\n]*|\S*://\S*|\S+@\S+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|net|org|ms|io|de|id|fr|log|exe|html?)\b|[0-9a-f]{8}-[0-9a-f-]{27,}|"\w+"\s*:\s*("[^"\n]*"|[\w.\[\]]+)|"[^"\n]{12,300}"|“[^”\n]{12,300}”|\b(trace id|correlation id|request id|timestamp|error code|troubleshooting details|flag sign-in errors for review|more details|msal\w*|(\w+\.)+\w+exception|you (cannot|can't|can’t) access this right now|your sign-in was successful but[^\n]*|something went wrong|sorry, but we(’|')?re having trouble signing you in|there was an error validating access token)\b:?`)

// humanPart returns a text without machine parts. A line of JSON or of a log is one altogether.
func humanPart(text string) string {
	var b strings.Builder
	for l := range strings.SplitSeq(after(text, 0, storyReach), "\n") {
		if logLine.MatchString(after(l, 0, 60)) {
			continue
		}
		b.WriteString(machineParts.ReplaceAllString(l, " . "))
		b.WriteByte('\n')
	}
	return b.String()
}

var logLine = regexp.MustCompile(`(?i)^\s*([{}\[\]]|"\w+"\s*:|\(?(false|true)\) msal|\d{4}-\d\d-\d\d[t ]\d\d:\d\d|\d\d:\d\d:\d\d|at [\w.<>` + "`" + `]+\(|(info|warn|warning|error|debug|trace|verbose)\b\s*[\[:|]|(app name|app id|ip address|device (identifier|platform|state)|signed in as|date|user agent|status|failure reason|application|resource|user|client app)\s*:)`)

// wordsWithout returns the folded words of a text that are not the message's.
func wordsWithout(text string, message found) []string {
	all := strings.Fields(fold(text))
	if message.published == nil {
		return all
	}
	said := map[string]bool{}
	for _, m := range messages().messages {
		if m.language == message.language {
			for w := range strings.FieldsSeq(m.words) {
				said[w] = true
			}
		}
	}
	var rest []string
	for _, w := range all {
		if !said[w] && !strings.Contains(message.words, w) {
			rest = append(rest, w)
		}
	}
	return rest
}

// script is a writing that tells the language, alone or by letters of its own.
type script struct {
	language string
	table    *unicode.RangeTable
	letters  string // when given, only these count
}

// scripts are in the order in which they are asked: Japanese is written with Chinese letters, too.
var scripts = []script{
	{"ja", unicode.Hiragana, ""},
	{"ja", unicode.Katakana, ""},
	{"ko", unicode.Hangul, ""},
	{"zh", unicode.Han, ""},
	{"th", unicode.Thai, ""},
	{"fa", unicode.Arabic, "پچژگکی"},
	{"ar", unicode.Arabic, ""},
	{"he", unicode.Hebrew, ""},
	{"el", unicode.Greek, ""},
	{"hi", unicode.Devanagari, ""},
	{"uk", unicode.Cyrillic, "іїєґ"},
	{"ru", unicode.Cyrillic, "ыэё"},
	{"bg", unicode.Cyrillic, "ъ"},
	{"ru", unicode.Cyrillic, ""},
}

// languageOfScript returns the language of a text in which a good part is not in Latin letters, empty for others.
func languageOfScript(words []string) string {
	var latin, foreign int
	counts := make([]int, len(scripts))
	for _, w := range words {
		isLatin := true
		for _, r := range w {
			if r < unicode.MaxLatin1 || unicode.Is(unicode.Latin, r) {
				continue
			}
			isLatin = false
			foreign++
			for i, s := range scripts {
				if unicode.Is(s.table, r) && (s.letters == "" || strings.ContainsRune(s.letters, r)) {
					counts[i]++
				}
			}
		}
		if isLatin {
			latin++
		}
	}
	if foreign < 2 || foreign < latin/2 {
		return ""
	}
	for i, s := range scripts {
		if counts[i] > 0 && counts[i]*8 >= foreign || s.letters != "" && counts[i] > 0 && s.language != "fa" {
			return s.language
		}
	}
	return ""
}

// languageOfWords returns the language whose common words a text has most of; empty when none leads.
func languageOfWords(words []string) string {
	hits := map[string]int{}
	s := newSentence(strings.Join(words, " "))
	seen := map[string]bool{}
	for _, w := range words {
		if seen[w] {
			continue
		}
		seen[w] = true
		for _, language := range stopWords()[w] {
			hits[language] += 2
		}
	}
	for _, k := range []kind{fail, shut, trouble, noFail, fine, solved} {
		told := map[string]bool{}
		for p := range s.found(k) {
			if !told[p.language] && len(p.text) > 5 {
				told[p.language] = true
				hits[p.language]++
			}
		}
	}
	best, top, tied := "", 0, false
	for language, n := range hits {
		switch {
		case n > top:
			best, top, tied = language, n, false
		case n == top:
			tied = true
		}
	}
	if tied {
		if hits[english] == top {
			return english
		}
		best = ""
		for language, n := range hits { // close relatives: whichever the code names first, every time
			if n == top && (best == "" || language < best) && top > 2 {
				best = language
			}
		}
	}
	return best
}
