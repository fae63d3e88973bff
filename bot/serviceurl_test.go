package bot_test

import (
	"net/http"
	"testing"

	"signpost/bot"
)

// serviceURLs are addresses and whether the public cloud's list takes them.
var serviceURLs = map[string]bool{
	"https://smba.trafficmanager.net/emea/" + tenant + "/": true,
	"https://smba.trafficmanager.net":                      true,
	"https://SMBA.TrafficManager.net/teams/":               true,
	"https://smba.trafficmanager.net:443/teams":            true,
	"https://botframework.com/":                            true,
	"https://europe.webchat.botframework.com/":             true,
	"https://smba.infra.gcc.teams.microsoft.com/teams":     true,

	"":                                                false,
	"smba.trafficmanager.net/teams":                   false,
	"//smba.trafficmanager.net/teams":                 false,
	"https:smba.trafficmanager.net/teams":             false,
	"https:///teams":                                  false,
	"http://smba.trafficmanager.net/teams":            false,
	"ftp://smba.trafficmanager.net/teams":             false,
	"https://evil.example/teams":                      false,
	"https://evil.trafficmanager.net/teams":           false,
	"https://smba.trafficmanager.net.evil.example/":   false,
	"https://x.smba.trafficmanager.net/":              false,
	"https://evilsmba.trafficmanager.net/":            false,
	"https://evilbotframework.com/":                   false,
	"https://botframework.com.evil.example/":          false,
	"https://teams.microsoft.com.evil.example/":       false,
	"https://microsoft.com/":                          false,
	"https://smba.infra.gov.teams.microsoft.us/":      false, // of another cloud
	"https://smba.trafficmanager.net./teams":          false,
	"https://api.botframework.com./":                  false,
	"https://.botframework.com/":                      false,
	"https://x..botframework.com/":                    false,
	"https://smba.trafficmanager.net:8443/teams":      false,
	"https://smba.trafficmanager.net:/teams":          false,
	"https://smba.trafficmanager.net:0443/teams":      false,
	"https://smba.trafficmanager.net:443:443/teams":   false,
	"https://smba.trafficmanager.net@evil.example/":   false,
	"https://evil.example@smba.trafficmanager.net/":   false,
	"https://@smba.trafficmanager.net/":               false,
	"https://me:secret@smba.trafficmanager.net/":      false,
	"https://evil.example\\@smba.trafficmanager.net/": false,
	"https://evil.example\\.botframework.com/":        false,
	"https://evil.example;.botframework.com/":         false,
	"https://evil.example,.botframework.com/":         false,
	"https://evil.example#.botframework.com/":         false,
	"https://evil.example?.botframework.com/":         false,
	"https://evil.example/.botframework.com/":         false,
	"https://evil.example%2f.botframework.com/":       false,
	"https://smba%2etrafficmanager.net/":              false,
	"https://127.0.0.1/teams":                         false,
	"https://2130706433/teams":                        false,
	"https://[::1]/teams":                             false,
	"https://[::ffff:169.254.169.254]/":               false,
	"https://localhost/teams":                         false,
	"https://smba.trafficmanager.net/teams?x=y":       false,
	"https://smba.trafficmanager.net/teams?":          false,
	"https://smba.trafficmanager.net/teams#x":         false,
	"https://smba.trafficmanager.net/teams#":          false,
	"https://smba.trafficmanager.net/../x":            false,
	"https://smba.trafficmanager.net/%2e%2e/x":        false,
	"https://smba.trafficmanager.net/a%2fb":           false,
	"https://smba.trafficmanager.net/a;b":             false,
	"https://smba.trafficmanager.net/a\\b":            false,
	"https://smba.trafficmanager.net/a b":             false,
	"https://smba.trafficmanager.net/a\r\nHost: x":    false,
	" https://smba.trafficmanager.net/teams":          false,
	"https://\u017fmba.trafficmanager.net/":           false, // U+017F folds to s
	"https://api.botframewor\u212a.com/":              false, // U+212A folds to k
	"https://smb\u0430.trafficmanager.net/":           false, // a Cyrillic a
	"https://smba.trafficmanager\u3002net/":           false, // an ideographic full stop
	"https://smba.trafficmanager.net\u200b/":          false,
	"https://xn--smb-5cd.trafficmanager.net/":         false,
}

func TestOnlyServiceURLsOnTheListAreVerified(t *testing.T) {
	t.Parallel()
	v := newAuthority(t, "public").verifier((&clock{t: noon}).now)
	for address, allowed := range serviceURLs {
		if address == "" {
			continue // breaks a rule before
		}
		token := signed(t, "good", "good", members{"serviceurl": address}, nil)
		want := bot.RuleServiceHost
		if allowed {
			want = accepted
		}
		err := v.Verify(t.Context(), "Bearer "+token, bot.Envelope{ServiceURL: address, ChannelID: "msteams"})
		if got := ruleOf(t, err); got != want {
			t.Errorf("with serviceUrl %q Verify broke rule %q, want %q", address, got, want)
		}
	}
}

func TestNothingIsSentToAServiceURLThatIsNotOnTheList(t *testing.T) {
	t.Parallel()
	for address, allowed := range serviceURLs {
		teams := &remote{answers: []answer{{status: http.StatusCreated, body: `{"id":"1"}`}}}
		c := teams.connector(t)
		_, err := c.Post(t.Context(), bot.Reference{ServiceURL: address, ConversationID: "a:1"}, bot.Message{Text: "hello"})
		switch {
		case allowed && err != nil:
			t.Errorf("a message to %q: %v", address, err)
		case !allowed && err == nil:
			t.Errorf("a message was sent to %q", address)
		case !allowed && (len(teams.got) != 0 || teams.tokens != 0):
			t.Errorf("for %q a token was asked or a request sent: %v", address, teams.got)
		}
	}
}
