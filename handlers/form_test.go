package handlers_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"signpost/bot"
	"signpost/cards"
)

func inZone(a bot.Activity, zone string) bot.Activity {
	a.Entities = []bot.Entity{{Type: "clientInfo", Timezone: zone}}
	return a
}

func TestWhenTheFormSaysThatItFailed(t *testing.T) {
	t.Parallel()
	utc := func(year int, month time.Month, day, hour, minute int) time.Time {
		return time.Date(year, month, day, hour, minute, 0, 0, time.UTC)
	}
	tests := map[string]struct {
		zone, day, clock string
		want             time.Time
		problem          string
	}{
		"neither":                           {"Asia/Jakarta", "", "", time.Time{}, ""},
		"both":                              {"Asia/Jakarta", "2026-11-24", "18:30", utc(2026, 11, 24, 11, 30), ""},
		"in no known zone":                  {"Mars/Olympus", "2026-11-24", "11:30", utc(2026, 11, 24, 11, 30), ""},
		"a zone that is a path":             {"../../etc/passwd", "2026-11-24", "11:30", utc(2026, 11, 24, 11, 30), ""},
		"a day alone is its end":            {"Asia/Jakarta", "2026-11-23", "", utc(2026, 11, 23, 16, 59), ""},
		"today alone is now":                {"Asia/Jakarta", "2026-11-24", "", noon, ""},
		"a time alone is today":             {"Pacific/Auckland", "", "00:30", utc(2026, 11, 24, 11, 30), ""},
		"today there, yesterday here":       {"Pacific/Auckland", "2026-11-25", "00:30", utc(2026, 11, 24, 11, 30), ""},
		"a clock that runs ahead":           {"", "2026-11-24", "12:01", utc(2026, 11, 24, 12, 1), ""},
		"later today":                       {"Asia/Jakarta", "2026-11-24", "20:00", time.Time{}, "ask.problem.future"},
		"tomorrow":                          {"Asia/Jakarta", "2026-11-25", "", time.Time{}, "ask.problem.future"},
		"an hour that the spring left out":  {"Europe/Berlin", "2026-03-29", "02:30", utc(2026, 3, 29, 1, 30), ""},
		"an hour that the autumn had twice": {"Europe/Berlin", "2026-10-25", "02:30", utc(2026, 10, 25, 1, 30), ""},
		"no day of the calendar":            {"", "2026-02-30", "", time.Time{}, "ask.problem.time"},
		"no time of the day":                {"", "2026-11-24", "25:00", time.Time{}, "ask.problem.time"},
		"no date at all":                    {"", "yesterday", "", time.Time{}, "ask.problem.time"},
		"the year 0":                        {"Asia/Jakarta", "0000-01-01", "00:00", time.Time{}, "ask.problem.time"},
		"the year 1":                        {"", "0001-01-01", "00:00", time.Time{}, "ask.problem.time"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage()
			s.say(t, anaID, personal, "m1", "There was an error validating access token")
			press := inZone(presses(anaID, personal, "i1", "bot-1", cards.VerbCheck, about(s.cases.only(t),
				cards.InputAccount, anaID, cards.InputDate, test.day, cards.InputTime, test.clock)), test.zone)
			if test.problem != "" {
				s.wantCard(t, press, test.problem)
				return
			}
			s.wantCard(t, press, "checking.title")
			if got := s.cases.only(t).At; !got.Equal(test.want) {
				t.Errorf("it failed at %s, want %s", got, test.want)
			}
		})
	}
}

func TestWhomTheFormMeans(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		picked, typed string
		want, problem string
	}{
		"picked":                     {budiID, "", budiID, ""},
		"picked in capitals":         {strings.ToUpper(budiID), "", budiID, ""},
		"typed":                      {"", " budi@contoso.com ", "budi@contoso.com", ""},
		"typed beside the preset":    {helenID, "budi@contoso.com", "budi@contoso.com", ""},
		"an object id typed":         {"", budiID, budiID, ""},
		"with an apostrophe":         {"", "o'brien@contoso.com", "o'brien@contoso.com", ""},
		"a guest":                    {"", "ana_fabrikam.com#EXT#@contoso.onmicrosoft.com", "ana_fabrikam.com#EXT#@contoso.onmicrosoft.com", ""},
		"nobody":                     {"", "  ", "", "ask.problem.account"},
		"no object id":               {"budi", "", "", "ask.problem.account"},
		"two picked":                 {budiID + "," + anaID, "", "", "ask.problem.account"},
		"no address":                 {"", "budi", "", "ask.problem.upn"},
		"no domain":                  {"", "budi@contoso", "", "ask.problem.upn"},
		"a path":                     {"", "../groups/budi@contoso.com", "", "ask.problem.upn"},
		"a null character":           {"", "budi\x00@contoso.com", "", "ask.problem.upn"},
		"a right-to-left override":   {"", "budi\u202e@contoso.com", "", "ask.problem.upn"},
		"a non-breaking space":       {"", "budi\u00a0x@contoso.com", "", "ask.problem.upn"},
		"a line break":               {"", "budi@contoso.com\nx", "", "ask.problem.upn"},
		"a quote of OData":           {"", `x" or "1@contoso.com`, "", "ask.problem.upn"},
		"longer than a name can be":  {"", strings.Repeat("x", 320) + "@contoso.com", "", "ask.problem.upn"},
		"longer than a value can be": {"", strings.Repeat("x", 8000) + "@contoso.com", "", "ask.problem.account"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage()
			s.say(t, helenID, personal, "m1", "There was an error validating access token")
			press := presses(helenID, personal, "i1", "bot-1", cards.VerbCheck, about(s.cases.only(t),
				cards.InputAccount, test.picked, cards.InputAddress, test.typed, cards.InputProduct, "no product"))
			if test.problem == "" {
				s.wantCard(t, press, "checking.title")
				if got := s.cases.only(t); got.Account != test.want || got.Product != "" {
					t.Errorf("the case is about %q (%q), want %q", got.Account, got.Product, test.want)
				}
				return
			}
			kind, card := s.answerTo(t, press)
			start, _, _ := strings.Cut(english(test.problem), "“")
			_, end, _ := strings.Cut(english(test.problem), "”")
			if kind != "card.adaptive" || !strings.Contains(card, start) || !strings.Contains(card, end) {
				t.Errorf("the press brought %s %s, want a form with %s", kind, card, test.problem)
			}
			if got := s.cases.only(t); got.Account != "" {
				t.Errorf("a form with a problem is stored: %+v", got)
			}
		})
	}
}

func TestAnotherAccountInTheFormIsLookedUp(t *testing.T) {
	t.Parallel()
	for name, form := range map[string][]string{
		"typed":  {cards.InputAddress, "budi@contoso.com"},
		"picked": {cards.InputAccount, budiID, cards.InputAddress, "ana@contoso.com"}, // beside the address that was there
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage()
			s.say(t, helenID, personal, "m1", "check ana@contoso.com")
			s.work(t)
			c := s.cases.only(t)
			s.wantCard(t, presses(helenID, personal, "i1", "bot-1", cards.VerbNotIt, about(c)), "ask.again")
			s.wantCard(t, presses(helenID, personal, "i2", "bot-1", cards.VerbCheck, about(c, form...)), "checking.title")
			s.work(t)
			s.source.wantAsked(t, anaID, budiID)
			if shown := s.chat.shown(t, 1); !strings.Contains(shown, "budi@contoso.com") || strings.Contains(shown, "ana@contoso.com") {
				t.Errorf("the answer is not about Budi: %s", shown)
			}
		})
	}
}

func TestACardNamesWhoWasPicked(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		breaks func(*stage)
		want   string
	}{
		"by name":                 {func(*stage) {}, "Budi"},
		"by id without directory": {func(s *stage) { s.directory.accountErr = errBroken }, budiID},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage()
			s.say(t, helenID, channel, "m1", "There was an error validating access token")
			test.breaks(s)
			_, card := s.answerTo(t, presses(helenID, channel, "i1", "bot-1", cards.VerbCheck, about(s.cases.only(t), cards.InputAccount, budiID)))
			if !strings.Contains(card, "sign-ins of "+test.want) {
				t.Errorf("the card does not name %s: %s", test.want, card)
			}
		})
	}
}

func TestHostileValuesAreReadAsNone(t *testing.T) {
	t.Parallel()
	many := map[string]any{}
	for i := range 60 {
		many[fmt.Sprint(i)] = "x"
	}
	for name, value := range map[string]string{
		"numbers and lists": `{"action":{"verb":"check","data":{"case":["SP-AAAAAAAA"],"account":7,"upn":{"a":1},"date":true}}}`,
		"data is a list":    `{"action":{"verb":"check","data":[1]}}`,
		"no verb":           `{"action":{"data":{}}}`,
		"verb is a number":  `{"action":{"verb":7}}`,
		"no action":         `"check"`,
		"too many members":  `{"action":{"verb":"check","data":` + string(encode(many)) + `}}`,
		"nothing":           ``,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage()
			a := presses(anaID, personal, "i1", "bot-1", cards.VerbCheck, nil)
			a.Value = json.RawMessage(value)
			kind, card := s.answerTo(t, a)
			if asksAnew := kind == "card.adaptive" && strings.Contains(card, english("ask.problem.account")); !asksAnew && kind != "error" {
				t.Errorf("the press brought %s %s", kind, card)
			}
			if len(s.jobs.take()) > 0 {
				t.Error("the press started a look-up")
			}
		})
	}
}
