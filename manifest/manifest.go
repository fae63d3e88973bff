// Package manifest builds the Teams app package of signpost: the zip that an
// administrator uploads to Teams.
//
// Everything that goes into the package stands in this folder. manifest.json
// is a complete manifest with placeholder identities, which [Manifest]
// replaces; color.png and outline.png are the icons, drawn by the command in
// icons/; every other .json is the texts in one more language, named in
// localizationInfo of manifest.json.
//
// The manifest follows schema 1.22 (May 2025). It is the version that
// Microsoft's reference pages describe as the current one, so every Teams
// client and admin center takes it, and its schema still holds a command list
// to ten commands, which is what Teams shows. Newer versions add nothing that
// this app uses. It asks for no permission, names no domain and has no
// webApplicationInfo: the bot's own Entra application reads the logs, nothing
// is done in the name of the person
// (https://learn.microsoft.com/microsoftteams/platform/resources/schema/manifest-schema).
package manifest

import (
	"archive/zip"
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

//go:generate go run ./icons

//go:embed *.json *.png
var files embed.FS

// Build writes the app package to w. The same options give the same bytes from
// the same program. Options with mistakes give one error that names them all,
// and nothing is written.
func Build(w io.Writer, opts Options) error {
	main, err := Manifest(opts)
	if err != nil {
		return err
	}
	entries := []entry{{manifestFile, main}}
	template, err := readTemplate()
	if err != nil {
		return err
	}
	for _, icon := range []string{template.Icons.Color, template.Icons.Outline} {
		picture, err := files.ReadFile(icon)
		if err != nil {
			return fmt.Errorf("read icon: %w", err)
		}
		entries = append(entries, entry{icon, picture})
	}
	for _, language := range template.Localization.Additional {
		texts, err := localized(language.File, template.Name.Short, opts.Name)
		if err != nil {
			return err
		}
		entries = append(entries, entry{language.File, texts})
	}
	return writeZip(w, entries)
}

// Manifest is the manifest.json of the package: indented, ending in a newline.
// Options with mistakes give one error that names them all.
func Manifest(opts Options) ([]byte, error) {
	if err := opts.check(); err != nil {
		return nil, err
	}
	m, err := readTemplate()
	if err != nil {
		return nil, err
	}
	m.fill(opts)
	return encode(m)
}

// localized is one language's file with the app's own name in it.
func localized(file, sample, name string) ([]byte, error) {
	raw, err := files.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read texts: %w", err)
	}
	var texts map[string]string
	if err := json.Unmarshal(raw, &texts); err != nil {
		return nil, fmt.Errorf("decode %s: %w", file, err)
	}
	for key, text := range texts {
		if strings.HasPrefix(key, "name.") || strings.HasPrefix(key, "description.") {
			texts[key] = strings.ReplaceAll(text, sample, name)
		}
	}
	return encode(texts)
}

// encode writes indented JSON, with map keys in alphabetical order.
func encode(v any) ([]byte, error) {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	return buf.Bytes(), nil
}

// entry is one file of the package, at the root of the archive: Teams looks
// into no folder.
type entry struct {
	name string
	data []byte
}

func writeZip(w io.Writer, entries []entry) error {
	// The time of writing would make every build differ.
	modified := time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)
	archive := zip.NewWriter(w)
	for _, e := range entries {
		header := &zip.FileHeader{Name: e.name, Method: zip.Deflate, Modified: modified}
		file, err := archive.CreateHeader(header)
		if err != nil {
			return fmt.Errorf("add %s: %w", e.name, err)
		}
		if _, err := file.Write(e.data); err != nil {
			return fmt.Errorf("write %s: %w", e.name, err)
		}
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("finish the app package: %w", err)
	}
	return nil
}
