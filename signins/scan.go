package signins

import (
	"fmt"
)

// deepest bounds lists and objects within one another, as encoding/json does.
const deepest = 10_000

var errTooDeep = fmt.Errorf("more than %d levels", deepest)

// scanner reads a JSON text once, from left to right, and accepts exactly what encoding/json accepts. A file holds hundreds
// of thousands of rows of which few are wanted; encoding/json goes over each part of a row once for every level it lies in.
type scanner struct {
	raw   []byte
	at    int  // where the next byte is
	depth int  // how many lists and objects are open
	plain bool // the last string holds neither an escape nor anything beyond ASCII
}

// next skips white space and returns the byte after it, which stays to be read; 0 at the end.
func (s *scanner) next() byte {
	for ; s.at < len(s.raw); s.at++ {
		if c := s.raw[s.at]; c > ' ' || c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c
		}
	}
	return 0
}

// end checks that nothing but white space follows.
func (s *scanner) end() error {
	if s.next(); s.at < len(s.raw) {
		return s.unexpected("the end")
	}
	return nil
}

// object reads an object. each is called before every value with its name, which is a string as it is written, and must
// read the value.
func (s *scanner) object(each func(name []byte) error) error {
	return s.inside('}', func() error {
		if s.next() != '"' {
			return s.unexpected("the name of a member")
		}
		name, err := s.text()
		if err != nil {
			return err
		}
		if s.next() != ':' {
			return s.unexpected("a colon")
		}
		s.at++
		s.next()
		return each(name)
	})
}

// list reads a list. each is called before every element and must read it.
func (s *scanner) list(each func() error) error {
	return s.inside(']', func() error {
		s.next()
		return each()
	})
}

// inside reads what stands between brackets, commas apart.
func (s *scanner) inside(closing byte, each func() error) error {
	if s.depth++; s.depth > deepest {
		return errTooDeep
	}
	s.at++
	if s.next() == closing {
		s.at++
		s.depth--
		return nil
	}
	for {
		if err := each(); err != nil {
			return err
		}
		switch s.next() {
		case ',':
			s.at++
		case closing:
			s.at++
			s.depth--
			return nil
		default:
			return s.unexpected(fmt.Sprintf("a comma or %q", closing))
		}
	}
}

// value reads any value and returns it as it is written.
func (s *scanner) value() ([]byte, error) {
	begin := s.at
	err := s.skip()
	return s.raw[begin:s.at], err
}

// skip reads any value.
func (s *scanner) skip() error {
	switch c := s.next(); c {
	case '"':
		_, err := s.text()
		return err
	case '{', '[':
		return s.skipInside(c + 2) // either closing bracket stands two after the opening one in ASCII
	case 't':
		return s.literal("true")
	case 'f':
		return s.literal("false")
	case 'n':
		return s.literal("null")
	}
	return s.number()
}

// skipInside is inside with skip, in one piece because most bytes of a file are skipped.
func (s *scanner) skipInside(closing byte) error {
	if s.depth++; s.depth > deepest {
		return errTooDeep
	}
	s.at++
	c := s.next()
	for first := true; c != closing || !first; c = s.next() {
		first = false
		if closing == '}' {
			if c != '"' {
				return s.unexpected("the name of a member")
			}
			if _, err := s.text(); err != nil {
				return err
			}
			if s.next() != ':' {
				return s.unexpected("a colon")
			}
			s.at++
		}
		if err := s.skip(); err != nil {
			return err
		}
		if c = s.next(); c == closing {
			break
		}
		if c != ',' {
			return s.unexpected(fmt.Sprintf("a comma or %q", closing))
		}
		s.at++
	}
	s.at++
	s.depth--
	return nil
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func (s *scanner) literal(word string) error {
	for i := range len(word) {
		if s.at == len(s.raw) || s.raw[s.at] != word[i] {
			return s.unexpected(word)
		}
		s.at++
	}
	return nil
}

func (s *scanner) number() error {
	s.sign("-")
	if s.peek() == '0' {
		s.at++
	} else if !s.digits() {
		return s.unexpected("a value")
	}
	if s.peek() == '.' {
		if s.at++; !s.digits() {
			return s.unexpected("a digit")
		}
	}
	if s.peek()|' ' == 'e' {
		s.at++
		s.sign("+-")
		if !s.digits() {
			return s.unexpected("a digit")
		}
	}
	return nil
}

// peek returns the next byte; 0 at the end.
func (s *scanner) peek() byte {
	if s.at == len(s.raw) {
		return 0
	}
	return s.raw[s.at]
}

func (s *scanner) sign(signs string) {
	for i := range len(signs) {
		if s.peek() == signs[i] {
			s.at++
			return
		}
	}
}

func (s *scanner) digits() bool {
	begin := s.at
	for s.at < len(s.raw) && isDigit(s.raw[s.at]) {
		s.at++
	}
	return s.at > begin
}

func (s *scanner) unexpected(wanted string) error {
	const most = 20
	if s.at >= len(s.raw) {
		return fmt.Errorf("it ends where %s was expected", wanted)
	}
	return fmt.Errorf("found %q where %s was expected", s.raw[s.at:min(len(s.raw), s.at+most)], wanted)
}
