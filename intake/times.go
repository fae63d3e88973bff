package intake

import (
	"regexp"
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
	for part := range strings.FieldsFuncSeq(after(text, 0, storyReach), func(r rune) bool { return r == '\n' || r == ';' || r == '!' || r == '?' || r == '。' }) {
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

// spoken is a sentence in lower case, without diacritics, single-spaced, with its punctuation and a space at both ends.
func spoken(sentence string) string {
	lower := strings.ToLower(sentence)
	if !isASCII(lower) {
		lower = accents.Replace(lower)
	}
	return chat.Replace(greeting.ReplaceAllString(" "+strings.Join(strings.Fields(lower), " ")+" ", " "))
}

// greeting tells when a person writes, not when something failed.
var greeting = regexp.MustCompile(` (selamat (pagi|siang|sore|malam)|good (morning|afternoon|evening)|guten (morgen|abend|tag)|buen[oa]s (dias|tardes|noches)|boa (tarde|noite)|buona ?sera|goede(n)?(morgen|middag|avond))\b`)

// chat spells out what Indonesian chats shorten.
var chat = strings.NewReplacer(" td ", " tadi ", " kemaren ", " kemarin ", " kmren ", " kemarin ", " jm ", " jam ", " hr ini ", " hari ini ")

var accents = strings.NewReplacer("á", "a", "à", "a", "ã", "a", "â", "a", "é", "e", "è", "e", "ê", "e", "í", "i", "ó", "o", "ô", "o", "ö", "o",
	"ú", "u", "ü", "u", "ñ", "n", "ç", "c", "ä", "a", "û", "u", "’", "'", "ı", "i", "ş", "s")

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
	count = `(\d{1,4}|an?|one|two|three|four|five|six|ten|half an|a few|se|satu|dua|tiga|empat|lima|setengah|ein(?:e[rnm]?)?|zwei|drei|einer halben|una?|uno|dos|tres|media|uma?|dois|duas|meia|une?|deux|trois|een|twee|bir|iki)`
	units = `(s(?:ec(?:ond)?s?)?|min(?:ute|uto|uut|uten|uuti)?[sn]?|minuti|m|mnt|menit|dk|dakika|h(?:ou)?rs?|h|jam|stunden?|horas?|heures?|h|ore|ora|u(?:ur|ren)?|saat|d(?:ay)?s?|hari|tag(?:en?)?|dias?|jours?|giorni|giorno|dagen|dag|gun|weeks?|minggu|wochen?|semanas?|semaines?)`

	agoEnglish = regexp.MustCompile(`[ (~]` + count + `[ -]?` + units + ` (?:ago|back|earlier|(?:yang |yg )?(?:lalu|tadi|kemarin)|silam|fa|geleden|once|atras)[ ,.)]`)
	agoBefore  = regexp.MustCompile(` (?:vor|hace|ha|il y a|for|seit|depuis) (?:about |around |etwa |ca\.? |unos |unas |cerca de |environ |circa )?` + count + ` ` + units + `[ ,.)]`)
	agoDense   = regexp.MustCompile(`(\d{1,3}) ?(分|時間|小时|小時|个小时|個小時|日|天|분|시간|일|분쯤)(?:钟|鐘)?(?:ほど|くらい)? ?(?:前|전)`)
	agoRussian = regexp.MustCompile(` (?:(\d{1,3}) )?(минут[уы]?|мин|час(?:а|ов)?|д(?:ень|ня|ней)|хвилин[уи]?|годин[уи]?) (?:назад|тому)`)
	agoNow     = regexp.MustCompile(` (just now|right now|a moment ago|moments ago|barusan|baru saja|baru aja|gerade eben|soeben|ahora mismo|agora mesmo|a l'instant|adesso|tout de suite|az once)[ ,.]|たった今|さっき|刚刚|刚才|剛剛|방금|только что`)
)

// ago resolves "2 hours ago" in its many languages.
func ago(s string, now time.Time) (time.Time, bool) {
	s = strings.ReplaceAll(strings.ReplaceAll(s, " sejam ", " 1 jam "), " seminggu ", " 7 hari ")
	for _, r := range []*regexp.Regexp{agoEnglish, agoBefore, agoDense, agoRussian} {
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

func times(count, unit string) time.Duration {
	n := 1.0
	switch count {
	case "two", "dua", "zwei", "dos", "dois", "duas", "deux", "twee", "iki":
		n = 2
	case "three", "tiga", "drei", "tres", "trois", "a few":
		n = 3
	case "four", "empat":
		n = 4
	case "five", "lima":
		n = 5
	case "six":
		n = 6
	case "ten":
		n = 10
	case "half an", "setengah", "einer halben", "media", "meia":
		n = 0.5
	default:
		if digits, err := strconv.Atoi(count); err == nil {
			n = float64(digits)
		}
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
	case startsAny(unit, []string{"d", "hari", "tag", "jour", "giorn", "gun", "日", "天", "일", "д"}) && !strings.HasPrefix(unit, "dk") && !strings.HasPrefix(unit, "dakika"):
		return 24 * time.Hour
	case startsAny(unit, []string{"m", "dk", "dakika", "分", "분", "мин", "хв"}):
		return time.Minute
	case startsAny(unit, []string{"sa", "stunde"}) || !strings.HasPrefix(unit, "s"):
		return time.Hour
	}
	return time.Second
}
