package export

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode"
)

// tableColumns are the columns of the portal's CSV downloads and where Graph has the same; a dot separates an object from
// its member. The names are folded (see column).
var tableColumns = map[string]string{
	"requestid": "id", "correlationid": "correlationId",
	"useragent": "userAgent", "userid": "userId", "user": "userDisplayName", "username": "userPrincipalName",
	"usertype": "userType", "signinidentifier": "signInIdentifier", "crosstenantaccesstype": "crossTenantAccessType",
	"incomingtokentype": "incomingTokenType", "originaltransfermethod": "originalTransferMethod",
	"application": "appDisplayName", "applicationid": "appId", "resource": "resourceDisplayName", "resourceid": "resourceId",
	"resourcetenantid": "resourceTenantId", "hometenantid": "homeTenantId", "ipaddress": "ipAddress",
	"signinerrorcode": "status.errorCode", "failurereason": "status.failureReason",
	"multifactorauthenticationresult": "status.additionalDetails", "clientapp": "clientAppUsed",
	"deviceid": "deviceDetail.deviceId", "browser": "deviceDetail.browser", "operatingsystem": "deviceDetail.operatingSystem",
	"compliant": "deviceDetail.isCompliant", "managed": "deviceDetail.isManaged", "jointype": "deviceDetail.trustType",
	"tokenprotectionsigninsessionstatuscode": "tokenProtectionStatusDetails.signInSessionStatusCode",
	"authenticationrequirement":              "authenticationRequirement",
	"isinteractive":                          "isInteractive",
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
		default:
			member := tableColumns[folded[i]]
			if isPortalDate(folded[i]) {
				member = "createdDateTime"
			}
			if folded[i] == "incomingtokentype" {
				f.renewals = f.renewals || column(value) == "refreshtoken"
			}
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

// auditRow is the record in a row of the audit log.
func auditRow(folded, fields []string) json.RawMessage {
	for i := range folded {
		if folded[i] == "auditdata" && json.Valid([]byte(fields[i])) {
			return json.RawMessage(fields[i])
		}
	}
	return json.RawMessage("null")
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
