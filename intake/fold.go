package intake

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold reduces text to what survives careless typing, to compare what people type by: see fold.
func Fold(s string) string { return fold(s) }

// fold reduces text to what survives careless typing: lower-case letters without diacritics and digits, in words that
// single spaces part. Two texts that a person would call the same fold to the same.
func fold(s string) string {
	s = strings.ToLower(s)
	if !isASCII(s) {
		s = norm.NFKD.String(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for i, r := range s {
		if isApostrophe(r) && isContraction(s[i+utf8.RuneLen(r):]) {
			continue // can't, it's
		}
		if !keeps(r) {
			gap = gap || !vanishes(r)
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		if twin, ok := twins[r]; ok {
			b.WriteString(twin)
			continue
		}
		b.WriteRune(digit(r))
	}
	return b.String()
}

// compact is a folded text without its spaces, for scripts and languages that set none or set them freely.
func compact(folded string) string { return strings.ReplaceAll(folded, " ", "") }

// twins are letters that decomposition leaves alone and that people type, or machines write, as others.
var twins = map[rune]string{
	'ß': "ss", 'ø': "o", 'đ': "d", 'ð': "d", 'ł': "l", 'ı': "i", 'æ': "ae", 'œ': "oe", 'þ': "th",
	'ى': "ي", 'ة': "ه", 'ς': "σ",
}

func keeps(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || '0' <= r && r <= '9'
	}
	return r != 'ـ' && (unicode.IsLetter(r) || unicode.Is(unicode.Nd, r))
}

// vanishes tells the characters that join what stands around them: accents, joiners, soft hyphens, the Arabic tatweel.
func vanishes(r rune) bool {
	return r >= utf8.RuneSelf && (r == 'ـ' || unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf))
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' || r == '‘' || r == '`' }

// isContraction reports whether what follows an apostrophe is the end of an English contraction.
func isContraction(after string) bool {
	for _, end := range [...]string{"t", "s", "re", "ve", "ll", "m", "d"} {
		if rest, ok := strings.CutPrefix(after, end); ok {
			if rest == "" {
				return true
			}
			r, _ := utf8.DecodeRuneInString(rest)
			return !unicode.IsLetter(r)
		}
	}
	return false
}

// digit turns the decimal digits of other scripts into ASCII.
func digit(r rune) rune {
	if r < utf8.RuneSelf || !unicode.Is(unicode.Nd, r) {
		return r
	}
	for _, zero := range [...]rune{'٠', '۰', '०', '๐', '০', '０'} {
		if zero <= r && r <= zero+9 {
			return '0' + r - zero
		}
	}
	return r
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// before returns at most n bytes of text that end at i, whole characters only.
func before(text string, i, n int) string {
	from := max(0, i-n)
	for from < i && !utf8.RuneStart(text[from]) {
		from++
	}
	return text[from:i]
}

// after returns at most n bytes of text that start at i, whole characters only.
func after(text string, i, n int) string {
	to := min(len(text), i+n)
	for to < len(text) && to > i && !utf8.RuneStart(text[to]) {
		to--
	}
	return text[i:to]
}
