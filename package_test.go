package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPackageWritesWhatTeamsTakes(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "app.zip")
	out, err := runCommand(t, "package", "--app-id", someGUID, "--developer", "Contoso IT", "--website-url", "https://contoso.com/help",
		"--privacy-url", "https://contoso.com/privacy", "--terms-of-use-url", "https://contoso.com/terms", "--out", file)
	if err != nil || !strings.Contains(out, file) {
		t.Fatalf("package: %v, printed %q", err, out)
	}
	if zip, err := os.ReadFile(file); err != nil || !strings.HasPrefix(string(zip), "PK") {
		t.Errorf("%s is no zip: %v", file, err)
	}
}
