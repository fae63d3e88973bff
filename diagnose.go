package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf16"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"signpost/diagnosis"
	"signpost/intake"
	"signpost/signins/export"
	"signpost/words"
)

// diagnoseCommand reasons over an exported file.
type diagnoseCommand struct {
	SignIns     string `name:"signins" help:"File exported from Entra, of any size: a Graph response, the portal's JSON or CSV download, Azure Monitor records, rows or an answer of Log Analytics, or Microsoft 365's audit log; - for standard input." placeholder:"FILE"`
	Account     string `help:"Whose sign-ins: a UPN, e-mail address, #EXT# name or object id." placeholder:"ACCOUNT"`
	Product     string `help:"What is being onboarded: ${products}." placeholder:"PRODUCT"`
	At          string `help:"When it failed, such as 2026-11-23T07:04:00Z." placeholder:"TIME"`
	MessageFile string `help:"File with the error or message as the person sent it; alone, print what was understood." placeholder:"FILE"`
	JSON        bool   `name:"json" help:"Print one JSON object."`
	Language    string `help:"Language of the text, such as en or id; the message's own, or English, when it is not given." placeholder:"TAG"`
}

// longestMessage bounds what is read of a message file.
const longestMessage = 1 << 20

// Run implements the command.
func (d *diagnoseCommand) Run(std streams) error {
	if d.SignIns == "" && d.MessageFile == "" {
		return errors.New("nothing to diagnose: give --signins FILE, --message-file FILE, or both")
	}
	said, err := d.understand(std.in)
	if err != nil {
		return err
	}
	if d.SignIns == "" {
		return d.printUnderstood(std.out, said)
	}
	log, err := readExport(d.SignIns, said, std)
	if err != nil {
		return err
	}
	for _, warning := range log.Warnings {
		fmt.Fprintln(std.err, "signpost: warning:", warning)
	}
	finding := diagnosis.Diagnose(diagnosis.Case{
		Account: said.Account, Product: said.Product, At: said.Time,
		ErrorCode: said.ErrorCode, CorrelationID: said.CorrelationID, RequestID: said.RequestID,
		SignIns: log.SignIns, Read: log.Read, Gaps: log.Gaps,
	})
	if d.JSON {
		return printJSON(std.out, report(said, &finding))
	}
	s := words.For(cmp.Or(d.Language, said.Language), "", plain)
	if err := printAnswer(std.out, s, &finding); err != nil {
		return err
	}
	if n := log.Accounts; said.Account == "" && n > 1 {
		_, err = fmt.Fprintf(std.out, "\n%s\n", s.OtherAccounts(n))
	}
	return err
}

// understand reads the message file, and lets the flags overrule it.
func (d *diagnoseCommand) understand(in *os.File) (intake.Understood, error) {
	said := intake.Understood{Language: "en"}
	if d.MessageFile != "" {
		text, err := readBounded(d.MessageFile, in, longestMessage)
		if err != nil {
			return said, fmt.Errorf("--message-file: %w", err)
		}
		said = intake.Read(string(text), time.Time{}) // nobody says when it was sent, so "this morning" is no time
	}
	if d.Account != "" {
		said.Account = d.Account
	}
	if d.Product != "" {
		said.Product = diagnosis.Product(strings.ToLower(d.Product))
		if !said.Product.Known() {
			return said, fmt.Errorf("--product %q is unknown: choose one of %s", d.Product, productNames())
		}
	}
	if d.At != "" {
		at, err := readTime(d.At)
		if err != nil {
			return said, err
		}
		said.Time = at
	}
	return said, nil
}

func (d *diagnoseCommand) printUnderstood(w io.Writer, said intake.Understood) error {
	if d.JSON {
		return printJSON(w, struct {
			Understood understood `json:"understood"`
		}{understoodOf(said)})
	}
	return printText(w, said)
}

// readTime reads RFC 3339, or a day and time in UTC.
func readTime(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.Parse(layout, strings.TrimSpace(text)); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("--at %q is no time: write it as 2026-11-23T07:04:00Z", text)
}

// readExport reads the rows that matter for what was said, and shows at a terminal how far it is.
func readExport(path string, said intake.Understood, std streams) (export.Log, error) {
	file, closeFile, err := open(path, std.in)
	if err != nil {
		return export.Log{}, fmt.Errorf("--signins: %w", err)
	}
	defer closeFile()
	shown := newProgress(std.err, sizeOf(file), time.Now)
	defer shown.clear()
	log, err := export.Read(file, export.Query{
		Account: said.Account, At: said.Time, CorrelationID: said.CorrelationID, RequestID: said.RequestID, Progress: shown.show,
	})
	if err != nil {
		return log, fmt.Errorf("--signins %s: %w", path, err)
	}
	return log, nil
}

func readBounded(path string, in *os.File, most int64) ([]byte, error) {
	file, closeFile, err := open(path, in)
	if err != nil {
		return nil, err
	}
	defer closeFile()
	decoded := transform.NewReader(file, unicode.BOMOverride(transform.Nop)) // PowerShell's ">" writes UTF-16
	return io.ReadAll(io.LimitReader(decoded, most))
}

// open opens a file to be read, or takes standard input, which its owner closes.
func open(path string, in *os.File) (file *os.File, closeFile func(), err error) {
	if path == "-" {
		return in, func() {}, nil
	}
	file, err = os.Open(path)
	return file, func() { _ = file.Close() }, err
}

func productNames() string {
	var names []string
	for _, p := range diagnosis.Products() {
		names = append(names, string(p))
	}
	return strings.Join(names, ", ")
}

// printJSON prints a value. Characters that would steer a terminal or turn the text are escaped; they can only stand in
// strings.
func printJSON(w io.Writer, value any) error {
	var raw bytes.Buffer
	encoder := json.NewEncoder(&raw)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return err
	}
	var out bytes.Buffer
	for _, r := range raw.String() {
		if r != '\n' && words.Unseen(r) {
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&out, `\u%04x`, unit)
			}
			continue
		}
		out.WriteRune(r)
	}
	_, err := out.WriteTo(w)
	return err
}
