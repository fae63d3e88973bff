package bot_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"signpost/bot"
)

// recorder is a Handler that notes what it is asked.
type recorder struct {
	asked  []string
	failed error
	reply  string
	to     *bot.Adapter // where it replies
}

func (r *recorder) OnMessage(ctx context.Context, a *bot.Activity) error {
	r.asked = append(r.asked, "message "+a.ID)
	if r.reply != "" {
		id, err := r.to.Send(ctx, a.Reference(), bot.Message{Text: r.reply})
		if err != nil {
			return err
		}
		return r.to.Update(ctx, a.Reference(), id, bot.Message{Text: r.reply + " again"})
	}
	return r.failed
}

func (r *recorder) OnInstalled(context.Context, *bot.Activity) error {
	r.asked = append(r.asked, "installed")
	return r.failed
}

func (r *recorder) OnRemoved(context.Context, *bot.Activity) error {
	r.asked = append(r.asked, "removed")
	return r.failed
}

func decode(t testing.TB, body string) bot.Activity {
	t.Helper()
	a, err := bot.DecodeActivity([]byte(body))
	if err != nil {
		t.Fatalf("decode %s: %v", body, err)
	}
	return a
}

func adapter(t testing.TB, teams *remote) *bot.Adapter {
	return bot.NewAdapter(appID, newAuthority(t, "public").verifier((&clock{t: noon}).now), teams.connector(t))
}

func TestActivitiesReachTheirHandler(t *testing.T) {
	t.Parallel()
	added := []members{{"id": "29:somebody"}, {"id": "28:" + appID}}
	for _, r := range []struct {
		name    string
		changes members
		want    []string
	}{
		{"a message", nil, []string{"message 1700"}},
		{"the bot was installed", members{"type": "installationUpdate", "action": "add"}, []string{"installed"}},
		{"the bot was upgraded", members{"type": "installationUpdate", "action": "add-upgrade"}, nil},
		{"the bot was removed", members{"type": "installationUpdate", "action": "remove"}, []string{"removed"}},
		{"the bot was added", members{"type": "conversationUpdate", "membersAdded": added}, []string{"installed"}},
		{"somebody else was added", members{"type": "conversationUpdate", "membersAdded": added[:1]}, nil},
		{"nobody was added", members{"type": "conversationUpdate"}, nil},
		{"somebody without an id", members{"type": "conversationUpdate", "membersAdded": []members{{}}, "recipient": nil}, nil},
		{"typing", members{"type": "typing"}, nil},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			for _, failed := range []error{nil, errors.New("the handler failed")} {
				h := &recorder{failed: failed}
				err := adapter(t, &remote{}).Dispatch(t.Context(), decode(t, message(r.changes)), h)
				if diff := cmp.Diff(r.want, h.asked); diff != "" {
					t.Errorf("who was asked (-want +got):\n%s", diff)
				}
				if want := map[bool]error{true: failed}[len(r.want) != 0]; !errors.Is(err, want) || (want == nil) != (err == nil) {
					t.Errorf("Dispatch returned %v, want the handler's %v", err, want)
				}
			}
		})
	}
}

func TestATurnAnswersIntoItsConversation(t *testing.T) {
	t.Parallel()
	teams := &remote{answers: []answer{{status: 201, body: `{"id":"1800"}`}, {status: 200}}}
	a := adapter(t, teams)
	if err := a.Dispatch(t.Context(), decode(t, message(nil)), &recorder{reply: "hello", to: a}); err != nil {
		t.Fatalf("Dispatch: %v", err)
	}
	var got []string
	for _, sent := range teams.got {
		got = append(got, sent.method+" "+strings.TrimPrefix(sent.address, service))
	}
	want := []string{"POST v3/conversations/a:1/activities", "PUT v3/conversations/a:1/activities/1800"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the requests (-want +got):\n%s", diff)
	}
}

func TestASendErrorComesThroughTheLibrary(t *testing.T) {
	t.Parallel()
	teams := &remote{answers: []answer{{status: 403, body: `{"error":{"code":"BotNotInConversationRoster"}}`}}}
	a := adapter(t, teams)
	_, posted := a.Send(t.Context(), place(), bot.Message{Text: "x"})
	for act, err := range map[string]error{
		"Send": posted, "Update": a.Update(t.Context(), place(), "1", bot.Message{Text: "x"}),
		"Delete":   a.Delete(t.Context(), place(), "1"),
		"Dispatch": a.Dispatch(t.Context(), decode(t, message(nil)), &recorder{reply: "x", to: a}),
	} {
		var failed *bot.SendError
		if !errors.As(err, &failed) || !failed.Gone {
			t.Errorf("%s returned %v, want a *bot.SendError that says gone", act, err)
		}
	}
	for _, address := range []string{"", "https://evil.example/", "https://smba.trafficmanager.net/%zz", ":"} {
		where := place()
		where.ServiceURL = address
		before := len(teams.got)
		if _, err := a.Send(t.Context(), where, bot.Message{Text: "x"}); err == nil || len(teams.got) != before {
			t.Errorf("Send to serviceUrl %q returned %v, want an error and no request", address, err)
		}
	}
}
