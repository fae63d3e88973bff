package intake

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// stamp is a moment that a machine wrote down.
type stamp struct {
	at     int // offset in the plain text
	time   time.Time
	called bool // "Timestamp:", as Microsoft's errors call theirs
	old    bool // in an earlier mail
}

// stampLimit bounds how many stamps of a text are looked at.
const stampLimit = 1000

var (
	isoStamp   = regexp.MustCompile(`\b(20\d\d)[-/](\d\d)[-/](\d\d)[Tt ,]{1,2}(\d\d):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?\s?\(?((?:UTC|GMT)[+-]\d{1,2}(?::?\d\d)?\b|Z\b|z\b|UTC\b|GMT\b|[+-]\d\d:?\d\d\b|(?:` + zoneNames + `|[ECP][SD]T)\b)?`)
	httpStamp  = regexp.MustCompile(`\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) 20\d\d \d\d:\d\d:\d\d (?:GMT|UTC|[+-]\d{4})\b`)
	slashStamp = regexp.MustCompile(`\b(\d{1,2})[/.-](\d{1,2})[/.-](20\d\d)(?:,? (?:at |um |pukul |jam |a las |à )?|T)(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?\s?([AaPp]\.?[Mm]\b\.?)?(?: \(?((?:UTC|GMT)[+-]\d{1,2}(?::?\d\d)?|UTC|GMT|Z|` + zoneNames + `|[ECP][SD]T)\b)?`)
	stampLabel = regexp.MustCompile(`(?i)(time ?stamp|stempel waktu|zeitstempel|marca de tiempo|horodatage|carimbo de data/hora|タイムスタンプ|时间戳|時間戳記|타임스탬프|date|createddatetime|tanggal|datum|fecha|data|time|waktu|zeit)"?\s*[:=]?\s*"?\s*$`)
	inUTC      = regexp.MustCompile(`(?i)(time ?stamp|stempel waktu|zeitstempel|createddatetime|horodatage|\[utc\])"?\s*[:=]?\s*"?\s*$|"\w+"\s*:\s*"$`)
	mailDate   = regexp.MustCompile(`(?i)^[>*_\s]*(sent|date|gesendet|datum|enviado|fecha|envoyé|dikirim|tanggal|inviato|data|verzonden|when|waktu|送信日時|日時|发送时间|日期|보낸 날짜|start|end|dtstart|dtend)[*_]*\s*[:;]`)
)

// stampsOf returns the moments that machines wrote down in a text, other than when a mail was sent.
func stampsOf(p *page, now time.Time) []stamp {
	var all []stamp
	put := func(at int, t time.Time) {
		if t.IsZero() || p.tellsSending(at) || !now.IsZero() && t.After(now.Add(24*time.Hour)) {
			return
		}
		all = append(all, stamp{at, t, stampLabel.MatchString(before(p.text, at, 40)), placeAt(p.lines, at) == quoted})
	}
	for _, m := range isoStamp.FindAllStringSubmatchIndex(p.text, stampLimit) {
		part := partsOf(p.text, m)
		zone := zoneOf(part(7), now)
		if part(7) == "" && inUTC.MatchString(before(p.text, m[0], 40)) {
			zone = time.UTC
		}
		put(m[0], moment(part(1), part(2), part(3), part(4), part(5), part(6), zone))
	}
	for _, m := range httpStamp.FindAllStringIndex(p.text, stampLimit) {
		written := p.text[m[0]:m[1]]
		for _, layout := range []string{"2 Jan 2006 15:04:05 MST", "2 Jan 2006 15:04:05 -0700"} {
			if t, err := time.Parse(layout, written); err == nil {
				put(m[0], t.UTC())
				break
			}
		}
	}
	for _, m := range slashStamp.FindAllStringSubmatchIndex(p.text, stampLimit) {
		part := partsOf(p.text, m)
		day, month := part(1), part(2)
		half := strings.ToLower(part(7))
		if american(day, month, half != "") {
			day, month = month, day
		}
		put(m[0], moment(part(3), month, day, hourOf(part(4), half), part(5), part(6), zoneOf(part(8), now)))
	}
	return all
}

// american reports whether a date of two numbers has its month first: when it says AM or PM, as the English of the
// United States does, unless the numbers tell otherwise.
func american(first, second string, half bool) bool {
	a, _ := strconv.Atoi(first)
	b, _ := strconv.Atoi(second)
	return b > 12 && a <= 12 || half && a <= 12
}

// mailNeighbour is how many lines from a From: a Date: still belongs to it.
const mailNeighbour = 3

// tellsSending reports whether offset i is in the lines that tell who sent a mail, and when.
func (p *page) tellsSending(i int) bool {
	n := lineIndex(p.lines, i)
	if n < 0 {
		return false
	}
	if p.lines[n].place == signature || p.headsMail(n) {
		return true
	}
	if !mailDate.MatchString(p.startOf(n)) {
		return false
	}
	for near := max(0, n-mailNeighbour); near < min(len(p.lines), n+mailNeighbour+1); near++ {
		if p.headsMail(near) {
			return true
		}
	}
	return false
}

// headsMail reports whether a line is a mail's heading, also of a quoted one, or introduces a quoted mail.
func (p *page) headsMail(n int) bool {
	words := p.startOf(n)
	return p.lines[n].place == heading || isHeading(words) || introducesReply(words)
}

// startOf returns how a line begins, without the marks of a quotation.
func (p *page) startOf(n int) string {
	return strings.TrimSpace(strings.TrimLeft(after(p.text[:p.lines[n].end], p.lines[n].start, 300), "> "))
}

// partsOf returns a reader of a match's groups.
func partsOf(text string, m []int) func(int) string {
	return func(group int) string {
		if from := m[2*group]; from >= 0 {
			return text[from:m[2*group+1]]
		}
		return ""
	}
}

// moment returns the zero time for what no calendar has.
func moment(year, month, day, hour, minute, second string, zone *time.Location) time.Time {
	var n [6]int
	for i, s := range [...]string{year, month, day, hour, minute, second} {
		n[i], _ = strconv.Atoi(s)
	}
	if zone == nil || n[1] < 1 || n[1] > 12 || n[2] < 1 || n[3] > 23 || n[4] > 59 || n[5] > 60 {
		return time.Time{}
	}
	t := time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], 0, zone)
	if t.Day() != n[2] {
		return time.Time{}
	}
	return t
}

// hourOf returns the hour of a 24-hour clock, as a number in writing.
func hourOf(hour, half string) string {
	n, _ := strconv.Atoi(hour)
	switch {
	case strings.HasPrefix(half, "p") && n < 12:
		n += 12
	case strings.HasPrefix(half, "a") && n == 12:
		n = 0
	}
	return strconv.Itoa(n)
}

// zoneOf returns the zone that a text names, now's when it names none.
func zoneOf(name string, now time.Time) *time.Location {
	if name == "" {
		return now.Location()
	}
	name = strings.ToUpper(name)
	if hours, ok := zoneHours[name]; ok {
		return time.FixedZone(name, hours*3600)
	}
	offset := offsetDigits.FindStringSubmatch(name) // +7, +07:00, UTC+5:30
	if offset == nil {
		return time.UTC
	}
	hours, _ := strconv.Atoi(offset[2])
	minutes, _ := strconv.Atoi(offset[3])
	seconds := hours*3600 + minutes*60
	if offset[1] == "-" {
		seconds = -seconds
	}
	return time.FixedZone(name, seconds)
}

// zoneNames are the names of zoneHours outside America as alternatives of a regular expression.
const zoneNames = `WIB|WITA|WIT|CEST|CET|MESZ|MEZ|MSK|SGT|HKT|JST|KST|AEST|AEDT`

// zoneHours are the zones that people name by letters which mean one thing where Microsoft's customers use them.
var zoneHours = map[string]int{
	"Z": 0, "UTC": 0, "GMT": 0, "WIB": 7, "WITA": 8, "WIT": 9, "CET": 1, "CEST": 2,
	"MEZ": 1, "MESZ": 2, "MSK": 3, "SGT": 8, "HKT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11,
	"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "PST": -8, "PDT": -7,
}

var offsetDigits = regexp.MustCompile(`([+-])(\d{1,2}):?(\d\d)?$`)

// stampFor returns the stamp of the error whose code stands at an offset, negative when there is none: a called one
// that follows it, as in Microsoft's errors, before the one its log line begins with, before any other.
func stampFor(p *page, all []stamp, code int) (time.Time, bool) {
	var best stamp
	top := -1
	line := lineIndex(p.lines, code)
	for _, s := range all {
		score := 0
		if s.called {
			score += 2
		}
		if !s.old {
			score++
		}
		switch {
		case code >= 0 && s.called && s.at >= code && s.at < code+2000:
			score += 8
		case code >= 0 && lineIndex(p.lines, s.at) == line:
			score += 6
		case code >= 0 && s.at < code:
			score += 3
		}
		follows := code >= 0 && s.at >= code
		if score > top || score == top && !follows {
			best, top = s, score
		}
	}
	return best.time, top >= 0
}
