package signins

import (
	"errors"
	"fmt"
	"strings"

	"signpost/diagnosis"
)

// wireRecord is what an Azure Monitor diagnostic record holds beside the sign-in itself.
// Source: https://learn.microsoft.com/entra/identity/monitoring-health/concept-sign-in-log-activity-details
type wireRecord struct {
	Category          lenientText    `json:"category"`
	Time              lenientTime    `json:"time"`
	ResultType        lenientInt     `json:"resultType"`
	ResultDescription lenientText    `json:"resultDescription"`
	CorrelationID     lenientText    `json:"correlationId"`
	CallerIPAddress   lenientText    `json:"callerIpAddress"`
	Properties        wireProperties `json:"properties"`
}

// wireProperties is the sign-in in a record: an object, or a string that holds one.
type wireProperties struct {
	signIn wireSignIn
	set    bool  // there are properties
	err    error // they are no sign-in
}

// UnmarshalJSON implements json.Unmarshaler.
func (p *wireProperties) UnmarshalJSON(raw []byte) error { return p.scan(&scanner{raw: raw}) }

func (p *wireProperties) scan(s *scanner) error {
	p.set = true
	if s.next() == '{' {
		return s.into(&p.signIn)
	}
	raw, err := s.value()
	if err == nil {
		p.signIn, p.err = decodeWire(raw)
	}
	return err
}

// wireColumns are the columns of a row of Log Analytics that are named otherwise than in Graph. Its columns stand side by
// side, without properties, and differ in letter case, which does not matter to encoding/json.
// Source: https://learn.microsoft.com/azure/azure-monitor/reference/tables/signinlogs
type wireColumns struct {
	TimeGenerated lenientTime                 `json:"TimeGenerated"`
	Resource      lenientText                 `json:"ResourceIdentity"` // ResourceId is the log's own
	Policies      unread                      `json:"ConditionalAccessPolicies"`
	Location      lenientObject[wireLocation] `json:"LocationDetails"`
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
// sign-ins. What a record's properties leave out, the record itself may say. Of a record of another log it returns
// ErrNotSignIn.
func DecodeRecord(raw []byte) (diagnosis.SignIn, error) { return decoded(ReadRecord(raw)) }

// ReadRecord reads what DecodeRecord decodes.
func ReadRecord(raw []byte) (Row, error) {
	var record wireRecord
	if err := unmarshal(raw, &record); err != nil {
		return Row{}, fmt.Errorf("decode a record: %w", err)
	}
	kind, ok := recordKinds[record.Category.id()]
	if !ok && record.Category != "" && !strings.Contains(record.Category.id(), "signin") {
		return Row{}, fmt.Errorf("a record of %q: %w", record.Category, ErrNotSignIn)
	}
	w, err := record.signIn(raw)
	if err != nil {
		return Row{}, err
	}
	row := w.row(func() diagnosis.SignIn {
		s := w.signIn()
		record.complete(&s)
		if kind != diagnosis.KindUnknown {
			s.Kind = kind
		}
		return s
	})
	row.IsSignIn = row.IsSignIn || record.ResultType.set
	return row, nil
}

// signIn reads the sign-in in a record, or in the columns of a row.
func (r *wireRecord) signIn(raw []byte) (*wireSignIn, error) {
	w := &r.Properties.signIn
	if r.Properties.err != nil {
		return nil, fmt.Errorf("decode a record's properties: %w", r.Properties.err)
	}
	if r.Properties.set {
		return w, nil
	}
	if err := unmarshal(raw, w); err != nil {
		return nil, fmt.Errorf("decode a row's columns: %w", err)
	}
	var columns wireColumns
	if err := unmarshal(raw, &columns); err != nil {
		return nil, fmt.Errorf("decode a row's columns: %w", err)
	}
	w.ResourceID, w.Policies, w.Location = columns.Resource, columns.Policies, columns.Location
	if w.Created.IsZero() {
		w.Created = columns.TimeGenerated
	}
	return w, nil
}

// complete fills in what a record's properties leave out.
func (r *wireRecord) complete(s *diagnosis.SignIn) {
	if !s.HasStatus && r.ResultType.set {
		s.HasStatus, s.ErrorCode = true, r.ResultType.value
	}
	if s.FailureReason == "" && s.ErrorCode != 0 {
		s.FailureReason = string(r.ResultDescription)
	}
	if s.Time.IsZero() {
		s.Time = r.Time.Time
	}
	if s.CorrelationID == "" {
		s.CorrelationID = r.CorrelationID.id()
	}
	if s.IPAddress == "" {
		s.IPAddress = string(r.CallerIPAddress)
	}
}
