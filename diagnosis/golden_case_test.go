package diagnosis_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"signpost/diagnosis"
	"signpost/signins"
	"signpost/signins/export"
)

// The sections of a file. A sibling's stand under its name: "later-success/patch.json". There may be no policies.json, for
// policies that could not be read, and none of those below it.
const (
	base        = "" // the name of the case that the siblings differ from
	saidFile    = "case.json"
	rowsFile    = "signins.json" // Graph's page, or anything else that package export reads
	rowsTable   = "signins.csv"
	policyFile  = "policies.json"    // Graph's page
	editFile    = "edits.json"       // Graph's page of directory audits, about policies
	revokedFile = "revocations.json" // the same, about the user whose object id stands in the deciding row
	whatIfFile  = "whatif.json"      // what the What If tool answers: "now", and "then" for the sign-in with the remedies
	patchFile   = "patch.json"
	findingFile = "finding.json"
	answerFile  = "answer.txt"
)

// golden is one file of cases.
type golden struct {
	path    string
	archive *txtar.Archive
}

func readGolden(t *testing.T, path string) *golden {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	known := []string{
		saidFile, rowsFile, rowsTable, policyFile, editFile, revokedFile, whatIfFile, patchFile, findingFile, answerFile,
	}
	for _, f := range archive.Files {
		if _, section := split(f.Name); !slices.Contains(known, section) {
			t.Fatalf("%s: nothing reads the section %q", path, f.Name)
		}
	}
	return &golden{path, archive}
}

func split(name string) (sibling, section string) {
	if sibling, section, ok := strings.Cut(name, "/"); ok {
		return sibling, section
	}
	return base, name
}

func join(sibling, section string) string { return strings.TrimPrefix(sibling+"/"+section, "/") }

// names returns the names of the cases in the file's order, the base first.
func (g *golden) names() []string {
	out := []string{base}
	for _, f := range g.archive.Files {
		if sibling, _ := split(f.Name); !slices.Contains(out, sibling) {
			out = append(out, sibling)
		}
	}
	return out
}

// text returns a section of a case; empty when it has none.
func (g *golden) text(sibling, section string) string {
	for _, f := range g.archive.Files {
		if f.Name == join(sibling, section) {
			return string(f.Data)
		}
	}
	return ""
}

// said is what case.json holds: what a person said, and what only the source of the rows knows.
type said struct {
	Account       string            `json:"account"`
	Product       diagnosis.Product `json:"product"`
	At            time.Time         `json:"at"`
	ErrorCode     int               `json:"error_code"`
	CorrelationID string            `json:"correlation_id"`
	RequestID     string            `json:"request_id"`
	Gaps          []diagnosis.Gap   `json:"gaps"`
	Renewals      bool              `json:"renewals"`
}

// diagnose decodes a case as the program does and diagnoses it.
func (g *golden) diagnose(t *testing.T, sibling string) diagnosis.Finding {
	t.Helper()
	must := func(err error, section string) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %s of %s: %v", g.path, section, named(sibling), err)
		}
	}
	var s said
	decoder := json.NewDecoder(bytes.NewReader(g.section(t, sibling, saidFile)))
	decoder.DisallowUnknownFields()
	must(decoder.Decode(&s), saidFile)
	rows := g.section(t, sibling, rowsFile)
	if rows == nil {
		rows = g.section(t, sibling, rowsTable)
	}
	log, err := export.Read(bytes.NewReader(rows), export.Query{Account: s.Account, At: s.At, CorrelationID: s.CorrelationID, RequestID: s.RequestID})
	must(err, rowsFile)
	c := diagnosis.Case{
		Account: s.Account, Product: s.Product, At: s.At, ErrorCode: s.ErrorCode, CorrelationID: s.CorrelationID, RequestID: s.RequestID,
		SignIns: log.SignIns, Read: log.Read, Gaps: append(log.Gaps, s.Gaps...), Renewals: s.Renewals,
	}
	if raw := g.section(t, sibling, policyFile); raw != nil {
		c.Policies, _, err = signins.DecodePolicies(raw)
		must(err, policyFile)
	}
	if raw := g.section(t, sibling, editFile); raw != nil {
		c.Edits, _, err = signins.DecodeEdits(raw)
		must(err, editFile)
	}
	f := diagnosis.Diagnose(c)
	if raw := g.section(t, sibling, revokedFile); raw != nil {
		c.Revocations, err = signins.DecodeRevocations(raw, f.SignIn.UserID) // a source is asked once the row is known
		must(err, revokedFile)
		f = diagnosis.Diagnose(c)
	}
	if raw := g.section(t, sibling, whatIfFile); raw != nil {
		f.WhatIf, err = whatIf(&f, raw)
		must(err, whatIfFile)
	}
	return f
}

// whatIf judges the answers of the What If tool as handlers does; nil when the finding gives no reason to ask.
func whatIf(f *diagnosis.Finding, raw []byte) (*diagnosis.WhatIf, error) {
	var answers struct{ Now, Then json.RawMessage }
	if err := json.Unmarshal(raw, &answers); err != nil {
		return nil, err
	}
	s, ok := f.Scenario()
	if !ok {
		return nil, nil
	}
	now, err := signins.DecodeWhatIf(answers.Now)
	if err != nil {
		return nil, err
	}
	found := &diagnosis.WhatIf{Now: f.JudgeNow(s, now)}
	better, remedies, ok := f.Remedied(s, now)
	if !ok {
		return found, nil
	}
	then, err := signins.DecodeWhatIf(answers.Then)
	if err != nil {
		return nil, err
	}
	verdict := f.JudgeThen(s, now, better, then)
	found.Remedies, found.Then = remedies, &verdict
	return found, nil
}

// section returns a section of the base, with the sibling's patch applied; nil when there is none.
func (g *golden) section(t *testing.T, sibling, section string) []byte {
	t.Helper()
	raw := []byte(g.text(base, section))
	patch, patched := g.patch(t, sibling)[strings.TrimSuffix(section, ".json")]
	switch {
	case len(raw) == 0 && !patched, patched && patch == nil:
		return nil
	case !patched:
		return raw
	}
	var doc any
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &doc); err != nil {
			t.Fatalf("%s: %s: %v", g.path, section, err)
		}
	}
	if page, ok := doc.(map[string]any); ok && page["value"] != nil {
		page["value"] = merge(page["value"], patch)
	} else {
		doc = merge(doc, patch)
	}
	out, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// patch is what a sibling changes, by section: {"signins": {"ID OF A ROW": {"status": {"errorCode": 0}}}}.
func (g *golden) patch(t *testing.T, sibling string) map[string]any {
	t.Helper()
	if sibling == base {
		return nil
	}
	var p map[string]any
	if err := json.Unmarshal([]byte(g.text(sibling, patchFile)), &p); err != nil {
		t.Fatalf("%s: %s of %s: %v", g.path, patchFile, named(sibling), err)
	}
	return p
}

// facts counts what a sibling changes: rows, policies, edits, and members of what was said.
func (g *golden) facts(t *testing.T, sibling string) int {
	t.Helper()
	n := 0
	for _, section := range g.patch(t, sibling) {
		members, _ := section.(map[string]any)
		n += max(len(members), 1)
	}
	return n
}

// merge applies a JSON merge patch (RFC 7396). Lists of objects that have ids are merged by id; the RFC would replace them.
func merge(target, patch any) any {
	changes, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	if list, ok := target.([]any); ok {
		return mergeList(list, changes)
	}
	object, ok := target.(map[string]any)
	if !ok {
		object = map[string]any{}
	}
	for name, change := range changes {
		if change == nil {
			delete(object, name)
		} else {
			object[name] = merge(object[name], change)
		}
	}
	return object
}

// mergeList merges into the first element of each id; a new id adds an element, null removes all of that id.
func mergeList(list []any, changes map[string]any) []any {
	for id, change := range changes {
		is := func(element any) bool {
			object, ok := element.(map[string]any)
			return ok && object["id"] == id
		}
		switch i := slices.IndexFunc(list, is); {
		case change == nil:
			list = slices.DeleteFunc(list, is)
		case i < 0:
			list = append(list, merge(map[string]any{"id": id}, change))
		default:
			list[i] = merge(list[i], change)
		}
	}
	return list
}
