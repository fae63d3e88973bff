package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"signpost/cards"
	"signpost/sandbox"
	"signpost/words"
)

// play plays one story in the person's personal chat.
func (s *stage) play(ctx context.Context, story sandbox.Story) error {
	ctx, cancel := context.WithTimeout(ctx, storyTime)
	defer cancel()
	fmt.Fprintf(s.out, "\n━━━ %s: %s ━━━\n", story.Name, story.Title)
	if story.Before != nil {
		story.Before(s.sandbox)
	}
	if story.After != nil {
		defer story.After(s.sandbox)
	}
	v := s.view(story.Person)
	if !s.greeted { // everybody is greeted alike: once is enough to read
		s.greeted = true
		if err := v.install(ctx); err != nil {
			return err
		}
	}
	for _, step := range story.Steps {
		if err := v.do(ctx, step); err != nil {
			return err
		}
	}
	return nil
}

// talk lets somebody of the helpdesk type until ctx ends or there is no more input. A line that begins with a slash
// presses a button of the newest card that has it.
func (s *stage) talk(ctx context.Context, in io.Reader) error {
	person := s.sandbox.Tenant().Helpdesk()[0]
	fmt.Fprintf(s.out, `
━━━ Your turn, as %s of the helpdesk ━━━
Type a message, for instance:   check grace.kim@contoso.com
Press a button by its verb:     /again   /not-it   /check upn=farah.aziz@contoso.com product=autopatch
Stop with Ctrl-C.
`, person.Name)
	v := s.view(person)
	if err := v.install(ctx); err != nil {
		return err
	}
	typed := make(chan string)
	go func() { // ends with the input, or with the process: reading a terminal cannot be interrupted
		defer close(typed)
		for lines := bufio.NewScanner(in); lines.Scan(); {
			typed <- lines.Text()
		}
	}()
	for {
		fmt.Fprint(s.out, "\n> ")
		select {
		case <-ctx.Done():
			fmt.Fprintln(s.out)
			return nil
		case text, more := <-typed:
			if !more {
				return nil
			}
			if text = strings.TrimSpace(text); text == "" {
				continue
			}
			turn, cancel := context.WithTimeout(ctx, storyTime)
			err := v.do(turn, typedStep(text))
			cancel()
			if err != nil && ctx.Err() == nil {
				fmt.Fprintln(s.out, "That did not work:", err)
			}
		}
	}
}

// typedStep reads what was typed: a message, or "/verb input=value …".
func typedStep(text string) sandbox.Step {
	press, isPress := strings.CutPrefix(text, "/")
	if !isPress {
		return sandbox.Step{Say: text}
	}
	fields := strings.Fields(press)
	if len(fields) == 0 {
		return sandbox.Step{Say: text}
	}
	step := sandbox.Step{Press: fields[0], Inputs: map[string]string{}}
	for _, f := range fields[1:] {
		name, value, _ := strings.Cut(f, "=")
		step.Inputs[name] = value
	}
	return step
}

// view is a personal chat as its person sees it, printed as it changes.
type view struct {
	out      io.Writer
	chat     *sandbox.Chat
	person   sandbox.Person
	checking string // what the heading of a card says that will change yet
	seen     map[string]string
}

func (s *stage) view(p sandbox.Person) *view {
	return &view{
		out: s.out, chat: s.teams.Personal(p), person: p, seen: map[string]string{},
		checking: words.For(p.Locale, p.Timezone, cards.Escape).Say("checking.title"),
	}
}

func (v *view) install(ctx context.Context) error {
	fmt.Fprintf(v.out, "\n(%s installs signpost)\n", v.person.Name)
	status, err := v.chat.Install(ctx, v.person)
	return v.after(ctx, status, err)
}

// do takes one step and prints what comes of it.
func (v *view) do(ctx context.Context, step sandbox.Step) error {
	if step.Say != "" {
		fmt.Fprintf(v.out, "\n%s:\n  %s\n", v.person.Name, step.Say)
		status, err := v.chat.Say(ctx, v.person, step.Say)
		return v.after(ctx, status, err)
	}
	fmt.Fprintf(v.out, "\n%s presses “%s”", v.person.Name, step.Press)
	for _, name := range sortedKeys(step.Inputs) {
		fmt.Fprintf(v.out, ", %s: %s", name, step.Inputs[name])
	}
	fmt.Fprintln(v.out)
	status, err := v.chat.Press(ctx, v.person, "", step.Press, step.Inputs)
	return v.after(ctx, status, err)
}

// after prints what the bot shows, until it has nothing more to do.
func (v *view) after(ctx context.Context, status int, err error) error {
	if err != nil {
		return err
	}
	if status/100 != 2 {
		return fmt.Errorf("the bot answered with HTTP status %d", status)
	}
	for {
		var news []sandbox.Shown
		if err := v.chat.Wait(ctx, func(all []sandbox.Shown) bool {
			news = slices.DeleteFunc(all, func(m sandbox.Shown) bool { return v.seen[m.ID] == v.state(&m) })
			return slices.ContainsFunc(news, v.byBot)
		}); err != nil {
			return err
		}
		working := false
		for _, m := range news {
			working = v.show(&m) || working
		}
		if !working {
			return nil
		}
	}
}

func (v *view) byBot(m sandbox.Shown) bool { return m.From != v.person.Name }

// state tells whether a message has changed for this person.
func (v *view) state(m *sandbox.Shown) string {
	return fmt.Sprint(m.Version, m.Text, m.Toast, string(v.chat.CardFor(v.person, m.ID)))
}

// show prints a message, and reports whether it is still going to change.
func (v *view) show(m *sandbox.Shown) (working bool) {
	_, known := v.seen[m.ID]
	v.seen[m.ID] = v.state(m)
	if !v.byBot(*m) {
		return false
	}
	change := ""
	if known {
		change = " (in the same place)"
	}
	fmt.Fprintf(v.out, "\n%s%s:\n", m.From, change)
	if m.Toast != "" {
		fmt.Fprintf(v.out, "  (pops up) %s\n", m.Toast)
	}
	lines := sandbox.CardText(v.chat.CardFor(v.person, m.ID))
	if len(lines) == 0 {
		fmt.Fprintf(v.out, "  %s\n", m.Text)
		return false
	}
	for _, l := range lines {
		fmt.Fprintf(v.out, "  │ %s\n", l)
	}
	return lines[0] == "## "+v.checking
}

func sortedKeys(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
