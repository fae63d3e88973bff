package handlers

import (
	"strings"
	"time"
	"unicode"

	"signpost/bot"
	"signpost/cards"
	"signpost/diagnosis"
)

// longestAddress is the longest sign-in name: 64 characters, an @ and 255 more.
const longestAddress = 320

// longAgo is how many years back a day of the form is believed. No log reaches that far.
const longAgo = 10

// fill takes the values of the ask card into the case. It returns the id of the sentence that says what is wrong, or
// nothing. A client may have validated them, or may be hostile; the card's rules hold here too.
func (c *Case) fill(values map[string]string, a *bot.Activity, now time.Time) (problem string) {
	picked, typed := strings.TrimSpace(values[cards.InputAccount]), strings.TrimSpace(values[cards.InputAddress])
	c.Product = diagnosis.Product(values[cards.InputProduct])
	if !c.Product.Known() {
		c.Product = ""
	}
	if isObjectID(picked) && strings.EqualFold(typed, c.Account) {
		typed = "" // the address is the one that the form came with, and somebody else was picked beside it
	}
	if isObjectID(typed) {
		picked, typed = typed, ""
	}
	switch {
	case typed != "" && !isAddress(typed):
		c.about(cut(typed), cut(typed))
		return "ask.problem.upn"
	case typed != "":
		c.about(typed, typed)
	case isObjectID(picked) && strings.EqualFold(picked, a.From.AADObjectID):
		c.about(strings.ToLower(picked), a.From.Name)
	case isObjectID(picked):
		c.about(strings.ToLower(picked), "")
	default:
		c.about("", "")
		return "ask.problem.account"
	}
	at, problem := readTime(values[cards.InputDate], values[cards.InputTime], zone(a.Timezone()), now)
	if problem == "" {
		c.At = at
	}
	return problem
}

// readTime reads the day and time of the form. A day alone means its end, or now when it is today; a time alone means
// today.
func readTime(date, clock string, here *time.Location, now time.Time) (at time.Time, problem string) {
	date, clock = strings.TrimSpace(date), strings.TrimSpace(clock)
	if date == "" && clock == "" {
		return time.Time{}, ""
	}
	now = now.In(here)
	if date == "" {
		date = now.Format(time.DateOnly)
	}
	endOfDay := clock == ""
	if endOfDay {
		clock = "23:59"
	}
	at, err := time.ParseInLocation(time.DateOnly+" 15:04", date+" "+clock, here)
	switch {
	case err != nil, at.Before(now.AddDate(-longAgo, 0, 0)):
		return time.Time{}, "ask.problem.time"
	case at.After(now) && endOfDay && date == now.Format(time.DateOnly):
		return now.UTC(), ""
	case at.After(now.Add(time.Minute)):
		return time.Time{}, "ask.problem.future"
	default:
		return at.UTC(), ""
	}
}

// isAddress reports whether a text can be a sign-in name: something, an @ and a domain, without what no name may hold.
// Source: https://learn.microsoft.com/entra/identity/hybrid/connect/howto-troubleshoot-upn-changes
func isAddress(text string) bool {
	local, domain, ok := strings.Cut(text, "@")
	return ok && local != "" && len(text) <= longestAddress &&
		strings.Contains(strings.Trim(domain, "."), ".") && !strings.Contains(domain, "@") &&
		!strings.ContainsFunc(text, func(r rune) bool {
			return !unicode.IsGraphic(r) || unicode.IsSpace(r) || strings.ContainsRune(`/\?%"<>()[]{}|;:,`, r)
		})
}

// isObjectID reports whether a text is a GUID in its usual form.
func isObjectID(text string) bool {
	if len(text) != 36 {
		return false
	}
	for i, r := range text {
		switch i {
		case 8, 13, 18, 23:
			if r != '-' {
				return false
			}
		default:
			if !strings.ContainsRune("0123456789abcdefABCDEF", r) {
				return false
			}
		}
	}
	return true
}

func cut(text string) string {
	if runes := []rune(text); len(runes) > longestAddress {
		return string(runes[:longestAddress])
	}
	return text
}
