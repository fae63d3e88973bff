package main

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"signpost/sandbox"
)

// get asks the bot one of its own addresses.
func get(t *testing.T, address string) (status int, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func TestHealthAndReadiness(t *testing.T) {
	t.Parallel()
	world, err := sandbox.Start(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(world.Close)
	mend := world.Break(sandbox.Fault{Host: sandbox.HostBotFramework, Status: http.StatusServiceUnavailable})
	s := &stage{sandbox: world, dir: t.TempDir()}
	a, err := openApp(t.Context(), s.config(), outside{transport: world.Transport(), now: time.Now, log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- a.run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-stopped; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	address := "http://" + a.listener.Addr().String()
	if status, _ := get(t, address+"/healthz"); status != http.StatusOK {
		t.Errorf("/healthz without signing keys: %d, want 200: the process lives", status)
	}
	if status, body := get(t, address+"/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, "signing keys") {
		t.Errorf("/readyz without signing keys: %d %q, want 503 that names them", status, body)
	}
	mend()
	if err := awaitReady(t.Context(), address); err != nil {
		t.Errorf("with signing keys: %v", err)
	}
}

func TestOnlyTeamsMayPost(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p := person(s, "grace.kim")
	forged := s.sandbox.Teams(s.address+"/api/messages", &http.Client{Transport: withToken("")})
	for name, teams := range map[string]*sandbox.Teams{
		"no token":         forged,
		"somebody's token": s.sandbox.Teams(s.address+"/api/messages", &http.Client{Transport: withToken("Bearer " + strings.Repeat("eyJhbGciOiJub25lIn0.", 3))}),
	} {
		chat := teams.Personal(p)
		status, err := chat.Say(t.Context(), p, "check me")
		if err != nil || (status != http.StatusUnauthorized && status != http.StatusForbidden) {
			t.Errorf("%s: status %d, %v; want it refused", name, status, err)
		}
		if n := countFromBot(chat); n != 0 {
			t.Errorf("%s: the bot answered", name)
		}
	}
}

// withToken replaces the Authorization header of every request.
type withToken string

func (w withToken) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", string(w))
	return http.DefaultTransport.RoundTrip(r)
}

// lines reads what a process logs.
type lines struct {
	from *bufio.Scanner
	all  string
}

func newLines(r io.Reader) *lines { return &lines{from: bufio.NewScanner(r)} }

// await reads until a line holds the words, and reports whether one did.
func (l *lines) await(words string) bool {
	for l.from.Scan() {
		l.all += l.from.Text() + "\n"
		if strings.Contains(l.from.Text(), words) {
			return true
		}
	}
	return false
}

// The bot that runs as a process of its own: SIGTERM ends it within the 10 s that an orchestrator waits.
func TestServeStopsOnSIGTERM(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "signpost")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", program, ".") // as make build does, to share its cache
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	secretFile := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secretFile, []byte("s3cret"), 0o600); err != nil {
		t.Fatal(err)
	}
	serve := exec.CommandContext(t.Context(), program, "serve")
	serve.Env = append(os.Environ(),
		"SIGNPOST_APP_ID="+someGUID, "SIGNPOST_TENANT_ID="+someGUID, "SIGNPOST_APP_SECRET_FILE="+secretFile,
		"SIGNPOST_LISTEN=127.0.0.1:0", "SIGNPOST_DATA_DIR="+t.TempDir(), "HTTPS_PROXY=http://127.0.0.1:1",
	)
	logged, err := serve.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	lines := newLines(logged)
	if !lines.await(`"listening"`) {
		t.Fatalf("the bot does not say that it listens:\n%s", lines.all)
	}
	start := time.Now()
	if err := serve.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if !lines.await(`"stopped"`) {
		t.Errorf("the bot does not say that it stopped:\n%s", lines.all)
	}
	if err := serve.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v, want exit status 0", err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("stopping took %s, want 10 s at most", took)
	}
	if strings.Contains(lines.all, "s3cret") {
		t.Error("the secret is in the log")
	}
}

func TestServeReportsEveryMistakeBeforeItListens(t *testing.T) {
	t.Parallel()
	_, err := runCommand(t, "serve", "--app-id", "bot", "--listen", "nowhere", "--cloud", "moon")
	if err == nil {
		t.Fatal("serve started with a wrong configuration")
	}
	for _, flag := range []string{"--app-id", "--tenant-id", "--listen", "--cloud", "no credential"} {
		if !strings.Contains(err.Error(), flag) {
			t.Errorf("the error does not speak of %s:\n%v", flag, err)
		}
	}
}
