package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// progress shows on one line of a terminal how far a file was read. It shows nothing anywhere else.
type progress struct {
	out   io.Writer // nil: not a terminal
	size  int64     // of the file; 0 when nobody knows
	now   func() time.Time
	next  time.Time // when the line is written again
	width int       // of the line that stands there
}

// newProgress returns a progress for a file of so many bytes, 0 when nobody knows.
func newProgress(out io.Writer, size int64, now func() time.Time) *progress {
	p := &progress{size: size, now: now}
	if file, ok := out.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		p.out = out
	}
	return p
}

// show writes the line, ten times a second at most, and not before it is worth it.
func (p *progress) show(rows int, bytes int64) {
	const every = 100 * time.Millisecond
	now := p.now()
	if p.next.IsZero() {
		p.next = now.Add(5 * every)
	}
	if p.out == nil || now.Before(p.next) {
		return
	}
	p.next = now.Add(every)
	text := fmt.Sprintf("read %d rows, %d MB", rows, bytes/1e6)
	if p.size > 0 {
		text += fmt.Sprintf(" of %d MB (%d%%)", p.size/1e6, 100*bytes/p.size)
	}
	p.write(text)
}

// clear removes the line.
func (p *progress) clear() {
	if p.width > 0 {
		p.write("")
		fmt.Fprint(p.out, "\r")
	}
}

// write writes over what stands there; with blanks, which every terminal understands.
func (p *progress) write(text string) {
	fmt.Fprintf(p.out, "\r%s%s", text, strings.Repeat(" ", max(0, p.width-len(text))))
	p.width = len(text)
}

// sizeOf returns a file's size; 0 of what has none, such as a pipe.
func sizeOf(file *os.File) int64 {
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return 0
	}
	return info.Size()
}
