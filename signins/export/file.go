package export

import (
	"errors"
	"fmt"
	"io"

	"signpost/diagnosis"
	"signpost/signins"
)

// file is a file while it is read.
type file struct {
	source   *source
	query    *Query
	elements *elements
	log      Log
	kept     kept
	search   *diagnosis.Search // finds the account's rows; nil when everybody's are asked for
	others   owners            // whose rows were passed over
	missed   bool              // rows of the account were, perhaps

	filling, decoding *batch

	firstProblem string
	interactive  bool // some page is of a format that holds interactive sign-ins only
	complete     bool // some page is of a format that holds both
	more         bool // the last list links to a further page

	remarks []string // warnings about the whole file

	hasNoPolicies bool // the format has no place for Conditional Access policies
	otherTable    bool // there was a table of something else than sign-ins
}

func newFile(from *source, q *Query, mostKept int) *file {
	f := &file{source: from, query: q, kept: kept{query: q, most: mostKept}, others: newOwners(), filling: &batch{}, decoding: &batch{}}
	if q.Account != "" {
		f.search = diagnosis.NewSearch(q.Account)
	}
	return f
}

func (f *file) read(most int64) error {
	text, err := decodeText(f.source, most)
	if err != nil {
		return err
	}
	f.elements = newElements(text)
	defer func() { f.decoding.busy.Wait() }() // after an error
	return f.values()
}

// values reads the values that follow one another.
func (f *file) values() error {
	var loose page
	for first := true; ; first = false {
		c, err := f.elements.next()
		begins := f.elements.line
		switch {
		case errors.Is(err, io.EOF) && first:
			return problem(begins, "the file is empty", exportJSON)
		case errors.Is(err, io.EOF):
			return f.finish(&loose)
		case err != nil:
			return err
		case c == '{':
			err = f.line(&loose)
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
			err = broken(begins, "found "+f.elements.ahead()+" where another sign-in or the end of the file was expected")
		}
		if err != nil {
			if err := f.skipLine(begins, first, err); err != nil {
				return err
			}
		}
	}
}

// line reads an object outside of any list, and counts those that are rows on lines of their own.
func (f *file) line(loose *page) error {
	begins := f.elements.line
	listed, err := f.object(loose, 0)
	switch {
	case err != nil:
	case listed || f.elements.line != begins:
		f.elements.rows = 0
	default:
		f.elements.rows++
	}
	return err
}

// skipLine skips a row that is broken where each row stands on a line of its own: up to the next line that begins an object.
// It returns the error when it is not such a row, or when nothing else was found in the file.
func (f *file) skipLine(begins int, first bool, err error) error {
	p, ok := errors.AsType[*problemError](err)
	if !ok || !p.broken {
		return err
	}
	found, e := f.elements.nextRow()
	switch {
	case e != nil:
		return e
	case first && !found:
		return err
	}
	f.skipRow(begins, errors.New(p.found))
	return nil
}

func (f *file) finish(loose *page) error {
	f.closePage(loose)
	f.flush()
	if f.log.Read > 0 && f.log.Skipped == f.log.Read {
		return fmt.Errorf("none of the file's rows (%d) is a sign-in that can be read, the first of them: %s: %s", f.log.Read, f.firstProblem, exportJSON)
	}
	if f.log.Read == 0 && f.otherTable {
		return problem(f.elements.line, "found a table of Log Analytics without sign-ins", queryAgain)
	}
	f.log.SignIns, f.log.Accounts = f.kept.rows, len(f.others.seen)
	if f.interactive && !f.complete {
		f.log.Gaps = append(f.log.Gaps, diagnosis.GapNonInteractive)
	}
	if f.hasNoPolicies {
		f.log.Gaps = append(f.log.Gaps, diagnosis.GapPolicyDetails)
	}
	if f.more || f.kept.gone > 0 {
		f.log.Gaps = append(f.log.Gaps, diagnosis.GapTruncated)
	}
	if more := f.log.Skipped - mostWarnings; more > 0 {
		f.log.Warnings[mostWarnings-1] = fmt.Sprintf("and %d more rows were skipped", more+1)
	}
	f.log.Warnings = append(f.log.Warnings, f.remarks...)
	if f.kept.gone > 0 {
		f.log.Warnings = append(f.log.Warnings, f.kept.warning())
	}
	return nil
}

// row takes an element to be decoded.
func (f *file) row(e element, p *page) {
	read := signins.ReadSignIn
	switch {
	case e.audit:
		read = signins.ReadAudit
		f.hasNoPolicies = true
	case e.record:
		read = signins.ReadRecord
	}
	f.later(read, e.raw, e.line, e.beta || e.record || e.audit, p)
}

// take takes a decoded row into the log, or a warning in its place.
func (f *file) take(w *waiting) {
	if w.ends {
		f.closed(w.page)
		return
	}
	f.log.Read++
	switch {
	case w.err != nil:
		f.skip(w.line, w.err.Error())
		return
	case !w.row.IsSignIn:
		f.skip(w.line, "not a sign-in: it has neither a status nor an application")
		return
	}
	w.page.rows = true
	w.page.beta = w.page.beta || w.beta
	f.choose(w)
}

// choose keeps a row if it is asked for.
func (f *file) choose(w *waiting) {
	owner := w.row.Owner()
	switch {
	case f.search == nil:
		f.others.add(owner)
	case w.own:
		for _, o := range f.search.Learn(w.row.Names) {
			f.missed = f.missed || f.others.has(o)
		}
	case f.search.Finds(w.row.Names):
		w.whole, w.own = w.row.SignIn(), true
	default:
		f.others.add(owner)
	}
	if w.own {
		f.kept.add(&w.whole)
	}
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
