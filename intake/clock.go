package intake

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A clock is told with a colon or a half of the day anywhere, and as a bare number only behind "at" and its like.
var (
	clockColon     = regexp.MustCompile(`(?:^|[ (~,日号號일])(\d{1,2}):(\d\d)(?::\d\d)? ?(am|pm|a\.m\.?|p\.m\.?)?(?:[ ,.)'-]|uhr|h|wib)`)
	clockHalf      = regexp.MustCompile(`(?:^|[ (~,])(\d{1,2})(?:[.:](\d\d))? ?(am|pm|a\.m\.?|p\.m\.?)[ ,.)]`)
	clockAt        = regexp.MustCompile(` (?:since|sejak|seit|desde las|desde|depuis|sinds|jam|pukul|pkl\.?|um|gegen|kl\.?|klo|alle(?: ore)?|ore|a las|las|as|a la|om|saat|at|@|around|about|sekitar|vers|a|в|о|об|lúc) ?(?:sekitar |gegen |circa |about |around )?(\d{1,2})(?:[.:h](\d\d))?(?: ?(?:uhr|h|hs|horas|ore|uur|o'clock|-?an))?(?: (?:de la |da |del |di |in the )?(pagi|siang|sore|malam|tarde|noche|manana|noite|manha|afternoon|evening|morning|abends|nachmittags|morgens|pomeriggio|sera))?(?:[ ,.)]*$|[,.)] ?| (?:wib|wita|wit|utc|today|yesterday|this|tadi|kemarin|hari|heute|gestern|heure|hoy|ayer|ontem|hoje|and|dan|und|y|e|et|i|it|my|when|saya|tidak|ga|gak|tdk|udh|sdh|bs|nicht|ging|ich|die|das|no|nao|impossible|gagal|waktu|saat|but|tapi|on|with) )`)
	clockHours     = regexp.MustCompile(`[ (](\d{1,2}) ?(?:uhr|h|heures|o'clock|horas|uur)(?: ?(\d\d))?[ ,.)]`)
	clockDense     = regexp.MustCompile(`(午前|午後|上午|下午|晚上|早上|오전|오후|凌晨)? ?(\d{1,2}) ?(?:時|点|點|시)(?: ?(\d{1,2}) ?(?:分|분)|(半))?`)
	clockZone      = regexp.MustCompile(`\d ?(?:am|pm|uhr)? ?\(?(utc|gmt|` + strings.ToLower(zoneNames) + `)\b|[ap]\.?m\.? ?\(?([ecp][sd]t)\b|:\d\d ?(?:am|pm)? ?\(?((?:utc|gmt)? ?\+\d{1,2}(?::?\d\d)?|(?:utc|gmt) ?-\d{1,2}(?::?\d\d)?|-(?:0\d|1[0-2]):?(?:00|30))\b`) // in French, est is a word
	clockHalfDense = regexp.MustCompile(`(午前|午後|上午|下午|晚上|早上|오전|오후|凌晨) ?(\d{1,2})[:：](\d\d)`)
	clockArabic    = regexp.MustCompile(` (?:الساعه|ساعه) ?(\d{1,2})(?::(\d\d))?(?: (ص|م|صباحا?|مساء|ظهرا|عصرا|ليلا))?[ ,.،]`)
	clockWord      = regexp.MustCompile(` (?:at|around|saat|um|a|à) (noon|midday|midnight|mittag|mitternacht|mediodia|midi|minuit|meio dia)[ ,.]`)
)

// clockIn returns the clock that a sentence tells; zone is nil when it names none. part is the hour
// that stands for the part of the day, 0 when none is said: in an afternoon, 2:30 is 14:30.
func clockIn(s string, part int) (hour, minute int, zone *time.Location, ok bool) {
	if m := clockWord.FindStringSubmatch(s); m != nil {
		if strings.HasPrefix(m[1], "midn") || strings.HasPrefix(m[1], "mitter") || m[1] == "minuit" {
			return 0, 0, nil, true
		}
		return 12, 0, nil, true
	}
	if !strings.ContainsAny(s, "0123456789") {
		return 0, 0, nil, false
	}
	if m := clockZone.FindStringSubmatch(s); m != nil {
		zone = zoneOf(m[1]+m[2]+m[3], time.Time{})
	}
	if m := clockDense.FindStringSubmatch(s); len(m) > 0 && !isASCII(m[0]) && !strings.Contains(s, m[0]+"間") && !strings.Contains(s, m[0]+"간") {
		minutes := m[3]
		if m[4] != "" {
			minutes = "30"
		}
		hour, minute, ok = readClock(m[2], minutes, halfOf(m[1]), part)
		return hour, minute, zone, ok
	}
	if m := clockHalfDense.FindStringSubmatch(s); m != nil {
		hour, minute, ok = readClock(m[2], m[3], halfOf(m[1]), part)
		return hour, minute, zone, ok
	}
	for _, r := range []*regexp.Regexp{clockHalf, clockArabic, clockColon, clockAt, clockHours} {
		for _, m := range r.FindAllStringSubmatch(s, 8) {
			half := ""
			if len(m) > 3 {
				half = m[3]
			}
			if hour, minute, ok := readClock(m[1], m[2], halfOf(half), part); ok {
				return hour, minute, zone, true
			}
		}
	}
	return 0, 0, zone, false
}

// halfOf returns a or p for a word that tells the half of the day.
func halfOf(word string) string {
	switch {
	case word == "":
		return ""
	case startsAny(word, []string{"am", "a.m", "pagi", "manana", "manha", "morning", "morgens", "ص", "午前", "上午", "早上", "凌晨", "오전"}):
		return "a"
	}
	return "p"
}

func readClock(hours, minutes, half string, part int) (hour, minute int, ok bool) {
	h, _ := strconv.Atoi(hours)
	m, _ := strconv.Atoi(minutes)
	if h > 23 || m > 59 || half != "" && h == 0 {
		return 0, 0, false
	}
	atNight := part > 20 && h < 5
	beforeNoon := part == 12 && h > 5
	if half == "" && part >= 12 && h > 0 && !atNight && !beforeNoon {
		half = "p"
	}
	h, _ = strconv.Atoi(hourOf(hours, half))
	return h, m, true
}
