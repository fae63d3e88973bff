package export

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"signpost/signins"
)

// form is what a table holds, told by its headings.
type form int

const (
	unknownTable form = iota
	portalTable       // the portal's CSV download
	monitorTable      // a table of Log Analytics
	auditTable        // Microsoft 365's audit log, whose records are JSON in one column
)

// table is a CSV export while it is read. Its formats name their columns in the first line.
type table struct {
	file     *file
	rows     *csv.Reader
	begins   int // the line of the headings
	form     form
	headings []string // without what an export adds to them
	folded   []string // the same, to compare by
	cells    []cell
	json     jsonRow
	audit    int   // the column of the audit log's records
	tokens   []int // the columns of the portal's CSV that tell renewals of tokens
	renewals bool  // there are some
	dates    []*dateColumn
	page     page
}

// table reads a table.
func (f *file) table(separator rune) error {
	t := &table{file: f, rows: csv.NewReader(f.elements.in), begins: f.elements.line}
	t.rows.Comma, t.rows.FieldsPerRecord, t.rows.ReuseRecord = separator, -1, true
	if err := t.readHeadings(); err != nil {
		return err
	}
	if err := t.readRows(); err != nil {
		return err
	}
	for _, d := range t.dates {
		f.remarks = append(f.remarks, d.remarks()...)
	}
	f.hasNoPolicies = t.form != monitorTable
	// The portal writes both kinds of sign-ins into files of their own; without renewals this is the interactive ones'.
	f.interactive = t.form == portalTable && !t.renewals
	return nil
}

func (t *table) readHeadings() error {
	headings, err := t.rows.Read()
	if err != nil {
		return problem(t.begins, fmt.Sprintf("found a table whose headings cannot be read (%v)", err), exportJSON)
	}
	for _, heading := range headings {
		t.headings, t.folded = append(t.headings, plainColumn(heading)), append(t.folded, column(heading))
	}
	if t.form = formOf(t.folded); t.form == unknownTable {
		return problem(t.begins, "found a table (CSV) that is no sign-in log", exportJSON)
	}
	t.audit = slices.Index(t.folded, "auditdata")
	if t.form == monitorTable {
		t.cells = monitorCells(t.headings)
	} else {
		t.cells = portalCells(t.folded)
	}
	for i, heading := range headings {
		if t.folded[i] == "incomingtokentype" {
			t.tokens = append(t.tokens, i)
		}
		if t.form == portalTable && isPortalDate(t.folded[i]) || t.form == monitorTable && monitorDates[column(t.headings[i])] {
			t.dates = append(t.dates, newDateColumn(heading, i))
		}
	}
	return nil
}

func (t *table) readRows() error {
	last := t.begins // the line of the row before, for a file that stops giving bytes
	var broken *csv.ParseError
	for {
		fields, err := t.rows.Read()
		switch {
		case errors.Is(err, io.EOF) && broken != nil && errors.Is(broken.Err, csv.ErrQuote):
			return problem(last, fmt.Sprintf("found a row that cannot be read (%v)", broken.Err), exportAgain) // the quotation has no end
		case errors.Is(err, io.EOF):
			return nil
		}
		broken = nil
		switch {
		case errors.As(err, &broken):
			last = t.begins - 1 + broken.StartLine
			t.file.skipRow(last, fmt.Errorf("it cannot be read: %w", broken.Err))
			continue
		case err != nil:
			return unreadable(last, err)
		}
		line, _ := t.rows.FieldPos(0)
		last = line + t.begins - 1
		if n := len(fields); n < len(t.headings) || strings.Join(fields[len(t.headings):], "") != "" {
			t.file.skipRow(last, fmt.Errorf("it has %d columns, the heading has %d", n, len(t.headings)))
			continue
		}
		t.row(fields, last)
	}
}

// row takes a row, in the form that JSON exports have, to be decoded.
func (t *table) row(fields []string, line int) {
	size := 0
	for _, field := range fields {
		size += len(field)
	}
	if size > longestElement {
		t.file.skipRow(line, fmt.Errorf("longer than %d MiB", longestElement>>20))
		return
	}
	for _, d := range t.dates {
		d.see(fields[d.at])
	}
	for _, at := range t.tokens {
		t.renewals = t.renewals || column(fields[at]) == "refreshtoken"
	}
	switch t.form {
	case auditTable:
		t.file.later(signins.ReadAudit, []byte(fields[t.audit]), line, true, &t.page)
	case monitorTable:
		t.file.later(signins.ReadRecord, t.json.write(t.cells, fields), line, true, &t.page)
	default:
		t.file.later(signins.ReadSignIn, t.json.write(t.cells, fields), line, true, &t.page)
	}
}

// formOf recognises a table by its headings.
func formOf(folded []string) form {
	has := map[string]bool{}
	for _, name := range folded {
		has[name] = true
	}
	switch {
	case has["auditdata"]:
		return auditTable
	case has["resulttype"] && (has["appid"] || has["appdisplayname"]):
		return monitorTable
	case has["signinerrorcode"] && (has["application"] || has["applicationid"]):
		return portalTable
	default:
		return unknownTable
	}
}

// separatorOf finds what separates a table's columns.
func separatorOf(line string) rune {
	best, most := ',', 0
	for _, separator := range []rune{',', ';', '\t'} {
		if n := strings.Count(line, string(separator)); n > most {
			best, most = separator, n
		}
	}
	return best
}
