package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestProgressIsOneLineThatIsWrittenAgainAndGoes(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	at := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	p := progress{out: &out, size: 2_000_000_000, now: func() time.Time { return at }}
	p.show(1, 1_000_000)
	if out.Len() > 0 {
		t.Errorf("wrote %q at once, want nothing for a file that is soon read", &out)
	}
	at = at.Add(500 * time.Millisecond)
	p.show(200_000, 1_500_000_000)
	p.show(200_001, 1_500_000_001) // too soon
	at = at.Add(100 * time.Millisecond)
	p.show(10, 1_000_000) // the file is read again
	p.clear()
	want := "\rread 200000 rows, 1500 MB of 2000 MB (75%)" +
		"\rread 10 rows, 1 MB of 2000 MB (0%)        " +
		"\r" + strings.Repeat(" ", 34) + "\r"
	if out.String() != want {
		t.Errorf("wrote\n%q, want\n%q", out.String(), want)
	}
}

func TestProgressShowsNothingButAtATerminal(t *testing.T) {
	t.Parallel()
	file, err := os.Create(filepath.Join(t.TempDir(), "err"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	at := time.Now()
	p := newProgress(file, 0, func() time.Time { at = at.Add(time.Hour); return at })
	p.show(1, 1)
	p.show(2, 2)
	p.clear()
	if info, err := file.Stat(); err != nil || info.Size() > 0 {
		t.Errorf("wrote %d bytes to a file (%v)", info.Size(), err)
	}
}

func TestProgressOfAStreamKnowsNoEnd(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	at := time.Now()
	p := progress{out: &out, now: func() time.Time { at = at.Add(time.Hour); return at }}
	p.show(1, 1)
	p.show(5, 3_000_000)
	if got := out.String(); got != "\rread 5 rows, 3 MB" {
		t.Errorf("wrote %q", got)
	}
}
