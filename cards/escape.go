package cards

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"signpost/words"
)

// mostOfFact is how many characters of one fact a card shows.
const mostOfFact = 300

// Escape makes a text from outside inert on a card: no Markdown, no link, no mention, no line break, no character that
// hides or turns the text, and not too long. Use it as the escape of the words.Speaker whose sentences go on cards.
//
// Teams reads TextBlocks and facts as a subset of Markdown, and turns bare addresses into links
// (https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format).
func Escape(text string) string {
	var b strings.Builder
	n := 0
	for _, r := range text {
		if n++; n > mostOfFact {
			b.WriteRune('…')
			break
		}
		switch {
		case r == utf8.RuneError:
			b.WriteRune('?')
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case words.Unseen(r):
			// Control and formatting characters, among them the right-to-left overrides, carry no meaning of their own.
		case strings.ContainsRune("\\`*_[](){}#+!|~", r), r == '-' && n == 1: // a dash begins a list
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '<':
			b.WriteString("‹") // no Markdown escape keeps a client from reading a tag or a mention
		case r == '>':
			b.WriteString("›")
		case r == '&':
			b.WriteString("＆") // an entity such as &lt; would come out as the character it stands for
		default:
			b.WriteRune(r)
		}
	}
	return inertLinks(b.String())
}

// inertLinks keeps a client from making a link of a bare address. A zero-width character would be invisible but breaks
// copying, so the colon of the scheme becomes one that no client reads as part of an address.
func inertLinks(text string) string {
	text = strings.ReplaceAll(text, "://", "∶//")
	return strings.ReplaceAll(text, "www.", "www․")
}
