package export

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// cell is a column of a table and what becomes of its values: a member of the row in the form that JSON exports have.
type cell struct {
	at     int    // the column
	object string // the member is in an object of this name; empty: in the row itself
	member string
	take   func(row *jsonRow, c *cell, value string) // nil: as text
}

// portalCells are the cells of the portal's CSV, those of one object next to one another.
func portalCells(folded []string) []cell {
	var cells []cell
	for i, name := range folded {
		c := cell{at: i}
		switch {
		case isPortalDate(name):
			c.member = "createdDateTime"
		case name == "status":
			c.object, c.member, c.take = "status", "errorCode", takeSuccess
		case name == "location":
			c.object, c.take = "location", takePlace
		case name == "conditionalaccess":
			c.member, c.take = "conditionalAccessStatus", takeJoined
		case tableColumns[name] == "":
			continue
		default:
			c.object, c.member = "", tableColumns[name]
			if object, inner, nested := strings.Cut(tableColumns[name], "."); nested {
				c.object, c.member = object, inner
			}
			if c.member == "errorCode" {
				c.take = takeNumber
			}
		}
		cells = append(cells, c)
	}
	// "Status" only matters where there is no code, so it comes after it.
	last := func(c cell) int { return map[bool]int{true: 1}[folded[c.at] == "status"] }
	slices.SortStableFunc(cells, func(a, b cell) int { return cmp.Or(cmp.Compare(a.object, b.object), last(a)-last(b)) })
	return cells
}

// monitorCells are the cells of a table of Log Analytics. Columns of dynamic content hold JSON as text, at times twice, with
// _dynamic or _string behind the name.
func monitorCells(headings []string) []cell {
	var cells []cell
	for i, heading := range headings {
		cells = append(cells, cell{at: i, member: heading, take: takeDynamic})
	}
	return cells
}

// jsonRow is a row in the form of a JSON object.
type jsonRow struct {
	raw    []byte
	object string   // the object that is open; empty: none but the row
	filled []string // the members that have a value, of the object and of the row
}

// write writes the values of a row. A heading may stand twice; the first that has a value counts.
func (r *jsonRow) write(cells []cell, fields []string) []byte {
	r.raw, r.object, r.filled = append(r.raw[:0], '{'), "", r.filled[:0]
	for i := range cells {
		c := &cells[i]
		value := strings.TrimSpace(fields[c.at])
		switch {
		case value == "":
		case c.take == nil:
			r.put(c, c.member, value)
		default:
			c.take(r, c, value)
		}
	}
	if r.object != "" {
		r.raw = append(r.raw, '}')
	}
	return append(r.raw, '}')
}

// put writes a member whose value is a text.
func (r *jsonRow) put(c *cell, member, value string) {
	if r.name(c.object, member) {
		r.raw = appendText(r.raw, value)
	}
}

// name writes the name of a member, unless there is one already.
func (r *jsonRow) name(object, member string) bool {
	if object != r.object {
		if r.object != "" {
			r.raw = append(r.raw, '}')
		}
		r.separate()
		r.raw = append(appendText(r.raw, object), ':', '{')
		r.object, r.filled = object, r.filled[:0]
	}
	if slices.Contains(r.filled, member) {
		return false
	}
	r.filled = append(r.filled, member)
	r.separate()
	r.raw = append(appendText(r.raw, member), ':')
	return true
}

func (r *jsonRow) separate() {
	if r.raw[len(r.raw)-1] != '{' {
		r.raw = append(r.raw, ',')
	}
}

// appendText appends a text as JSON.
func appendText(raw []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c == '"' || c == '\\' || c > '~' {
			quoted, _ := json.Marshal(text) // a string can always be written
			return append(raw, quoted...)
		}
	}
	return append(append(append(raw, '"'), text...), '"')
}

func takeNumber(r *jsonRow, c *cell, value string) {
	if _, err := strconv.Atoi(value); err == nil {
		r.put(c, c.member, value)
	}
}

// takeSuccess reads "Success"; "Failure" and "Interrupted" need their code.
func takeSuccess(r *jsonRow, c *cell, value string) {
	if strings.EqualFold(value, "success") {
		r.put(c, c.member, "0")
	}
}

// takeJoined reads "Not Applied".
func takeJoined(r *jsonRow, c *cell, value string) {
	r.put(c, c.member, strings.ReplaceAll(value, " ", ""))
}

// takePlace reads "City, State, CC".
func takePlace(r *jsonRow, c *cell, value string) {
	parts := strings.Split(value, ",")
	names := []string{"city", "state", "countryOrRegion"}
	for i, part := range parts[max(0, len(parts)-len(names)):] {
		r.put(c, names[len(names)-min(len(parts), len(names))+i], strings.TrimSpace(part))
	}
}

func takeDynamic(r *jsonRow, c *cell, value string) {
	if (value[0] == '{' || value[0] == '[') && json.Valid([]byte(value)) {
		if r.name("", c.member) {
			r.raw = append(r.raw, value...)
		}
		return
	}
	r.put(c, c.member, value)
}
