package handlers

import (
	"cmp"
	_ "embed"
	"encoding/csv"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"signpost/intake"
)

type command int

const (
	commandNone command = iota
	commandHelp
	commandCheck
)

// commandReach bounds how many bytes of a message are searched for a command.
const commandReach = 400

// readCommand reads a command in a language of the catalogues, and what is said beside it, folded and without addresses.
// A command comes first, or last as in "konto prüfen" and "アカウントを確認"; an address alone asks for a check.
func readCommand(text string) (c command, rest string) {
	head := text[:min(len(text), commandReach)]
	head = strings.ToValidUTF8(norm.NFKC.String(mentioned.ReplaceAllString(head, " ")), "")
	said := intake.Fold(addressed.ReplaceAllString(head, " "))
	whole, named := len(text) <= commandReach, addressed.MatchString(head)
	if !is("help", said) {
		said = withoutCourtesy(said)
	}
	switch {
	case whole && named && (said == "" || is("help", said) || is("courtesy", said)):
		return commandCheck, ""
	case whole && is("help", said), strings.Trim(head, " ?¿؟") == "" && strings.ContainsAny(head, "?؟"):
		return commandHelp, ""
	}
	for _, phrase := range phrases()["check"] {
		// 确认ana@contoso.com has no space, but the address that was taken out leaves one; 检查我的账户 has none at all.
		if rest, ok := strings.CutPrefix(said, phrase); ok && (rest == "" || rest[0] == ' ' || isDense(phrase) && isSelf(rest)) {
			return commandCheck, strings.TrimSpace(rest)
		}
	}
	for _, phrase := range phrases()["check"] {
		lead, ok := strings.CutSuffix(said, phrase)
		if ok && whole && (strings.HasSuffix(lead, " ") || isDense(phrase)) && (isSelf(lead) || is("behind", strings.TrimSpace(lead))) {
			return commandCheck, strings.TrimSpace(lead)
		}
	}
	return commandNone, ""
}

// isSelf reports whether "check ..." is about the person who writes.
func isSelf(rest string) bool {
	rest = strings.TrimSpace(rest)
	for _, p := range phrases()["ahead"] {
		rest = strings.TrimPrefix(rest, p+" ")
	}
	for _, p := range phrases()["behind"] {
		rest = strings.TrimSuffix(rest, p)
	}
	return is("self", strings.TrimSpace(rest))
}

var (
	mentioned = regexp.MustCompile(`<at\b[^<>]*>[^<>]*</at>|</?(?:p|div|span|b|strong)\b[^<>]*>`)
	addressed = regexp.MustCompile(`(?:mailto:)?[\w.%+'#~-]+@[\w.-]+`)
)

// withoutCourtesy takes greetings and "please" off both ends of a folded text, as long as something is left.
func withoutCourtesy(said string) string {
	for range 4 {
		before := said
		for _, c := range phrases()["courtesy"] {
			if rest, ok := strings.CutPrefix(said, c); ok && rest != "" && (rest[0] == ' ' || isDense(c)) {
				said = strings.TrimSpace(rest)
			}
			if rest, ok := strings.CutSuffix(said, c); ok && rest != "" && (strings.HasSuffix(rest, " ") || isDense(c)) {
				said = strings.TrimSpace(rest)
			}
		}
		if said == before {
			break
		}
	}
	return said
}

// isDense tells the scripts that set no spaces between words, and Korean, which sets them freely.
func isDense(phrase string) bool {
	first, _ := utf8.DecodeRuneInString(phrase)
	return unicode.In(first, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

//go:embed commands.csv
var commandsCSV string

// phrases is commands.csv: the folded phrases of each kind, the longest first, so that none hides one that begins with it.
var phrases = sync.OnceValue(func() map[string][]string {
	r := csv.NewReader(strings.NewReader(commandsCSV))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		panic("handlers: commands.csv: " + err.Error()) // embedded at build time; a test reads it
	}
	all := map[string][]string{}
	for _, row := range rows[1:] {
		for phrase := range strings.SplitSeq(row[2], ";") {
			all[row[1]] = append(all[row[1]], intake.Fold(phrase))
		}
	}
	all["help"] = append(all["help"], all["greeting"]...)
	all["courtesy"] = append(all["courtesy"], all["greeting"]...)
	for _, of := range all {
		slices.SortStableFunc(of, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	}
	return all
})

func is(kind, said string) bool { return slices.Contains(phrases()[kind], said) }
