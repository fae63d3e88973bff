package export

import (
	"encoding/json"
	"fmt"

	"signpost/signins"
)

// answerTable is a table in an answer of Log Analytics' query API, or of Azure Data Explorer's: the columns' names stand in a
// list of their own, and a row is a list of values.
// Source: https://learn.microsoft.com/azure/azure-monitor/logs/api/response-format
type answerTable struct {
	names   [][]byte // each as a member's name, with its colon
	signIns bool     // the columns are those of sign-ins
}

// answerColumns reads the list of columns. The older form of the API calls the name ColumnName.
func answerColumns(raw []byte, line int) (*answerTable, error) {
	var columns []struct{ Name, ColumnName string }
	if err := json.Unmarshal(raw, &columns); err != nil {
		return nil, problem(line, fmt.Sprintf("found a table whose columns cannot be read (%v)", err), queryAgain)
	}
	t := &answerTable{}
	for _, c := range columns {
		name := plainColumn(c.Name + c.ColumnName)
		quoted, err := json.Marshal(name)
		if err != nil {
			return nil, problem(line, fmt.Sprintf("found a table whose columns cannot be read (%v)", err), queryAgain)
		}
		t.names = append(t.names, append(quoted, ':'))
		t.signIns = t.signIns || signInColumns[column(name)]
	}
	return t, nil
}

// signInColumns are columns of which a table of sign-ins has one, whatever else the query left out; folded.
var signInColumns = map[string]bool{"resulttype": true, "status": true, "appid": true, "appdisplayname": true}

// answerRows reads the list of rows.
func (f *file) answerRows(t *answerTable, p *page) error {
	if t == nil {
		return problem(f.elements.line, "found the rows of a table before its columns", "save the answer as the service sent it, with columns before rows")
	}
	return fatal(f.elements.list(func(c byte) error {
		line := f.elements.line
		switch {
		case !t.signIns: // a table that tells how the query went
			f.otherTable = true
			return f.elements.value()
		case c != '[':
			f.skipRow(line, fmt.Errorf("not a list of values"))
			return f.elements.value()
		}
		return f.answerRow(t, line, p)
	}))
}

// answerRow puts a row into the form of an object.
func (f *file) answerRow(t *answerTable, line int, p *page) error {
	e := f.elements
	e.raw = append(e.raw[:0], '{')
	n := 0
	err := e.list(func(byte) error {
		if n > 0 {
			e.raw = append(e.raw, ',')
		}
		if n < len(t.names) {
			e.raw = append(e.raw, t.names[n]...)
		}
		n++
		_, err := e.member()
		return err
	})
	switch {
	case err != nil:
		return err
	case n != len(t.names):
		f.skipRow(line, fmt.Errorf("it has %d values, the table has %d columns", n, len(t.names)))
	default:
		f.later(signins.ReadRecord, append(e.raw, '}'), line, true, p)
	}
	return nil
}
