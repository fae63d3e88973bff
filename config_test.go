package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/bot"
	"signpost/signins/graph"
)

const someGUID = "0f3c1d2e-8a47-4b6e-9c55-2d7e61a94b10"

// goodConfig is a configuration without a mistake.
func goodConfig(t *testing.T) config {
	t.Helper()
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return config{
		AppID: someGUID, TenantID: []string{someGUID}, Cloud: "public", Listen: ":3978", DataDir: "/data", LogLevel: "info",
		LookBack: 24 * time.Hour, LookWider: 7 * 24 * time.Hour,
		credentialConfig: credentialConfig{AppSecretFile: file},
	}
}

func TestCheckReportsEachMistakeWithWhatToDo(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, []byte(" \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		spoil func(*config)
		want  string // part of the message; empty for none
	}{
		"a good configuration":         {func(*config) {}, ""},
		"a helpdesk group":             {func(c *config) { c.Helpdesk = []string{someGUID} }, ""},
		"no app id":                    {func(c *config) { c.AppID = "" }, "--app-id (SIGNPOST_APP_ID) is missing: copy"},
		"an app name for an id":        {func(c *config) { c.AppID = "signpost" }, `--app-id "signpost" is no GUID`},
		"no tenant":                    {func(c *config) { c.TenantID = nil }, "--tenant-id (SIGNPOST_TENANT_ID) is missing"},
		"a tenant's domain for its id": {func(c *config) { c.TenantID = []string{"contoso.com"} }, "not its domain"},
		"an unknown cloud":             {func(c *config) { c.Cloud = "moon" }, "choose one of public, usgov, china"},
		"an address without a port":    {func(c *config) { c.Listen = "localhost" }, "--listen"},
		"no data directory":            {func(c *config) { c.DataDir = "" }, "--data-dir"},
		"an unknown log level":         {func(c *config) { c.LogLevel = "loud" }, "--log-level"},
		"a group's name for its id":    {func(c *config) { c.Helpdesk = []string{"IT"} }, "object id, not its name"},
		"a window of nothing":          {func(c *config) { c.LookBack = 0 }, "--look-back"},
		"a wide window that is less":   {func(c *config) { c.LookWider = time.Hour }, "--look-wider"},
		"a window beyond the log":      {func(c *config) { c.LookWider = 31 * 24 * time.Hour }, "at most 720h"},
		"no credential":                {func(c *config) { c.AppSecretFile = "" }, "no credential: give one of"},
		"two credentials":              {func(c *config) { c.WorkloadIdentity = true }, "several credentials: keep one of"},
		"a secret file that is not there": {
			func(c *config) { c.AppSecretFile = "/nowhere/secret" }, "--app-secret-file cannot be read",
		},
		"an empty secret file": {func(c *config) { c.AppSecretFile = empty }, "is empty: put the secret into it"},
		"an identity by its name": {
			func(c *config) { c.AppSecretFile, c.ManagedIdentity = "", "my-identity" }, "--managed-identity",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := goodConfig(t)
			test.spoil(&c)
			err := c.check()
			switch {
			case test.want == "" && err != nil:
				t.Errorf("check = %v, want nothing", err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("check = %v, want %q in it", err, test.want)
			case err != nil && strings.Contains(err.Error(), "s3cret"):
				t.Errorf("the secret is in the message: %v", err)
			}
		})
	}
}

func TestCheckReportsAllMistakesAtOnce(t *testing.T) {
	t.Parallel()
	err := (&config{}).check()
	if got := strings.Count(err.Error(), "\n") + 1; got < 7 {
		t.Errorf("%d mistakes reported, want all:\n%v", got, err)
	}
}

func TestEveryCloudIsKnownToEveryRoom(t *testing.T) {
	t.Parallel()
	for _, name := range bot.CloudNames() {
		if _, ok := graph.CloudByName(name); !ok {
			t.Errorf("no Graph for cloud %s", name)
		}
		if _, ok := azureClouds[name]; !ok {
			t.Errorf("no Entra for cloud %s", name)
		}
	}
}

func TestASecretPrintsAsNothingButASecret(t *testing.T) {
	t.Parallel()
	s := secret("hunter2")
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", slog.Any("s", s))
	for _, text := range []string{s.String(), fmt.Sprintf("%v %+v %#v %q", s, s, s, s), log.String()} {
		if strings.Contains(text, "hunter2") {
			t.Errorf("the secret shows in %q", text)
		}
	}
}

func TestReadTimeTakesTheFormsThatPeopleWrite(t *testing.T) {
	t.Parallel()
	want := time.Date(2026, 11, 23, 7, 4, 0, 0, time.UTC)
	for _, text := range []string{
		"2026-11-23T07:04:00Z", "2026-11-23T08:04:00+01:00", "2026-11-23 07:04", "2026-11-23T07:04", "2026-11-23 07:04:00", " 2026-11-23T07:04:00.000Z ",
	} {
		got, err := readTime(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
	if _, err := readTime("yesterday"); err == nil || !strings.Contains(err.Error(), "2026-11-23T07:04:00Z") {
		t.Errorf("yesterday: %v, want an error that shows the form", err)
	}
}
