package export

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The methods in this file copy a value from the file to elements.raw.

// member reads a value into raw and returns it.
func (e *elements) member() ([]byte, error) {
	begin := len(e.raw)
	err := e.keep()
	return e.raw[begin:], err
}

// value reads a value and drops it.
func (e *elements) value() error {
	e.raw = e.raw[:0]
	return e.keep()
}

// keep appends the next value to raw as it is written.
func (e *elements) keep() error {
	c, err := e.within()
	switch {
	case err != nil:
		return err
	case c == '"':
		return e.text()
	case c == '{' || c == '[':
		return e.nested()
	default:
		return e.scalar()
	}
}

// nested appends a list or an object to raw. It is one loop over what is buffered, because most bytes of a file go this way.
func (e *elements) nested() error {
	e.open = e.open[:0]
	e.from = append(e.from, e.line)
	defer func() { e.from = e.from[:len(e.from)-1] }()
	inText, escaped := false, false
	for {
		text, err := e.buffered()
		if err != nil {
			return err
		}
		for i := 0; i < len(text); i++ {
			c := text[i]
			switch {
			case c == '\n' && inText:
				return cmp.Or(e.takeAll(text[:i]), broken(e.line, endsInText))
			case escaped:
				escaped = false
			case inText && c == '"':
				inText = false
			case inText && c == '\\':
				escaped = true
			case c == '\n' && e.rows >= onLines:
				return cmp.Or(e.takeAll(text[:i]), broken(e.line, endsInRow))
			case c == '\n':
				e.line++
			case inText:
				i += passedOver(text[i:], &endsText) - 1
			case c == '"':
				inText = true
			case c == '{' || c == '[':
				if len(e.open) == deepestElement {
					return problem(e.line, fmt.Sprintf("found a sign-in of more than %d levels", deepestElement), exportJSON)
				}
				e.open = append(e.open, c+2) // either closing bracket stands two after the opening one in ASCII
			case c == '}' || c == ']':
				last := len(e.open) - 1
				if e.open[last] != c {
					return cmp.Or(e.takeAll(text[:i]), e.unexpected(fmt.Sprintf("%q", e.open[last])))
				}
				if e.open = e.open[:last]; last == 0 {
					return e.takeAll(text[:i+1])
				}
			default:
				i += passedOver(text[i:], &endsPlain) - 1
			}
		}
		if err := e.takeAll(text); err != nil {
			return err
		}
	}
}

// text appends a string to raw.
func (e *elements) text() error {
	if err := e.take(); err != nil {
		return err
	}
	for {
		c, err := e.upTo(&endsText)
		if err != nil {
			return err
		}
		if c == '\n' {
			return broken(e.line, endsInText)
		}
		if err := e.take(); err != nil || c == '"' {
			return err
		}
		if err := e.take(); err != nil { // what the backslash escapes
			return err
		}
	}
}

// scalar appends a number, true, false, null, or whatever stands in its place.
func (e *elements) scalar() error {
	for begin := len(e.raw); ; {
		c, err := e.in.ReadByte()
		if err != nil && !errors.Is(err, io.EOF) {
			return unreadable(e.line, err)
		}
		if err == nil {
			if err := e.in.UnreadByte(); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) || strings.IndexByte(" \t\r\n,:\"{}[]", c) >= 0 {
			if len(e.raw) == begin {
				return e.unexpected("a value")
			}
			return nil
		}
		if err := e.take(); err != nil {
			return err
		}
	}
}

// bytesOf is a set of bytes.
type bytesOf [256]bool

// What ends a stretch of a text, and of what stands outside of texts.
var (
	endsText  = bytesOf{'"': true, '\\': true, '\n': true}
	endsPlain = bytesOf{'"': true, '{': true, '}': true, '[': true, ']': true, '\n': true}
)

// What is found where a line is broken.
const (
	endsInText = "found a line that ends within a text"
	endsInRow  = "found a line that ends within a sign-in"
)

// passedOver returns how many bytes come before the first that is among the stops.
func passedOver(text []byte, stops *bytesOf) int {
	for i, c := range text {
		if stops[c] {
			return i
		}
	}
	return len(text)
}

// upTo appends what stands before the next of these bytes to raw, and returns that byte, which stays to be read.
func (e *elements) upTo(stops *bytesOf) (byte, error) {
	for {
		text, err := e.buffered()
		if err != nil {
			return 0, err
		}
		n := passedOver(text, stops)
		if n < len(text) {
			c := text[n]
			return c, e.takeAll(text[:n])
		}
		if err := e.takeAll(text); err != nil {
			return 0, err
		}
	}
}

// buffered returns what can be looked at without reading on, at least a byte.
func (e *elements) buffered() ([]byte, error) {
	if _, err := e.in.Peek(1); err != nil {
		return nil, e.stopped(err)
	}
	return e.in.Peek(e.in.Buffered())
}

// takeAll appends what is buffered, or the begin of it, to raw.
func (e *elements) takeAll(text []byte) error {
	if len(e.raw)+len(text) > longestElement {
		return e.tooLong()
	}
	e.raw = append(e.raw, text...)
	_, err := e.in.Discard(len(text))
	return err
}

// take appends the next byte to raw.
func (e *elements) take() error {
	c, err := e.in.ReadByte()
	if err != nil {
		return e.stopped(err)
	}
	if c == '\n' {
		e.line++
	}
	if len(e.raw) == longestElement {
		return e.tooLong()
	}
	e.raw = append(e.raw, c)
	return nil
}

func (e *elements) tooLong() error {
	return problem(e.line, fmt.Sprintf("found a sign-in of more than %d MiB", longestElement>>20), exportJSON)
}

// appendLower is bytes.ToLower for ASCII, without an allocation.
func appendLower(to, text []byte) []byte {
	for _, c := range text {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		to = append(to, c)
	}
	return to
}
