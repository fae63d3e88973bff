package intake

import "strings"

// untag takes HTML tags out of a text. Blocks become lines, cells become columns, quotations get the "> " of plain
// mail, and what looks like a tag but is none (<ana@contoso.com>) stays.
func untag(text string) string {
	if !strings.Contains(text, "<") {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	quoted := 0
	newline := func() {
		b.WriteByte('\n')
		for range min(quoted, 3) {
			b.WriteString("> ")
		}
	}
	for len(text) > 0 {
		open := strings.IndexByte(text, '<')
		if open < 0 {
			b.WriteString(text)
			break
		}
		b.WriteString(text[:open])
		text = text[open:]
		name, closing, size := tag(text)
		if size == 0 {
			b.WriteByte('<')
			text = text[1:]
			continue
		}
		text = text[size:]
		switch effect := tags[name]; {
		case effect == hidden && !closing:
			text = text[indexFold(text, "</"+name):]
		case effect == quotation:
			if closing {
				quoted = max(0, quoted-1)
			} else {
				quoted++
			}
			newline()
		case effect == block:
			newline()
		case effect == cell:
			b.WriteByte('\t')
		}
	}
	return b.String()
}

// effect is what a tag does to the text around it.
type effect int

const (
	inline effect = iota + 1
	block
	cell
	quotation
	hidden
)

var tags = map[string]effect{
	"a": inline, "at": inline, "abbr": inline, "b": inline, "body": block, "big": inline, "code": inline, "em": inline,
	"font": inline, "i": inline, "img": inline, "kbd": inline, "mark": inline, "o:p": inline, "q": inline, "s": inline,
	"samp": inline, "small": inline, "span": inline, "strong": inline, "sub": inline, "sup": inline, "tt": inline,
	"u": inline, "html": block, "head": block, "meta": inline, "link": inline, "emoji": inline, "attachment": inline,
	"address": block, "article": block, "br": block, "div": block, "dd": block, "dl": block, "dt": block,
	"footer": block, "h1": block, "h2": block, "h3": block, "h4": block, "h5": block, "h6": block, "header": block,
	"hr": block, "li": block, "main": block, "nav": block, "ol": block, "p": block, "pre": block, "section": block,
	"table": block, "tbody": block, "thead": block, "tr": block, "ul": block, "codeblock": block,
	"td": cell, "th": cell, "blockquote": quotation,
	"script": hidden, "style": hidden, "title": hidden,
}

// tag reads the tag that text starts with; size is 0 when it is none that we know.
func tag(text string) (name string, closing bool, size int) {
	if strings.HasPrefix(text, "<!") {
		return "", false, tagEnd(text)
	}
	i := 1
	if i < len(text) && text[i] == '/' {
		closing = true
		i++
	}
	from := i
	for i < len(text) && i-from < 12 && (isWordByte(text[i]) || text[i] == ':') {
		i++
	}
	name = strings.ToLower(text[from:i])
	if tags[name] == 0 || i == len(text) || !strings.ContainsRune(" \t\r\n/>", rune(text[i])) {
		return "", false, 0
	}
	return name, closing, tagEnd(text)
}

// tagEnd returns the length of the tag that text starts with, 0 when it never ends.
func tagEnd(text string) int {
	end := strings.IndexAny(text[1:], "<>")
	if end < 0 || text[end+1] == '<' {
		return 0
	}
	return end + 2
}

func isWordByte(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
}

// indexFold returns where needle, which starts with '<', stands in text in any letter case, len(text) when nowhere.
func indexFold(text, needle string) int {
	for from := 0; ; {
		i := strings.IndexByte(text[from:], needle[0])
		if i < 0 || from+i+len(needle) > len(text) {
			return len(text)
		}
		if strings.EqualFold(text[from+i:from+i+len(needle)], needle) {
			return from + i
		}
		from += i + 1
	}
}
