package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"signpost/bot"
)

// lasting is a good token that lasts for the whole of a test.
func lasting(t testing.TB, kid, key string) string {
	t.Helper()
	return "Bearer " + signed(t, kid, key, members{"exp": at(1000 * time.Hour)}, nil)
}

func TestKeysAreReadOnceForManyTokens(t *testing.T) {
	t.Parallel()
	issuer := newAuthority(t, "public")
	v := issuer.verifier((&clock{t: noon}).now)
	header := lasting(t, "good", "good")
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if err := v.Verify(t.Context(), header, teams()); err != nil {
				t.Errorf("a good token was refused: %v", err)
			}
		})
	}
	all.Wait()
	if err := v.Ready(t.Context()); err != nil {
		t.Errorf("Ready: %v", err)
	}
	if got := issuer.count(); got != 1 {
		t.Errorf("the keys were read %d times, want once", got)
	}
}

func TestAnUnknownKidCausesOneFetchInFiveMinutes(t *testing.T) {
	t.Parallel()
	issuer, clock := newAuthority(t, "public"), &clock{t: noon}
	v := issuer.verifier(clock.now)
	unknown := lasting(t, "rotated", "other")
	for _, step := range []struct {
		name     string
		pass     time.Duration
		announce bool
		want     bot.Rule
		fetches  int
	}{
		{"the first reads the keys", 0, false, bot.RuleUnknownKey, 1},
		{"the next one does not", time.Minute, false, bot.RuleUnknownKey, 1},
		{"nor one just before 5 minutes", 4 * time.Minute, false, bot.RuleUnknownKey, 1},
		{"one after 5 minutes does", time.Second, false, bot.RuleUnknownKey, 2},
		{"a rotation is not seen at once", time.Second, true, bot.RuleUnknownKey, 2},
		{"but after 5 minutes", 5 * time.Minute, true, accepted, 3},
		{"and is known from then on", time.Second, true, accepted, 3},
	} {
		clock.pass(step.pass)
		if step.announce {
			issuer.set(func(a *authority) { a.keys = []members{announced("rotated", "other", nil)} })
		}
		if got := ruleOf(t, v.Verify(t.Context(), unknown, teams())); got != step.want {
			t.Errorf("%s: Verify broke rule %q, want %q", step.name, got, step.want)
		}
		if got := issuer.count(); got != step.fetches {
			t.Errorf("%s: the keys were read %d times, want %d", step.name, got, step.fetches)
		}
	}
	if got := ruleOf(t, v.Verify(t.Context(), lasting(t, "good", "good"), teams())); got != bot.RuleUnknownKey {
		t.Errorf("a key that is no longer announced: Verify broke rule %q, want %q", got, bot.RuleUnknownKey)
	}
}

func TestTokensOfARotatedKeyWaitForTheFetchThatIsUnderWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		issuer, clock := newAuthority(t, "public"), &clock{t: noon}
		v := issuer.verifier(clock.now)
		if err := v.Ready(t.Context()); err != nil {
			t.Fatalf("Ready: %v", err)
		}
		clock.pass(time.Hour)
		release := make(chan struct{})
		issuer.set(func(a *authority) {
			a.keys, a.release = []members{announced("rotated", "other", nil)}, release
		})
		header := lasting(t, "rotated", "other")
		var all sync.WaitGroup
		verify := func() {
			all.Go(func() {
				if err := v.Verify(t.Context(), header, teams()); err != nil {
					t.Errorf("a token of the new key was refused while the keys were being read: %v", err)
				}
			})
		}
		verify()
		synctest.Wait() // the first one's fetch is under way
		verify()
		verify()
		synctest.Wait()
		close(release)
		all.Wait()
		if got := issuer.count(); got != 2 {
			t.Errorf("the keys were read %d times, want twice", got)
		}
	})
}

func TestOldKeysServeWhileNewOnesCannotBeRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		issuer, clock := newAuthority(t, "public"), &clock{t: noon}
		v := issuer.verifier(clock.now)
		good, unknown := lasting(t, "good", "good"), lasting(t, "rotated", "other")
		check := func(when, header string, want bot.Rule, fetches int) {
			t.Helper()
			if got := ruleOf(t, v.Verify(t.Context(), header, teams())); got != want {
				t.Errorf("%s: Verify broke rule %q, want %q", when, got, want)
			}
			synctest.Wait() // for a fetch behind the scenes
			if got := issuer.count(); got != fetches {
				t.Errorf("%s: the keys were read %d times, want %d", when, got, fetches)
			}
		}
		check("at first", good, accepted, 1)
		clock.pass(24 * time.Hour)
		check("after a day", good, accepted, 1)
		clock.pass(time.Second)
		check("after more than a day", good, accepted, 2)
		issuer.set(func(a *authority) { a.answer = down })
		clock.pass(25 * time.Hour)
		check("the endpoint went down", good, accepted, 3)
		clock.pass(time.Minute)
		check("a minute later nobody asks again", good, accepted, 3)
		check("an unknown kid meanwhile may be a new key", unknown, bot.RuleKeys, 3)
		clock.pass(5 * time.Minute)
		check("an unknown kid asks again", unknown, bot.RuleKeys, 4)
		check("the known one still serves", good, accepted, 4)
		if err := v.Ready(t.Context()); err != nil {
			t.Errorf("with old keys Ready returned %v", err)
		}
		issuer.set(func(a *authority) { a.answer = nil })
		clock.pass(6 * time.Minute)
		check("the endpoint is back", unknown, bot.RuleUnknownKey, 5)
	})
}

func TestAVerifierWithoutKeysIsNotReadyAndThenIs(t *testing.T) {
	t.Parallel()
	issuer, clock := newAuthority(t, "public"), &clock{t: noon}
	issuer.answer = func(*http.Request) (*http.Response, error) { return nil, errors.New("no route") }
	v := issuer.verifier(clock.now)
	if v.Ready(t.Context()) == nil {
		t.Error("Ready returned nil although no key was ever read")
	}
	if got := ruleOf(t, v.Verify(t.Context(), lasting(t, "good", "good"), teams())); got != bot.RuleKeys {
		t.Errorf("without keys Verify broke rule %q, want %q", got, bot.RuleKeys)
	}
	issuer.set(func(a *authority) { a.answer = nil })
	if err := v.Ready(t.Context()); err != nil { // at once: an instance that starts must not wait for 5 minutes
		t.Errorf("Ready after the endpoint came back: %v", err)
	}
}

func TestKeysThatAreReadTooSlowlyAreGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		issuer := newAuthority(t, "public")
		issuer.answer = func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}
		v := issuer.verifier((&clock{t: noon}).now)
		began := time.Now()
		if got := ruleOf(t, v.Verify(context.Background(), lasting(t, "good", "good"), teams())); got != bot.RuleKeys {
			t.Errorf("Verify broke rule %q, want %q", got, bot.RuleKeys)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("the fetch was given up after %v, want 10s at most", took)
		}
		hurried, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := v.Verify(hurried, lasting(t, "good", "good"), teams()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("whoever waits no longer got %v, want a deadline", err)
		}
		time.Sleep(10 * time.Second) // of the bubble's time: the fetch ends
	})
}

func TestKeysAreTakenOnlyFromTheCloudsOwnHost(t *testing.T) {
	t.Parallel()
	for name, uri := range map[string]string{
		"another host":      "https://evil.example/v1/.well-known/keys",
		"a subdomain":       "https://x.login.botframework.com/v1/.well-known/keys",
		"a suffix":          "https://login.botframework.com.evil.example/keys",
		"another port":      "https://login.botframework.com:8443/v1/.well-known/keys",
		"http":              "http://login.botframework.com/v1/.well-known/keys",
		"a person's name":   "https://me@login.botframework.com/v1/.well-known/keys",
		"a file":            "file:///etc/keys",
		"a relative one":    "/v1/.well-known/keys",
		"an unreadable one": "https://login.botframework.com/%zz",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			issuer := newAuthority(t, "public")
			issuer.jwksURI = uri
			if issuer.verifier((&clock{t: noon}).now).Ready(t.Context()) == nil {
				t.Errorf("keys of %s were taken", uri)
			}
			if len(issuer.asked) != 1 {
				t.Errorf("asked %q, want the metadata only", issuer.asked)
			}
		})
	}
}

func TestKeyAnswersThatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	text := func(status int, body string) func(*http.Request) (*http.Response, error) {
		return func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
		}
	}
	keysOnly := func(keys ...members) func(*http.Request) (*http.Response, error) {
		return func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/keys") {
				return respond(http.StatusOK, members{"keys": keys}), nil
			}
			return respond(http.StatusOK, members{"jwks_uri": "https://login.botframework.com/v1/.well-known/keys"}), nil
		}
	}
	// A document that is good but for its size.
	long, err := json.Marshal(members{
		"jwks_uri": "https://login.botframework.com/v1/.well-known/keys", "keys": []members{announced("good", "good", nil)},
		"pad": strings.Repeat("x", 1<<20),
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, answer := range map[string]func(*http.Request) (*http.Response, error){
		"a fault":             down,
		"not JSON":            text(http.StatusOK, "<html>"),
		"no keys":             keysOnly(),
		"only keys of no use": keysOnly(announced("weak", "weak", nil), announced("enc", "other", members{"use": "enc"})),
		"more than 1 MiB":     text(http.StatusOK, string(long)),
		"a redirect to the keys": func(r *http.Request) (*http.Response, error) {
			answer := respond(http.StatusFound, members{})
			answer.Header.Set("Location", "https://evil.example/")
			answer.Request = r
			return answer, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			issuer := newAuthority(t, "public")
			issuer.answer = answer
			v := issuer.verifier((&clock{t: noon}).now)
			if v.Ready(t.Context()) == nil {
				t.Error("Ready returned nil")
			}
			for _, address := range issuer.asked {
				if strings.Contains(address, "evil") {
					t.Errorf("a redirect was followed to %s", address)
				}
			}
		})
	}
}
