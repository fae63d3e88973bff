package intake

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// place says whose words a line holds.
type place int

const (
	own       place = iota // the writer's, or a log they pasted
	heading                // From:, To:, Sent: of a mail
	signature              // below "Kind regards"
	quoted                 // an earlier mail, theirs or another's
)

// line is a stretch of the plain text, without its newline.
type line struct {
	start, end int
	place      place
}

// linesOf tells the lines of a plain text apart.
func linesOf(text string) []line {
	var lines []line
	place := own
	afterHeading, begun := false, false // begun: the writer has said something
	for start := 0; start <= len(text); {
		end := strings.IndexByte(text[start:], '\n')
		if end < 0 {
			end = len(text) - start
		}
		l := line{start: start, end: start + end}
		words := strings.TrimSpace(text[l.start:l.end])
		switch {
		case strings.HasPrefix(words, ">"):
			l.place = quoted
		case introducesReply(words) || replyRule.MatchString(after(words, 0, 100)):
			place, l.place = quoted, quoted
		case isHeading(words):
			l.place = heading
			if start > 0 && senderLine.MatchString(after(words, 0, 60)) && begun {
				place = quoted // Outlook puts the old mail, headings first, below the new one
			}
		case afterHeading && words != "" && (text[l.start] == ' ' || text[l.start] == '\t') && strings.Contains(words, "@"):
			l.place = heading // the folded rest of a long To:
		case place == own && begun && closes(words):
			place, l.place = signature, signature
		case place == own && (looksSigned(words) || deviceLine.MatchString(after(words, 0, 60))):
			l.place = signature
		default:
			if place == signature && machineLine(words) {
				place = own // a log pasted below the signature
			}
			l.place = place
		}
		afterHeading = l.place == heading
		begun = begun || l.place == own && len(words) > 3
		lines = append(lines, l)
		start = l.end + 1
	}
	return lines
}

// isHeading reports whether a line is From:, To: and the like.
func isHeading(words string) bool {
	words = after(words, 0, 60)
	return strings.Contains(words, ":") && headingLine.MatchString(words)
}

// introducesReply reports whether a line says who wrote what follows it.
func introducesReply(words string) bool {
	words = strings.TrimSpace(after(words, 0, 400))
	if !strings.HasSuffix(words, ":") { // nearly every line
		return false
	}
	return replyLine.MatchString(words) || replyDense.MatchString(words)
}

// placeAt returns the place of the line that holds offset i; lines are in order.
func placeAt(lines []line, i int) place {
	if n := lineIndex(lines, i); n >= 0 {
		return lines[n].place
	}
	return own
}

// lineIndex returns the index of the line that holds offset i, -1 when none does.
func lineIndex(lines []line, i int) int {
	n, _ := slices.BinarySearchFunc(lines, i, func(l line, i int) int { return cmp.Compare(l.end, i) })
	if i < 0 || n == len(lines) {
		return -1
	}
	return n
}

var (
	headingLine = regexp.MustCompile(`(?i)^[*_\s]*(from|to|cc|bcc|sent|reply-to|return-path|delivered-to|message-id|sender|organizer|attendees?|required|optional|von|an|gesendet|de|para|cco|enviado|à|envoyé|dari|kepada|tembusan|dikirim|da|a|inviato|aan|van|verzonden|差出人|宛先|送信日時|发件人|收件人|抄送|发送时间|寄件者|收件者|보낸 사람|받는 사람|من|إلى)[*_]*\s*:`)
	senderLine  = regexp.MustCompile(`(?i)^[*_\s]*(from|von|de|dari|da|van|差出人|发件人|寄件者|보낸 사람|من)[*_]*\s*:`)
	replyLine   = regexp.MustCompile(`(?i)^(on|am|le|el|em|pada|il|op|den)\b.{4,280}(wrote|schrieb|écrit|escribió|escreveu|menulis|ha scritto|schreef|skrev)\b.{0,100}:\s*$`)
	replyDense  = regexp.MustCompile(`^(20\d\d ?[年년/.-]|在|于|في|يوم).{4,280}(<\S+@\S+>|写道|寫道|작성|كتب).{0,20}[:：]\s*$`)
	replyRule   = regexp.MustCompile(`(?i)^-{2,}\s*(original message|forwarded message|ursprüngliche nachricht|mensaje original|mensagem original|message d'origine|pesan asli|pesan terusan|元のメッセージ|原始邮件)`)
	deviceLine  = regexp.MustCompile(`(?i)^(sent from|get outlook for|gesendet von|von meinem \w+ gesendet|envoyé de(puis)?|enviado (desde|do|a partir)|dikirim dari|inviato da|verzonden vanaf) (my |mein|mon |mi |meu |outlook|mail|iphone|android|\w+ ?$)`)
	phone       = regexp.MustCompile(`(?i)(\+\d[\d ().-]{7,}\d|\b(tel|phone|mobile|mob|hp|telp|www)\b[.:])`)
	machine     = regexp.MustCompile(`(?i)(aadsts\d|correlation.?id|request.?id|trace.?id|timestamp|error|"\w+"\s*:|[0-9a-f]{8}-[0-9a-f]{4}-|^\s*[{\[])`)
)

// closings end a letter when they have a line for themselves; folded.
var closings = []string{
	"regards", "best regards", "kind regards", "warm regards", "with kind regards", "many thanks", "thanks", "thanks in advance",
	"thank you", "thank you in advance", "thanks and regards", "thanks regards", "thx", "cheers", "best", "sincerely", "yours sincerely", "br", "sent from my iphone",
	"salam", "salam hormat", "hormat saya", "terima kasih", "terimakasih", "terima kasih banyak", "makasih", "hormat kami",
	"mit freundlichen grussen", "freundliche grusse", "viele grusse", "beste grusse", "mfg", "danke", "vielen dank", "danke und gruss", "gruss",
	"saludos", "saludos cordiales", "un saludo", "gracias", "muchas gracias", "atentamente", "cordialmente",
	"atenciosamente", "obrigado", "obrigada", "abraco", "cumprimentos", "cordialement", "bien cordialement", "merci", "merci d avance",
	"bonne journee", "cordiali saluti", "grazie", "met vriendelijke groet", "groeten",
	"敬具", "よろしくお願いします", "よろしくお願いいたします", "此致", "谢谢", "감사합니다", "شكرا", "مع التحيه",
}

// closes reports whether a line is nothing but the close of a letter.
func closes(words string) bool {
	if words == "--" || words == "-- " || words == "__" {
		return true
	}
	if words == "" || len(words) > 60 {
		return false
	}
	return closingWords()[fold(words)]
}

var closingWords = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for _, c := range closings {
		set[fold(c)] = true
	}
	return set
})

// looksSigned reports whether a line is a business card.
func looksSigned(words string) bool {
	return strings.Contains(words, "@") && len(words) < 300 && (strings.Count(words, "|") >= 2 || phone.MatchString(words)) &&
		!machineLine(words)
}

func machineLine(words string) bool { return machine.MatchString(after(words, 0, 400)) }
