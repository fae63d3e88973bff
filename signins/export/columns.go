package export

import (
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
