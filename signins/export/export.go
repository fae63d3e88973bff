// Package export reads a file of sign-ins that an administrator exported from Microsoft Entra, Microsoft Graph or Azure
// Monitor. The format is recognised by content, never by the file's name:
//
//   - a list response of Graph v1.0 or beta: {"@odata.context": …, "value": […]}
//   - the portal's JSON download, an array of beta's objects
//   - one sign-in, or one on each line (NDJSON)
//   - Azure Monitor records, one on each line, in an array, or in {"records": […]}, and rows of its Log Analytics
//   - records of Microsoft 365's unified audit log (UserLoggedIn, UserLoginFailed)
//   - several of these after one another, or in an array
//   - as a table (CSV): the portal's downloads, Log Analytics, and the audit log as Purview exports it
//
// each as UTF-8 or UTF-16 (with a byte order mark), plain or gzip.
package export

import (
	"errors"
	"fmt"
	"io"

	"signpost/diagnosis"
	"signpost/signins"
)

// Log is what a file held.
type Log struct {
	SignIns  []diagnosis.SignIn // in the file's order
	Read     int                // rows seen
	Skipped  int                // rows that could not be read, or are no sign-ins
	Gaps     []diagnosis.Gap    // what the file does not hold, see Read
	Warnings []string           // one per skipped row, at most mostWarnings, "line 12: …"; the last says how many more
}

// mostWarnings bounds Log.Warnings.
const mostWarnings = 20

// Read reads a whole file. It keeps the sign-ins, and the text of one batch of rows at a time.
//
// A row that cannot be read is skipped with a warning. A file that cannot be read to its end is an error that names the
// line, what was found there and what to do: nothing of such a file is returned. A list without rows is no error; a file
// with rows of which none is a sign-in is one.
//
// The gaps: GapNonInteractive when all comes from Graph v1.0, which knows no non-interactive sign-ins although isInteractive
// is false in some of its rows, or from the portal's CSV of interactive sign-ins; GapTruncated when the last list links to a further page.
// GapPolicyDetails when the format has no place for policies; otherwise that is a matter of the row that decides, so
// diagnosis finds it.
func Read(r io.Reader) (Log, error) { return read(r, longestFile) }

func read(r io.Reader, most int64) (Log, error) {
	text, err := decodeText(r, most)
	if err != nil {
		return Log{}, err
	}
	f := file{elements: newElements(text)}
	if err := f.read(); err != nil {
		return Log{}, err
	}
	return f.log, nil
}

// file is a file while it is read.
type file struct {
	elements     *elements
	log          Log
	batch        batch
	firstProblem string
	interactive  bool // some page is of a format that holds interactive sign-ins only
	complete     bool // some page is of a format that holds both
	more         bool // the last list links to a further page

	hasNoPolicies bool // the format has no place for Conditional Access policies
	renewals      bool // a table of the portal shows renewals of tokens, and so is the one of non-interactive sign-ins
}

// read reads the values that follow one another.
func (f *file) read() error {
	var loose page
	for first := true; ; first = false {
		c, err := f.elements.next()
		switch {
		case errors.Is(err, io.EOF) && first:
			return problem(f.elements.line, "the file is empty", exportJSON)
		case errors.Is(err, io.EOF):
			return f.finish(&loose)
		case err != nil:
			return err
		case c == '{':
			err = f.object(&loose, 0)
		case c == '[':
			err = f.list(&loose, 0)
		case first && isTable(f.elements.afterHint()):
			if err := f.table(separatorOf(f.elements.firstLine())); err != nil {
				return err
			}
			return f.finish(&loose)
		case first:
			err = notJSON(f.elements)
		default:
			err = problem(f.elements.line, "found "+f.elements.ahead()+" where another sign-in or the end of the file was expected", exportAgain)
		}
		if err != nil {
			return err
		}
	}
}

func (f *file) finish(loose *page) error {
	f.close(loose)
	if f.log.Read > 0 && f.log.Skipped == f.log.Read {
		return fmt.Errorf("none of the file's rows (%d) is a sign-in that can be read, the first of them: %s: %s", f.log.Read, f.firstProblem, exportJSON)
	}
	if f.interactive && !f.complete {
		f.log.Gaps = append(f.log.Gaps, diagnosis.GapNonInteractive)
	}
	if f.hasNoPolicies {
		f.log.Gaps = append(f.log.Gaps, diagnosis.GapPolicyDetails)
	}
	if f.more {
		f.log.Gaps = append(f.log.Gaps, diagnosis.GapTruncated)
	}
	if more := f.log.Skipped - mostWarnings; more > 0 {
		f.log.Warnings[mostWarnings-1] = fmt.Sprintf("and %d more rows were skipped", more+1)
	}
	return nil
}

// row takes an element to be decoded.
func (f *file) row(e element, p *page) {
	decode := signins.DecodeSignIn
	switch {
	case e.audit:
		decode = signins.DecodeAudit
		f.hasNoPolicies = true
	case e.record:
		decode = signins.DecodeRecord
	}
	f.later(decode, e.raw, e.line, e.beta || e.record || e.audit, p)
}

func (f *file) skip(line int, why string) {
	f.log.Skipped++
	warning := fmt.Sprintf("line %d: row %d is skipped: %s", line, f.log.Read, why)
	if f.firstProblem == "" {
		f.firstProblem = warning
	}
	if len(f.log.Warnings) < mostWarnings {
		f.log.Warnings = append(f.log.Warnings, warning)
	}
}
