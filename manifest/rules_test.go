package manifest_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPackageFollowsTheRulesThatNoSchemaHolds breaks the package in one way a
// row and expects that to be found.
func TestPackageFollowsTheRulesThatNoSchemaHolds(t *testing.T) {
	t.Parallel()
	inManifest := func(old, replacement string) func(*testing.T, map[string][]byte) {
		return func(t *testing.T, pkg map[string][]byte) {
			pkg["manifest.json"] = replace(t, pkg["manifest.json"], old, replacement)
		}
	}
	tests := []struct {
		name  string
		spoil func(*testing.T, map[string][]byte)
		want  []string
	}{
		{"the package as it is built", func(*testing.T, map[string][]byte) {}, nil},
		{
			"an icon is missing",
			func(_ *testing.T, pkg map[string][]byte) { delete(pkg, "outline.png") },
			[]string{"outline.png is named in the manifest but not in the package"},
		},
		{
			"a file stands in a folder",
			func(_ *testing.T, pkg map[string][]byte) { pkg["extra/de.json"] = []byte("{}") },
			[]string{"extra/de.json is not at the root", "extra/de.json is not named in the manifest"},
		},
		{
			"the icons are each other's",
			func(_ *testing.T, pkg map[string][]byte) {
				pkg["color.png"], pkg["outline.png"] = pkg["outline.png"], pkg["color.png"]
			},
			[]string{
				"color.png is 32x32, want 192x192",
				"outline.png has a pixel that is neither white nor transparent",
				"outline.png is 192x192, want 32x32",
			},
		},
		{
			"the accent colour is not the icon's",
			inManifest(`"#0B5C6B"`, `"#FFFFFF"`),
			[]string{"color.png has another colour than accentColor around the central 96x96"},
		},
		{
			"a command list is for a scope that the bot does not have",
			inManifest("        \"groupChat\"\n      ],\n      \"supportsFiles\"", "        \"copilot\"\n      ],\n      \"supportsFiles\""),
			[]string{"command list 2 is for groupChat, which the bot is not", "the bot's scopes are [copilot personal team]"},
		},
		{
			"two commands have the same title",
			inManifest(`"title": "help"`, `"title": "Check"`),
			[]string{
				"command list 0 has check twice", "command list 1 has check twice", "command list 2 has check twice",
			},
		},
		{
			"a title is longer than Teams shows",
			func(t *testing.T, pkg map[string][]byte) {
				pkg["id.json"] = replace(t, pkg["id.json"], `commands[1].title": "bantuan"`, `commands[1].title": "`+strings.Repeat("a", 33)+`"`)
			},
			[]string{
				"id.json: bots[0].commandLists[0].commands[1].title is longer than 32 characters",
				"id.json: bots[0].commandLists[1].commands[1].title is longer than 32 characters",
				"id.json: bots[0].commandLists[2].commands[1].title is longer than 32 characters",
			},
		},
		{
			"a text is translated that is not there",
			func(t *testing.T, pkg map[string][]byte) {
				pkg["id.json"] = replace(t, pkg["id.json"], "commandLists[0].commands[1].title", "commandLists[0].commands[2].title")
			},
			[]string{
				"id.json: bots[0].commandLists[0].commands[1].title is not translated",
				"id.json: bots[0].commandLists[0].commands[2].title is not in the manifest",
			},
		},
		{
			"a permission is asked for",
			inManifest(`"validDomains": []`, `"validDomains": [], "permissions": ["identity"]`),
			[]string{"the manifest asks for permissions"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			pkg := build(t, options())
			test.spoil(t, pkg)
			if diff := cmp.Diff(test.want, problems(t, pkg)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestLongestNameFits gives the app the longest name that is allowed.
func TestLongestNameFits(t *testing.T) {
	t.Parallel()
	opts := options()
	opts.Name = strings.Repeat("n", 30)
	pkg := build(t, opts)
	for _, file := range append([]string{"manifest.json"}, localeFiles...) {
		limits := localeSchema
		if file == "manifest.json" {
			limits = manifestSchema
		}
		var document any
		if err := json.Unmarshal(pkg[file], &document); err != nil {
			t.Fatal(err)
		}
		if err := compile(t, limits).Validate(document); err != nil {
			t.Error(err)
		}
		if n := bytes.Count(pkg[file], []byte(opts.Name)); n < 2 {
			t.Errorf("%s has the name %d times, want it at least as name.short and in name.full", file, n)
		}
		if bytes.Contains(pkg[file], []byte("Signpost")) {
			t.Errorf("%s still has the sample name", file)
		}
	}
}
