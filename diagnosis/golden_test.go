package diagnosis_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"signpost/diagnosis"
)

// The cases under testdata/cases are the reasoning as a person reads it: what was said and what the log holds, as
// Microsoft writes it, then what is found and how it is told. Each file has siblings that differ from it in one fact,
// written as a JSON merge patch (RFC 7396), and must find something else. With SIGNPOST_UPDATE=1 the findings and answers
// are written anew; read the difference before it is committed.

func TestGoldenCases(t *testing.T) {
	t.Parallel()
	for _, file := range caseFiles(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			g := readGolden(t, file)
			if os.Getenv("SIGNPOST_UPDATE") != "" {
				g.update(t)
				return
			}
			for _, name := range g.names() {
				for section, got := range g.sections(t, name) {
					if diff := cmp.Diff(g.text(name, section), got); diff != "" {
						t.Errorf("%s of %s differs (-want +got); SIGNPOST_UPDATE=1 writes it anew:\n%s", section, named(name), diff)
					}
				}
			}
		})
	}
}

func TestEverySiblingDiffersInOneFactAndHasAnotherAnswer(t *testing.T) {
	t.Parallel()
	for _, file := range caseFiles(t) {
		g := readGolden(t, file)
		names := g.names()
		if len(names) < 2 {
			t.Errorf("%s has no sibling", file)
		}
		itself := g.concluded(t, base)
		for _, name := range names[1:] {
			if g.concluded(t, name) == itself {
				t.Errorf("%s: %s finds the same as %s", file, named(name), named(base))
			}
			if n := g.facts(t, name); n != 1 {
				t.Errorf("%s: %s changes %d things, want one row, policy, edit or word of what was said", file, named(name), n)
			}
		}
	}
}

// concluded is a finding and its answer without the evidence, which differs with every fact.
func (g *golden) concluded(t *testing.T, name string) string {
	t.Helper()
	f := g.diagnose(t, name)
	return findingText(t, &f) + answerText(&f)
}

// TestTheCasesShowEverythingThatCanBeFound holds the list of cases complete: what the reasoning can say, some case says.
func TestTheCasesShowEverythingThatCanBeFound(t *testing.T) {
	t.Parallel()
	shown := map[any]bool{}
	for _, file := range caseFiles(t) {
		g := readGolden(t, file)
		for _, name := range g.names() {
			f := g.diagnose(t, name)
			show(shown, f.Causes)
			show(shown, f.Changed)
			show(shown, f.Doubts)
			show(shown, f.NotSeen)
			show(shown, f.Fixers)
			show(shown, f.Clues)
			shown[f.Asked], shown[f.Certainty] = true, true
			for _, r := range f.Refusals {
				shown[r.Why], shown[r.Trap] = true, true
				show(shown, r.Required)
				show(shown, r.Reach)
			}
			if f.Revoked != nil {
				shown[f.Revoked.Kind] = true
			}
			if f.WhatIf != nil {
				shown[f.WhatIf.Now.Outcome] = true
				show(shown, f.WhatIf.Remedies)
				if f.WhatIf.Then != nil {
					shown["then "+f.WhatIf.Then.Outcome] = true
				}
			}
		}
	}
	for _, want := range everything() {
		if !shown[want] {
			t.Errorf("no case shows %T %q", want, want)
		}
	}
}

func show[T comparable](shown map[any]bool, values []T) {
	for _, v := range values {
		shown[v] = true
	}
}

// everything lists what a finding can hold of each closed set.
func everything() []any {
	var all []any
	all = appendAll(all, diagnosis.Whys())
	all = appendAll(all, diagnosis.Traps())
	all = appendAll(all, diagnosis.AllAsked())
	all = appendAll(all, diagnosis.Doubts())
	all = appendAll(all, diagnosis.Changes())
	all = appendAll(all, diagnosis.Gaps())
	all = appendAll(all, diagnosis.Clues())
	all = appendAll(all, diagnosis.Reaches())
	all = appendAll(all, diagnosis.RevocationKinds())
	all = appendAll(all, diagnosis.Remedies())
	for _, o := range diagnosis.Outcomes() {
		all = append(all, o, "then "+o)
	}
	all = appendAll(all, slices.DeleteFunc(diagnosis.Controls(), func(c diagnosis.Control) bool {
		return c == diagnosis.ControlOfUnknownMeaning // stands for an empty list when an answer is told
	}))
	all = append(all, diagnosis.Confirmed, diagnosis.Likely, diagnosis.Uncertain)
	causes := []diagnosis.Cause{
		diagnosis.NoFailureFound, diagnosis.NoSignInFound, diagnosis.Resolved, diagnosis.UnfinishedSignIn, diagnosis.UnknownCode,
	}
	var fixers []diagnosis.Fixer
	for _, code := range diagnosis.Codes() {
		if code.Category != diagnosis.OrdinaryStep { // no cause: see decideCause
			causes = append(causes, code.Category)
		}
		fixers = append(fixers, code.Fixers...)
	}
	return appendAll(appendAll(all, unique(causes)), unique(fixers))
}

func unique[T ~string](values []T) []T {
	slices.Sort(values)
	return slices.Compact(values)
}

func appendAll[T any](all []any, values []T) []any {
	for _, v := range values {
		all = append(all, v)
	}
	return all
}

func caseFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "cases", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	return files
}

func named(sibling string) string {
	if sibling == base {
		return "the case itself"
	}
	return fmt.Sprintf("the sibling %q", sibling)
}

// sections are the finding and the answer of a case. The evidence is told once in a file: a sibling's is the base's, but for
// the patch.
func (g *golden) sections(t *testing.T, name string) map[string]string {
	t.Helper()
	f := g.diagnose(t, name)
	answer := answerText(&f)
	if name == base {
		answer += evidenceText(&f)
	}
	return map[string]string{findingFile: findingText(t, &f), answerFile: answer}
}

// update writes the findings and answers of a file anew, each behind what it is found from.
func (g *golden) update(t *testing.T) {
	t.Helper()
	var out []txtar.File
	for _, name := range g.names() {
		for _, f := range g.archive.Files {
			if dir, section := split(f.Name); dir == name && section != findingFile && section != answerFile {
				out = append(out, f)
			}
		}
		got := g.sections(t, name)
		for _, section := range []string{findingFile, answerFile} {
			out = append(out, txtar.File{Name: join(name, section), Data: []byte(got[section])})
		}
	}
	g.archive.Files = out
	if err := os.WriteFile(g.path, txtar.Format(g.archive), 0o600); err != nil {
		t.Fatal(err)
	}
}
