package signins

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"signpost/diagnosis"
)

// wireRecord is what an Azure Monitor diagnostic record holds beside the sign-in itself.
// Source: https://learn.microsoft.com/entra/identity/monitoring-health/concept-sign-in-log-activity-details
type wireRecord struct {
	Category          lenientText     `json:"category"`
	Time              lenientTime     `json:"time"`
	ResultType        lenientInt      `json:"resultType"`
	ResultDescription lenientText     `json:"resultDescription"`
	CorrelationID     lenientText     `json:"correlationId"`
	CallerIPAddress   lenientText     `json:"callerIpAddress"`
	Properties        json.RawMessage `json:"properties"`
}

// recordKinds are the categories of sign-in records, in lower case.
var recordKinds = map[string]diagnosis.EventKind{
	"signinlogs":                          diagnosis.KindUnknown, // isInteractive tells
	"noninteractiveusersigninlogs":        diagnosis.KindNonInteractive,
	"serviceprincipalsigninlogs":          diagnosis.KindServicePrincipal,
	"microsoftserviceprincipalsigninlogs": diagnosis.KindServicePrincipal,
	"managedidentitysigninlogs":           diagnosis.KindManagedIdentity,
	"adfssigninlogs":                      diagnosis.KindUnknown,
}

// ErrNotSignIn is returned for a record of another log, such as the audit log.
var ErrNotSignIn = errors.New("not a sign-in")

// DecodeRecord decodes one Azure Monitor diagnostic record of a sign-in log. What the record's properties leave out, the
// record itself may say.
func DecodeRecord(raw []byte) (diagnosis.SignIn, error) {
	var record wireRecord
	if err := json.Unmarshal(raw, &record); err != nil {
		return diagnosis.SignIn{}, fmt.Errorf("decode a record: %w", err)
	}
	kind, ok := recordKinds[record.Category.id()]
	if !ok && record.Category != "" && !strings.Contains(record.Category.id(), "signin") {
		return diagnosis.SignIn{}, fmt.Errorf("a record of %q: %w", record.Category, ErrNotSignIn)
	}
	s, err := DecodeSignIn(record.Properties)
	if err != nil {
		return s, fmt.Errorf("decode a record's properties: %w", err)
	}
	if kind != diagnosis.KindUnknown {
		s.Kind = kind
	}
	if !s.HasStatus && record.ResultType.set {
		s.HasStatus, s.ErrorCode = true, record.ResultType.value
	}
	if s.FailureReason == "" && s.ErrorCode != 0 {
		s.FailureReason = string(record.ResultDescription)
	}
	if s.Time.IsZero() {
		s.Time = record.Time.Time
	}
	if s.CorrelationID == "" {
		s.CorrelationID = record.CorrelationID.id()
	}
	if s.IPAddress == "" {
		s.IPAddress = string(record.CallerIPAddress)
	}
	return s, nil
}
