package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// What to do about a file that cannot be read.
const (
	exportJSON = "export JSON: Entra admin center > Monitoring & health > Sign-in logs > Download > Download JSON, " +
		"or save the response of Microsoft Graph's /auditLogs/signIns"
	queryAgain  = "query the tables SigninLogs and AADNonInteractiveUserSignInLogs, without leaving out columns, and save the answer"
	exportAgain = "the file is damaged or incomplete, export it again"
	unpack      = "unpack the archive and give the JSON file in it"
)

// problem is an error in the form that all of this package's have: where, what was found, what to do.
func problem(line int, found, do string) error {
	return &problemError{line: line, found: found, do: do}
}

type problemError struct {
	line      int
	found, do string
	broken    bool // what was found costs one row, where each stands on a line of its own
}

func (p *problemError) Error() string { return fmt.Sprintf("line %d: %s: %s", p.line, p.found, p.do) }

// broken is the problem of a value that is no JSON.
func broken(line int, found string) error {
	return &problemError{line: line, found: found, do: exportAgain, broken: true}
}

// fatal is a problem that costs more than a row.
func fatal(err error) error {
	if p, ok := errors.AsType[*problemError](err); ok {
		p.broken = false
	}
	return err
}

// notJSON says what a file is that does not begin as JSON does.
func notJSON(e *elements) error {
	start, _ := e.in.Peek(4 << 10)
	switch {
	case len(bytes.TrimSpace(start)) == 0:
		return problem(e.line, "the file holds nothing", exportJSON)
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		return problem(e.line, "found a ZIP archive or an Excel workbook", unpack+"; of a workbook, the log it came from")
	case isBinary(start):
		return problem(e.line, "found binary data", exportJSON)
	case start[0] == '<':
		return problem(e.line, "found HTML or XML, such as a page that asks to sign in", exportJSON)
	}
	return problem(e.line, "found "+e.ahead()+" where JSON was expected", exportJSON)
}

func isBinary(start []byte) bool {
	return bytes.IndexByte(start, 0) >= 0 || !utf8.Valid(withoutCutRune(start))
}

// withoutCutRune drops a rune that lost its end.
func withoutCutRune(text []byte) []byte {
	for i := len(text) - 1; i >= 0 && i >= len(text)-utf8.UTFMax; i-- {
		if utf8.RuneStart(text[i]) {
			if !utf8.FullRune(text[i:]) {
				return text[:i]
			}
			break
		}
	}
	return text
}

func isTable(line string) bool {
	const columns = 3
	return strings.Count(line, string(separatorOf(line))) >= columns-1
}

// refusal is the error of a file that holds a Graph error in place of sign-ins; nil for any other object.
// Source: https://learn.microsoft.com/graph/errors
func refusal(e element) error {
	var answer struct {
		Error struct{ Code, Message string } `json:"error"`
	}
	ok := json.Unmarshal(e.raw, &answer) == nil
	if !ok || answer.Error.Code == "" && answer.Error.Message == "" {
		return nil
	}
	return problem(e.line, fmt.Sprintf("found no sign-ins but a refusal of Microsoft Graph, code %q: %q", answer.Error.Code, answer.Error.Message),
		"repeat the request with an account that may read the sign-in log (AuditLog.Read.All, and Reports Reader or Security Reader), and save its answer")
}
