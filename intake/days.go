package intake

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// dayWord is a word for a day, seen from today.
type dayWord struct {
	back int
	said *regexp.Regexp
}

// dayWords are tried in order.
var dayWords = []dayWord{
	{2, regexp.MustCompile(` (the day before yesterday|kemarin lusa|vorgestern|anteayer|antes de ayer|anteontem|avant-hier|l'altro ieri|eergisteren|позавчера)[ ,.]|一昨日|おととい|前天|그저께`)},
	{1, regexp.MustCompile(` (yesterday|yday|kemarin|kmrn|semalam|last night|gestern|ayer|anoche|ontem|hier|ieri|gisteren|dun|wczoraj|vcera|igar|i gar|eilen|tegnap|вчера|вчора|χθες|χθές|אתמול|hom qua|امس)[ ,.]|昨日|昨天|昨晚|昨夜|きのう|어제|tadi malam`)},
	{0, regexp.MustCompile(` (today|tonight|this (morning|afternoon|evening|noon)|hari ini|tadi|pagi ini|siang ini|sore ini|heute|hoy|esta (manana|tarde|noche)|hoje|esta (manha|tarde)|aujourd'hui|ce (matin|soir)|cet apres-midi|oggi|stamattina|vandaag|vanmorgen|bugun|bu sabah|dzisiaj|dzis|dnes|idag|i dag|tanaan|ma|сегодня|сьогодні|днес|σημερα|σήμερα|اليوم|هذا الصباح|صباح اليوم|هذا المساء|הבוקר|היום|sang nay|hom nay)[ ,.]|今日|今朝|今天|今早|오늘|けさ`)},
}

// dayPart is a part of a day and the hour that stands for it.
type dayPart struct {
	hour int
	said *regexp.Regexp
}

var dayParts = []dayPart{
	{21, regexp.MustCompile(` (last night|tonight|tadi malam|semalam|malam|anoche|noche|noite|nacht|ليلا|الليله)[ ,.]|昨晚|夜|今晚|어젯밤|밤`)},
	{15, regexp.MustCompile(` (afternoon|nachmittag|tarde|apres-midi|pomeriggio|middag|днем|ظهرا|بعد الظهر|العصر)[ ,.]|午後|下午|오후`)},
	{17, regexp.MustCompile(` (tadi sore|sore)[ ,.]`)},
	{19, regexp.MustCompile(` (evening|abend|soir|sera|avond|вечером|مساء|هذا المساء)[ ,.]|晚上|저녁`)},
	{9, regexp.MustCompile(` (morning|pagi|pagi ini|tadi pagi|heute (morgen|fruh)|gestern (morgen|fruh)|morgens|vormittags?|esta manana|por la manana|manha|matin|stamattina|mattina|vanmorgen|ochtend|sabah|rano|утром|вранці|הבוקר|sang nay|το πρωι|σήμερα το πρωί|صباحا?|الصباح|صباح اليوم)[ ,.]|今朝|今早|早上|上午|午前|오전|아침|けさ`)},
	{12, regexp.MustCompile(` (noon|midday|lunch ?time|siang|mittag|mediodia|midi)[ ,.]|中午|정오`)},
}

var (
	isoDay    = regexp.MustCompile(`\b(2[05]\d\d)[-/.](\d{1,2})[-/.](\d{1,2})\b`)
	numberDay = regexp.MustCompile(`(?:^|[ (])(\d{1,2})[/.-](\d{1,2})[/.-](2[05]\d\d|\d\d)\b`)
	shortDay  = regexp.MustCompile(`[ (](?:am |on |tgl |tanggal |el |le |il |em |dia |vom |seit )(\d{1,2})[/.](\d{1,2})\.?[ ,)]`)
	monthDay  = regexp.MustCompile(`[ (](\d{1,2})(?:st|nd|rd|th|\.|º|er)?(?: de| of)? (` + monthNames + `)[a-z]*\.?(?:,? (?:de )?(20\d\d))?[ ,.)]`)
	dayMonth  = regexp.MustCompile(`[ (](` + monthNames + `)[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (20\d\d))?[ ,.)]`)
	denseDay  = regexp.MustCompile(`(?:(20\d\d) ?[年년] ?)?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일号號]`)
	weekday   = regexp.MustCompile(` (?:(?:on|since|last|hari|am|seit|letzten|el|desde el|pasado|le|na|no|il) )?(monday|tuesday|wednesday|thursday|friday|saturday|sunday|senin|selasa|rabu|kamis|jumat|jum'at|sabtu|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lunes|martes|miercoles|jueves|viernes|sabado|domingo|segunda-feira|terca-feira|quarta-feira|quinta-feira|sexta-feira|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunedi|martedi|mercoledi|giovedi|venerdi|sabato|domenica|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)[ ,.]`)
)

const monthNames = `jan|feb|mar|maer|mrz|apr|avr|abr|may|mai|mei|mag|jun|juin|jul|juil|aug|agu|ago|aou|sep|set|oct|okt|out|ott|nov|dec|dez|des|dic|ene|gen|fev|يناير|فبراير|مارس|ابريل|مايو|يونيو|يوليو|اغسطس|سبتمبر|اكتوبر|نوفمبر|ديسمبر`

// dayIn returns the day that a sentence names. A date without a year is the last such.
func dayIn(s string, now time.Time) (dayTold, bool) {
	d := dayTold{}
	for _, p := range dayParts {
		if p.said.MatchString(s) {
			d.noon = p.hour
			break
		}
	}
	if date, ok := dateIn(s, now); ok {
		d.known, d.midnight = true, date
		return d, true
	}
	for _, w := range dayWords {
		if w.said.MatchString(s) {
			d.known = true
			d.midnight = midnight(now).AddDate(0, 0, -w.back)
			return d, true
		}
	}
	if m := weekday.FindStringSubmatch(s); m != nil {
		back := (int(now.Weekday()) - weekdayOf(m[1]) + 7) % 7
		if back == 0 && strings.Contains(m[0], "last ") {
			back = 7
		}
		d.known = true
		d.midnight = midnight(now).AddDate(0, 0, -back)
		return d, true
	}
	return d, false
}

func dateIn(s string, now time.Time) (time.Time, bool) {
	date := func(year, month, day string) (time.Time, bool) {
		switch len(year) {
		case 0:
			year = strconv.Itoa(now.Year())
			t := moment(year, month, day, "", "", "", now.Location())
			if t.After(now.Add(24 * time.Hour)) {
				t = t.AddDate(-1, 0, 0)
			}
			return t, !t.IsZero()
		case 2:
			year = "20" + year
		case 4:
			if n, _ := strconv.Atoi(year); n >= 2500 { // Thailand counts from the Buddha
				year = strconv.Itoa(n - 543)
			}
		}
		t := moment(year, month, day, "", "", "", now.Location())
		return t, !t.IsZero()
	}
	if !strings.ContainsAny(s, "0123456789") {
		return time.Time{}, false
	}
	if m := isoDay.FindStringSubmatch(s); m != nil {
		return date(m[1], m[2], m[3])
	}
	if m := numberDay.FindStringSubmatch(s); m != nil {
		if american(m[1], m[2], clockHalf.MatchString(s)) {
			return date(m[3], m[1], m[2])
		}
		return date(m[3], m[2], m[1])
	}
	if m := shortDay.FindStringSubmatch(s); m != nil {
		return date("", m[2], m[1])
	}
	if m := monthDay.FindStringSubmatch(s); m != nil {
		return date(m[3], monthOf(m[2]), m[1])
	}
	if m := dayMonth.FindStringSubmatch(s); m != nil {
		return date(m[3], monthOf(m[1]), m[2])
	}
	if m := denseDay.FindStringSubmatch(s); m != nil {
		return date(m[1], m[2], m[3])
	}
	return time.Time{}, false
}

// monthOf returns the number of a month by the beginning of its name in a European language, Indonesian or Arabic.
func monthOf(name string) string {
	for i, names := range [...]string{
		"jan ene gen يناير", "feb fev فبراير", "mar maer mrz مارس", "apr avr abr ابريل", "may mai mei mag مايو", "jun juin يونيو", "jul juil يوليو",
		"aug agu ago aou اغسطس", "sep set سبتمبر", "oct okt out ott اكتوبر", "nov نوفمبر", "dec dez des dic ديسمبر",
	} {
		for n := range strings.FieldsSeq(names) {
			if n == name {
				return strconv.Itoa(i + 1)
			}
		}
	}
	return ""
}

// weekdayOf returns the number of a weekday as package time counts them.
func weekdayOf(name string) int {
	for i, names := range [...]string{
		"sunday minggu sonntag domingo dimanche domenica zondag",
		"monday senin montag lunes segunda-feira lundi lunedi maandag",
		"tuesday selasa dienstag martes terca-feira mardi martedi dinsdag",
		"wednesday rabu mittwoch miercoles quarta-feira mercredi mercoledi woensdag",
		"thursday kamis donnerstag jueves quinta-feira jeudi giovedi donderdag",
		"friday jumat jum'at freitag viernes sexta-feira vendredi venerdi vrijdag",
		"saturday sabtu samstag sabado samedi sabato zaterdag",
	} {
		for n := range strings.FieldsSeq(names) {
			if n == name {
				return i
			}
		}
	}
	return 0
}
