package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// page is what a list says about its rows. Rows outside a Graph response share one page without context.
type page struct {
	context  string // @odata.context
	nextLink string // @odata.nextLink
	rows     bool   // it has rows
	beta     bool   // it has a row with a member that v1.0 lacks
}

// mostLists bounds lists within lists.
const mostLists = 8

// betaMembers are members, in lower case, that a sign-in of Graph v1.0 never has.
// Source: https://learn.microsoft.com/graph/api/resources/signin, v1.0 against beta.
var betaMembers = map[string]bool{
	"authenticationdetails": true, "authenticationprocessingdetails": true, "authenticationprotocol": true,
	"authenticationrequirement": true, "authenticationrequirementpolicies": true, "autonomoussystemnumber": true,
	"conditionalaccessaudiences": true, "crosstenantaccesstype": true, "incomingtokentype": true,
	"networklocationdetails": true, "originalrequestid": true, "originaltransfermethod": true,
	"processingtimeinmilliseconds": true, "sessionlifetimepolicies": true, "signineventtypes": true,
	"signinidentifier": true, "tokenissuertype": true, "uniquetokenidentifier": true, "usertype": true,
}

// closePage ends a page. What its rows say counts, so they come first.
func (f *file) closePage(p *page) { f.wait(waiting{page: p, ends: true}) }

// closed takes over what the page's rows and members say about the whole file.
func (f *file) closed(p *page) {
	switch {
	case strings.Contains(p.context, "/v1.0/"):
		f.interactive = true
	case strings.Contains(p.context, "/beta/"):
		f.complete = true
	case p.rows:
		f.interactive, f.complete = f.interactive || !p.beta, f.complete || p.beta
	}
}

// list reads the rows of a list.
func (f *file) list(p *page, lists int) error {
	begins := f.elements.line
	if lists++; lists > mostLists {
		return problem(begins, fmt.Sprintf("found lists in lists, %d deep", lists), exportJSON)
	}
	f.elements.rows = 0 // a list may be written over many lines
	return fatal(f.elements.list(func(c byte) error {
		switch c {
		case '{':
			_, err := f.object(p, lists)
			return err
		case '[':
			return f.list(p, lists)
		}
		line := f.elements.line
		if err := f.elements.value(); err != nil {
			return err
		}
		f.skipRow(line, errors.New("not a JSON object"))
		return nil
	}))
}

// tell takes over what the name of a member says of its element.
func (e *element) tell(name string) {
	switch name {
	case "properties", "resulttype":
		e.record = true
	case "logonerror", "errornumber", "azureactivedirectoryeventtype":
		e.audit = true
	default:
		e.beta = e.beta || betaMembers[name]
	}
}

// isList are the members, in lower case, that hold a list of rows or of tables.
var isList = map[string]bool{"value": true, "records": true, "tables": true}

// object reads an object, which is a row or holds rows: in a list called "value", "records" or "tables", or as a table. It
// reports whether it held such rows.
func (f *file) object(around *page, lists int) (listed bool, err error) {
	e := element{line: f.elements.line}
	var own page
	var table *answerTable
	var refused bool
	err = f.elements.object(func(name []byte, c byte) error {
		if c == '[' && isList[string(name)] {
			listed = true
			err := f.list(&own, lists)
			f.elements.raw = f.elements.raw[:0] // what follows is no part of the last row
			return err
		}
		if c == '[' && string(name) == "rows" {
			listed = true
			err := f.answerRows(table, &own)
			f.elements.raw = f.elements.raw[:0]
			return err
		}
		line := f.elements.line
		value, err := f.elements.member()
		if err != nil {
			return err
		}
		switch string(name) {
		case "@odata.context":
			own.context = textOf(value)
		case "@odata.nextlink":
			own.nextLink = textOf(value)
		case "columns":
			if c == '[' {
				table, err = answerColumns(value, line)
			}
			return err
		case "error":
			refused = string(value) != "null"
		default:
			e.tell(string(name))
		}
		return nil
	})
	if err != nil && listed {
		return listed, fatal(err)
	}
	if err != nil {
		return listed, err
	}
	if listed {
		f.closePage(&own)
		f.more = own.nextLink != "" || refused // Log Analytics gives what it has of an answer that is too large, and an error
		return true, nil
	}
	e.raw = f.elements.raw
	if refused {
		if err := refusal(e); err != nil {
			return false, err
		}
	}
	f.row(e, around)
	return false, nil
}

// textOf returns a JSON string's text, or nothing.
func textOf(raw []byte) string {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return ""
	}
	return text
}
