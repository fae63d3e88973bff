package intake

import (
	"regexp"
	"strings"
)

// verdict is what a stretch of text says about an onboarding or a sign-in.
type verdict int

const (
	silent verdict = iota
	failed
	over // it failed and no longer does
)

// evidence are the parts of a text that tell of a failure by themselves: the names of Microsoft's sign-in libraries'
// errors, the phrases of its error pages, and the Windows codes of enrolment (0x8018....), device registration
// (0x801c....) and the token broker (0xcaa.....).
var evidence = regexp.MustCompile(`(?i)\b(msal(uirequired|service|client|security)?exception|msal(ui)?requiredexception|adal(service|silent\w*|claimchallenge)?exception|interactionrequiredautherror|browserautherror|servererror: aadsts|adalexception|clientautherror: |aadsts\d{4,8}|0x8018[0-9a-f]{4}|0x801c[0-9a-f]{4}|(0x)?caa[2-8][0-9a-f]{4}|authenticationfailedexception|credentialunavailable(exception|error))\b`)

// oauth is the body of a refused token request; Google and others write such bodies too.
var (
	oauth      = regexp.MustCompile(`(?i)"?error"?\s*[:=]\s*"?(invalid_grant|interaction_required|login_required|consent_required|unauthorized_client|invalid_client|access_denied|invalid_resource|temporarily_unavailable|server_error|expired_token)\b`)
	microsofts = regexp.MustCompile(`(?i)(aadsts|"error_codes"|"trace_id"|"correlation_id"|login\.microsoftonline\.|login\.windows\.net|sts\.windows\.net|error_uri"\s*:\s*"https://login\.micro)`)
)

// pages are phrases of Microsoft's own error pages and sign-in logs, folded.
var pages = []string{
	" you cannot access this right now ", " you cant access this right now ", " you cant get there from here ", " trouble signing you in ",
	" your sign in was successful but does not meet the criteria ", " troubleshooting details ", " help us keep your device secure ",
	" sign in error code ", " your account has been blocked ", " access has been blocked by conditional access ",
	" set up your device to get access ", " we couldnt sign you in ", " sign in was blocked ", " your organization has disabled this device ",
	" anda tidak dapat mengakses ini sekarang ", " you cannot get there from here ",
}

// invitation tells meeting invitations and announcements, which talk of onboarding and of trouble and mean neither.
var invitation = regexp.MustCompile(`(?i)(begin:vcalendar|meeting id|id rapat|besprechungs-id|id de (la )?reuni[oó]n|id da reuni|passcode|join the meeting|join zoom|microsoft teams meeting|you(’|')?(re| are) invited|you are invited|save the date|webinar|rsvp|undangan|calendar invit|teams-besprechung|invitation:)`)

// hasEvidence reports whether a text is, or quotes, an error of Microsoft's sign-in.
func hasEvidence(text, spaced string) bool {
	return evidence.MatchString(text) || oauth.MatchString(text) && microsofts.MatchString(text) || hasAny(spaced, pages)
}

// told judges what a person tells in own words, sentence by sentence; of several verdicts the last counts.
func told(text string) verdict {
	whole := " " + fold(text) + " "
	stranger, microsoft := hasStranger(whole), hasAny(whole, family)
	if stranger && !microsoft {
		return silent
	}
	all := sentencesOf(text)
	v := silent
	for i, s := range all {
		if stranger && hasStranger(s.spaced) && !hasAny(s.spaced, family) {
			continue
		}
		var previous, next *sentence
		if i > 0 {
			previous = &all[i-1]
		}
		if i+1 < len(all) {
			next = &all[i+1]
		}
		switch judge(s, previous, next, microsoft) {
		case failed:
			v = failed
		case over:
			v = over
		}
	}
	return v
}

// judge judges one sentence; its neighbours say what "it" is.
func judge(s sentence, previous, next *sentence, microsoft bool) verdict {
	s, denied := s.without(noFail)
	well := max(s.last(fine), s.last(solved))
	s, unwell := s.without(notFine)
	if unwell {
		well = max(s.last(fine), s.last(solved))
	}
	closed := s.last(solved)
	bad := max(s.last(fail), s.last(shut))
	if unwell {
		bad = max(bad, 0.5)
	}
	if well < 0 && !denied {
		bad = max(bad, s.last(trouble))
	}
	switch contrast := s.last(but); {
	case closed >= 0 && closed > bad:
		return over
	case denied && bad < contrast:
		bad = -1
	case well >= 0 && bad <= well && bad <= contrast:
		bad = -1
	}
	switch {
	case bad < 0 && denied && s.says(act):
		return over
	case bad < 0:
		return silent
	case wonders(s.spaced):
		return silent
	case s.says(act), s.says(lockable) && s.says(shut):
		return failed
	case microsoft && (hasAny(s.spaced, family) || vague(s)) && (s.says(atPlace) || s.says(lockable)):
		return failed
	case vague(s) && (startsStory(previous) || startsStory(next)):
		return failed
	}
	return silent
}

// vague tells a sentence whose subject stands elsewhere: "it fails", "I always get an error".
func vague(s sentence) bool {
	if hasStranger(s.spaced) {
		return false
	}
	return len(strings.Fields(s.spaced)) <= 7 || strings.Contains(s.spaced, " it ") || strings.Contains(s.spaced, " this ") ||
		strings.Contains(s.spaced, " get an ") || strings.Contains(s.spaced, " always ") || strings.Contains(s.spaced, " muncul ")
}

// startsStory tells a sentence that names an onboarding or a sign-in and leaves open how it went.
func startsStory(s *sentence) bool {
	return s != nil && s.says(act) && !s.says(fine) && !s.says(noFail) && !wonders(s.spaced) && !question.MatchString(s.spaced)
}

var (
	question = regexp.MustCompile(`^ (how do|how can|how to|where do|where can|bagaimana cara|gimana cara|cara |wie kann|wie melde|como puedo|comment)`)
	supposed = regexp.MustCompile(` (what happens (if|when)|what if|in case|should (it|this|the|my) \w+ fail|is there (a|an|any) (\w+ )?(guide|doc|docs|documentation|article|manual|faq|page|instruction|instructions|checklist|training|runbook|policy)|do we have (a|an|any) (guide|doc|docs|documentation|article|runbook)|who (handles|looks after|is responsible)|(apakah )?ada(kah)? (panduan|dokumentasi|artikel)|gibt es (eine )?(anleitung|dokumentation)|if (it|this|the login|the sign in|sign in|login|enrolment|enrollment|onboarding) (fails|does not work|doesnt work)|apa yang terjadi (jika|kalau|bila)|bagaimana kalau|was passiert wenn|que pasa si|que se passe t il si|o que acontece se) `)
)

// wonders tells a question about what might happen.
func wonders(spaced string) bool { return supposed.MatchString(spaced) }

// storyReach and storySentences bound how much is read as a person's own words.
const (
	storyReach     = 24 << 10
	storySentences = 240
)

// sentencesOf splits a text into folded sentences. A line that a mail program broke goes on in the next one.
func sentencesOf(text string) []sentence {
	text = after(text, 0, storyReach)
	var all []sentence
	from := 0
	for i := 0; i < len(text) && len(all) < storySentences; {
		size := sentenceEnd(text, i)
		if size == 0 {
			i++
			continue
		}
		if folded := fold(text[from:i]); folded != "" {
			all = append(all, newSentence(folded))
		}
		i += size
		from = i
	}
	if folded := fold(text[from:]); folded != "" && len(all) < storySentences {
		all = append(all, newSentence(folded))
	}
	return all
}

// sentenceEnd returns the length of the end of a sentence at i, 0 when the sentence goes on.
func sentenceEnd(text string, i int) int {
	switch c := text[i]; c {
	case '\n':
		if i > 50 && strings.LastIndexByte(text[i-50:i], '\n') < 0 && i+1 < len(text) && 'a' <= text[i+1] && text[i+1] <= 'z' {
			return 0
		}
		return 1
	case '.', '!', '?', ';':
		if i+1 == len(text) || strings.IndexByte(" \n\t\"')", text[i+1]) >= 0 {
			return 1
		}
	case 0xe3:
		if strings.HasPrefix(text[i:], "。") {
			return len("。")
		}
	case 0xd8:
		if strings.HasPrefix(text[i:], "؟") {
			return len("؟")
		}
	}
	return 0
}

// retold reports whether a sentence says what the article's message says, in other words.
func retold(text string) bool {
	for _, s := range sentencesOf(text) {
		s, denied := s.without(noFail)
		if !denied && s.says(checking) && s.says(token) && s.says(mistake) && !wonders(s.spaced) {
			return true
		}
	}
	return false
}
