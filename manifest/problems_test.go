package manifest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// app is what the rules read of a manifest.
type app struct {
	AccentColor string
	Icons       struct{ Color, Outline string }
	Bots        []struct {
		Scopes       []string
		CommandLists []struct {
			Scopes   []string
			Commands []struct{ Title string }
		}
	}
	LocalizationInfo struct {
		AdditionalLanguages []struct{ LanguageTag, File string }
	}
}

// problems are the rules that a package breaks, in alphabetical order.
func problems(t *testing.T, pkg map[string][]byte) []string {
	t.Helper()
	var m app
	if err := json.Unmarshal(pkg["manifest.json"], &m); err != nil {
		t.Fatal(err)
	}
	found := slices.Concat(
		fileProblems(m, pkg),
		iconProblems(t, m, pkg),
		commandProblems(m),
		languageProblems(t, m, pkg),
		permissionProblems(t, pkg),
	)
	slices.Sort(found)
	return slices.Compact(found)
}

func fileProblems(m app, pkg map[string][]byte) []string {
	var found []string
	named := []string{"manifest.json", m.Icons.Color, m.Icons.Outline}
	for _, l := range m.LocalizationInfo.AdditionalLanguages {
		named = append(named, l.File)
	}
	for _, name := range named {
		if _, ok := pkg[name]; !ok {
			found = append(found, name+" is named in the manifest but not in the package")
		}
	}
	for name := range pkg {
		if !slices.Contains(named, name) {
			found = append(found, name+" is not named in the manifest")
		}
		if strings.ContainsAny(name, `/\`) {
			found = append(found, name+" is not at the root")
		}
	}
	return found
}

func iconProblems(t *testing.T, m app, pkg map[string][]byte) []string {
	t.Helper()
	var found []string
	if img := picture(t, pkg[m.Icons.Color]); img != nil {
		found = append(found, sizeProblem(m.Icons.Color, img, 192)...)
		if img.Bounds().Dx() == 192 && !accentAround(img, m.AccentColor) {
			found = append(found, m.Icons.Color+" has another colour than accentColor around the central 96x96")
		}
	}
	if img := picture(t, pkg[m.Icons.Outline]); img != nil {
		found = append(found, sizeProblem(m.Icons.Outline, img, 32)...)
		if !whiteOnNothing(img) {
			found = append(found, m.Icons.Outline+" has a pixel that is neither white nor transparent")
		}
	}
	return found
}

func picture(t *testing.T, data []byte) image.Image {
	t.Helper()
	if data == nil {
		return nil
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func sizeProblem(name string, img image.Image, side int) []string {
	if size := img.Bounds().Size(); size != image.Pt(side, side) {
		return []string{fmt.Sprintf("%s is %dx%d, want %dx%d", name, size.X, size.Y, side, side)}
	}
	return nil
}

func accentAround(img image.Image, accent string) bool {
	centre := image.Rect(48, 48, 144, 144)
	for y := range 192 {
		for x := range 192 {
			c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
			hex := fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B)
			if c.A != 255 || !image.Pt(x, y).In(centre) && hex != accent {
				return false
			}
		}
	}
	return true
}

// whiteOnNothing reports whether every pixel is white or transparent, and both
// are there. White may be translucent: that is a smooth edge.
func whiteOnNothing(img image.Image) bool {
	opaque, transparent := false, false
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
			if c.A != 0 && (c.R != 255 || c.G != 255 || c.B != 255) {
				return false
			}
			opaque = opaque || c.A == 255
			transparent = transparent || c.A == 0
		}
	}
	return opaque && transparent
}

func commandProblems(m app) []string {
	if len(m.Bots) != 1 {
		return []string{"the manifest does not have exactly one bot"}
	}
	bot := m.Bots[0]
	var found []string
	scopes := slices.Sorted(slices.Values(bot.Scopes))
	if !slices.Equal(scopes, []string{"groupChat", "personal", "team"}) {
		found = append(found, fmt.Sprintf("the bot's scopes are %v", scopes))
	}
	for i, list := range bot.CommandLists {
		for _, scope := range list.Scopes {
			if !slices.Contains(bot.Scopes, scope) {
				found = append(found, fmt.Sprintf("command list %d is for %s, which the bot is not", i, scope))
			}
		}
		if len(list.Commands) > 10 {
			found = append(found, fmt.Sprintf("command list %d has more than 10 commands", i))
		}
		seen := make(map[string]bool)
		for _, c := range list.Commands {
			title := strings.ToLower(c.Title)
			if seen[title] {
				found = append(found, fmt.Sprintf("command list %d has %s twice", i, title))
			}
			seen[title] = true
			if utf8.RuneCountInString(c.Title) > 32 {
				found = append(found, c.Title+" is longer than 32 characters")
			}
		}
	}
	return found
}

func languageProblems(t *testing.T, m app, pkg map[string][]byte) []string {
	t.Helper()
	var tree any
	if err := json.Unmarshal(pkg["manifest.json"], &tree); err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, l := range m.LocalizationInfo.AdditionalLanguages {
		texts := make(map[string]string)
		if err := json.Unmarshal(pkg[l.File], &texts); err != nil {
			t.Fatal(err)
		}
		delete(texts, "$schema")
		for key, text := range texts {
			if !reaches(tree, key) {
				found = append(found, fmt.Sprintf("%s: %s is not in the manifest", l.File, key))
			}
			if strings.HasSuffix(key, ".title") && utf8.RuneCountInString(text) > 32 {
				found = append(found, fmt.Sprintf("%s: %s is longer than 32 characters", l.File, key))
			}
		}
		for _, key := range translatable(m) {
			if texts[key] == "" {
				found = append(found, fmt.Sprintf("%s: %s is not translated", l.File, key))
			}
		}
	}
	return found
}

// translatable are the keys that a locale file must have.
func translatable(m app) []string {
	keys := []string{"name.short", "name.full", "description.short", "description.full"}
	for i, list := range m.Bots[0].CommandLists {
		for j := range list.Commands {
			at := fmt.Sprintf("bots[0].commandLists[%d].commands[%d]", i, j)
			keys = append(keys, at+".title", at+".description")
		}
	}
	return keys
}

var step = regexp.MustCompile(`^([^\[\]]+)(?:\[(\d+)\])?$`)

// reaches reports whether a locale key such as bots[0].commandLists[1].scopes
// leads to something in the manifest.
func reaches(tree any, key string) bool {
	for part := range strings.SplitSeq(key, ".") {
		match := step.FindStringSubmatch(part)
		object, ok := tree.(map[string]any)
		if match == nil || !ok {
			return false
		}
		if tree, ok = object[match[1]]; !ok {
			return false
		}
		if match[2] == "" {
			continue
		}
		list, ok := tree.([]any)
		index, err := strconv.Atoi(match[2])
		if !ok || err != nil || index >= len(list) {
			return false
		}
		tree = list[index]
	}
	return true
}

func permissionProblems(t *testing.T, pkg map[string][]byte) []string {
	t.Helper()
	var members map[string]json.RawMessage
	if err := json.Unmarshal(pkg["manifest.json"], &members); err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, name := range []string{"permissions", "devicePermissions", "authorization", "webApplicationInfo"} {
		if slices.Contains(slices.Collect(maps.Keys(members)), name) {
			found = append(found, "the manifest asks for "+name)
		}
	}
	if !bytes.Equal(members["validDomains"], []byte("[]")) {
		found = append(found, "the manifest names domains")
	}
	return found
}
