package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"signpost/cards"
	"signpost/sandbox"
	"signpost/words"
)

// policyNamed finds a policy of the sample tenant by the beginning of its name.
func policyNamed(t *testing.T, s *stage, start string) sandbox.Policy {
	t.Helper()
	policies := s.sandbox.Tenant().Policies()
	i := slices.IndexFunc(policies, func(p sandbox.Policy) bool { return strings.HasPrefix(p.Name, start) })
	if i < 0 {
		t.Fatalf("no policy %s", start)
	}
	return policies[i]
}

// saysNow waits for an answer that says what would happen now.
func saysNow(t *testing.T, chat *sandbox.Chat, p sandbox.Person, id string, facts words.Facts) {
	t.Helper()
	want := words.For(p.Locale, "", cards.Escape).Say(id, facts)
	await(t, chat, p, func(lines []string) bool { return strings.Contains(strings.Join(lines, "\n"), want) })
}

func TestAnAnswerSaysWhatWouldHappenNow(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p := person(s, "farah.aziz")
	chat := s.teams.Personal(p)
	policy := policyNamed(t, s, "CA02")
	say(t, chat, p, "check me")
	saysNow(t, chat, p, "whatif.now.refused", words.Facts{"Policies": policy.Name})

	// Somebody takes the policy off; the log still shows only the refusal.
	policy.State = "disabled"
	s.sandbox.Tenant().SetPolicy(policy)
	mfa := words.Facts{"Policies": policyNamed(t, s, "CA03").Name}
	press(t, chat, p, cards.VerbAgain, nil)
	saysNow(t, chat, p, "whatif.now.asks", mfa)
	saysNow(t, chat, p, "whatif.try", nil)
	if n := countFromBot(chat); n != 1 {
		t.Errorf("the bot posted %d messages, want one that changes", n)
	}
}

func TestAnAnswerSaysWhetherARemedyWouldHelp(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p := person(s, "ivo.brandt")
	policy := s.sandbox.Tenant().Policies()[0]
	policy.ID, policy.Name, policy.Apps = "c5a1f0de-0000-4000-8000-000000000001", "CA09 Compliant devices for Autopatch", []string{"9a6eeb79-0b4b-4bf0-9808-39d99a2cd5a3"}
	s.sandbox.Tenant().SetPolicy(policy)
	no := false
	s.sandbox.Tenant().AddSignIn(sandbox.SignIn{
		UserID: p.ID, CreatedDateTime: time.Now().Add(-10 * time.Minute), AppID: policy.Apps[0], App: "Autopatch", ErrorCode: 53000,
		ConditionalAccessStatus: "failure", ClientAppUsed: "Browser", Device: sandbox.Device{OperatingSystem: "Windows10", Compliant: &no},
		Policies: []sandbox.AppliedPolicy{{ID: policy.ID, Name: policy.Name, Result: "failure", GrantControls: []string{"RequireCompliantDevice"}}},
	})
	chat := s.teams.Personal(p)
	say(t, chat, p, "check me")
	saysNow(t, chat, p, "whatif.now.refused", words.Facts{"Policies": policy.Name})
	way := words.For(p.Locale, "", nil).Say("pass.compliantDevice")
	saysNow(t, chat, p, "whatif.then.passes", words.Facts{"Ways": way})
}

// What would happen now is good to know; without it the answer comes all the same.
func TestWithoutWhatIfTheAnswerStillComes(t *testing.T) {
	t.Parallel()
	for name, breaks := range map[string]func(*sandbox.Sandbox){
		"no permission": func(s *sandbox.Sandbox) { s.Revoke(sandbox.PermissionPolicies) },
		"it is down":    func(s *sandbox.Sandbox) { s.Break(sandbox.Fault{Host: sandbox.HostGraph, PathContains: "evaluate"}) },
		"it babbles": func(s *sandbox.Sandbox) {
			s.Break(sandbox.Fault{Host: sandbox.HostGraph, PathContains: "evaluate", Garbage: true})
		},
		"it is slow": func(s *sandbox.Sandbox) {
			s.Break(sandbox.Fault{Host: sandbox.HostGraph, PathContains: "evaluate", Delay: time.Minute})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			breaks(s.sandbox)
			p := person(s, "farah.aziz")
			chat := s.teams.Personal(p)
			say(t, chat, p, "check me")
			message := await(t, chat, p, headed("title.guide.blocked-by-policy", p))
			if shown := strings.Join(sandbox.CardText(message.Card), "\n"); strings.Contains(shown, words.For(p.Locale, "", nil).Say("whatif.title")) {
				t.Errorf("the answer says what would happen now:\n%s", shown)
			}
		})
	}
}
