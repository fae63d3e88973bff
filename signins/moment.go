package signins

import (
	"strconv"
	"strings"
	"time"
)

// lenientTime is a moment in one of the forms that Microsoft uses; without a zone it is UTC.
type lenientTime struct{ time.Time }

// Form is how a moment is written.
type Form struct {
	layout string
	Zoned  bool   // it names its zone
	Order  string // the order of its numbers, where it could be taken for another; empty where it could not
}

// The orders that look alike.
const (
	MonthFirst = "month/day/year"
	DayFirst   = "day/month/year"
)

// forms are the forms of a moment, the usual one first. Log Analytics' export writes them as the reader's language does:
// English of the United States with AM and PM and the month first, others with the day first, with am and pm or 24 hours.
var forms = []Form{
	{time.RFC3339Nano, true, ""},
	{"2006-01-02T15:04:05.999999999", false, ""},
	{"2006-01-02 15:04:05.999999999Z07:00", true, ""},
	{"2006-01-02 15:04:05.999999999", false, ""},
	{"1/2/2006, 3:04:05.999999999 PM", false, MonthFirst},
	{"1/2/2006 3:04:05.999999999 PM", false, MonthFirst},
	{"2/1/2006, 3:04:05.999999999 pm", false, DayFirst},
	{"2/1/2006 3:04:05.999999999 pm", false, DayFirst},
	{"2/1/2006, 15:04:05.999999999", false, DayFirst},
	{"2/1/2006 15:04:05.999999999", false, DayFirst},
	{"2.1.2006 15:04:05.999999999", false, ""},
	{"2.1.2006, 15:04:05.999999999", false, ""},
	{"2006/1/2 15:04:05.999999999", false, ""},
}

// ReadMoment reads a moment as it stands in a column of a table, in UTC where it names no zone.
func ReadMoment(text string) (time.Time, Form, bool) {
	for _, form := range forms {
		if at, err := time.Parse(form.layout, text); err == nil {
			at = at.UTC()
			return at, form, at.Year() >= 1 && at.Year() <= 9999
		}
	}
	return time.Time{}, Form{}, false
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *lenientTime) UnmarshalJSON(raw []byte) error {
	text := strings.Trim(string(raw), `"`)
	if at, _, ok := ReadMoment(text); ok {
		t.Time = at
		return nil
	}
	// Windows PowerShell's ConvertTo-Json writes "\/Date(1584126941619)\/", in milliseconds since 1970.
	if millis, ok := strings.CutPrefix(text, `\/Date(`); ok {
		if n, err := strconv.ParseInt(strings.TrimSuffix(millis, `)\/`), 10, 64); err == nil {
			t.set(time.UnixMilli(n))
		}
	}
	return nil
}

// set takes a moment unless its year could not be written as JSON again.
func (t *lenientTime) set(at time.Time) {
	if at = at.UTC(); at.Year() >= 1 && at.Year() <= 9999 {
		t.Time = at
	}
}
