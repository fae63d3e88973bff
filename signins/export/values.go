package export

import (
	"bytes"
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

// nested appends a list or an object to raw.
func (e *elements) nested() error {
	open := make([]byte, 0, 16) // the brackets that will close what is open
	e.from = append(e.from, e.line)
	defer func() { e.from = e.from[:len(e.from)-1] }()
	for {
		c, err := e.upTo("\"{}[]\n")
		if err != nil {
			return err
		}
		switch c {
		case '"':
			if err := e.text(); err != nil {
				return err
			}
			continue
		case '{', '[':
			if len(open) == deepestElement {
				return problem(e.line, fmt.Sprintf("found a sign-in of more than %d levels", deepestElement), exportJSON)
			}
			open = append(open, c+2) // either closing bracket stands two after the opening one in ASCII
		case '}', ']':
			last := len(open) - 1
			if open[last] != c {
				return e.unexpected(fmt.Sprintf("%q", open[last]))
			}
			open = open[:last]
		}
		if err := e.take(); err != nil {
			return err
		}
		if len(open) == 0 {
			return nil
		}
	}
}

// text appends a string to raw.
func (e *elements) text() error {
	if err := e.take(); err != nil {
		return err
	}
	for {
		c, err := e.upTo("\"\\\n")
		if err != nil {
			return err
		}
		if c == '\n' {
			return problem(e.line, "found a line that ends within a text", exportAgain)
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

// upTo appends what stands before the next of these bytes to raw, and returns that byte, which stays to be read.
func (e *elements) upTo(stops string) (byte, error) {
	for {
		if _, err := e.in.Peek(1); err != nil {
			return 0, e.stopped(err)
		}
		text, _ := e.in.Peek(e.in.Buffered())
		stop := bytes.IndexAny(text, stops)
		n := stop
		if stop < 0 {
			n = len(text)
		}
		if len(e.raw)+n > longestElement {
			return 0, e.tooLong()
		}
		e.raw = append(e.raw, text[:n]...)
		if stop >= 0 {
			c := text[stop]
			_, err := e.in.Discard(n)
			return c, err
		}
		if _, err := e.in.Discard(n); err != nil {
			return 0, err
		}
	}
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
