package export

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"signpost/signins"
)

// tableColumns are the columns of the portal's CSV downloads and where Graph has the same; a dot separates an object from
// its member. The names are folded (see column).
var tableColumns = map[string]string{
	"dateutc": "createdDateTime", "date": "createdDateTime", "requestid": "id", "correlationid": "correlationId",
	"useragent": "userAgent", "userid": "userId", "user": "userDisplayName", "username": "userPrincipalName",
	"usertype": "userType", "signinidentifier": "signInIdentifier", "crosstenantaccesstype": "crossTenantAccessType",
	"incomingtokentype": "incomingTokenType", "originaltransfermethod": "originalTransferMethod",
	"application": "appDisplayName", "applicationid": "appId", "resource": "resourceDisplayName", "resourceid": "resourceId",
	"resourcetenantid": "resourceTenantId", "hometenantid": "homeTenantId", "ipaddress": "ipAddress",
	"signinerrorcode": "status.errorCode", "failurereason": "status.failureReason",
	"multifactorauthenticationresult": "status.additionalDetails", "clientapp": "clientAppUsed",
	"deviceid": "deviceDetail.deviceId", "browser": "deviceDetail.browser", "operatingsystem": "deviceDetail.operatingSystem",
	"compliant": "deviceDetail.isCompliant", "managed": "deviceDetail.isManaged", "jointype": "deviceDetail.trustType",
	"conditionalaccess": "conditionalAccessStatus", "authenticationrequirement": "authenticationRequirement",
	"isinteractive": "isInteractive",
}

// form is what a table holds, told by its headings.
type form int

const (
	unknownTable form = iota
	portalTable       // the portal's CSV download
	monitorTable      // a table of Log Analytics
	auditTable        // Microsoft 365's audit log, whose records are JSON in one column
)

// table reads a CSV export. Its formats name their columns in the first line.
func (f *file) table(separator rune) error {
	r := csv.NewReader(f.elements.in)
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = separator, -1, true
	begins := f.elements.line
	heading, err := r.Read()
	if err != nil {
		return problem(begins, fmt.Sprintf("found a table whose headings cannot be read (%v)", err), exportJSON)
	}
	columns := make([]string, len(heading))
	folded := make([]string, len(heading))
	for i, name := range heading {
		columns[i], folded[i] = plainColumn(name), column(name)
	}
	kind := formOf(folded)
	if kind == unknownTable {
		return problem(begins, "found a table (CSV) that is no sign-in log", exportJSON)
	}
	var p page
	last := begins // the line of the row before, for a file that stops giving bytes
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var broken *csv.ParseError
		switch {
		case errors.As(err, &broken):
			return problem(begins-1+broken.Line, fmt.Sprintf("found a row that cannot be read (%v)", broken.Err), exportAgain)
		case err != nil:
			return unreadable(last, err)
		}
		line, _ := r.FieldPos(0)
		line += begins - 1
		last = line
		if n := len(fields); n < len(heading) || strings.Join(fields[len(heading):], "") != "" {
			f.skipRow(line, fmt.Errorf("it has %d columns, the heading has %d", n, len(heading)))
			continue
		}
		f.tableRow(kind, columns, folded, fields, line, &p)
	}
	f.flush()
	f.hasNoPolicies = kind != monitorTable
	// The portal writes both kinds of sign-ins into files of their own; without renewals this is the interactive ones'.
	f.interactive = kind == portalTable && !f.renewals
	return nil
}

func (f *file) tableRow(kind form, columns, folded, fields []string, line int, p *page) {
	size := 0
	for _, field := range fields {
		size += len(field)
	}
	if size > longestElement {
		f.skipRow(line, fmt.Errorf("longer than %d MiB", longestElement>>20))
		return
	}
	read := signins.ReadSignIn
	var row any
	switch kind {
	case auditTable:
		read = signins.ReadAudit
		row = json.RawMessage("null")
		for i := range folded {
			if folded[i] == "auditdata" && json.Valid([]byte(fields[i])) {
				row = json.RawMessage(fields[i])
			}
		}
	case monitorTable:
		read = signins.ReadRecord
		row = monitorRow(columns, fields)
	default:
		row = f.portalRow(folded, fields)
	}
	raw, err := json.Marshal(row)
	if err != nil {
		f.skipRow(line, err)
		return
	}
	f.later(read, raw, line, true, p)
}

// portalRow puts a row of the portal's CSV into Graph's form.
func (f *file) portalRow(folded, fields []string) map[string]any {
	row, seen := map[string]any{}, map[string]bool{}
	for i := range folded {
		value := strings.TrimSpace(fields[i])
		if value == "" {
			continue
		}
		switch folded[i] {
		case "status":
			if _, ok := row["status"]; !ok && strings.EqualFold(value, "success") {
				put(row, "status.errorCode", "0")
			}
		case "location":
			placeOf(row, value)
		case "conditionalaccess":
			put(row, "conditionalAccessStatus", strings.ReplaceAll(value, " ", ""))
		case "incomingtokentype":
			f.renewals = f.renewals || column(value) == "refreshtoken"
			put(row, "incomingTokenType", value)
		default:
			member := tableColumns[folded[i]]
			if member == "" || seen[member] || member == "status.errorCode" && !isNumber(value) {
				continue // a heading may stand twice; the first is the one that is filled
			}
			seen[member] = true
			put(row, member, value)
		}
	}
	return row
}

func isNumber(text string) bool {
	_, err := strconv.Atoi(text)
	return err == nil
}

// placeOf reads "City, State, CC".
func placeOf(row map[string]any, value string) {
	parts := strings.Split(value, ",")
	names := []string{"location.city", "location.state", "location.countryOrRegion"}
	for i, part := range parts[max(0, len(parts)-len(names)):] {
		put(row, names[len(names)-min(len(parts), len(names))+i], strings.TrimSpace(part))
	}
}

func put(row map[string]any, member, value string) {
	object, inner, nested := strings.Cut(member, ".")
	if !nested {
		row[member] = value
		return
	}
	of, _ := row[object].(map[string]any)
	if of == nil {
		of = map[string]any{}
		row[object] = of
	}
	of[inner] = value
}

// monitorRow puts a row of Log Analytics together again. Columns of dynamic content hold JSON as text, at times twice,
// with _dynamic or _string behind the name; the first that is not empty counts.
func monitorRow(columns, fields []string) map[string]any {
	row := map[string]any{}
	for i := range columns {
		value := strings.TrimSpace(fields[i])
		if _, twice := row[columns[i]]; value == "" || twice {
			continue
		}
		if (value[0] == '{' || value[0] == '[') && json.Valid([]byte(value)) {
			row[columns[i]] = json.RawMessage(value)
			continue
		}
		row[columns[i]] = value
	}
	return row
}

// plainColumn is a heading of Log Analytics without what its export adds.
func plainColumn(heading string) string {
	heading = strings.TrimSpace(strings.TrimPrefix(heading, byteOrderMark))
	heading, _, _ = strings.Cut(heading, " [")
	heading = strings.TrimSuffix(strings.TrimSuffix(heading, "_dynamic"), "_string")
	return heading
}

// column is a heading folded to compare by: lower-case letters and digits.
func column(heading string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}

// formOf recognises a table by its headings.
func formOf(folded []string) form {
	has := map[string]bool{}
	for _, name := range folded {
		has[name] = true
	}
	switch {
	case has["auditdata"]:
		return auditTable
	case has["resulttype"] && (has["appid"] || has["appdisplayname"]):
		return monitorTable
	case has["signinerrorcode"] && (has["application"] || has["applicationid"]):
		return portalTable
	default:
		return unknownTable
	}
}

// separatorOf finds what separates a table's columns.
func separatorOf(line string) rune {
	best, most := ',', 0
	for _, separator := range []rune{',', ';', '\t'} {
		if n := strings.Count(line, string(separator)); n > most {
			best, most = separator, n
		}
	}
	return best
}
