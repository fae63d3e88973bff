package export

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The limits of an element.
const (
	longestElement = 4 << 20 // bytes
	deepestElement = 100     // lists and objects within one another
)

// element is one row as it stands in the file.
type element struct {
	line   int    // where it begins
	raw    []byte // valid until the next element is read
	record bool   // it is a record of Azure Monitor, or a row of its Log Analytics
	audit  bool   // it is a record of Microsoft 365's audit log
	beta   bool   // it has a member that Graph v1.0 lacks
}

// elements cuts a stream of JSON into values, and counts lines. It checks what is needed to find where a value ends and
// leaves the rest to the decoder, so that a bad value costs one row and bad structure the file.
type elements struct {
	in   *bufio.Reader
	line int    // the line of the next byte
	raw  []byte // the object being read, without the lists that were handed out
	name []byte // the name of the member being read, in lower case
	from []int  // where the lists and objects begin that are open now
	open []byte // the brackets that will close what is open in the value being read
	rows int    // rows that stood on a line of their own, one after another
}

// onLines is after how many rows on lines of their own each row must stand on one. A line that is broken then costs one row
// only, however it is broken.
const onLines = 8

func newElements(text io.Reader) *elements {
	return &elements{in: bufio.NewReaderSize(text, 256<<10), line: 1}
}

// next skips white space and byte order marks and returns the byte after it, which stays to be read.
// The error is io.EOF at the end of the file.
func (e *elements) next() (byte, error) {
	for {
		c, err := e.in.ReadByte()
		switch {
		case errors.Is(err, io.EOF):
			return 0, io.EOF
		case err != nil:
			return 0, unreadable(e.line, err)
		case c == '\n' && len(e.from) > 0 && e.rows >= onLines:
			return 0, cmp.Or(e.in.UnreadByte(), broken(e.line, endsInRow))
		case c == '\n':
			e.line++
		case c == ' ' || c == '\t' || c == '\r':
		default:
			if err := e.in.UnreadByte(); err != nil || c != byteOrderMark[0] || !begins(e.in, byteOrderMark) {
				return c, err
			}
			if _, err := e.in.Discard(len(byteOrderMark)); err != nil { // files that were joined have one between them
				return 0, err
			}
		}
	}
}

// ahead quotes what comes next, for an error.
func (e *elements) ahead() string {
	const most = 40
	text, _ := e.in.Peek(most)
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return fmt.Sprintf("%q", strings.ToValidUTF8(strings.TrimSpace(string(line)), "…"))
}

// firstLine returns what comes next up to the end of the line, as far as it is known.
func (e *elements) firstLine() string {
	start, _ := e.in.Peek(16 << 10)
	line, _, _ := bytes.Cut(start, []byte("\n"))
	return string(line)
}

// afterHint is firstLine, past the line "sep=;" by which Excel is told what separates columns.
func (e *elements) afterHint() string {
	line := e.firstLine()
	if hint := strings.TrimSpace(line); len(hint) == len("sep=;") && strings.HasPrefix(strings.ToLower(hint), "sep=") {
		if _, err := e.in.Discard(min(len(line)+1, e.in.Buffered())); err == nil {
			e.line++
		}
	}
	return e.firstLine()
}

// list reads a list; each is called with the first byte of every element and must read the element.
func (e *elements) list(each func(c byte) error) error {
	return e.inside(']', each)
}

// object reads an object; each is called with the lower-case name of every member and the first byte of its value, and
// must read the value, with member to keep it in raw or with list. raw is the object afterwards.
func (e *elements) object(each func(name []byte, c byte) error) error {
	e.raw = append(e.raw[:0], '{')
	kept := 0
	err := e.inside('}', func(c byte) error {
		if c != '"' {
			return e.unexpected("the name of a member")
		}
		if kept++; kept > 1 {
			e.raw = append(e.raw, ',')
		}
		begin := len(e.raw)
		if err := e.text(); err != nil {
			return err
		}
		e.name = appendLower(e.name[:0], bytes.Trim(e.raw[begin:], `"`))
		c, err := e.within()
		if err != nil {
			return err
		}
		if c != ':' {
			return e.unexpected("a colon")
		}
		if err := e.take(); err != nil {
			return err
		}
		if c, err = e.within(); err != nil {
			return err
		}
		return each(e.name, c)
	})
	e.raw = append(e.raw, '}')
	return err
}

// inside reads what stands between brackets, commas apart.
func (e *elements) inside(closing byte, each func(c byte) error) error {
	e.from = append(e.from, e.line)
	defer func() { e.from = e.from[:len(e.from)-1] }()
	if err := e.skip(); err != nil {
		return err
	}
	for first := true; ; first = false {
		c, err := e.within()
		if err != nil {
			return err
		}
		switch {
		case c == closing:
			return e.skip()
		case first:
		case c != ',':
			return e.unexpected(fmt.Sprintf("a comma or %q", closing))
		default:
			if err := e.skip(); err != nil {
				return err
			}
			if c, err = e.within(); err != nil {
				return err
			}
		}
		if err := each(c); err != nil {
			return err
		}
	}
}

// within is next where the file must not end.
func (e *elements) within() (byte, error) {
	c, err := e.next()
	if errors.Is(err, io.EOF) {
		return 0, e.cut()
	}
	return c, err
}

// skip passes over a byte that next has seen.
func (e *elements) skip() error {
	_, err := e.in.ReadByte()
	return err
}

func (e *elements) stopped(err error) error {
	if errors.Is(err, io.EOF) {
		return e.cut()
	}
	return unreadable(e.line, err)
}

// cut is the error of a file that ends too early.
func (e *elements) cut() error {
	begins := e.line
	if len(e.from) > 0 {
		begins = e.from[len(e.from)-1]
	}
	return problem(e.line, fmt.Sprintf("the file ends in the middle of what begins on line %d", begins), exportAgain)
}

func (e *elements) unexpected(wanted string) error {
	return broken(e.line, fmt.Sprintf("found %s where %s was expected", e.ahead(), wanted))
}

// nextRow passes over what stands before the next line that begins with an object, and reports whether there is one.
func (e *elements) nextRow() (bool, error) {
	for {
		end, err := e.in.ReadSlice('\n')
		switch {
		case errors.Is(err, io.EOF):
			return false, nil
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil:
			return false, unreadable(e.line, err)
		}
		if e.line++; len(end) > 0 && begins(e.in, "{") {
			return true, nil
		}
	}
}
