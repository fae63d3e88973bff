package intake

import (
	"strings"
	"time"

	"signpost/diagnosis"
)

// Understood is what a text says. Zero values mean "not said".
type Understood struct {
	OnboardingFailure bool
	ErrorCode         int    // of several codes the one that stops the person
	CorrelationID     string // a lower-case GUID, as RequestID
	RequestID         string
	Account           string   // the one account the text names; empty when none or several could be meant
	Accounts          []string // all candidates, in order, at most five
	Product           diagnosis.Product
	Time              time.Time // as exact as was said: "this morning" is 9:00, a bare "yesterday" its noon, for want of better
	Language          string    // BCP 47 base of the person's own words; "en" for bare machine text
}

// Read understands a text. What it says of time ("this morning", "yesterday 14:05") is resolved against now and in
// now's location; a zero now leaves such times unsaid.
func Read(text string, now time.Time) Understood {
	p := newPage(text)
	codes := codesOf(p)
	code, hasCode := decisive(codes)
	at := -1
	if hasCode {
		at = code.at
	}
	ids := guidsOf(p)
	message, recognised := messageOf(p)
	u := Understood{
		OnboardingFailure: fails(p, codes, recognised),
		ErrorCode:         code.number,
		Product:           productOf(p, message),
		Time:              timeOf(p, at, now),
		Language:          languageOf(p, message),
	}
	u.CorrelationID, u.RequestID = idsOf(ids, at)
	u.Account, u.Accounts = accountsOf(p, ids)
	return u
}

// messageOf returns the article's message that a text holds. Facebook's resembles it.
func messageOf(p *page) (found, bool) {
	if p.stranger() || isFacebooks(p.folded) && !article.MatchString(p.folded) {
		return found{}, false
	}
	return messages().recognise(p.folded)
}

// fails reports whether a text tells of a failed onboarding or sign-in: in the person's own words, or by an error of
// Microsoft's that they quote and do not call over.
func fails(p *page, codes []mention, recognised bool) bool {
	written := withoutAddresses(p.wordsOf(own))
	proof := recognised || hasEvidence(p.text, p.spaced)
	for _, m := range codes {
		proof = proof || m.sure || isKnown(m.number)
	}
	switch told(written) {
	case over:
		return false
	case failed:
		return proof || !invitation.MatchString(p.text) && !isFacebooks(p.folded)
	}
	if proof || !p.stranger() && retold(written) {
		return true
	}
	// "FYI" above a mail that tells it; "thanks" above one closes the matter.
	return !closes(strings.TrimSpace(written)) && told(p.wordsOf(quoted)) == failed && !invitation.MatchString(p.text)
}
