package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"signpost/sandbox"
)

// demoCommand plays conversations with the whole bot against the sandbox.
type demoCommand struct {
	Story   string `help:"Play one story only: ${stories}." placeholder:"NAME"`
	Verbose bool   `help:"Show the bot's own log on standard error."`
}

// storyTime bounds one story.
const storyTime = time.Minute

// Run implements the command.
func (d *demoCommand) Run(ctx context.Context, std streams) error {
	ctx, stop := untilStopped(ctx)
	defer stop()
	stories := sandbox.Stories()
	if d.Story != "" {
		i := slices.IndexFunc(stories, func(s sandbox.Story) bool { return s.Name == d.Story })
		if i < 0 {
			return fmt.Errorf("there is no story %q: choose one of %s", d.Story, storyNames())
		}
		stories = stories[i : i+1]
	}
	log := slog.New(slog.DiscardHandler)
	if d.Verbose {
		log = slog.New(slog.NewTextHandler(std.err, nil))
	}
	s, err := startStage(ctx, std.out, log)
	if err != nil {
		return err
	}
	defer s.close()
	fmt.Fprintln(std.out, "· Graph allows five questions to the sign-in log in ten seconds; some answers wait for that")
	for _, story := range stories {
		if err := s.play(ctx, story); err != nil {
			return fmt.Errorf("story %s: %w", story.Name, err)
		}
	}
	if term.IsTerminal(int(std.in.Fd())) {
		return s.talk(ctx, std.in)
	}
	return nil
}

func storyNames() string {
	var names []string
	for _, s := range sandbox.Stories() {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}

// stage is the sandbox with the whole bot running against it.
type stage struct {
	out     io.Writer
	sandbox *sandbox.Sandbox
	teams   *sandbox.Teams
	dir     string
	stop    context.CancelFunc
	stopped chan error
	greeted bool // somebody was welcomed
	address string
}

// startStage starts the sandbox, then the bot as `serve` would start it, and waits until it is ready. Each step is
// named before it begins, so that a slow machine never looks like a dead one.
func startStage(ctx context.Context, out io.Writer, log *slog.Logger) (*stage, error) {
	s := &stage{out: out, stopped: make(chan error, 1)}
	say := func(step string) { fmt.Fprintln(out, "·", step) }

	say("starting a sandbox for Microsoft Entra, Microsoft Graph and the Bot Connector (local, TLS, a sample tenant)")
	var err error
	if s.dir, err = os.MkdirTemp("", "signpost-demo-"); err != nil {
		return nil, fmt.Errorf("make a directory for the demo: %w", err)
	}
	if s.sandbox, err = sandbox.Start(sandbox.Options{}); err != nil {
		s.close()
		return nil, fmt.Errorf("start the sandbox: %w", err)
	}
	say("starting the bot (real HTTP endpoint, token verification, durable queue in " + s.dir + ")")
	a, err := openApp(ctx, s.config(), outside{transport: s.sandbox.Transport(), now: time.Now, log: log})
	if err != nil {
		s.close()
		return nil, err
	}
	running, stop := context.WithCancel(ctx)
	s.stop = stop
	go func() { s.stopped <- a.run(running) }()

	s.address = "http://" + a.listener.Addr().String()
	say("waiting until the bot is ready at " + s.address)
	if err := awaitReady(ctx, s.address); err != nil {
		s.close()
		return nil, err
	}
	s.teams = s.sandbox.Teams(s.address+"/api/messages", &http.Client{Timeout: 15 * time.Second})
	return s, nil
}

// config is what an administrator would set for the sandbox's tenant.
func (s *stage) config() *config {
	secretFile := filepath.Join(s.dir, "secret")
	if err := os.WriteFile(secretFile, []byte(s.sandbox.Secret()), 0o600); err != nil {
		secretFile = "" // the missing credential is reported when it is used
	}
	return &config{
		AppID: s.sandbox.AppID(), TenantID: []string{s.sandbox.TenantID()}, Cloud: "public",
		Listen: "127.0.0.1:0", DataDir: filepath.Join(s.dir, "data"), LogLevel: "info",
		Helpdesk: []string{s.sandbox.Tenant().HelpdeskGroupID()}, LookBack: 24 * time.Hour, LookWider: 7 * 24 * time.Hour,
		credentialConfig: credentialConfig{AppSecretFile: secretFile},
	}
}

// awaitReady asks /readyz until it says yes.
func awaitReady(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/readyz", nil)
		if err != nil {
			return fmt.Errorf("ask whether the bot is ready: %w", err)
		}
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return errors.New("the bot did not become ready")
		case <-ticker.C:
		}
	}
}

func (s *stage) close() {
	if s.stop != nil {
		s.stop()
		if err := <-s.stopped; err != nil {
			fmt.Fprintln(s.out, "the bot ended with an error:", err)
		}
	}
	if s.sandbox != nil {
		s.sandbox.Close()
	}
	if s.dir != "" {
		_ = os.RemoveAll(s.dir) // a temporary directory
	}
}
