package intake

import (
	"html"
	"strings"
	"unicode/utf8"
)

// Of a text longer than this the beginning and the end are read: logs tell their error last.
const (
	headBytes = 48 << 10
	tailBytes = 16 << 10
)

// plain returns what a person would see of the text: bounded, valid UTF-8, without HTML, JSON escapes, invisible
// characters and percent-encoding; wide letters and foreign digits in ASCII.
func plain(text string) string {
	if len(text) > headBytes+tailBytes {
		text = after(text, 0, headBytes) + "\n" + before(text, len(text), tailBytes)
	}
	text = strings.ToValidUTF8(text, " ")
	text = untag(text)
	text = html.UnescapeString(text)
	for range 2 { // a log line may hold JSON that holds JSON
		text = unescape(text)
	}
	text = untag(text) // JSON writes < as \u003c
	return apart(visible(text))
}

// unescape undoes JSON's escapes, in texts that show signs of them: a Windows path keeps its backslashes.
func unescape(text string) string {
	signs := strings.Contains(text, `\"`) || strings.Contains(text, `\u00`) || strings.Contains(text, `\r\n`) ||
		strings.Contains(text, `":`) || strings.Contains(text, `\nT`)
	if !signs || !strings.Contains(text, `\`) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			b.WriteByte(text[i])
			continue
		}
		i++
		switch c := text[i]; c {
		case '"', '/', '\\':
			b.WriteByte(c)
		case 'n', 'r':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 'u':
			r, ok := hexRune(text[i+1:])
			if !ok {
				b.WriteString(`\u`)
				continue
			}
			b.WriteRune(r)
			i += 4
		default:
			b.WriteByte('\\')
			b.WriteByte(c)
		}
	}
	return b.String()
}

func hexRune(s string) (rune, bool) {
	if len(s) < 4 {
		return 0, false
	}
	var r rune
	for i := range 4 {
		n, ok := hexDigit(s[i])
		if !ok {
			return 0, false
		}
		r = r<<4 | rune(n)
	}
	return r, utf8.ValidRune(r)
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10, true
	}
	return 0, false
}

// visible drops characters that nobody sees and writes look-alikes the ASCII way.
func visible(text string) string {
	if isASCII(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u00a0' || r == '\u3000' || r == '\u202f' || '\u2000' <= r && r <= '\u200a':
			return ' '
		case '\uff01' <= r && r <= '\uff5e':
			return r - 0xfee0
		case '\u2010' <= r && r <= '\u2015' || r == '\u2212':
			return '-'
		case r == '\u00ad' || '\u200b' <= r && r <= '\u200f' || '\u202a' <= r && r <= '\u202e' || r == '\ufeff' || r == '\u2060' || '\u2066' <= r && r <= '\u2069':
			return -1
		case r == '\u2028' || r == '\u2029':
			return '\n'
		}
		return digit(r)
	}, text)
}

// apart takes URLs and query strings to pieces, each parameter decoded on a line of its own, so that what they carry
// (error_description, login_hint, code) reads like any other text. An @ in another part of a URL is taken out: it is no
// address of anybody who signs in.
func apart(text string) string {
	if !strings.Contains(text, "://") && !strings.Contains(text, "%") {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	for i := 0; i < len(text); {
		end := strings.IndexAny(text[i:], " \t\n\r\"<>`")
		if end < 0 {
			end = len(text) - i
		}
		if end == 0 {
			b.WriteByte(text[i])
			i++
			continue
		}
		writeURL(&b, text[i:i+end])
		i += end
	}
	return b.String()
}

func writeURL(b *strings.Builder, word string) {
	isURL := strings.Contains(word, "://")
	if !isURL && !encoded(word) {
		b.WriteString(word)
		return
	}
	for n, part := range strings.FieldsFunc(word, func(r rune) bool { return r == '?' || r == '&' }) {
		if n > 0 {
			b.WriteByte('\n')
		}
		name, value, isParameter := strings.Cut(part, "=")
		if isParameter && (n > 0 || !isURL) {
			value = strings.ReplaceAll(value, "+", " ")
		} else {
			value = ""
			name = part
		}
		value = percentDecoded(value)
		if isURL && !carriesAccount(name) && !strings.Contains(name, "mailto:") {
			name = strings.ReplaceAll(name, "@", " ")
			value = strings.ReplaceAll(value, "@", " ")
		}
		b.WriteString(percentDecoded(name))
		if isParameter && (n > 0 || !isURL) {
			b.WriteByte('=')
			b.WriteString(value)
		}
	}
}

// carriesAccount tells the parameters in which Microsoft's sign-in URLs name the account.
func carriesAccount(parameter string) bool {
	switch strings.ToLower(strings.TrimLeft(parameter, "#")) {
	case "login_hint", "loginhint", "upn", "username", "user", "account", "userprincipalname", "email", "error_description":
		return true
	}
	return false
}

// encoded reports whether a word has percent-encoded characters.
func encoded(word string) bool {
	i := strings.IndexByte(word, '%')
	if i < 0 || i+2 >= len(word) {
		return false
	}
	_, high := hexDigit(word[i+1])
	_, low := hexDigit(word[i+2])
	return high && low
}

// percentDecoded undoes percent-encoding as far as it makes sense.
func percentDecoded(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			high, ok1 := hexDigit(s[i+1])
			low, ok2 := hexDigit(s[i+2])
			if ok1 && ok2 {
				out = append(out, high<<4|low)
				i += 2
				continue
			}
		}
		out = append(out, s[i])
	}
	if !utf8.Valid(out) {
		return s
	}
	return string(out)
}
