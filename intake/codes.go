package intake

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"signpost/diagnosis"
)

// mention is an AADSTS code that a text names.
type mention struct {
	number int
	at     int  // offset in the plain text
	sure   bool // it says AADSTS, or stands in a member or address of Microsoft's
	weight int
}

// mentionLimit bounds how many numbers of a text are looked at.
const mentionLimit = 400

var (
	aadsts = regexp.MustCompile(`(?i)(?:aadsts|\b(?:aad ?sts|adsts|aadst|aasts|aadts|addsts|aadstss|aaadsts))(?:[\s:_#=-]|error|code){0,4}(\d{5,8})`)
	member = regexp.MustCompile(`(?i)"?\b(?:error_?codes?|errornumber|resulttype|error_?number|status_?code)"?\s*[:=]\s*\[?\s*"?((?:\d{5,7}"?\s*,?\s*"?)+)`)
	lookup = regexp.MustCompile(`(?i)(?:login\.microsoftonline\.(?:com|us|cn)|login\.partner\.microsoftonline\.cn|login\.windows\.net)?/error/?(?:\?|\s)+code=(?:aadsts)?(\d{5,7})\b`)
	number = regexp.MustCompile(`\d+`)
)

// codesOf returns the codes that a text names, in order.
func codesOf(p *page) []mention {
	var all []mention
	add := func(digits string, at int, sure bool) {
		n, err := strconv.Atoi(digits)
		if err != nil || n < 10000 || n > 9999999 || slices.ContainsFunc(all, func(m mention) bool { return m.at == at }) {
			return
		}
		all = append(all, mention{number: n, at: at, sure: sure, weight: p.weigh(n, at)})
	}
	for _, m := range aadsts.FindAllStringSubmatchIndex(p.text, mentionLimit) {
		add(p.text[m[2]:m[3]], m[2], true)
	}
	for _, m := range lookup.FindAllStringSubmatchIndex(p.text, mentionLimit) {
		add(p.text[m[2]:m[3]], m[2], true)
	}
	for _, m := range member.FindAllStringSubmatchIndex(p.text, mentionLimit) {
		for _, d := range number.FindAllStringIndex(p.text[m[2]:m[3]], mentionLimit) {
			from, to := m[2]+d[0], m[2]+d[1]
			if n, err := strconv.Atoi(p.text[from:to]); err == nil && isKnown(n) {
				add(p.text[from:to], from, !p.stranger())
			}
		}
	}
	if !p.stranger() {
		for _, d := range number.FindAllStringIndex(p.text, mentionLimit) {
			if d[1]-d[0] >= 5 && d[1]-d[0] <= 7 && p.calledCode(d[0], d[1]) {
				add(p.text[d[0]:d[1]], d[0], false)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b mention) int { return a.at - b.at })
	return all
}

// decisive returns the code that stops the person, and false when there is none. A refusal counts before a step of a
// sign-in that may stay unfinished, and that before an ordinary step (diagnosis.Interrupt); a code that the writer
// takes back ("not 50126", "instead of") or that stands in an older mail counts less. Among equals the last one counts:
// a log ends with what it failed of, and people tell their story in order.
func decisive(all []mention) (mention, bool) {
	var best mention
	for i, m := range all {
		if i == 0 || m.weight >= best.weight {
			best = m
		}
	}
	return best, len(all) > 0
}

func (p *page) weigh(n, at int) int {
	weight := 3
	if c, ok := diagnosis.LookUp(n); ok {
		switch c.Interrupt {
		case diagnosis.InterruptYes:
			weight = 1
		case diagnosis.InterruptStep:
			weight = 2
		}
	}
	if takenBack.MatchString(" " + fold(p.leadIn(at, 60)) + " ") {
		weight -= 10
	}
	if placeAt(p.lines, at) == quoted {
		weight -= 5
	}
	return weight
}

var takenBack = regexp.MustCompile(` (not|no longer|isnt|wasnt|instead of|rather than|bukan|bukan lagi|nicht|kein|statt|no es|nao e|pas|used to be|previously|earlier|before|sebelumnya|dulu|last week|minggu lalu) (the |a |an |by |error |code |error code |it was |got |was |kode |galat |kode galat |den |de |aadsts )*(aadsts )?$`)

// leadIn returns what stands before offset i in its sentence, at most n bytes.
func (p *page) leadIn(i, n int) string {
	lead := before(p.text, i, n)
	if cut := strings.LastIndexAny(lead, "\n;"); cut >= 0 {
		lead = lead[cut+1:]
	}
	if cut := strings.LastIndex(lead, ". "); cut >= 0 {
		lead = lead[cut+2:]
	}
	return lead
}

// calledCode reports whether the digits from..to are called an error code by the words beside them. A number of
// Windows, Intune or HTTP is none, nor a part of something longer (a hexadecimal code, a date, a telephone number).
func (p *page) calledCode(from, to int) bool {
	if partOfMore(p.text, from, to) {
		return false
	}
	n, _ := strconv.Atoi(p.text[from:to])
	if p.folded == p.text[from:to] { // all that was written
		return isKnown(n)
	}
	lead := " " + fold(p.leadIn(from, 60))
	known := isKnown(n)
	if others.MatchString(lead+" ") && !known || counted.MatchString(lead) {
		return false
	}
	if endsWith(fillers.ReplaceAllString(lead, ""), codeWords()) {
		return true
	}
	if !known {
		return false
	}
	if n%1000 != 0 && gotten.MatchString(lead) {
		return true
	}
	words := fillers.ReplaceAllString(lead, "")
	return endsWith(lead, errorWords()) || endsWith(words, errorWords()) || startsWith(fold(after(p.text, to, 40)), errorWords())
}

func partOfMore(text string, from, to int) bool {
	if from > 0 && (isWordByte(text[from-1]) || strings.IndexByte("-+._/\\$€", text[from-1]) >= 0) {
		return true
	}
	if to < len(text) && (isWordByte(text[to]) || strings.IndexByte("-/\\_%", text[to]) >= 0) {
		return true
	}
	return to+1 < len(text) && strings.IndexByte(".,:", text[to]) >= 0 && isWordByte(text[to+1]) && '0' <= text[to+1] && text[to+1] <= '9'
}

func isKnown(n int) bool {
	_, ok := diagnosis.LookUp(n)
	return ok
}

var (
	// fillers stand between "error code" and the number.
	fillers = regexp.MustCompile(`( (is|was|of|number|no|nr|id|adalah|yaitu|ialah|ini|ist|lautet|war|es|fue|e|est|the|a|an|with|dengan|mit|con|com|avec|kode|code|aad|azure ad|entra|entra id|microsoft|sign in|returned|said|says|shows|berikut))+$`)
	counted = regexp.MustCompile(` (invoice|order|ticket|case|room|plz|postal|zip|postal code|zip code|kode pos|code postal|codigo postal|postleitzahl|faktur|tiket|rechnung|factura|facture|fatura)( (no|nr|number|nomor|nummer))?$`)
	// gotten ends what says that one gets something; a round number would be a sum or a count.
	gotten = regexp.MustCompile(` (get|gets|got|getting|give|gives|gave|giving|return|returns|returned|throw|throws|show|shows|see|saw|say|says|then|muncul|dapat|keluar|kena|lalu|kemudian|bekomme|bekommen|kommt|dann|obtengo|sale|luego|recebo|depois|recois|puis|what is|whats|what does|what about|apa itu|apa arti|arti|was ist|was bedeutet|que es|que significa|o que e|c est quoi)$`)
	others = regexp.MustCompile(` (windows|win32|intune|mdm|hresult|http|status|exit|sql|oracle|office|printer|event|outlook|excel|vpn|modem) (\w+ ){0,3}`)
)

// codeWords are "error code" in the languages of messages.csv, folded.
var codeWords = sync.OnceValue(func() []string {
	return foldAll(`error code; errorcode; error codes; error number; err code; sign in code; code error; failure code; aadsts; aadsts error; aadsts code;
	kode galat; kode kesalahan; kode error; kode eror; galat kode; nomor galat; error kode; fehlercode; fehlernummer; fehler code;
	codigo de error; codigo del error; cod error; codigo de erro; codigo do erro; code d erreur; code erreur; code de l erreur; codice errore; codice di errore;
	codice dell errore; foutcode; fejlkode; feilkode; felkod; virhekoodi; kod bledu; kod chyby; hibakod; cod de eroare; codul de eroare; hata kodu; ma loi;
	エラー コード; エラーコード; 错误代码; 错误码; 错误代号; 錯誤代碼; 錯誤碼; 오류 코드; 오류코드; 에러 코드; رمز الخطا; رمز خطا; كود الخطا;
	код ошибки; код помилки; код на грешка; код на грешката; קוד שגיאה; קוד השגיאה; κωδικος σφαλματος; รหัสข้อผิดพลาด; kod greske; kod pogreske; sifra greske;
	koda napake; veakood; tõrkekood; kludas kods; klaidos kodas`)
})

// errorWords are words beside which a number of the code table is an error code.
var errorWords = sync.OnceValue(func() []string {
	return foldAll(`error; err; errors; eror; fail; fails; failed; failing; failure; code; kode; galat; kesalahan; gagal; fehler; meldung; fehlgeschlagen; erreur; erro; errore; fout;
	fejl; feil; fel; virhe; blad; chyba; hiba; eroare; hata; loi; エラー; 错误; 錯誤; 报错; 오류; 에러; خطا; ошибка; ошибку; ошибкой; помилка; blocked; diblokir; denied; codigo; sign in; hatasi; hatasini; kodu; とは; 是什么; 什么意思; 무슨`)
})

func foldAll(list string) []string {
	var all []string
	for w := range strings.SplitSeq(list, ";") {
		all = append(all, fold(w))
	}
	return all
}

// endsWith reports whether a folded text ends with one of the words; only words beyond ASCII may be part of another.
func endsWith(folded string, words []string) bool {
	for _, w := range words {
		if rest, ok := strings.CutSuffix(folded, w); ok && (rest == "" || rest[len(rest)-1] == ' ' || !isASCII(w)) {
			return true
		}
	}
	return false
}

func startsWith(folded string, words []string) bool {
	for _, w := range words {
		if rest, ok := strings.CutPrefix(folded, w); ok && (rest == "" || rest[0] == ' ' || !isASCII(w)) {
			return true
		}
	}
	return false
}
