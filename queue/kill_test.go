package queue_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"signpost/queue"
)

// TestMain lets the test binary be the process that is killed: it takes ids from standard input, says each on standard output
// once it is stored, and "posts" a job by writing its id into a file before it notes that it did.
func TestMain(m *testing.M) {
	if dir := os.Getenv("SIGNPOST_KILL_DIR"); dir != "" {
		if err := victim(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func victim(dir string) error {
	ctx := context.Background()
	q, err := queue.Open(ctx, queue.Options{Dir: filepath.Join(dir, "data"), Kinds: []queue.Kind{turns}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	posts, err := os.OpenFile(filepath.Join(dir, "posts"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	go func() {
		_ = q.Work(ctx, queue.Worker{Kind: turns, Parallel: 16, Timeout: time.Second, Grace: time.Millisecond, Handle: func(ctx context.Context, job queue.Job) error {
			if q.Notes().Noted(turns, job.ID) != nil {
				return nil
			}
			if _, err := posts.WriteString(job.ID + "\n"); err != nil {
				return err
			}
			return q.Notes().Note(ctx, turns, job.ID, []byte("posted"))
		}})
	}()
	fmt.Println("ready")
	var out sync.Mutex
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		id := in.Text()
		go func() {
			if err := q.Put(ctx, turns, id, []byte(id)); err == nil {
				out.Lock()
				defer out.Unlock()
				fmt.Println(id)
			}
		}()
	}
	return nil
}

// A process is killed at random moments while it stores and does jobs. No job that it said is stored may be lost, and one may
// be done twice only where the kill fell between the post and the note of it, so at most those under way: 16 a kill.
//
// "make chaos" is the full length: SIGNPOST_KILLS=300. 10 kills are made otherwise.
func TestNoJobIsLostWhenTheProcessIsKilled(t *testing.T) {
	t.Parallel()
	kills := 10
	if n, err := strconv.Atoi(os.Getenv("SIGNPOST_KILLS")); err == nil {
		kills = n
	}
	const perLife = 20
	dir := t.TempDir()
	stored, waiting := map[string]bool{}, map[string]bool{}
	for life := range kills + 1 {
		for i := range perLife {
			waiting[fmt.Sprintf("%d-%d", life, i)] = true
		}
		v := start(t, dir)
		for id := range waiting { // what was not stored before the kill is sent again, as Teams does
			v.say(id)
		}
		deadline := time.Duration(1+rand.IntN(20_000)) * time.Microsecond
		if life == kills {
			deadline = 0 // the last one lives until all is done
		}
		v.listen(t, deadline, func(id string) bool {
			stored[id] = true
			delete(waiting, id)
			return life == kills && len(waiting) == 0
		})
		if life == kills {
			waitFor(t, func() bool {
				done := posts(t, dir)
				for id := range stored {
					if done[id] == 0 {
						return false
					}
				}
				return true
			})
		}
		v.kill(t)
	}
	done, twice := posts(t, dir), 0
	for id := range stored {
		switch n := done[id]; {
		case n == 0:
			t.Errorf("job %s was stored and never done", id)
		case n > 1:
			twice += n - 1
		}
	}
	if len(stored) != (kills+1)*perLife {
		t.Errorf("%d jobs were stored, want %d", len(stored), (kills+1)*perLife)
	}
	t.Logf("%d kills, %d jobs, %d done once more", kills, len(stored), twice)
	if twice > 16*kills {
		t.Errorf("%d jobs were done twice in %d kills", twice, kills)
	}
}

type process struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines chan string
}

func start(t *testing.T, dir string) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: exec.CommandContext(t.Context(), self), lines: make(chan string, 10_000)}
	p.cmd.Env = append(os.Environ(), "SIGNPOST_KILL_DIR="+dir)
	p.cmd.Stderr = os.Stderr
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.lines)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			p.lines <- lines.Text()
		}
	}()
	if line := <-p.lines; line != "ready" {
		t.Fatalf("the process said %q, want that it is ready", line)
	}
	return p
}

func (p *process) say(id string) { _, _ = io.WriteString(p.in, id+"\n") } // a process that dies reads no more

// listen hands on what the process says, until enough says so or, when d is not 0, until that time has passed.
func (p *process) listen(t *testing.T, d time.Duration, enough func(id string) bool) {
	t.Helper()
	limit := 30 * time.Second
	if d != 0 {
		limit = d
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		select {
		case line, ok := <-p.lines:
			if !ok || enough(line) {
				return
			}
		case <-timer.C:
			if d == 0 {
				t.Fatal("not everything was stored in time")
			}
			return
		}
	}
}

// kill ends the process as the kernel would, and reads what it had still said.
func (p *process) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for range p.lines {
	}
	_ = p.cmd.Wait() // it was killed
}

func posts(t *testing.T, dir string) map[string]int {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, "posts"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	done := map[string]int{}
	for id := range strings.FieldsSeq(string(raw)) {
		done[id]++
	}
	return done
}

func waitFor(t *testing.T, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); !is(); {
		if time.Now().After(deadline) {
			t.Error("not everything was done in time")
			return
		}
		<-time.After(20 * time.Millisecond)
	}
}
