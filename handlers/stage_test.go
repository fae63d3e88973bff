package handlers_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"signpost/bot"
	"signpost/cards"
	"signpost/diagnosis"
	"signpost/handlers"
	"signpost/queue"
	"signpost/signins"
	"signpost/words"
)

const (
	tenantID = "7e1a0000-0000-4000-8000-000000000001"
	helpdesk = "7e1a0000-0000-4000-8000-0000000000f0"

	anaID   = "7e1a0000-0000-4000-8000-00000000000a" // in nobody's helpdesk
	budiID  = "7e1a0000-0000-4000-8000-00000000000b" // neither
	helenID = "7e1a0000-0000-4000-8000-00000000000c" // of the helpdesk

	mostChecks = 10 // in ten minutes

	personal = "personal"
	channel  = "channel"
)

var (
	noon  = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	names = map[string]string{anaID: "Ana", budiID: "Budi", helenID: "Helen"}
	upns  = map[string]string{"ana@contoso.com": anaID, "budi@contoso.com": budiID, "helen@contoso.com": helenID}
)

// stage is a bot among fakes.
type stage struct {
	bot       *handlers.Bot
	chat      *chat
	directory *directory
	source    *source
	whatIf    *evaluator
	cases     *store
	notes     *notes
	greeted   *store
	jobs      *jobs
	now       time.Time
}

func newStage() *stage {
	s := &stage{
		chat: &chat{}, directory: &directory{}, source: &source{}, whatIf: &evaluator{},
		cases: &store{}, notes: &notes{}, greeted: &store{}, jobs: &jobs{}, now: noon,
	}
	s.bot = handlers.New(handlers.Options{
		Tenants: map[string]handlers.Tenant{tenantID: {SignIns: s.source, Directory: s.directory, WhatIf: s.whatIf}},
		Chat:    s.chat, Cases: s.cases, Notes: s.notes, Greeted: s.greeted, LookUpLater: s.jobs.put,
		HelpdeskGroups: []string{helpdesk}, MostChecks: mostChecks, Window: 24 * time.Hour, WideWindow: 7 * 24 * time.Hour,
		Now: func() time.Time { return s.now }, Log: slog.New(slog.DiscardHandler),
	})
	return s
}

// chat keeps what was posted. A hook that is set and returns an error makes that call fail.
type chat struct {
	mu     sync.Mutex
	posted []posted
	send   func() error
	update func() error
}

type posted struct {
	id, conversation string
	message          bot.Message
	updates          int
}

func (c *chat) Send(_ context.Context, where bot.Reference, m bot.Message) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.send != nil {
		if err := c.send(); err != nil {
			return "", err
		}
	}
	id := fmt.Sprintf("bot-%d", len(c.posted)+1)
	c.posted = append(c.posted, posted{id: id, conversation: where.ConversationID, message: m})
	return id, nil
}

func (c *chat) Update(_ context.Context, _ bot.Reference, id string, m bot.Message) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.update != nil {
		if err := c.update(); err != nil {
			return err
		}
	}
	for i := range c.posted {
		if c.posted[i].id == id {
			c.posted[i].message = m
			c.posted[i].updates++
			return nil
		}
	}
	return &bot.SendError{Status: 404, Gone: true}
}

// shown is what the nth message says now, counted from 1.
func (c *chat) shown(t *testing.T, n int) string {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.posted) < n {
		t.Fatalf("%d messages were posted, want at least %d", len(c.posted), n)
	}
	m := c.posted[n-1].message
	return m.Text + string(m.Card)
}

func (c *chat) wantPosted(t *testing.T, n int) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.posted) != n {
		t.Errorf("%d messages were posted, want %d", len(c.posted), n)
	}
}

// notes are queue.Notes in memory. A hook that is set and returns an error makes that call fail; the fact is known all the same.
type notes struct {
	mu    sync.Mutex
	facts map[string][]byte
	fail  func(ctx context.Context) error
}

func (n *notes) Note(ctx context.Context, turn string, fact []byte) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.facts == nil {
		n.facts = map[string][]byte{}
	}
	n.facts[turn] = fact
	if n.fail != nil {
		return n.fail(ctx)
	}
	return nil
}

func (n *notes) Noted(turn string) []byte {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.facts[turn]
}

// store is a queue.Bucket in memory. A hook that is set and returns an error makes that call fail.
type store struct {
	mu     sync.Mutex
	values map[string][]byte
	write  func(ctx context.Context, key string) error
	read   func(ctx context.Context, key string) error
}

func (s *store) Put(ctx context.Context, key string, value any) error {
	if s.write != nil {
		if err := s.write(ctx, key); err != nil {
			return err
		}
	}
	return s.set(key, value)
}

func (s *store) set(key string, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.values == nil {
		s.values = map[string][]byte{}
	}
	s.values[key] = body
	return nil
}

func (s *store) Create(ctx context.Context, key string, value any) (bool, error) {
	s.mu.Lock()
	_, taken := s.values[key]
	s.mu.Unlock()
	if taken {
		return false, nil
	}
	return true, s.Put(ctx, key, value)
}

func (s *store) Read(ctx context.Context, key string, into any) error {
	if s.read != nil {
		if err := s.read(ctx, key); err != nil {
			return err
		}
	}
	if strings.ContainsAny(key, "\n*> ") {
		return errors.New("invalid key") // as a queue.Bucket says
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	body, ok := s.values[key]
	if !ok {
		return queue.ErrNotFound
	}
	return json.Unmarshal(body, into)
}

func (s *store) Delete(_ context.Context, key string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.values, key)
	return nil
}

func (s *store) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.values)
}

// shownOn is the case that a message shows.
func (s *store) shownOn(t *testing.T, message string) handlers.Case {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, body := range s.values {
		var c handlers.Case
		if json.Unmarshal(body, &c) == nil && c.CardID == message {
			return c
		}
	}
	t.Fatalf("no case is shown on %s", message)
	return handlers.Case{}
}

// only is the one case that is stored.
func (s *store) only(t *testing.T) handlers.Case {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	var c handlers.Case
	stored := 0
	for key, body := range s.values {
		if strings.HasSuffix(key, "_form") { // not a case
			continue
		}
		if stored++; stored > 1 {
			t.Fatal("several cases are stored, want one")
		}
		if err := json.Unmarshal(body, &c); err != nil {
			t.Fatal(err)
		}
	}
	if stored == 0 {
		t.Fatal("no case is stored, want one")
	}
	return c
}

// jobs keeps look-ups, the same id once.
type jobs struct {
	mu      sync.Mutex
	ids     map[string]bool
	waiting []handlers.LookUp
	fail    error
}

func (j *jobs) put(_ context.Context, id string, job handlers.LookUp) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.fail != nil {
		return j.fail
	}
	if j.ids == nil {
		j.ids = map[string]bool{}
	}
	if !j.ids[id] {
		j.ids[id] = true
		j.waiting = append(j.waiting, job)
	}
	return nil
}

func (j *jobs) take() []handlers.LookUp {
	j.mu.Lock()
	defer j.mu.Unlock()
	all := j.waiting
	j.waiting = nil
	return all
}

// directory knows the accounts of upns, and Helen as the helpdesk.
type directory struct {
	mu         sync.Mutex
	accountErr error
	memberErr  error
	memberAsks int
}

func (d *directory) Account(_ context.Context, account string) (signins.Account, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.accountErr != nil {
		return signins.Account{}, d.accountErr
	}
	id, ok := upns[strings.ToLower(account)]
	if _, known := names[account]; known {
		id, ok = account, true
	}
	if !ok {
		return signins.Account{}, &signins.Failure{Reason: signins.ReasonAccountNotFound, Err: errors.New("none")}
	}
	return signins.Account{ID: id, UPN: strings.ToLower(names[id]) + "@contoso.com", Name: names[id]}, nil
}

func (d *directory) MemberOf(_ context.Context, id string, groups []string) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.memberAsks++
	return id == helenID && len(groups) == 1 && groups[0] == helpdesk, d.memberErr
}

// source finds one refused sign-in of any account.
type source struct {
	mu     sync.Mutex
	asked  []signins.Query
	edits  []diagnosis.Edit
	during func()
	err    error
}

func (s *source) SignIns(_ context.Context, q signins.Query) (signins.Log, error) {
	s.mu.Lock()
	s.asked = append(s.asked, q)
	during, err := s.during, s.err
	s.mu.Unlock()
	if during != nil {
		during()
	}
	if err != nil {
		return signins.Log{}, err
	}
	name := names[q.Account]
	upn := strings.ToLower(name) + "@contoso.com"
	return signins.Log{
		Account: signins.Account{ID: q.Account, UPN: upn, Name: name}, Read: 1, Edits: s.edits,
		SignIns: []diagnosis.SignIn{{
			ID: "row", Time: noon.Add(-time.Hour), UserID: q.Account, UserPrincipalName: upn, HasStatus: true, ErrorCode: 53003,
			AppID: "c44b4083-3bb0-49c1-b47d-974e53cbdf3c", App: "Azure Portal", IPAddress: "192.0.2.44", Location: diagnosis.Location{City: "Recife", Country: "BR"},
			ConditionalAccessStatus: "failure", Device: diagnosis.Device{Name: "LAPTOP-" + name},
			Policies: []diagnosis.AppliedPolicy{{ID: "p1", Name: "CA02 Block " + name, Result: "failure", GrantControls: []string{"Block"}}},
		}},
	}, nil
}

func (s *source) wantAsked(t *testing.T, accounts ...string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	var got []string
	for _, q := range s.asked {
		got = append(got, q.Account)
	}
	if strings.Join(got, " ") != strings.Join(accounts, " ") {
		t.Errorf("the log was asked for %v, want %v", got, accounts)
	}
}

// evaluator answers each question with what its hook says; without a hook nobody may ask.
type evaluator struct {
	asked  []diagnosis.Scenario
	answer func(diagnosis.Scenario) ([]diagnosis.Evaluated, error)
}

func (e *evaluator) Evaluate(_ context.Context, s diagnosis.Scenario) ([]diagnosis.Evaluated, error) {
	e.asked = append(e.asked, s)
	if e.answer == nil {
		return nil, nil
	}
	return e.answer(s)
}

// from is an activity of somebody, in the one personal chat or the one channel.
func from(person, kind, id string) bot.Activity {
	a := bot.Activity{
		Type: "message", ID: id, ServiceURL: "https://smba.trafficmanager.net/emea/", ChannelID: "msteams", Locale: "en-GB",
		From: bot.Account{ID: "29:" + person, Name: names[person], AADObjectID: person}, Recipient: bot.Account{ID: "28:bot"},
		Conversation: bot.Conversation{ID: "a:" + person, Type: kind, TenantID: tenantID},
	}
	if kind != personal {
		a.Conversation.ID = "19:room@thread.tacv2;messageid=1"
	}
	return a
}

func says(person, kind, id, text string) *bot.Activity {
	a := from(person, kind, id)
	a.Text = text
	return &a
}

func (s *stage) say(t *testing.T, person, kind, id, text string) {
	t.Helper()
	if err := s.bot.OnMessage(t.Context(), says(person, kind, id, text)); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
}

// work does the look-ups that wait.
func (s *stage) work(t *testing.T) {
	t.Helper()
	for _, job := range s.jobs.take() {
		if err := s.bot.OnLookUp(t.Context(), job); err != nil {
			t.Fatalf("look up: %v", err)
		}
	}
}

// presses is the invoke of a button on a message.
func presses(person, kind, id, on, verb string, data map[string]string) bot.Activity {
	a := from(person, kind, id)
	a.Type, a.Name, a.ReplyToID = "invoke", "adaptiveCard/action", on
	a.Value = encode(map[string]any{"action": map[string]any{"type": "Action.Execute", "verb": verb, "data": data}})
	return a
}

// submits is the same from an older client.
func submits(person, kind, id, on, verb string, data map[string]string) *bot.Activity {
	a := from(person, kind, id)
	a.ReplyToID = on
	value := map[string]string{cards.DataVerb: verb}
	maps.Copy(value, data)
	a.Value = encode(value)
	return &a
}

// answerTo is the type and the value of the answer to a press.
func (s *stage) answerTo(t *testing.T, a bot.Activity) (kind, value string) {
	t.Helper()
	response := s.bot.OnInvoke(t.Context(), a)
	var body struct {
		Type  string          `json:"type"`
		Value json.RawMessage `json:"value"`
	}
	if err := json.Unmarshal(encode(response.Body), &body); err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(body.Type, "application/vnd.microsoft."), string(body.Value)
}

func (s *stage) wantCard(t *testing.T, a bot.Activity, sentence string) {
	t.Helper()
	if kind, value := s.answerTo(t, a); kind != "card.adaptive" || !strings.Contains(value, english(sentence)) {
		t.Errorf("the press brought %s %s, want a card with %s", kind, value, sentence)
	}
}

func (s *stage) wantToast(t *testing.T, a bot.Activity, sentence string) {
	t.Helper()
	if kind, value := s.answerTo(t, a); kind != "activity.message" || value != string(encode(english(sentence))) {
		t.Errorf("the press brought %s %s, want the text %s", kind, value, sentence)
	}
}

func wantShown(t *testing.T, shown, sentence string) {
	t.Helper()
	if !strings.Contains(shown, english(sentence)) {
		t.Errorf("want %s, shown is %s", sentence, shown)
	}
}

func english(id string) string { return words.For("en", "", nil).Say(id) }

func about(c handlers.Case, more ...string) map[string]string {
	data := map[string]string{cards.DataCase: c.Reference}
	for i := 0; i+1 < len(more); i += 2 {
		data[more[i]] = more[i+1]
	}
	return data
}

func encode(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return raw
}

var errBroken = errors.New("broken")

// once fails the first time.
func once() func() error {
	failed := false
	return func() error {
		if failed {
			return nil
		}
		failed = true
		return errBroken
	}
}
