package signins

import (
	"fmt"
	"strings"

	"signpost/diagnosis"
)

// wireAudit is a sign-in in Microsoft 365's unified audit log. It knows the outcome, the app and the device, but no
// policies.
// Source: https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema
type wireAudit struct {
	ID            lenientText            `json:"Id"`
	Created       lenientTime            `json:"CreationTime"`
	Operation     lenientText            `json:"Operation"`
	UserID        lenientText            `json:"UserId"`
	UserKey       lenientText            `json:"UserKey"`
	ErrorNumber   lenientInt             `json:"ErrorNumber"`
	LogonError    lenientText            `json:"LogonError"`
	ApplicationID lenientText            `json:"ApplicationId"`
	ObjectID      lenientText            `json:"ObjectId"` // the resource
	ClientIP      lenientText            `json:"ClientIP"`
	ActorIP       lenientText            `json:"ActorIpAddress"`
	Correlation   lenientText            `json:"InterSystemsId"`
	Request       lenientText            `json:"IntraSystemId"`
	Device        lenientList[wireNamed] `json:"DeviceProperties"`
}

type wireNamed struct {
	Name  lenientText `json:"Name"`
	Value lenientText `json:"Value"`
}

// DecodeAudit decodes a record of Microsoft 365's unified audit log that tells of a sign-in (UserLoggedIn or
// UserLoginFailed). Of a record of anything else it returns ErrNotSignIn.
func DecodeAudit(raw []byte) (diagnosis.SignIn, error) {
	var w wireAudit
	if err := unmarshal(raw, &w); err != nil {
		return diagnosis.SignIn{}, fmt.Errorf("decode an audit record: %w", err)
	}
	s := diagnosis.SignIn{
		ID: string(w.ID), Time: w.Created.Time, CorrelationID: w.Correlation.id(), Kind: diagnosis.KindUnknown,
		UserPrincipalName: strings.ToLower(string(w.UserID)), AppID: w.ApplicationID.id(), ResourceID: w.ObjectID.id(),
		HasStatus: true, IPAddress: string(w.ActorIP),
	}
	if s.IPAddress == "" {
		s.IPAddress = string(w.ClientIP)
	}
	if key := w.UserKey.id(); strings.Count(key, "-") == 4 {
		s.UserID = key
	}
	s.OriginalRequestID = w.Request.id()
	switch w.Operation.id() {
	case "userloggedin":
	case "userloginfailed":
		s.ErrorCode, s.FailureReason = w.ErrorNumber.value, string(w.LogonError)
		s.HasStatus = w.ErrorNumber.set
	default:
		return diagnosis.SignIn{}, fmt.Errorf("an audit record of %q: %w", w.Operation, ErrNotSignIn)
	}
	for _, p := range w.Device {
		switch p.Name.id() {
		case "id":
			s.Device.ID = p.Value.id()
		case "displayname":
			s.Device.Name = string(p.Value)
		case "os":
			s.Device.OperatingSystem = string(p.Value)
		case "browsertype":
			s.Device.Browser = string(p.Value)
		case "trusttype":
			s.Device.TrustType = string(p.Value)
		case "iscompliant":
			yes := p.Value.id() == "true"
			s.Device.Compliant = &yes
		}
	}
	return s, nil
}

// ReadAudit is DecodeAudit: such a record is short.
func ReadAudit(raw []byte) (Row, error) {
	s, err := DecodeAudit(raw)
	if err != nil {
		return Row{}, err
	}
	return Row{Names: s.Names(), IsSignIn: true, SignIn: func() diagnosis.SignIn { return s }}, nil
}
