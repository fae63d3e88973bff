package signins

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math/bits"
	"strings"
	"unicode/utf8"
)

// The methods in this file read the strings of a JSON text.

// text reads a string and returns it with its quotes.
func (s *scanner) text() ([]byte, error) {
	begin := s.at
	raw := s.raw
	s.plain = true
	for i := begin + 1; ; {
		i += ordinary(raw[i:])
		if i >= len(raw) {
			s.at = len(raw)
			return nil, s.unexpected("the end of a text")
		}
		switch c := raw[i]; {
		case c == '"':
			s.at = i + 1
			return raw[begin:s.at], nil
		case c >= utf8.RuneSelf:
			s.plain = false
			i++
		case c == '\\':
			s.plain = false
			n := escape(raw[i:])
			if n == 0 {
				s.at = i
				return nil, s.unexpected("an escaped character")
			}
			i += n
		default:
			s.at = i
			return nil, s.unexpected("a character of a text")
		}
	}
}

// ordinary returns how many bytes come before the next quote, backslash, control character or byte beyond ASCII. It looks
// at eight bytes at once: in each, the highest bit tells.
func ordinary(raw []byte) int {
	const (
		ones  = 0x0101010101010101
		highs = 0x80 * ones
	)
	n := 0
	for ; len(raw)-n >= 8; n += 8 {
		eight := binary.LittleEndian.Uint64(raw[n:])
		quote, backslash := eight^'"'*ones, eight^'\\'*ones
		// Subtracting borrows into the high bit of bytes that are less; a borrow from a lower byte can only come after a hit.
		if hit := (eight | (eight - ' '*ones) | (quote - ones) | (backslash - ones)) & highs; hit != 0 {
			return n + bits.TrailingZeros64(hit)/8
		}
	}
	for ; n < len(raw); n++ {
		if c := raw[n]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			break
		}
	}
	return n
}

// escape returns how long the escape is with which raw begins; 0 when it is none.
func escape(raw []byte) int {
	const unicode = len(`\u0000`)
	if len(raw) < 2 {
		return 0
	}
	switch raw[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		for i := 2; i < unicode; i++ {
			if i == len(raw) || !isHex(raw[i]) {
				return 0
			}
		}
		return unicode
	}
	return 0
}

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|' ' && c|' ' <= 'f' }

// said reads a string and returns what it says.
func (s *scanner) said() (string, error) {
	raw, err := s.text()
	if err == nil && s.plain {
		return string(raw[1 : len(raw)-1]), nil
	}
	if err != nil {
		return "", err
	}
	return text(raw)
}

// quoted reads a string and returns a scanner of what it says. Azure Monitor writes lists and objects as strings at times.
func (s *scanner) quoted() (*scanner, error) {
	said, err := s.said()
	return &scanner{raw: []byte(said)}, err
}

// text returns what a JSON string says. Nearly all say what stands between their quotes, which is cheap to see.
func text(raw []byte) (string, error) {
	if inner := raw[1 : len(raw)-1]; bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(inner), nil
	}
	var s string
	err := json.Unmarshal(raw, &s)
	return s, err
}

// unquote returns the text of a JSON string, and anything else as it is.
func unquote(raw []byte) []byte {
	if raw[0] != '"' {
		return raw
	}
	s, err := text(raw)
	if err != nil {
		return nil
	}
	return []byte(strings.TrimSpace(s))
}
