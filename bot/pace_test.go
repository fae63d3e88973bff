package bot_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"signpost/bot"
)

// teamsLimit is one of Teams' limits on what a bot sends.
type teamsLimit struct {
	most   int
	period time.Duration
}

// strict stands in for a Connector that refuses what is sent too fast.
type strict struct {
	conversation, tenant []teamsLimit

	mu      sync.Mutex
	sent    map[string][]time.Time
	refused int
}

// RoundTrip implements http.RoundTripper.
func (s *strict) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	conversation, _, _ := strings.Cut(strings.Split(r.URL.Path, "/")[5], ";")
	if s.over(conversation, s.conversation) || s.over("tenant", s.tenant) {
		s.refused++
		return respond(http.StatusTooManyRequests, nil), nil
	}
	return respond(http.StatusCreated, map[string]string{"id": strconv.Itoa(len(s.sent["tenant"]))}), nil
}

func (s *strict) over(key string, limits []teamsLimit) bool {
	now := time.Now()
	s.sent[key] = append(s.sent[key], now)
	for _, l := range limits {
		within := 0
		for _, at := range s.sent[key] {
			if now.Sub(at) < l.period {
				within++
			}
		}
		if within > l.most {
			return true
		}
	}
	return false
}

func (s *strict) connector() *bot.Connector {
	s.sent = map[string][]time.Time{}
	cloud, _ := bot.CloudByName("public")
	return bot.NewConnector(bot.ConnectorOptions{Cloud: cloud, Credential: &remote{}, HTTP: &http.Client{Transport: s}, Log: quiet()})
}

// insist posts again after the time that the error names, as the queue does.
func insist(t *testing.T, c *bot.Connector, where bot.Reference) {
	for {
		_, err := c.Post(t.Context(), where, bot.Message{Text: "x"})
		if err == nil {
			return
		}
		var failed *bot.SendError
		if !errors.As(err, &failed) || !failed.Passing() || failed.RetryAfter <= 0 {
			t.Errorf("Post returned %v, want a *bot.SendError that says how long to wait", err)
			return
		}
		time.Sleep(failed.RetryAfter)
	}
}

func TestTeamsLimitsAreKept(t *testing.T) {
	t.Parallel()
	conversation := []teamsLimit{{7, time.Second}, {8, 2 * time.Second}, {60, 30 * time.Second}, {1800, time.Hour}}
	channel := func(thread int) bot.Reference {
		where := place()
		where.ConversationID = fmt.Sprintf("19:c@thread.tacv2;messageid=%d", thread)
		return where
	}
	chat := func(i int) bot.Reference {
		where := place()
		where.ConversationID = "a:" + strconv.Itoa(i)
		return where
	}
	for _, r := range []struct {
		name     string
		messages int
		to       func(i int) bot.Reference
		least    time.Duration // that they take
		most     time.Duration
	}{
		{"7 at once into one chat", 7, func(int) bot.Reference { return place() }, 0, 0},
		{"8 at once into one chat", 8, func(int) bot.Reference { return place() }, time.Second, 2 * time.Second},
		{"100 into one chat", 100, func(int) bot.Reference { return place() }, 30 * time.Second, time.Minute},
		{"2000 into one chat", 2000, func(int) bot.Reference { return place() }, time.Hour, 70 * time.Minute},
		{"100 into the threads of one channel", 100, channel, 30 * time.Second, time.Minute},
		{"90 into as many chats", 90, chat, 2 * time.Second, 3 * time.Second},
		{"1000 into a hundred chats", 1000, func(i int) bot.Reference { return chat(i % 100) }, 33 * time.Second, time.Minute},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				teams := &strict{conversation: conversation, tenant: []teamsLimit{{30, time.Second}}}
				c := teams.connector()
				began := time.Now()
				var next atomic.Int64
				var workers sync.WaitGroup
				for range 40 {
					workers.Go(func() {
						for i := int(next.Add(1)) - 1; i < r.messages; i = int(next.Add(1)) - 1 {
							insist(t, c, r.to(i))
						}
					})
				}
				workers.Wait()
				if teams.refused != 0 {
					t.Errorf("Teams refused %d messages that came too fast", teams.refused)
				}
				if took := time.Since(began); took < r.least || took > r.most {
					t.Errorf("the messages took %s, want %s to %s", took, r.least, r.most)
				}
			})
		})
	}
}

func TestUpdatesAndDeletionsTakePlacesToo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := (&strict{}).connector()
		began := time.Now()
		for i := range 8 {
			var err error
			switch i % 3 {
			case 0:
				_, err = c.Post(t.Context(), place(), bot.Message{Text: "x"})
			case 1:
				err = c.Put(t.Context(), place(), "1", bot.Message{Text: "x"})
			default:
				err = c.Delete(t.Context(), place(), "1")
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(began); took < time.Second {
			t.Errorf("8 requests took %s", took)
		}
	})
}

func TestNobodyWaitsForAPlacePastTheirDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := (&strict{}).connector()
		for range 7 {
			insist(t, c, place())
		}
		hurried, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		began := time.Now()
		_, err := c.Post(hurried, place(), bot.Message{Text: "x"})
		var failed *bot.SendError
		if !errors.As(err, &failed) || failed.RetryAfter < time.Second || time.Since(began) != 0 {
			t.Errorf("Post returned %v after %s, want an error at once that says to wait for a second", err, time.Since(began))
		}
		// It took no place: the next one gets it.
		insist(t, c, place())
		if took := time.Since(began); took > 1500*time.Millisecond {
			t.Errorf("the next message waited for %s", took)
		}
		cancelled, stop := context.WithCancel(t.Context())
		time.AfterFunc(100*time.Millisecond, stop)
		if _, err := c.Post(cancelled, place(), bot.Message{Text: "x"}); !errors.Is(err, context.Canceled) {
			t.Errorf("Post returned %v, want that its context was cancelled", err)
		}
	})
}
