package manifest_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/manifest"
)

func options() manifest.Options {
	return manifest.Options{
		AppID:   "3F2504E0-4F89-41D3-9A0C-0305E82C3301",
		BotID:   "9b2f1c5e-0d7a-4c38-8c57-2f6b1a4d8e90",
		Version: "1.4.0",
		Name:    "Signpost",
		Developer: manifest.Developer{
			Name:          "Contoso IT",
			WebsiteURL:    "https://www.contoso.com/help",
			PrivacyURL:    "https://www.contoso.com/privacy",
			TermsOfUseURL: "https://www.contoso.com/terms",
		},
	}
}

func TestManifestCarriesTheOptions(t *testing.T) {
	t.Parallel()
	opts := options()
	opts.Name = "R&D sign-in <helper>"
	raw, err := manifest.Manifest(opts)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		ID        string
		Version   string
		Developer map[string]string
		Name      map[string]string
		Bots      []struct{ BotID string }
	}
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	want := got
	want.ID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
	want.Version = "1.4.0"
	want.Developer = map[string]string{
		"name":          "Contoso IT",
		"websiteUrl":    "https://www.contoso.com/help",
		"privacyUrl":    "https://www.contoso.com/privacy",
		"termsOfUseUrl": "https://www.contoso.com/terms",
	}
	want.Name = map[string]string{
		"short": "R&D sign-in <helper>",
		"full":  "R&D sign-in <helper>: why an onboarding or sign-in failed",
	}
	want.Bots = []struct{ BotID string }{{"9b2f1c5e-0d7a-4c38-8c57-2f6b1a4d8e90"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestManifestTakesTheAppIDForABotWithoutItsOwn(t *testing.T) {
	t.Parallel()
	opts := options()
	opts.BotID = ""
	raw, err := manifest.Manifest(opts)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(raw, []byte("3f2504e0-4f89-41d3-9a0c-0305e82c3301")); n != 2 {
		t.Errorf("the app id stands %d times in the manifest, want 2 (id and botId)", n)
	}
}

// localeFiles are the languages of the catalogues beside English, under the tags that Teams has for them.
var localeFiles = []string{
	"ar.json", "de.json", "es.json", "fr.json", "id.json", "ja.json", "ko.json", "pt-br.json", "zh-cn.json",
}

func TestBuildIsTheSameByteForByte(t *testing.T) {
	t.Parallel()
	var first, second bytes.Buffer
	for _, w := range []io.Writer{&first, &second} {
		if err := manifest.Build(w, options()); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two builds of the same options differ")
	}
	archive, err := zip.NewReader(bytes.NewReader(first.Bytes()), int64(first.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range archive.File {
		names = append(names, f.Name)
		if want := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC); !f.Modified.Equal(want) {
			t.Errorf("%s was modified at %v, want %v", f.Name, f.Modified, want)
		}
	}
	if diff := cmp.Diff(append([]string{"manifest.json", "color.png", "outline.png"}, localeFiles...), names); diff != "" {
		t.Error(diff)
	}
}

func TestBuildRefusesWrongOptions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		spoil func(*manifest.Options)
		want  []string // part of each line of the error
	}{
		{
			"an app id that is not a GUID",
			func(o *manifest.Options) { o.AppID = "signpost" },
			[]string{`app id "signpost" is not a GUID`},
		},
		{
			"no app id, and so no bot id, is one mistake",
			func(o *manifest.Options) { o.AppID, o.BotID = "", "" },
			[]string{`app id "" is not a GUID`},
		},
		{
			"a bot id that is not a GUID",
			func(o *manifest.Options) { o.BotID = "{9b2f1c5e-0d7a-4c38-8c57-2f6b1a4d8e90}" },
			[]string{"bot id"},
		},
		{
			"a version with a letter",
			func(o *manifest.Options) { o.Version = "v1.4.0" },
			[]string{`version "v1.4.0" is not three numbers`},
		},
		{
			"a name of 31 characters",
			func(o *manifest.Options) { o.Name = strings.Repeat("é", 31) },
			[]string{"has 31 characters: Teams takes at most 30"},
		},
		{
			"a name of nothing but blanks",
			func(o *manifest.Options) { o.Name = "  " },
			[]string{"name is empty"},
		},
		{
			"a name on two lines",
			func(o *manifest.Options) { o.Name = "Sign\npost" },
			[]string{"a character that cannot be shown"},
		},
		{
			"an address without TLS",
			func(o *manifest.Options) { o.Developer.PrivacyURL = "http://www.contoso.com/privacy" },
			[]string{"privacy page"},
		},
		{
			"an address without a host",
			func(o *manifest.Options) { o.Developer.WebsiteURL = "https:///help" },
			[]string{"developer website"},
		},
		{
			"an address that is too long",
			func(o *manifest.Options) { o.Developer.WebsiteURL += strings.Repeat("/", 2048) },
			[]string{"developer website has 2076 characters"},
		},
		{
			"everything at once, each mistake named",
			func(o *manifest.Options) { *o = manifest.Options{BotID: "x"} },
			[]string{
				"app id", "bot id", "version", "name is empty", "developer name is empty",
				"developer website", "privacy page", "terms of use page",
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			opts := options()
			test.spoil(&opts)
			var out bytes.Buffer
			err := manifest.Build(&out, opts)
			if err == nil {
				t.Fatal("Build takes it")
			}
			if out.Len() != 0 {
				t.Errorf("Build wrote %d bytes all the same", out.Len())
			}
			lines := strings.Split(err.Error(), "\n")
			if len(lines) != len(test.want) {
				t.Fatalf("the error has %d lines, want %d:\n%v", len(lines), len(test.want), err)
			}
			for i, want := range test.want {
				if !strings.Contains(lines[i], want) {
					t.Errorf("line %d of the error is %q, want %q in it", i+1, lines[i], want)
				}
			}
		})
	}
}

func TestBuildReportsAFailingWriter(t *testing.T) {
	t.Parallel()
	full := errors.New("no space left")
	if err := manifest.Build(failing{full}, options()); !errors.Is(err, full) {
		t.Errorf("Build returns %v, want %v", err, full)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// build returns the files of the app package by name.
func build(t *testing.T, opts manifest.Options) map[string][]byte {
	t.Helper()
	var out bytes.Buffer
	if err := manifest.Build(&out, opts); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	pkg := make(map[string][]byte)
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		pkg[f.Name] = data
	}
	return pkg
}
