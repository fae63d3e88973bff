package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"signpost/cards"
	"signpost/sandbox"
	"signpost/words"
)

// patience is how long a test waits for a condition before it calls it missed.
const patience = 30 * time.Second

// newStage starts the sandbox and the whole bot against it.
func newStage(t *testing.T) *stage {
	t.Helper()
	s, err := startStage(t.Context(), io.Discard, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatalf("start the bot against the sandbox: %v", err)
	}
	t.Cleanup(s.close)
	return s
}

// answers is what the last card of each story must say: its heading, and words found on it for those who may see all.
var answers = map[string]struct {
	heading string
	full    []string
}{
	"token-expired":       {"title.token-expired-or-revoked", []string{"24 hours", "700084", "david.okafor@contoso.com"}},
	"sign-in-frequency":   {"title.token-expired-or-revoked", []string{"CA04 Admin portals", "70043"}},
	"blocked-by-policy":   {"title.guide.enrolment-needs-compliance", []string{"CA01 Compliant device", "Microsoft Intune Enrollment", "53000", "would be refused again now"}},
	"blocked-by-location": {"title.guide.blocked-by-policy", []string{"CA02 Block sign-ins", "Recife", "53003", "was changed at", "from report-only to on", "group “Sales” was removed"}},
	"mfa-not-completed":   {"title.mfa-required", []string{"CA03 MFA", "50074", "do what these policies ask for"}},
	"password-expired":    {"title.password-expired-or-reset", []string{"50055", "https://aka.ms/sspr"}},
	"app-retired":         {"title.retired-product", []string{"30 November 2022", "7000112"}},
	"session-ended":       {"title.guide.grant-revoked", []string{"50173", "reset the password of the account at"}},
	"no-sign-in-found":    {"title.no-sign-in-found", nil},
	"no-failure-found":    {"title.no-failure-found", nil},
	"permission-missing":  {"failure.title", []string{sandbox.PermissionSignIns}},
}

// secrets are words of the sample log that nobody but those entitled may read.
var secrets = []string{"CA01", "CA02", "CA03", "CA04", "Recife", "192.0.2.44", "203.0.113.77"}

func TestStories(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"personal", "group", "channel"} {
		for _, story := range sandbox.Stories() {
			t.Run(form+"/"+story.Name, func(t *testing.T) {
				t.Parallel()
				playStory(t, form, story)
			})
		}
	}
}

func playStory(t *testing.T, form string, story sandbox.Story) {
	want, ok := answers[story.Name]
	if !ok {
		t.Fatalf("nobody wrote down how the story %s ends", story.Name)
	}
	s := newStage(t)
	if story.Before != nil {
		story.Before(s.sandbox)
	}
	chat := s.chat(form, story.Person)
	speaker := words.For(story.Person.Locale, story.Person.Timezone, cards.Escape)
	for _, step := range story.Steps {
		take(t, chat, story.Person, step)
	}
	heading := "## " + speaker.Say(want.heading)
	message := await(t, chat, story.Person, func(lines []string) bool { return lines[0] == heading })
	shown := strings.Join(sandbox.CardText(message.Card), "\n")

	if n := countFromBot(chat); n != 1 {
		t.Errorf("the bot posted %d messages, want one that changes", n)
	}
	if message.Version < 1 {
		t.Errorf("the answer is version %d of its message, want the “checking” card changed into it", message.Version)
	}
	if form == "personal" {
		wantWords(t, "the answer", shown, want.full)
		return
	}
	for _, secret := range secrets {
		if strings.Contains(shown, secret) {
			t.Errorf("a card that a whole %s reads holds %q:\n%s", form, secret, shown)
		}
	}
	if !strings.Contains(shown, "["+speaker.Say("button.details")+"]") {
		return // what could not be read has no details
	}
	if status, err := chat.Press(t.Context(), story.Person, message.ID, cards.VerbDetails, nil); err != nil || status != 200 {
		t.Fatalf("press Details: status %d, %v", status, err)
	}
	own := strings.Join(sandbox.CardText(chat.CardFor(story.Person, message.ID)), "\n")
	wantWords(t, "the details", own, want.full)
	other := s.sandbox.Tenant().MustPerson("jonas.weber@contoso.com")
	if story.Person.ID == other.ID {
		other = s.sandbox.Tenant().MustPerson("ivo.brandt@contoso.com")
	}
	if got := strings.Join(sandbox.CardText(chat.CardFor(other, message.ID)), "\n"); got != shown {
		t.Errorf("Details changed the card for somebody else:\n%s", got)
	}
}

// chat opens a conversation in which the person and a colleague take part.
func (s *stage) chat(form string, p sandbox.Person) *sandbox.Chat {
	switch form {
	case "group":
		return s.teams.Group("Onboarding", p, s.sandbox.Tenant().Helpdesk()[0])
	case "channel":
		return s.teams.Channel("IT", "Helpdesk")
	default:
		return s.teams.Personal(p)
	}
}

// take takes one step of a story and waits until the bot has reacted to it.
func take(t *testing.T, chat *sandbox.Chat, p sandbox.Person, step sandbox.Step) {
	t.Helper()
	var status int
	var err error
	if step.Say != "" {
		before := countFromBot(chat)
		status, err = chat.Say(t.Context(), p, step.Say)
		await(t, chat, p, func([]string) bool { return countFromBot(chat) > before })
	} else {
		status, err = chat.Press(t.Context(), p, "", step.Press, step.Inputs)
	}
	if err != nil || status/100 != 2 {
		t.Fatalf("%+v: status %d, %v", step, status, err)
	}
}

// await waits until the newest message of the bot has a card, as the person sees it, that satisfies cond.
func await(t *testing.T, chat *sandbox.Chat, p sandbox.Person, cond func(lines []string) bool) sandbox.Shown {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var newest sandbox.Shown
	var lines []string
	if err := chat.Wait(ctx, func(all []sandbox.Shown) bool {
		for _, m := range all {
			if isBot(m) {
				newest = m
			}
		}
		lines = []string{newest.Text}
		if card := chat.CardFor(p, newest.ID); card != nil {
			lines = sandbox.CardText(card)
		}
		return newest.ID != "" && cond(lines)
	}); err != nil {
		t.Fatalf("the bot never showed what the test waits for: %v; it shows:\n%s", err, strings.Join(lines, "\n"))
	}
	return newest
}

func isBot(m sandbox.Shown) bool { return m.From == "Signpost" }

func countFromBot(chat *sandbox.Chat) int {
	n := 0
	for _, m := range chat.Messages() {
		if isBot(m) {
			n++
		}
	}
	return n
}

func wantWords(t *testing.T, what, text string, wanted []string) {
	t.Helper()
	for _, w := range wanted {
		if !strings.Contains(text, w) {
			t.Errorf("%s lacks %q:\n%s", what, w, text)
		}
	}
}

// headed tells a card by the first line of a card.
func headed(id string, p sandbox.Person) func([]string) bool {
	want := "## " + words.For(p.Locale, p.Timezone, cards.Escape).Say(id)
	return func(lines []string) bool { return lines[0] == want }
}

func person(s *stage, local string) sandbox.Person {
	return s.sandbox.Tenant().MustPerson(local + "@contoso.com")
}

func say(t *testing.T, chat *sandbox.Chat, p sandbox.Person, text string) {
	t.Helper()
	take(t, chat, p, sandbox.Step{Say: text})
}

func press(t *testing.T, chat *sandbox.Chat, p sandbox.Person, verb string, inputs map[string]string) {
	t.Helper()
	take(t, chat, p, sandbox.Step{Press: verb, Inputs: inputs})
}

func TestTheWelcomeComesOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p := person(s, "hana.wijaya")
	chat := s.teams.Personal(p)
	if status, err := chat.Install(t.Context(), p); err != nil || status/100 != 2 {
		t.Fatalf("install: status %d, %v", status, err)
	}
	await(t, chat, p, headed("welcome.title", p))
	if status, err := chat.Install(t.Context(), p); err != nil || status/100 != 2 {
		t.Fatalf("install again: status %d, %v", status, err)
	}
	say(t, chat, p, "bantuan")
	await(t, chat, p, headed("help.title", p))
	if n := countFromBot(chat); n != 2 {
		t.Errorf("the bot posted %d messages, want one welcome and one help", n)
	}
}

// People are answered in the language of their Teams, times in their zone.
func TestTheAnswerSpeaksThePersonsLanguage(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for locale, want := range map[string]string{"ja-JP": "ja", "de-AT": "de", "ar-EG": "ar", "zh-CN": "zh", "pt-BR": "pt", "sv-SE": "en"} {
		p := s.sandbox.Tenant().AddPerson(sandbox.Person{UPN: "person." + locale + "@contoso.com", Locale: locale, Timezone: "Asia/Tokyo"})
		chat := s.teams.Personal(p)
		say(t, chat, p, "help")
		message := await(t, chat, p, func([]string) bool { return true })
		var card struct{ Lang string }
		if err := json.Unmarshal(message.Card, &card); err != nil || card.Lang != want {
			t.Errorf("%s was answered in %q (%v), want %q", locale, card.Lang, err, want)
		}
	}
}

func TestIdleTalkGetsOneLineAndNeverTheSameTwice(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p := person(s, "grace.kim")
	chat := s.teams.Personal(p)
	last := ""
	for i := range 6 {
		say(t, chat, p, fmt.Sprintf("good morning %d", i))
		all := chat.Messages()
		line := all[len(all)-1]
		if !isBot(line) || line.Text == "" || line.Card != nil {
			t.Fatalf("idle talk was answered by %+v, want one line of text", line)
		}
		if line.Text == last {
			t.Errorf("the same line twice in a row: %q", line.Text)
		}
		last = line.Text
	}
}

func TestATurnThatComesAgainIsNotAnsweredAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p := person(s, "grace.kim")
	chat := s.teams.Personal(p)
	say(t, chat, p, "check grace.kim@contoso.com")
	await(t, chat, p, headed("title.mfa-required", p))
	if status, err := chat.Resend(t.Context()); err != nil || status/100 != 2 {
		t.Fatalf("resend: status %d, %v", status, err)
	}
	say(t, chat, p, "help")
	await(t, chat, p, headed("help.title", p))
	if n := countFromBot(chat); n != 2 {
		t.Errorf("the bot posted %d messages, want the answer and the help", n)
	}
}

func TestCheckAgainAndNotIt(t *testing.T) {
	t.Parallel()
	for _, client := range []string{"today's client", "an old client"} {
		t.Run(client, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			p := person(s, "david.okafor")
			chat := s.teams.Personal(p)
			chat.OldClient = client == "an old client"
			say(t, chat, p, "check me")
			await(t, chat, p, headed("title.token-expired-or-revoked", p))
			press(t, chat, p, cards.VerbNotIt, nil)
			await(t, chat, p, headed("ask.title", p))
			press(t, chat, p, cards.VerbCheck, map[string]string{cards.InputAddress: "DAVID.OKAFOR@contoso.com", cards.InputProduct: "autopatch"})
			await(t, chat, p, headed("title.token-expired-or-revoked", p))

			// A sign-in that goes through afterwards turns the answer into "solved since".
			s.sandbox.Tenant().AddSignIn(sandbox.SignIn{
				UserID: p.ID, CreatedDateTime: time.Now(), AppID: "c44b4083-3bb0-49c1-b47d-974e53cbdf3c", App: "Azure Portal",
				ResourceID: "c161e42e-d4df-4a3d-9b42-e7a3c31f59d4", Resource: "Microsoft Intune API",
			})
			press(t, chat, p, cards.VerbAgain, nil)
			await(t, chat, p, headed("title.resolved", p))
			if n := countFromBot(chat); n != 1 {
				t.Errorf("the bot posted %d messages, want one that changes", n)
			}
		})
	}
}

// The account of the form counts, for the look-up and for the right to it, not the one that the case had before.
func TestNotItWithAnotherAccountIsAboutThatAccount(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	helper, curious := s.sandbox.Tenant().Helpdesk()[0], person(s, "jonas.weber")
	chat := s.teams.Personal(helper)
	say(t, chat, helper, "check grace.kim@contoso.com")
	await(t, chat, helper, headed("title.mfa-required", helper))
	press(t, chat, helper, cards.VerbNotIt, nil)
	await(t, chat, helper, headed("ask.title", helper))
	press(t, chat, helper, cards.VerbCheck, map[string]string{cards.InputAccount: "", cards.InputAddress: "david.okafor@contoso.com"})
	message := await(t, chat, helper, headed("title.token-expired-or-revoked", helper))
	wantWords(t, "the answer", strings.Join(sandbox.CardText(message.Card), "\n"), []string{"david.okafor@contoso.com"})

	group := s.teams.Group("Onboarding", curious, helper)
	say(t, group, curious, "check me")
	await(t, group, curious, headed("title.no-failure-found", curious))
	press(t, group, curious, cards.VerbNotIt, nil)
	press(t, group, curious, cards.VerbCheck, map[string]string{cards.InputAccount: "", cards.InputAddress: "grace.kim@contoso.com"})
	refusal := words.For(curious.Locale, "", nil).Say("refused.other")
	await(t, group, curious, func(lines []string) bool {
		all := group.Messages()
		return all[len(all)-1].Toast == refusal || strings.Contains(strings.Join(lines, "\n"), refusal)
	})
}

// A message that was taken with 202 waits out an outage of the Connector.
func TestAnOutageOfTheConnectorDelaysTheAnswer(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	mend := s.sandbox.Break(sandbox.Fault{Host: sandbox.HostConnector, Method: http.MethodPut, Status: http.StatusServiceUnavailable})
	p := person(s, "david.okafor")
	chat := s.teams.Personal(p)
	say(t, chat, p, "check me")
	await(t, chat, p, headed("checking.title", p))
	mend()
	await(t, chat, p, headed("title.token-expired-or-revoked", p))
}

func TestTheFormIsCheckedOnTheServerToo(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p := person(s, "emi.tanaka")
	chat := s.teams.Personal(p)
	say(t, chat, p, "There was an error validating access token")
	await(t, chat, p, headed("ask.title", p))
	press(t, chat, p, cards.VerbCheck, map[string]string{cards.InputAccount: "", cards.InputAddress: ""})
	problem := words.For(p.Locale, "", nil).Say("ask.problem.account")
	await(t, chat, p, func(lines []string) bool { return strings.Contains(strings.Join(lines, "\n"), problem) })
}

func TestATextWithSeveralAccountsIsAskedBack(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p := s.sandbox.Tenant().Helpdesk()[0]
	chat := s.teams.Personal(p)
	say(t, chat, p, "Intune sign-in fails for grace.kim@contoso.com and farah.aziz@contoso.com")
	message := await(t, chat, p, headed("ask.title", p))
	wantWords(t, "the ask card", strings.Join(sandbox.CardText(message.Card), "\n"), []string{"grace.kim@contoso.com, farah.aziz@contoso.com"})
}

func TestOnlyTheHelpdeskAsksAboutOthers(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	curious, helper := person(s, "jonas.weber"), person(s, "noah.clark") // who belongs to the helpdesk by a group within
	chat := s.teams.Personal(curious)
	say(t, chat, curious, "check farah.aziz@contoso.com")
	message := await(t, chat, curious, headed("refused.title", curious))
	for _, secret := range secrets {
		if strings.Contains(string(message.Card), secret) {
			t.Errorf("a refusal holds %q", secret)
		}
	}
	chat = s.teams.Personal(helper)
	say(t, chat, helper, "check Farah.Aziz@contoso.com")
	await(t, chat, helper, headed("title.guide.blocked-by-policy", helper))
}

// Who edited a policy or reset a password is for the helpdesk's eyes; when and what, for those who may see the account's
// sign-ins; a channel reads neither.
func TestWhoChangedWhatIsForTheHelpdesk(t *testing.T) {
	t.Parallel()
	const editor = "mira.olsen@contoso.com"
	for person, changed := range map[string]string{"farah.aziz": "was changed at", "kofi.mensah": "reset the password of the account at"} {
		t.Run(person, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			own, helper := s.sandbox.Tenant().MustPerson(person+"@contoso.com"), s.sandbox.Tenant().Helpdesk()[1]
			read := func(chat *sandbox.Chat, p sandbox.Person) string {
				t.Helper()
				say(t, chat, p, "check "+person+"@contoso.com")
				message := await(t, chat, p, func(lines []string) bool { return strings.Contains(strings.Join(lines, "\n"), "SP-") })
				return strings.Join(sandbox.CardText(message.Card), "\n")
			}
			want := func(where, text string, when, who bool) {
				t.Helper()
				if strings.Contains(text, changed) != when || strings.Contains(text, editor) != who {
					t.Errorf("%s: want what changed %t, and who did it %t:\n%s", where, when, who, text)
				}
			}
			want("the person's own chat", read(s.teams.Personal(own), own), true, false)
			want("the helpdesk's own chat", read(s.teams.Personal(helper), helper), true, true)
			channel := s.teams.Channel("IT", "Helpdesk")
			want("a channel", read(channel, helper), false, false)
			for p, who := range map[*sandbox.Person]bool{&own: false, &helper: true} {
				newest := channel.Messages()[len(channel.Messages())-1]
				if status, err := channel.Press(t.Context(), *p, newest.ID, cards.VerbDetails, nil); err != nil || status != 200 {
					t.Fatalf("press Details: status %d, %v", status, err)
				}
				want("Details for "+p.Name, strings.Join(sandbox.CardText(channel.CardFor(*p, newest.ID)), "\n"), true, who)
			}
		})
	}
}

func TestFailuresOfGraphBecomeAnswers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		breaks func(*sandbox.Sandbox)
		says   string
	}{
		"no licence": {func(s *sandbox.Sandbox) { s.Tenant().SetPremium(false) }, "failure.no-licence"},
		"log is down": {func(s *sandbox.Sandbox) {
			s.Break(sandbox.Fault{Host: sandbox.HostGraph, PathContains: "signIns", Status: 502})
		}, "failure.unavailable"},
		"account unknown": {func(*sandbox.Sandbox) {}, "failure.account-not-found"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			test.breaks(s.sandbox)
			p := s.sandbox.Tenant().Helpdesk()[0]
			account := "grace.kim@contoso.com"
			if name == "account unknown" {
				account = "nobody.here@contoso.com"
			}
			chat := s.teams.Personal(p)
			say(t, chat, p, "check "+account)
			want := words.For(p.Locale, "", nil).Say(test.says, words.Facts{"Account": account})
			await(t, chat, p, func(lines []string) bool { return strings.Contains(strings.Join(lines, "\n"), want) })
		})
	}
}

// Names in a log are chosen by strangers; on a card they must be inert.
func TestAHostileLogStaysInert(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p := person(s, "ivo.brandt")
	s.sandbox.Tenant().AddSignIn(sandbox.SignIn{
		UserID: p.ID, CreatedDateTime: time.Now().Add(-20 * time.Minute), ErrorCode: 50126,
		AppID: "c44b4083-3bb0-49c1-b47d-974e53cbdf3c", App: "[Sign in here](https://evil.example) <at>Everyone</at>",
		FailureReason: "**pay** https://evil.example\n# now",
	})
	chat := s.teams.Personal(p)
	say(t, chat, p, "check me")
	message := await(t, chat, p, headed("title.bad-credentials", p))
	var card any
	if err := json.Unmarshal(message.Card, &card); err != nil {
		t.Fatal(err)
	}
	for _, text := range textsOf(card) {
		for _, live := range []string{"](https://evil", "https://evil", "<at>", "**pay", "\n# now"} {
			if strings.Contains(text, live) {
				t.Errorf("the card holds %q alive: %s", live, text)
			}
		}
	}
}

func textsOf(v any) []string {
	var all []string
	switch v := v.(type) {
	case string:
		all = append(all, v)
	case []any:
		for _, e := range v {
			all = append(all, textsOf(e)...)
		}
	case map[string]any:
		for _, e := range v {
			all = append(all, textsOf(e)...)
		}
	}
	return all
}
