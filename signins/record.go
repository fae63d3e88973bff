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

// wireColumns are the columns of a row of Log Analytics that are named otherwise than in Graph. Its columns stand side by
// side, without properties, and differ in letter case, which does not matter to encoding/json.
// Source: https://learn.microsoft.com/azure/azure-monitor/reference/tables/signinlogs
type wireColumns struct {
	TimeGenerated lenientTime                   `json:"TimeGenerated"`
	Resource      lenientText                   `json:"ResourceIdentity"` // ResourceId is the log's own
	Policies      lenientList[wirePolicyResult] `json:"ConditionalAccessPolicies"`
	Location      lenientObject[wireLocation]   `json:"LocationDetails"`
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

// DecodeRecord decodes one Azure Monitor diagnostic record of a sign-in log, or a row of Log Analytics' tables of
// sign-ins. What a record's properties leave out, the record itself may say.
func DecodeRecord(raw []byte) (diagnosis.SignIn, error) {
	var record wireRecord
	if err := json.Unmarshal(raw, &record); err != nil {
		return diagnosis.SignIn{}, fmt.Errorf("decode a record: %w", err)
	}
	kind, ok := recordKinds[record.Category.id()]
	if !ok && record.Category != "" && !strings.Contains(record.Category.id(), "signin") {
		return diagnosis.SignIn{}, fmt.Errorf("a record of %q: %w", record.Category, ErrNotSignIn)
	}
	s, err := record.signIn(raw)
	if err != nil {
		return s, err
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

func (r *wireRecord) signIn(raw []byte) (diagnosis.SignIn, error) {
	if r.Properties != nil {
		s, err := DecodeSignIn(r.Properties)
		if err != nil {
			return s, fmt.Errorf("decode a record's properties: %w", err)
		}
		return s, nil
	}
	w, err := decodeWire(raw)
	if err != nil {
		return diagnosis.SignIn{}, err
	}
	var columns wireColumns
	if err := json.Unmarshal(raw, &columns); err != nil {
		return diagnosis.SignIn{}, fmt.Errorf("decode a row's columns: %w", err)
	}
	w.ResourceID, w.Policies, w.Location = columns.Resource, columns.Policies, columns.Location
	if w.Created.IsZero() {
		w.Created = columns.TimeGenerated
	}
	return w.signIn(), nil
}
