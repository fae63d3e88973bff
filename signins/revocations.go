package signins

import (
	"slices"
	"strings"

	"signpost/diagnosis"
)

// revocations are the activities that end sessions, in lower case.
// Source: https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities
var revocations = map[string]diagnosis.RevocationKind{
	"change user password":                      diagnosis.RevokedPasswordChange,
	"change password (self-service)":            diagnosis.RevokedPasswordChange,
	"reset password (self-service)":             diagnosis.RevokedPasswordChange,
	"reset user password":                       diagnosis.RevokedPasswordReset,
	"reset password (by admin)":                 diagnosis.RevokedPasswordReset,
	"disable account":                           diagnosis.RevokedDisabled,
	"enable account":                            diagnosis.RevokedEnabled,
	"update stsrefreshtokenvalidfrom timestamp": diagnosis.RevokedSessions,
}

// DecodeRevocations decodes a page of Graph's list of directory audits into what ended the sessions of one user, given by
// object id. Records of anything else are left out.
func DecodeRevocations(raw []byte, userID string) ([]diagnosis.Revocation, error) {
	audits, _, err := decodeAudits(raw)
	if err != nil {
		return nil, err
	}
	var found []diagnosis.Revocation
	for i := range audits {
		w := &audits[i]
		about := slices.IndexFunc(w.Targets, func(t wireAuditTarget) bool { return strings.EqualFold(t.ID.id(), userID) })
		if about < 0 || w.Time.IsZero() {
			continue
		}
		kind := revocationKind(strings.TrimSuffix(w.Activity.id(), "."), w.Targets[about].Properties)
		if kind == diagnosis.RevokedPasswordReset && strings.EqualFold(w.By.value.User.value.ID.id(), userID) {
			kind = diagnosis.RevokedPasswordChange
		}
		if kind != "" {
			found = append(found, diagnosis.Revocation{UserID: strings.ToLower(userID), Kind: kind, Time: w.Time.Time, By: w.by()})
		}
	}
	return found, nil
}

// revocationKind is empty for what ends no session. An update of a user does when its properties say so.
func revocationKind(activity string, changed []wireAuditProperty) diagnosis.RevocationKind {
	if kind, known := revocations[activity]; known {
		return kind
	}
	if strings.HasPrefix(activity, "revoke ") && strings.Contains(activity, "session") {
		return diagnosis.RevokedSessions
	}
	if activity != "update user" {
		return ""
	}
	for _, p := range changed {
		before, after := plainly(p.Old), plainly(p.New)
		switch name := p.Name.id(); {
		case before == after:
		case name == "accountenabled" && after == "false":
			return diagnosis.RevokedDisabled
		case name == "accountenabled" && after == "true" && before == "false": // else the account was only made
			return diagnosis.RevokedEnabled
		case name == "stsrefreshtokensvalidfrom":
			return diagnosis.RevokedSessions
		}
	}
	return ""
}
