package export

import (
	"fmt"
	"strings"

	"signpost/signins"
)

// monitorDates are the columns of Log Analytics that hold the time of a sign-in, folded.
var monitorDates = map[string]bool{"timegenerated": true, "createddatetime": true}

// isPortalDate tells the column that holds the time of a sign-in in the portal's CSV.
func isPortalDate(folded string) bool {
	return folded == "date" || strings.HasPrefix(folded, "dateutc") || strings.HasPrefix(folded, "datelocal")
}

// dateColumn watches a column of times for what the reader should know: a time that is off by hours, or whose day and month
// changed places, looks as good as any.
type dateColumn struct {
	heading string
	at      int
	utc     bool // the heading says that the times are UTC

	unreadable, unzoned, unordered examples
	order                          string // the order that was assumed for unordered
}

// examples counts values and remembers the first.
type examples struct {
	n     int
	first string
}

func (e *examples) add(value string) {
	if e.n++; e.n == 1 {
		e.first = value
	}
}

func newDateColumn(heading string, at int) *dateColumn {
	heading = strings.TrimSpace(strings.TrimPrefix(heading, byteOrderMark))
	return &dateColumn{heading: heading, at: at, utc: strings.HasSuffix(column(heading), "utc")}
}

func (d *dateColumn) see(value string) {
	value = strings.TrimSpace(value)
	if value == "" {
		return
	}
	at, form, ok := signins.ReadMoment(value)
	if !ok {
		d.unreadable.add(value)
		return
	}
	if !form.Zoned && !d.utc {
		d.unzoned.add(value)
	}
	const months = 12
	if form.Order != "" && at.Day() <= months && at.Day() != int(at.Month()) {
		d.unordered.add(value)
		d.order = form.Order
	}
}

// remarks says, once for each kind, what was assumed.
func (d *dateColumn) remarks() []string {
	var out []string
	if d.unreadable.n > 0 {
		out = append(out, fmt.Sprintf("column %q: %d of its times cannot be read, such as %.40q; their rows count as without a time: %s",
			d.heading, d.unreadable.n, d.unreadable.first, "export JSON, or a table whose times look like 2026-11-23T07:04:00Z"))
	}
	if d.unzoned.n > 0 {
		out = append(out, fmt.Sprintf("column %q: its times name no time zone, such as %.40q; they were taken for UTC: if they are local, export with times in UTC",
			d.heading, d.unzoned.first))
	}
	if d.unordered.n > 0 {
		out = append(out, fmt.Sprintf("column %q: dates such as %.40q were read as %s: if that is wrong, export JSON", d.heading, d.unordered.first, d.order))
	}
	return out
}
