package export_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/diagnosis"
	"signpost/signins/export"
)

// named is a row of somebody, as Graph beta writes it.
func named(id, userID, upn, identifier string) string {
	return fmt.Sprintf(`{"id":%q,"userId":%q,"userPrincipalName":%q,"signInIdentifier":%q,"userType":"member","status":{"errorCode":0}}`, id, userID, upn, identifier) + "\n"
}

func TestOnlyTheAccountsRowsAreKept(t *testing.T) {
	t.Parallel()
	const nobody = "00000000-0000-0000-0000-000000000000"
	tests := map[string]struct {
		account string
		file    string
		want    []string
	}{
		"by name, whatever its letters": {
			"ANA@Contoso.com", named("1", "a", "ana@contoso.com", "") + named("2", "b", "banana@contoso.com", "") + named("3", "a", "Ana@contoso.com", ""), []string{"1", "3"},
		},
		"by object id": {"AAAA-1", named("1", "aaaa-1", "x@contoso.com", "") + named("2", "aaaa-2", "y@contoso.com", ""), []string{"1"}},
		"by what was typed": {
			"ana", named("1", "a", "ana@contoso.com", "") + named("2", "a", "ana@contoso.com", "Ana") + named("3", "b", "bo@contoso.com", "bo"), []string{"1", "2"},
		},
		"a guest by the address": {
			"ana@fabrikam.com", named("1", "g", "ana_fabrikam.com#EXT#@contoso.onmicrosoft.com", "") + named("2", "h", "ana_fabrikam.com@contoso.com", ""), []string{"1"},
		},
		"an old name, found through the object id of a later row": {
			"ana.new@contoso.com", named("1", "a", "ana.old@contoso.com", "") + named("2", "b", "bo@contoso.com", "") + named("3", "a", "ana.new@contoso.com", "") + named("4", "a", "ana.old@contoso.com", ""),
			[]string{"1", "3", "4"},
		},
		"rows without object id, found through the name of a later row": {
			"a", named("1", nobody, "ana@contoso.com", "") + named("2", "", "ANA@contoso.com", "") + named("3", nobody, "bo@contoso.com", "") + named("4", "a", "ana@contoso.com", ""),
			[]string{"1", "2", "4"},
		},
		"names that are escaped": {
			"josé\"@contoso.com", `{"id":"1","\u0075serPrincipalName":"jos\u00e9\"@\u0063ontoso.com","status":{"errorCode":0}}` + named("2", "b", "jose@contoso.com", ""), []string{"1"},
		},
		"properties as text": {
			"ana@contoso.com", `{"category":"SignInLogs","resultType":"0","properties":"{\"id\":\"1\",\"user\\u0050rincipalName\":\"ana@contoso.com\"}"}`, []string{"1"},
		},
		"nobody of that name": {"eve@contoso.com", named("1", "a", "ana@contoso.com", ""), nil},
		"a table's": {
			"ana@contoso.com", portalHeadings + portalRow("none") + strings.Replace(strings.Replace(portalRow("none"), "ana@", "bo@", 1), "5D0C", "5D0D", 1), []string{"row-1"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := export.Query{Account: test.account}
			packed := compressed(t, []byte(test.file))
			for form, r := range map[string]io.Reader{
				"file": strings.NewReader(test.file), "stream": streamOf([]byte(test.file)), "gzip": bytes.NewReader(packed), "gzip stream": streamOf(packed),
			} {
				log, err := export.Read(r, q)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.want, outlineOf(log).IDs); diff != "" {
					t.Errorf("%s (-want +got):\n%s", form, diff)
				}
				if want := len(read(t, test.file).SignIns); log.Read != want {
					t.Errorf("%s: read %d rows, want all %d counted", form, log.Read, want)
				}
			}
		})
	}
}

// streamOf returns a reader that cannot go back.
func streamOf(file []byte) io.Reader { return io.MultiReader(bytes.NewReader(file)) }

func TestTheFileIsReadFromWhereItStands(t *testing.T) {
	t.Parallel()
	r := strings.NewReader("not this" + named("1", "a", "old@contoso.com", "") + named("2", "a", "ana@contoso.com", ""))
	if _, err := r.Seek(int64(len("not this")), io.SeekStart); err != nil {
		t.Fatal(err)
	}
	log, err := export.Read(r, export.Query{Account: "ana@contoso.com"})
	if err != nil || len(log.SignIns) != 2 {
		t.Errorf("%d sign-ins, %v; want both", len(log.SignIns), err)
	}
}

func TestNothingIsLeftOfTheCopyOfAStream(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("TMP", dir)
	for _, file := range []string{named("1", "a", "old@contoso.com", "") + named("2", "a", "ana@contoso.com", ""), "no JSON"} {
		_, _ = export.Read(streamOf([]byte(file)), export.Query{Account: "ana@contoso.com"})
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
}

// dated are rows a minute apart, whose ids are their minutes.
func dated(minutes ...int) string {
	var file strings.Builder
	for _, m := range minutes {
		at := time.Date(2026, 11, 20, 0, m, 0, 0, time.UTC)
		fmt.Fprintf(&file, `{"id":"%d","createdDateTime":%q,"correlationId":"c-%[1]d","userId":"u%[1]d","userType":"member","status":{"errorCode":0}}`+"\n", m, at.Format(time.RFC3339))
	}
	return file.String()
}

func TestOfMoreRowsThanFitThoseThatMatterAreKept(t *testing.T) {
	t.Parallel()
	const rows = 1000
	up := make([]int, rows)
	for i := range up {
		up[i] = i
	}
	down := slices.Clone(up)
	slices.Reverse(down)
	mixed := slices.Concat(up[500:], up[:500])
	undated := `{"id":"x","userType":"member","status":{"errorCode":0}}` + "\n"
	tests := map[string]struct {
		query export.Query
		far   func(minute int) int
	}{
		"the newest":                           {export.Query{}, func(m int) int { return rows - m }},
		"those nearest to the time":            {export.Query{At: time.Date(2026, 11, 20, 0, 300, 0, 0, time.UTC)}, func(m int) int { return max(m-300, 300-m) }},
		"those around what the error names":    {export.Query{CorrelationID: "C-7"}, func(m int) int { return max(m-7, 7-m) }},
		"those around what its trace id names": {export.Query{RequestID: "507"}, func(m int) int { return max(m-507, 507-m) }},
		"what the error names and a time": {
			export.Query{At: time.Date(2026, 11, 20, 0, 300, 0, 0, time.UTC), CorrelationID: "c-999"},
			func(m int) int { return max(m-300, 300-m) - 1000*max(0, m-998) },
		},
		"nothing that the error names": {export.Query{RequestID: "none"}, func(m int) int { return rows - m }},
	}
	for name, test := range tests {
		for order, minutes := range map[string][]int{"oldest first": up, "newest first": down, "mixed": mixed} {
			t.Run(name+", "+order, func(t *testing.T) {
				t.Parallel()
				log, err := export.ReadAtMost(strings.NewReader(undated+dated(minutes...)), test.query, 1<<20, 800<<10)
				if err != nil {
					t.Fatal(err)
				}
				n := len(log.SignIns)
				if n < 100 || n > 300 {
					t.Fatalf("%d rows were kept", n)
				}
				best := slices.Clone(minutes)
				slices.SortStableFunc(best, func(a, b int) int { return test.far(a) - test.far(b) })
				kept := map[string]bool{}
				for _, m := range best[:n-1] { // one less: two may be as far
					kept[fmt.Sprint(m)] = true
				}
				last := -1
				for _, s := range log.SignIns {
					delete(kept, s.ID)
					at := slices.IndexFunc(minutes, func(m int) bool { return fmt.Sprint(m) == s.ID })
					if at <= last {
						t.Errorf("row %s is not in the file's order", s.ID)
					}
					last = at
				}
				if len(kept) > 0 {
					t.Errorf("of what matters most, %d rows are missing: %v", len(kept), kept)
				}
				if !slices.Contains(log.Gaps, diagnosis.GapTruncated) || len(log.Warnings) != 1 ||
					!strings.HasPrefix(log.Warnings[0], "1001 sign-ins are more than fit into the memory: only th") {
					t.Errorf("gaps %v, warnings %q; want both to say that rows are missing", log.Gaps, log.Warnings)
				}
				if log.Read != rows+1 || log.Accounts != rows {
					t.Errorf("read %d rows of %d accounts, want all counted", log.Read, log.Accounts)
				}
			})
		}
	}
}

func TestProgressIsToldInRowsAndBytes(t *testing.T) {
	t.Parallel()
	file := monitorLog(2000)
	var calls int
	var rows int
	var read int64
	_, err := export.Read(bytes.NewReader(file), export.Query{Progress: func(r int, b int64) {
		if r < rows || b < read {
			t.Errorf("went back from %d rows, %d bytes to %d, %d", rows, read, r, b)
		}
		calls, rows, read = calls+1, r, b
	}})
	if err != nil || calls < 3 || rows != 2000 || read != int64(len(file)) {
		t.Errorf("%d calls, at last %d rows and %d bytes, %v; want 2000 and %d", calls, rows, read, err, len(file))
	}
}

func FuzzReadAccount(f *testing.F) {
	for _, file := range []string{
		named("1", "a", "ana@contoso.com", "x"), named("1", "a", "old", "") + named("2", "a", "ana@contoso.com", ""), answer, record + textual, portalHeadings + portalRow("none"),
		named("1", "", "b", "") + named("2", "ana@contoso.com", "b", "") + named("3", "00000000-0000-0000-0000-000000000000", "B", "ana@contoso.com"),
	} {
		f.Add([]byte(file), "Ana@contoso.com")
	}
	f.Fuzz(func(t *testing.T, file []byte, account string) {
		const most = 1 << 20
		all, err := export.ReadAtMost(bytes.NewReader(file), export.Query{}, most, most)
		own, ownErr := export.ReadAtMost(streamOf(file), export.Query{Account: account}, most, most)
		if (err == nil) != (ownErr == nil) {
			t.Fatalf("for everybody %v, for %q %v", err, account, ownErr)
		}
		if own.Read != all.Read || own.Skipped != all.Skipped {
			t.Errorf("read %d and skipped %d rows, want %d and %d", own.Read, own.Skipped, all.Read, all.Skipped)
		}
		if account == "" || slices.Contains(all.Gaps, diagnosis.GapTruncated) {
			return
		}
		search := diagnosis.NewSearch(account)
		for i := range all.SignIns {
			if n := all.SignIns[i].Names(); search.Named(n) {
				search.Learn(n)
			}
		}
		want := slices.DeleteFunc(slices.Clone(all.SignIns), func(s diagnosis.SignIn) bool { return !search.Finds(s.Names()) })
		if diff := cmp.Diff(want, own.SignIns); len(want)+len(own.SignIns) > 0 && diff != "" {
			t.Errorf("rows of %q (-want +got):\n%s", account, diff)
		}
	})
}
