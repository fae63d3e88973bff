// Package export reads a file of sign-ins that an administrator exported from Microsoft Entra, Microsoft Graph or Azure
// Monitor. The format is recognised by content, never by the file's name:
//
//   - a list response of Graph v1.0 or beta: {"@odata.context": …, "value": […]}
//   - the portal's JSON download, an array of beta's objects
//   - one sign-in, or one on each line (NDJSON)
//   - Azure Monitor records, one on each line, in an array, or in {"records": […]}, and rows of its Log Analytics
//   - records of Microsoft 365's unified audit log (UserLoggedIn, UserLoginFailed)
//   - answers of Log Analytics' query API: {"tables": [{"columns": […], "rows": [[…]]}]}
//   - several of these after one another, or in an array
//   - as a table (CSV): the portal's downloads, Log Analytics, and the audit log as Purview exports it
//
// each as UTF-8 or UTF-16 (with a byte order mark), plain or gzip.
package export

import (
	"cmp"
	"io"

	"signpost/diagnosis"
)

// Log is what a file held.
type Log struct {
	SignIns  []diagnosis.SignIn // those that were asked for, in the file's order, as many as fit
	Read     int                // rows seen, whosever they are
	Skipped  int                // rows that could not be read, or are no sign-ins
	Accounts int                // how many accounts there are rows of, when no account was asked for; at most a million are told apart
	Gaps     []diagnosis.Gap    // what the file does not hold, see Read
	Warnings []string           // what whoever asks should know, see Read
}

// mostWarnings bounds the warnings of rows that were skipped.
const mostWarnings = 20

// Read reads a whole file and keeps the rows that the query asks for. It needs the same memory for a file of any length.
// When it turns out that rows that matter were passed over, the file is read once more: because only a later row tells that
// they are the account's, or because not all fit and they lie around a row that the pasted error names.
//
// A row that cannot be read is skipped. A file that cannot be read to its end is an error that names the line, what was found
// there and what to do: nothing of such a file is returned. A list without rows is no error; a file with rows of which none
// is a sign-in is one.
//
// The warnings: one for each row that was skipped, "line 12: …", at most mostWarnings, of which the last then says how many
// more there are; what was assumed of a table's times, once for each column; and how many rows did not fit into the memory.
//
// The gaps: GapNonInteractive when all comes from Graph v1.0, which knows no non-interactive sign-ins although isInteractive
// is false in some of its rows, or from the portal's CSV of interactive sign-ins; GapTruncated when the last list links to a
// further page, or when there are more rows than fit into the memory, which a warning then says, too.
// GapPolicyDetails when the format has no place for policies; otherwise that is a matter of the row that decides, so
// diagnosis finds it.
func Read(r io.Reader, q Query) (Log, error) {
	return read(r, q, limits{file: longestFile, kept: mostKept})
}

// limits bound what is read and kept, in bytes.
type limits struct {
	file int64
	kept int
}

func read(r io.Reader, q Query, most limits) (log Log, err error) {
	from, err := open(r, q.Account != "" || q.namesRows())
	if err != nil {
		return Log{}, err
	}
	defer func() { err = cmp.Or(err, from.close()) }()
	f := newFile(from, &q, most.kept)
	if err := f.read(most.file); err != nil {
		return Log{}, err
	}
	if at := f.kept.named(); f.kept.gone > 0 && q.At.IsZero() && !at.IsZero() {
		q.At, f.missed = at, true
	}
	if !f.missed {
		return f.log, nil
	}
	if err := from.again(); err != nil {
		return Log{}, err
	}
	known := f.search
	f = newFile(from, &q, most.kept)
	f.search = known
	if err := f.read(most.file); err != nil {
		return Log{}, err
	}
	return f.log, nil
}
