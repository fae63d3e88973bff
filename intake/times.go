package intake

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// timeOf returns when the failure happened. A machine's stamp counts before what a person tells; neither does when it
// lies more than a day ahead of now. A zero now leaves all that depends on it unsaid.
func timeOf(p *page, code int, now time.Time) time.Time {
	stamps := stampsOf(p, now)
	fresh := stamps[:0:0]
	for _, s := range stamps {
		if !s.old {
			fresh = append(fresh, s)
		}
	}
	if t, ok := stampFor(p, fresh, code); ok {
		return t
	}
	if t, ok := toldTime(p.storyOf(), now); ok {
		return t
	}
	t, _ := stampFor(p, stamps, code)
	return t
}

// storyOf returns the person's own lines, other than one that tells when a mail was sent.
func (p *page) storyOf() string {
	var b strings.Builder
	for _, l := range p.lines {
		if l.place == own && !p.tellsSending(l.start) {
			b.WriteString(p.text[l.start:l.end])
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// precision orders told times: a clock before a part of a day before a bare day.
type precision int

const (
	bareDay   precision = iota + 1 // its noon, for want of better
	partOfDay                      // "this morning"
	exact
)

// toldTime returns the most precise time that a person tells, and of equals the one nearest to a failure, or the last.
func toldTime(text string, now time.Time) (time.Time, bool) {
	if now.IsZero() {
		return time.Time{}, false
	}
	var best time.Time
	top := 0
	day := dayTold{}
	text = dotted.ReplaceAllString(after(text, 0, storyReach), "$1-$2-$3 ")
	text = dottedDay.ReplaceAllString(text, "$1 am $2.$3 ")
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == ';' || r == '!' || r == '?' || r == '。' }) {
		for sentence := range strings.SplitSeq(part, ". ") {
			t, how, said := timeIn(spoken(sentence), now, day)
			if said.known {
				day = said
			}
			if how == 0 || t.After(now.Add(24*time.Hour)) {
				continue
			}
			score := int(how) * 2
			if s := newSentence(fold(sentence)); s.says(fail) || s.says(shut) || s.says(trouble) {
				score++
			}
			if score >= top {
				best, top = t, score
			}
		}
	}
	return best, top > 0
}

var (
	halves    = regexp.MustCompile(`(\d{1,2})(?: ?h(?:eures?|oras?)?)? (?:y media|e meia|et demie|e mezza)\b`) // 9 y media is 9:30
	dotted    = regexp.MustCompile(`\b(2[05]\d\d)\. ?(\d{1,2})\. ?(\d{1,2})\.`)                                // 2026. 11. 19., as Korea writes
	dottedDay = regexp.MustCompile(`(^|[ (])(\d{1,2})\.(\d{1,2})\. `)                                          // 19.11., as Germany writes
)

// spoken is a sentence in lower case, without diacritics, single-spaced, with its punctuation and a space at both ends.
func spoken(sentence string) string {
	lower := strings.ToLower(sentence)
	if !isASCII(lower) {
		lower = accents.Replace(lower)
	}
	words := strings.Fields(lower)
	for i, w := range words {
		if long, ok := chat[w]; ok {
			words[i] = long
		}
	}
	lower = halves.ReplaceAllString(strings.Join(words, " "), "$1:30")
	return greeting.ReplaceAllString(" "+lower+" ", " ")
}

// greeting tells when a person writes, not when something failed.
var greeting = regexp.MustCompile(` (selamat (pagi|siang|sore|malam)|good (morning|afternoon|evening)|guten (morgen|abend|tag)|buen[oa]s (dias|tardes|noches)|boa (tarde|noite)|buona ?sera|goede(n)?(morgen|middag|avond))\b`)

// chat spells out what Indonesian chats shorten, and parts what other languages write in one word.
var chat = map[string]string{
	"td": "tadi", "kemaren": "kemarin", "kmren": "kemarin", "malem": "malam", "jm": "jam", "hr": "hari",
	"viertelstunde": "viertel stunde", "demi-heure": "demi heure", "d'heure": "d' heure",
}

var accents = strings.NewReplacer("á", "a", "à", "a", "ã", "a", "â", "a", "é", "e", "è", "e", "ê", "e", "í", "i", "ó", "o", "ô", "o", "ö", "o",
	"ú", "u", "ü", "u", "ñ", "n", "ç", "c", "ä", "a", "û", "u", "’", "'", "ı", "i", "ş", "s",
	"أ", "ا", "إ", "ا", "آ", "ا", "ة", "ه", "ى", "ي", "ـ", "", "\u064b", "", "\u064c", "", "\u064d", "", "\u064e", "", "\u064f", "", "\u0650", "", "\u0651", "", "\u0652", "", "،", ",")

// dayTold is the day a sentence is about.
type dayTold struct {
	known    bool
	midnight time.Time
	noon     int // the hour that stands for the part of the day, when one is said
}

// timeIn reads one sentence. Without a day of its own, a clock is read on the day told before, or at its last occurrence.
func timeIn(s string, now time.Time, told dayTold) (time.Time, precision, dayTold) {
	if t, ok := ago(s, now); ok {
		return t, exact, dayTold{}
	}
	day, ok := dayIn(s, now)
	if !ok && ahead.MatchString(s) {
		return time.Time{}, 0, dayTold{}
	}
	hour, minute, zone, clocked := clockIn(s, day.noon)
	switch {
	case clocked:
		if zone == nil {
			zone = now.Location()
		}
		if !ok {
			day = told
		}
		if day.known {
			return onDay(day.midnight, hour, minute, zone), exact, day
		}
		t := onDay(midnight(now.In(zone)), hour, minute, zone)
		if t.After(now.Add(5 * time.Minute)) {
			t = onDay(t.AddDate(0, 0, -1), hour, minute, zone)
		}
		return t, exact, dayTold{}
	case !ok:
		return time.Time{}, 0, day
	}
	if day.noon == 0 && meanwhile.MatchString(s) {
		return time.Time{}, 0, day
	}
	how := bareDay
	at := day.noon
	if at > 0 {
		how = partOfDay
	} else {
		at = 12
	}
	t := onDay(day.midnight, at, 0, now.Location())
	if t.After(now) && sameDay(t, now) {
		t = now
	}
	return t, how, day
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

func onDay(day time.Time, hour, minute int, zone *time.Location) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, zone)
}

func sameDay(a, b time.Time) bool { return a.YearDay() == b.YearDay() && a.Year() == b.Year() }

// ahead tells what lies in the future: no failure happened then.
var ahead = regexp.MustCompile(` (tomorrow|besok|lusa|next week|minggu depan|amanha|demain|domani|manana a|por la manana del|deadline|morgen um|morgen fruh|until|hingga|sampai|before|by|bis|call me|meet(ing)?|rapat|available|jam kerja|working hours) `)

// meanwhile tells a sentence about a day gone by that ends today: "yesterday it was 50105, now it is 53003".
var meanwhile = regexp.MustCompile(` (now|sekarang|jetzt|ahora|agora|maintenant|adesso|nu) `)

var (
	count = `(\d{1,4}|` + countNames() + `)`
	units = `(s(?:ec(?:ond)?s?)?|min(?:ute|uto|uut|uten|uuti)?[sn]?|minuti|m|mnt|menit|dk|dakika|h(?:ou)?rs?|h|jam|stunden?|horas?|heures?|h|ore|ora|u(?:ur|ren)?|saat|d(?:ay)?s?|hari|tag(?:en?)?|dias?|jours?|giorni|giorno|dagen|dag|gun|weeks?|minggu|wochen?|semanas?|semaines?)`

	agoEnglish = regexp.MustCompile(`[ (~]` + count + `[ -]?` + units + ` (?:ago|back|earlier|(?:yang |yg )?(?:lalu|tadi|kemarin)|silam|fa|geleden|once|atras)[ ,.)]`)
	agoBefore  = regexp.MustCompile(` (?:vor|hace|ha|il y a|for|seit|depuis) (?:about |around |etwa |ca\.? |unos |unas |cerca de |environ |circa )?` + count + ` ` + units + `[ ,.)]`)
	agoDense   = regexp.MustCompile(`(\d{1,3}|[半一二两兩三四五六七八九十]|十五|二十|三十) ?(?:个|個)?(分|時間|小时|小時|钟头|日|天|분|시간|일|분쯤)(?:钟|鐘|之)?(?:ほど|くらい|多)? ?(?:前|전)`)
	agoArabic  = regexp.MustCompile(` (?:قبل|منذ|من) (?:حوالي |نحو )?(?:(\d{1,3}|نصف|ربع) )?(دقيقه|دقيقتين|دقائق|ساعه|ساعتين|ساعات|يوم|يومين|ايام)[ ,.،]`)
	agoRussian = regexp.MustCompile(` (?:(\d{1,3}) )?(минут[уы]?|мин|час(?:а|ов)?|д(?:ень|ня|ней)|хвилин[уи]?|годин[уи]?) (?:назад|тому)`)
	agoNow     = regexp.MustCompile(` (just now|right now|a moment ago|moments ago|barusan|baru saja|baru aja|gerade eben|soeben|ahora mismo|agora mesmo|a l'instant|adesso|tout de suite|az once)[ ,.]|たった今|さっき|刚刚|刚才|剛剛|방금|только что`)
)

// ago resolves "2 hours ago" in its many languages.
func ago(s string, now time.Time) (time.Time, bool) {
	s = strings.ReplaceAll(strings.ReplaceAll(s, " sejam ", " 1 jam "), " seminggu ", " 7 hari ")
	all := []*regexp.Regexp{agoEnglish, agoBefore, agoDense, agoArabic, agoRussian}
	if isASCII(s) {
		all = all[:2]
	}
	for _, r := range all {
		m := r.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		if r == agoBefore && strings.HasPrefix(strings.TrimSpace(m[0]), "for ") {
			continue // a duration
		}
		if d := times(m[1], m[2]); d > 0 {
			return now.Add(-d), true
		}
	}
	if agoNow.MatchString(s) {
		return now, true
	}
	return time.Time{}, false
}

// counts are numbers in words, in Latin letters without diacritics, in Chinese ones, and in Arabic.
var counts = map[string]float64{
	"half an": 0.5, "setengah": 0.5, "einer halben": 0.5, "media": 0.5, "meia": 0.5, "une demi": 0.5, "半": 0.5, "نصف": 0.5,
	"a quarter of an": 0.25, "quarter of an": 0.25, "un cuarto de": 0.25, "un quart d'": 0.25, "einer viertel": 0.25, "seperempat": 0.25, "ربع": 0.25,
	"a": 1, "an": 1, "one": 1, "se": 1, "satu": 1, "ein": 1, "eine": 1, "einer": 1, "einem": 1, "un": 1, "una": 1, "uno": 1, "um": 1, "uma": 1, "une": 1, "een": 1, "bir": 1, "一": 1,
	"two": 2, "a couple of": 2, "couple of": 2, "dua": 2, "zwei": 2, "dos": 2, "dois": 2, "duas": 2, "deux": 2, "twee": 2, "iki": 2, "二": 2, "两": 2, "兩": 2,
	"three": 3, "a few": 3, "tiga": 3, "drei": 3, "ein paar": 3, "tres": 3, "trois": 3, "beberapa": 3, "三": 3,
	"four": 4, "empat": 4, "vier": 4, "cuatro": 4, "quatro": 4, "quatre": 4, "四": 4,
	"five": 5, "lima": 5, "funf": 5, "cinco": 5, "cinq": 5, "五": 5, "six": 6, "enam": 6, "sechs": 6, "seis": 6, "六": 6, "七": 7, "八": 8, "九": 9,
	"ten": 10, "sepuluh": 10, "zehn": 10, "diez": 10, "dez": 10, "dix": 10, "十": 10,
	"fifteen": 15, "lima belas": 15, "funfzehn": 15, "quince": 15, "quinze": 15, "十五": 15,
	"twenty": 20, "dua puluh": 20, "zwanzig": 20, "veinte": 20, "vinte": 20, "vingt": 20, "二十": 20,
	"thirty": 30, "tiga puluh": 30, "dreissig": 30, "dreißig": 30, "treinta": 30, "trinta": 30, "trente": 30, "三十": 30,
}

// countNames are the counts in Latin letters as alternatives of a regular expression, the longest first.
func countNames() string {
	var names []string
	for name := range counts {
		if isASCII(name) || name == "dreißig" {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	return strings.Join(names, "|")
}

// times returns how long a count of units is, 0 when that is too long ago to matter.
func times(count, unit string) time.Duration {
	n, named := counts[count]
	if digits, err := strconv.Atoi(count); err == nil {
		n, named = float64(digits), true
	}
	if !named { // "منذ ساعة": an hour ago
		n = 1
	}
	if strings.HasSuffix(unit, "ين") { // the Arabic dual
		n = 2
	}
	each := unitOf(unit)
	if n*float64(each) > float64(400*24*time.Hour) {
		return 0
	}
	return time.Duration(n * float64(each))
}

func unitOf(unit string) time.Duration {
	switch {
	case startsAny(unit, []string{"week", "minggu", "woche", "seman", "semaine"}):
		return 7 * 24 * time.Hour
	case startsAny(unit, []string{"d", "hari", "tag", "jour", "giorn", "gun", "日", "天", "일", "д", "يوم", "ايام"}) && !strings.HasPrefix(unit, "dk") && !strings.HasPrefix(unit, "dakika"):
		return 24 * time.Hour
	case startsAny(unit, []string{"m", "dk", "dakika", "分", "분", "мин", "хв", "دق"}):
		return time.Minute
	case startsAny(unit, []string{"sa", "stunde"}) || !strings.HasPrefix(unit, "s"):
		return time.Hour
	}
	return time.Second
}
