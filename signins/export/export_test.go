package export_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"

	"signpost/diagnosis"
	"signpost/signins/export"
)

// Rows of the three forms, each on one line.
const (
	v1Row     = `{"id":"v1","appDisplayName":"Portal","isInteractive":true,"status":{"errorCode":53003}}`
	betaRow   = `{"id":"beta","appDisplayName":"Portal","signInEventTypes":["interactiveUser"],"status":{"errorCode":0}}`
	renewal   = `{"id":"renewal","appDisplayName":"Portal","signInEventTypes":["nonInteractiveUser"],"status":{"errorCode":70043}}`
	record    = `{"category":"SignInLogs","resultType":"50140","properties":{"id":"record","appDisplayName":"Portal","isInteractive":true}}`
	textual   = `{"category":"NonInteractiveUserSignInLogs","resultType":70043,"properties":"{\"id\":\"textual\",\"status\":\"{\\\"errorCode\\\":70043}\"}"}`
	v1Context = `"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#auditLogs/signIns"`
	beta      = `"@odata.context":"https://graph.microsoft.com/beta/$metadata#auditLogs/signIns"`
	nextLink  = `"@odata.nextLink":"https://graph.microsoft.com/beta/auditLogs/signIns?$skiptoken=x"`
	mark      = "\xEF\xBB\xBF"
)

var (
	ofV1      = []diagnosis.Gap{diagnosis.GapNonInteractive}
	truncated = []diagnosis.Gap{diagnosis.GapTruncated}
)

// outline is a Log in few words: ids of the sign-ins in the place of rows.
type outline struct {
	IDs     []string
	Read    int
	Skipped int
	Gaps    []diagnosis.Gap
}

func outlineOf(log export.Log) outline {
	o := outline{Read: log.Read, Skipped: log.Skipped, Gaps: log.Gaps}
	for _, s := range log.SignIns {
		o.IDs = append(o.IDs, s.ID)
	}
	return o
}

func TestEveryFormatIsRecognisedByItsContent(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		file string
		want outline
	}{
		"a response of Graph v1.0 lacks the non-interactive sign-ins": {
			`{` + v1Context + `,"value":[` + v1Row + `]}`, outline{[]string{"v1"}, 1, 0, ofV1},
		},
		"a response of Graph v1.0 does so whatever its rows say": {
			`{"value":[` + renewal + `],` + v1Context + `}`, outline{[]string{"renewal"}, 1, 0, ofV1},
		},
		"a response of Graph beta with a non-interactive sign-in has no gap": {
			`{` + beta + `,"value":[` + renewal + `,` + betaRow + `]}`, outline{[]string{"renewal", "beta"}, 2, 0, nil},
		},
		"a response of Graph beta with interactive sign-ins only": {
			`{` + beta + `,"value":[` + betaRow + `]}`, outline{[]string{"beta"}, 1, 0, nil},
		},
		"beta's context counts where $select left out its members": {
			`{` + beta + `,"value":[{"id":"x","isInteractive":false,"status":{"errorCode":1}}]}`, outline{[]string{"x"}, 1, 0, nil},
		},
		"a row without context or beta's members is of v1.0": {
			`[{"id":"x","isInteractive":false,"status":{"errorCode":1}}]`, outline{[]string{"x"}, 1, 0, ofV1},
		},
		"the list may stand before the other members": {
			`{"value":[` + renewal + `],"@odata.count":1,` + beta + `}`, outline{[]string{"renewal"}, 1, 0, nil},
		},
		"a first page lacks what follows": {`{` + nextLink + `,"value":[` + renewal + `]}`, outline{[]string{"renewal"}, 1, 0, truncated}},
		"a next link of null is none":     {`{"@odata.nextLink":null,"value":[` + renewal + `]}`, outline{[]string{"renewal"}, 1, 0, nil}},
		"a first page and the last one lack nothing": {
			`{` + nextLink + `,"value":[` + renewal + `]}` + "\n" + `{` + beta + `,"value":[` + betaRow + `]}`,
			outline{[]string{"renewal", "beta"}, 2, 0, nil},
		},
		"pages in an array":                        {`[{` + nextLink + `,"value":[` + renewal + `]},{"value":[]}]`, outline{[]string{"renewal"}, 1, 0, nil}},
		"the portal's download":                    {"[\r\n  " + betaRow + ",\r\n  " + renewal + "\r\n]\r\n", outline{[]string{"beta", "renewal"}, 2, 0, nil}},
		"two of the portal's downloads joined":     {mark + `[` + betaRow + `]` + mark + `[` + renewal + `]`, outline{[]string{"beta", "renewal"}, 2, 0, nil}},
		"one sign-in":                              {v1Row, outline{[]string{"v1"}, 1, 0, ofV1}},
		"one sign-in over several lines":           {strings.ReplaceAll(renewal, ",", ",\n\t"), outline{[]string{"renewal"}, 1, 0, nil}},
		"NDJSON of sign-ins":                       {betaRow + "\n\n" + renewal + "\n", outline{[]string{"beta", "renewal"}, 2, 0, nil}},
		"NDJSON of Azure Monitor records":          {record + "\n" + textual, outline{[]string{"record", "textual"}, 2, 0, nil}},
		"Azure Monitor's interactive log":          {record, outline{[]string{"record"}, 1, 0, nil}},
		"records in an object":                     {`{"records":[` + textual + `]}`, outline{[]string{"textual"}, 1, 0, nil}},
		"records in an array":                      {`[` + record + `,` + textual + `]`, outline{[]string{"record", "textual"}, 2, 0, nil}},
		"records in objects, one on each line":     {`{"records":[` + record + `]}` + "\n" + `{"records":[` + textual + `]}`, outline{[]string{"record", "textual"}, 2, 0, nil}},
		"a page of v1.0 joined with records":       {`{` + v1Context + `,"value":[` + v1Row + `]}` + textual, outline{[]string{"v1", "textual"}, 2, 0, nil}},
		"what PowerShell makes of a sign-in":       {`{"Id":"ps","AppDisplayName":"Portal","SignInEventTypes":["nonInteractiveUser"],"Status":{"ErrorCode":50126}}`, outline{[]string{"ps"}, 1, 0, nil}},
		"an empty list":                            {`{` + beta + `,"value":[]}`, outline{nil, 0, 0, nil}},
		"an empty download":                        {`[ ]`, outline{nil, 0, 0, nil}},
		"a service principal's sign-in":            {`{"records":[{"category":"ServicePrincipalSignInLogs","resultType":"0","properties":{"id":"sp"}}]}`, outline{[]string{"sp"}, 1, 0, nil}},
		"an answer of Log Analytics":               {answer, outline{[]string{"first", "second"}, 2, 0, nil}},
		"an answer of the older form":              {oldAnswer, outline{[]string{"first"}, 1, 0, nil}},
		"a table of an answer, by itself":          {`[{"columns":[{"name":"Id"},{"name":"ResultType"}],"rows":[["x","0"]]}]`, outline{[]string{"x"}, 1, 0, nil}},
		"an answer that is cut, as its error says": {strings.TrimSuffix(answer, "}") + `,"error":{"code":"PartialError"}}`, outline{[]string{"first", "second"}, 2, 0, truncated}},
		"an answer without rows":                   {`{"tables":[{"columns":[{"name":"ResultType"}],"rows":[]}]}`, outline{nil, 0, 0, nil}},
		"an answer with rows of another length":    {strings.Replace(answer, `[null,"second"`, `[1,["x"]],{},[null,"second"`, 1), outline{[]string{"first", "second"}, 4, 2, nil}},
		"a table of the portal":                    {portalHeadings + portalRow("none"), outline{[]string{"row-1"}, 1, 0, []diagnosis.Gap{diagnosis.GapNonInteractive, diagnosis.GapPolicyDetails}}},
		"a table of Log Analytics":                 {monitorHeadings + monitorRow, outline{[]string{""}, 1, 0, nil}},
		"a table of the audit log":                 {"CreationDate,UserIds,Operations,AuditData\n" + auditRow, outline{[]string{"a1"}, 1, 0, []diagnosis.Gap{diagnosis.GapPolicyDetails}}},
		"records of the audit log in a list":       {"[" + auditRecord + "," + auditRecord + "]", outline{[]string{"a1", "a1"}, 2, 0, []diagnosis.Gap{diagnosis.GapPolicyDetails}}},
		"a line that is broken costs a row":        {renewal + "\n{\"id\":\"a\n" + betaRow + "\n\"x\n" + record, outline{[]string{"renewal", "beta", "record"}, 5, 2, nil}},
		"however it is broken among lines": {
			strings.Repeat(renewal+"\n", 8) + `{"id":` + "\n" + betaRow + "\n" + `{"id":{"x":[` + "\n" + record + "\n" + `{"id":1,` + "\n" + betaRow + "\n{\n" + textual,
			outline{append(slices.Repeat([]string{"renewal"}, 8), "beta", "record", "beta", "textual"), 16, 4, nil},
		},
		"a page over several lines after lines": {
			strings.Repeat(renewal+"\n", 9) + `{` + beta + `,"value":[` + "\n" + betaRow + ",\n" + strings.ReplaceAll(betaRow, ",", ",\n") + "\n]}",
			outline{append(slices.Repeat([]string{"renewal"}, 9), "beta", "beta"), 11, 0, nil},
		},
		"a value over several lines after lines": {
			strings.Repeat(renewal+"\n", 7) + strings.ReplaceAll(betaRow, ",", ",\n"), outline{append(slices.Repeat([]string{"renewal"}, 7), "beta"), 8, 0, nil},
		},
		"prose among the lines costs a row": {renewal + "\nERROR: token expired\n", outline{[]string{"renewal"}, 2, 1, nil}},
		"a broken line may stand first":     {"{]\n" + renewal, outline{[]string{"renewal"}, 2, 1, nil}},
		"rows that are no sign-ins are skipped": {
			`[` + renewal + `,null,7,"x",{"id":"user","userPrincipalName":"a@b.c"},{"category":"AuditLogs","properties":{}},{"status":tru}]`,
			outline{[]string{"renewal"}, 7, 6, nil},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for encoding, file := range encodings(t, test.file) {
				log, err := export.Read(iotest.HalfReader(bytes.NewReader(file)), export.Query{})
				if err != nil {
					t.Fatalf("%s: %v", encoding, err)
				}
				if diff := cmp.Diff(test.want, outlineOf(log)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", encoding, diff)
				}
			}
		})
	}
}

// encodings returns a file in every encoding that must make no difference.
func encodings(t *testing.T, file string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{"UTF-8": []byte(file), "UTF-8 with a mark": []byte(mark + file), "gzip": compressed(t, []byte(file))}
	bare := strings.ReplaceAll(file, mark, "")
	for name, order := range map[string]unicode.Endianness{"UTF-16 LE": unicode.LittleEndian, "UTF-16 BE": unicode.BigEndian} {
		wide, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().Bytes([]byte(bare))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = wide
		out[name+" in gzip"] = compressed(t, wide)
	}
	return out
}

func compressed(t testing.TB, plain []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSampleFiles(t *testing.T) {
	t.Parallel()
	want := map[string]outline{
		"graph_v1.json":              {[]string{"11111111-0000-4000-8000-000000000001", "11111111-0000-4000-8000-000000000002"}, 2, 0, ofV1},
		"graph_beta_first_page.json": {[]string{"22222222-0000-4000-8000-000000000001"}, 1, 0, truncated},
		"portal_interactive.json":    {[]string{"33333333-0000-4000-8000-000000000001"}, 1, 0, nil},
		"monitor.ndjson":             {[]string{"44444444-0000-4000-8000-000000000001", "44444444-0000-4000-8000-000000000002"}, 2, 0, nil},
		"log_analytics.json":         {[]string{""}, 1, 0, nil},
	}
	paths := sampleFiles(t)
	if len(paths) != len(want) {
		t.Errorf("testdata has %d files, want %d", len(paths), len(want))
	}
	for _, path := range paths {
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		log, err := export.Read(bytes.NewReader(file), export.Query{})
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if diff := cmp.Diff(want[filepath.Base(path)], outlineOf(log)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
		for _, s := range log.SignIns {
			if !s.HasStatus || s.App == "" || s.Time.Year() != 2026 && s.ID[0] != '4' {
				t.Errorf("%s: lost the status, application or time: %+v", path, s)
			}
		}
	}
}

func sampleFiles(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "*.*json"))
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func TestWarningsNameTheLineAndEndWithACount(t *testing.T) {
	t.Parallel()
	file := renewal + "\n\n[1,\n" + `{"status":tru}]` + "\n" + `{"category":"AuditLogs","properties":{}}` + "\n"
	log, err := export.Read(strings.NewReader(file), export.Query{})
	if err != nil {
		t.Fatal(err)
	}
	for i, begin := range []string{"line 3: row 2 is skipped: not a JSON object", "line 4: row 3 is skipped: decode a sign-in: ", `line 5: row 4 is skipped: a record of "AuditLogs": not a sign-in`} {
		if len(log.Warnings) <= i || !strings.HasPrefix(log.Warnings[i], begin) {
			t.Errorf("warnings are %q, want the %d. to begin with %q", log.Warnings, i+1, begin)
		}
	}

	for skipped, last := range map[int]string{
		20:   "line 21: row 21 is skipped: not a sign-in: it has neither a status nor an application",
		21:   "and 2 more rows were skipped",
		1000: "and 981 more rows were skipped",
	} {
		log, err := export.Read(strings.NewReader(v1Row+strings.Repeat("\n{}", skipped)), export.Query{})
		if err != nil {
			t.Fatal(err)
		}
		if len(log.Warnings) != 20 || log.Warnings[19] != last || log.Skipped != skipped {
			t.Errorf("%d rows skipped: counted %d, warned %q", skipped, log.Skipped, log.Warnings)
		}
	}
}

func TestAFileThatCannotBeReadIsAnErrorThatSaysWhatToDo(t *testing.T) {
	t.Parallel()
	packed := compressed(t, bytes.Repeat([]byte(renewal+"\n"), 1000))
	damaged := bytes.Clone(packed)
	damaged[len(damaged)-5] ^= 0xFF // in the checksum
	tests := map[string]struct{ file, want string }{
		"empty":                            {"", "line 1: the file is empty: export JSON: Entra admin center > "},
		"blank":                            {mark + " \n\n", "line 3: the file is empty: "},
		"an empty gzip file":               {string(compressed(t, nil)), "line 1: the file is empty: "},
		"a table":                          {"Date (UTC),Request ID,User\n2026-11-23,x,y\n", "line 1: found a table (CSV) that is no sign-in log: export JSON"},
		"a table in quotes":                {mark + `"Date (UTC)";"Request ID";"User"`, "line 1: found a table (CSV) that is no sign-in log: "},
		"a page":                           {"\n<!DOCTYPE html><html>", "line 2: found HTML or XML, such as a page that asks to sign in: "},
		"an archive":                       {"PK\x03\x04\x14\x00", "line 1: found a ZIP archive or an Excel workbook: unpack the archive"},
		"binary":                           {"\x7FELF\x02\x01\x00", "line 1: found binary data: "},
		"another alphabet's bytes":         {"\xD4\xE0\xF2\xE0", "line 1: found binary data: "},
		"prose":                            {"Zugriff verweigert", `line 1: found "Zugriff verweigert" where JSON was expected: `},
		"prose that begins as a mark does": {"ﬁle not found", `line 1: found "ﬁle not found" where JSON was expected: `},
		"a number":                         {"42", `line 1: found "42" where JSON was expected: `},
		"UTF-32":                           {"\xFF\xFE\x00\x00[\x00\x00\x00", "line 1: found text in UTF-32: save the file as UTF-8"},
		"gzip without its end":             {string(packed[:len(packed)-9]), "the gzip file is damaged or incomplete (unexpected EOF): the file is damaged"},
		"gzip with another checksum":       {string(damaged), "the gzip file is damaged or incomplete (gzip: invalid checksum): "},
		"gzip without more than its sign":  {"\x1F\x8B", "line 1: the gzip file is damaged or incomplete"},
		"gzip with a wrong method":         {"\x1F\x8B\x01\x00\x00\x00\x00\x00\x00\x00", "line 1: the gzip file is damaged or incomplete (gzip: invalid header)"},
		"a list that ends after a row":     {"[\n" + renewal, "line 2: the file ends in the middle of what begins on line 1: the file is damaged or incomplete, export it again"},
		"a list that ends after a comma":   {"[" + renewal + ",\n", "line 2: the file ends in the middle of what begins on line 1: "},
		"a page that ends in a row":        {"{\"value\":[\n" + renewal + ",\n{\"id\":", "line 3: the file ends in the middle of what begins on line 3: "},
		"a row that ends in a text":        {renewal + "\n{\"id\":\"", "line 2: the file ends in the middle of what begins on line 2: "},
		"a row that ends in a list":        {renewal + "\n{\"id\":[{", "line 2: the file ends in the middle of what begins on line 2: "},
		"a row that ends in a number":      {renewal + "\n{\"id\":1", "line 2: the file ends in the middle of what begins on line 2: "},
		"a row that ends in a name":        {renewal + "\n{\"id\"", "line 2: the file ends in the middle of what begins on line 2: "},
		"a row that ends in an escape":     {`{"id":"\`, "line 1: the file ends in the middle of what begins on line 1: "},
		"a text without its end":           {"{\"id\":\"a\n}", "line 1: found a line that ends within a text: "},
		"half a mark between rows":         {"[\xEF\xBB" + renewal, `line 1: found "{\"id\":\"renewal\",\"appDisplayName\":\"Portal" where a comma or ']' was expected: `},
		"no comma":                         {"[" + renewal + "\n" + renewal + "]", `line 2: found "{\"id\":\"renewal\",\"appDisplayName\":\"Portal" where a comma or ']' was expected: `},
		"no name":                          {`{1:2}`, `line 1: found "1:2}" where the name of a member was expected: `},
		"no colon":                         {`{"id" 2}`, `line 1: found "2}" where a colon was expected: `},
		"no value":                         {`{"id":}`, `line 1: found "}" where a value was expected: `},
		"a comma and no row":               {`[` + renewal + `,]`, `line 1: found "]" where a value was expected: `},
		"brackets that do not match":       {`{"id":[}]`, `line 1: found "}]" where ']' was expected: `},
		"rows before columns":              {`{"tables":[{"rows":[["x"]],"columns":[{"name":"ResultType"}]}]}`, "line 1: found the rows of a table before its columns: save the answer as the service sent it"},
		"a table of another log":           {`{"tables":[{"columns":[{"name":"Computer"}],"rows":[["x"],["y"]]}]}`, "line 1: found a table of Log Analytics without sign-ins: query the tables SigninLogs"},
		"columns that are none":            {`{"tables":[{"columns":["x"],"rows":[]}]}`, "line 1: found a table whose columns cannot be read"},
		"a row of a table that is broken":  {`{"tables":[{"columns":[{"name":"ResultType"}],"rows":[[1 2]]}]}` + "\n" + renewal, `line 1: found "2]]}]}" where a comma or ']' was expected`},
		"broken lines only":                {"{]\n{]\n", "none of the file's rows (2) is a sign-in that can be read, the first of them: line 1: row 1 is skipped: found"},
		"too many levels":                  {`{"id":` + strings.Repeat("[", 101), "line 1: found a sign-in of more than 100 levels: "},
		"lists in lists":                   {strings.Repeat("[", 10_000), "line 1: found lists in lists, 9 deep: "},
		"pages in pages":                   {strings.Repeat(`{"value":[`, 10_000), "line 1: found lists in lists, 9 deep: "},
		"a text that is too long":          {`{"id":"` + strings.Repeat("x", 4<<20), "line 1: found a sign-in of more than 4 MiB: "},
		"a row that is too long":           {`{` + strings.Repeat(`"id":"`+strings.Repeat("x", 1<<20)+`",`, 5), "line 1: found a sign-in of more than 4 MiB: "},
		"a refusal": {
			`{"error":{"code":"Authentication_MSGraphPermissionMissing","message":"Calling principal does not have required MSGraph permissions AuditLog.Read.All","innerError":{}}}`,
			`line 1: found no sign-ins but a refusal of Microsoft Graph, code "Authentication_MSGraphPermissionMissing": "Calling principal`,
		},
		"a refusal after a page":          {`{"value":[` + renewal + `]}` + "\n" + `{"error":{"code":"TooManyRequests","message":""}}`, `line 2: found no sign-ins but a refusal of Microsoft Graph, code "TooManyRequests": "": repeat the request`},
		"rows of which none can be read":  {`[{"id":"policy","displayName":"Require MFA"},null]`, "none of the file's rows (2) is a sign-in that can be read, the first of them: line 1: row 1 is skipped: not a sign-in: it has neither a status nor an application: export JSON"},
		"an error member of another sort": {`{"error":"x"}`, "none of the file's rows (1) is a sign-in"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log, err := export.Read(strings.NewReader(test.file), export.Query{})
			if err == nil {
				t.Fatalf("no error, want %q", test.want)
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is\n%v\nwant\n%s", err, test.want)
			}
			if diff := cmp.Diff(export.Log{}, log); diff != "" {
				t.Errorf("the log is not empty (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAListMayBeLongerThanARow(t *testing.T) {
	t.Parallel()
	const rows = 5
	row := `{"id":"x","status":{"errorCode":1},"userAgent":"` + strings.Repeat("x", 3<<20) + `"}`
	file := `{"value":[` + strings.Repeat(row+",", rows-1) + row + `],"note":"` + strings.Repeat("y", 3<<20) + `"}`
	log, err := export.Read(strings.NewReader(file), export.Query{})
	if err != nil || len(log.SignIns) != rows {
		t.Fatalf("read %d rows (%v), want %d", len(log.SignIns), err, rows)
	}
}

func TestAFileIsBounded(t *testing.T) {
	t.Parallel()
	const most = 1 << 20
	want := ": the file is longer than 16 GiB: export a shorter time"
	for name, file := range map[string]io.Reader{
		"plain": strings.NewReader("[" + strings.Repeat(" ", most)),
		"gzip":  bytes.NewReader(compressed(t, []byte("["+strings.Repeat(" ", most)))),
	} {
		if _, err := export.ReadAtMost(file, export.Query{}, most, 1<<20); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error is %v, want %q", name, err, want)
		}
	}
	if _, err := export.ReadAtMost(strings.NewReader("["+strings.Repeat(" ", most-2)+"]"), export.Query{}, most, 1<<20); err != nil {
		t.Errorf("a file of the greatest length: %v", err)
	}
}

func TestAReaderThatFailsIsAnError(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is gone")
	for _, begin := range []string{"", "[", renewal + "\n", `{"id":"`, `{"id":1`, "[" + renewal} {
		_, err := export.Read(io.MultiReader(strings.NewReader(begin), iotest.ErrReader(broken)), export.Query{})
		if !errors.Is(err, broken) {
			t.Errorf("after %q: error is %v, want %v", begin, err, broken)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, path := range sampleFiles(f) {
		file, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file)
		f.Add(compressed(f, file))
	}
	for _, file := range []string{
		"sep=;", "sep=;\n" + portalHeadings, portalHeadings + portalRow("none"), monitorHeadings + monitorRow, "CreationDate,UserIds,Operations,AuditData\n" + auditRow, answer, oldAnswer, "",
		"[", `[{},1,"x"]`, "a,b,c", "<html>", mark + betaRow, "\xFF\xFE[\x00]\x00", record + textual, `{"error":{"code":"x"}}`,
	} {
		f.Add([]byte(file))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		log, err := export.ReadAtMost(bytes.NewReader(file), export.Query{}, 1<<20, 1<<20)
		if err != nil {
			if log.Read != 0 {
				t.Errorf("an error (%v) with %d rows", err, log.Read)
			}
			return
		}
		if log.Read != len(log.SignIns)+log.Skipped {
			t.Errorf("read %d rows, kept %d and skipped %d", log.Read, len(log.SignIns), log.Skipped)
		}
		if len(log.Warnings) < min(log.Skipped, 20) {
			t.Errorf("skipped %d rows with %d warnings", log.Skipped, len(log.Warnings))
		}
	})
}
