package signins

import (
	"fmt"
	"strings"

	"signpost/diagnosis"
)

// The most that is kept of a row.
const (
	mostPolicies = 200
	mostSteps    = 50
)

// wireSignIn is a signIn of Graph v1.0 or beta, and the properties of an Azure Monitor record, which have the same names.
// Source: https://learn.microsoft.com/graph/api/resources/signin
type wireSignIn struct {
	ID                      lenientText                        `json:"id"`
	Created                 lenientTime                        `json:"createdDateTime"`
	CorrelationID           lenientText                        `json:"correlationId"`
	OriginalRequestID       lenientText                        `json:"originalRequestId"`
	IsInteractive           lenientBool                        `json:"isInteractive"`
	EventTypes              lenientTexts                       `json:"signInEventTypes"`
	UserID                  lenientText                        `json:"userId"`
	UserPrincipalName       lenientText                        `json:"userPrincipalName"`
	UserDisplayName         lenientText                        `json:"userDisplayName"`
	SignInIdentifier        lenientText                        `json:"signInIdentifier"`
	AlternateSignInName     lenientText                        `json:"alternateSignInName"`
	HomeTenantID            lenientText                        `json:"homeTenantId"`
	ResourceTenantID        lenientText                        `json:"resourceTenantId"`
	AppID                   lenientText                        `json:"appId"`
	AppDisplayName          lenientText                        `json:"appDisplayName"`
	ResourceID              lenientText                        `json:"resourceId"`
	ResourceDisplayName     lenientText                        `json:"resourceDisplayName"`
	Status                  lenientObject[wireStatus]          `json:"status"`
	ConditionalAccessStatus lenientText                        `json:"conditionalAccessStatus"`
	Policies                unread                             `json:"appliedConditionalAccessPolicies"` // a lenientList[wirePolicyResult]
	ClientAppUsed           lenientText                        `json:"clientAppUsed"`
	IPAddress               lenientText                        `json:"ipAddress"`
	Location                lenientObject[wireLocation]        `json:"location"`
	Device                  lenientObject[wireDevice]          `json:"deviceDetail"`
	RiskLevel               lenientText                        `json:"riskLevelDuringSignIn"`
	RiskState               lenientText                        `json:"riskState"`
	IncomingTokenType       lenientText                        `json:"incomingTokenType"`
	RequirementPolicies     lenientList[wireRequirement]       `json:"authenticationRequirementPolicies"`
	SessionLifetimePolicies lenientList[wireRequirement]       `json:"sessionLifetimePolicies"`
	AuthenticationDetails   lenientList[wireStep]              `json:"authenticationDetails"`
	OriginalTransferMethod  lenientText                        `json:"originalTransferMethod"`
	CrossTenantAccessType   lenientText                        `json:"crossTenantAccessType"`
	TokenProtection         lenientObject[wireTokenProtection] `json:"tokenProtectionStatusDetails"`
}

type wireStatus struct {
	ErrorCode         lenientInt  `json:"errorCode"`
	FailureReason     lenientText `json:"failureReason"`
	AdditionalDetails lenientText `json:"additionalDetails"`
}

type wireLocation struct {
	City    lenientText `json:"city"`
	State   lenientText `json:"state"`
	Country lenientText `json:"countryOrRegion"`
}

type wireDevice struct {
	ID              lenientText `json:"deviceId"`
	Name            lenientText `json:"displayName"`
	OperatingSystem lenientText `json:"operatingSystem"`
	Browser         lenientText `json:"browser"`
	IsCompliant     lenientBool `json:"isCompliant"`
	IsManaged       lenientBool `json:"isManaged"`
	TrustType       lenientText `json:"trustType"`
}

type wireRequirement struct {
	Provider lenientText `json:"requirementProvider"`
	Expiry   lenientText `json:"expirationRequirement"`
	Detail   lenientText `json:"detail"`
}

type wireStep struct {
	Time      lenientTime `json:"authenticationStepDateTime"`
	Method    lenientText `json:"authenticationMethod"`
	Succeeded lenientBool `json:"succeeded"`
	Result    lenientText `json:"authenticationStepResultDetail"`
	For       lenientText `json:"authenticationStepRequirement"`
}

type wireTokenProtection struct {
	StatusCode lenientInt `json:"signInSessionStatusCode"`
}

// DecodeSignIn decodes one sign-in of Graph v1.0 or beta, or of the portal's JSON download. Members of an unexpected
// type count as absent; only what is no JSON object is an error.
func DecodeSignIn(raw []byte) (diagnosis.SignIn, error) { return decoded(ReadSignIn(raw)) }

// ReadSignIn reads what DecodeSignIn decodes.
func ReadSignIn(raw []byte) (Row, error) {
	w, err := decodeWire(raw)
	if err != nil {
		return Row{}, err
	}
	return w.row(w.signIn), nil
}

func decodeWire(raw []byte) (w wireSignIn, err error) {
	s := scanner{raw: raw}
	if s.next() == '"' { // Azure Monitor writes properties as strings at times
		inner, err := s.quoted()
		if err == nil {
			err = s.end()
		}
		if err != nil {
			return w, fmt.Errorf("decode a sign-in: %w", err)
		}
		raw = inner.raw
	}
	if err := unmarshal(raw, &w); err != nil {
		return w, fmt.Errorf("decode a sign-in: %w", err)
	}
	return w, nil
}

func (w *wireSignIn) signIn() diagnosis.SignIn {
	s := diagnosis.SignIn{
		ID: string(w.ID), Time: w.Created.Time, CorrelationID: w.CorrelationID.id(), OriginalRequestID: w.OriginalRequestID.id(),
		Kind:   w.kind(),
		UserID: w.UserID.id(), UserPrincipalName: string(w.UserPrincipalName), UserDisplayName: string(w.UserDisplayName),
		HomeTenantID: w.HomeTenantID.id(), ResourceTenantID: w.ResourceTenantID.id(),
		SignInIdentifier: w.identifier(),
		AppID:            w.AppID.id(), App: w.AppDisplayName.shared(), ResourceID: w.ResourceID.id(), Resource: w.ResourceDisplayName.shared(),
		HasStatus: w.Status.value.ErrorCode.set, ErrorCode: w.Status.value.ErrorCode.value,
		FailureReason: w.Status.value.FailureReason.shared(), AdditionalDetails: w.Status.value.AdditionalDetails.shared(),
		ConditionalAccessStatus: string(w.ConditionalAccessStatus), Policies: w.policies(),
		ClientApp: string(w.ClientAppUsed), IPAddress: string(w.IPAddress),
		Location: diagnosis.Location{
			City: string(w.Location.value.City), State: string(w.Location.value.State), Country: string(w.Location.value.Country),
		},
		Device: w.device(), RiskLevel: string(w.RiskLevel), RiskState: string(w.RiskState),
		IncomingTokenType:   string(w.IncomingTokenType),
		RequirementPolicies: requirements(w.RequirementPolicies), SessionLifetimePolicies: requirements(w.SessionLifetimePolicies),
		OriginalTransferMethod: string(w.OriginalTransferMethod), CrossTenantAccessType: string(w.CrossTenantAccessType),
		TokenProtectionStatusCode: w.TokenProtection.value.StatusCode.value,
	}
	for _, step := range w.AuthenticationDetails[:min(len(w.AuthenticationDetails), mostSteps)] {
		s.AuthenticationSteps = append(s.AuthenticationSteps, diagnosis.AuthenticationStep{
			Time: step.Time.Time, Method: string(step.Method), Succeeded: step.Succeeded.value,
			Result: string(step.Result), For: string(step.For),
		})
	}
	return s
}

// kind reads who signed in and how. isInteractive is false for apps too, so the event types count first.
func (w *wireSignIn) kind() diagnosis.EventKind {
	for _, t := range w.EventTypes {
		for _, kind := range []diagnosis.EventKind{
			diagnosis.KindInteractive, diagnosis.KindNonInteractive, diagnosis.KindServicePrincipal, diagnosis.KindManagedIdentity,
		} {
			if strings.EqualFold(t, string(kind)) {
				return kind
			}
		}
	}
	switch {
	case w.IsInteractive.value == nil:
		return diagnosis.KindUnknown
	case *w.IsInteractive.value:
		return diagnosis.KindInteractive
	default:
		return diagnosis.KindNonInteractive
	}
}

func (w *wireSignIn) device() diagnosis.Device {
	d := w.Device.value
	return diagnosis.Device{
		ID: d.ID.id(), Name: string(d.Name), OperatingSystem: string(d.OperatingSystem), Browser: string(d.Browser),
		Compliant: d.IsCompliant.value, Managed: d.IsManaged.value, TrustType: string(d.TrustType),
	}
}

func requirements(list []wireRequirement) []diagnosis.Requirement {
	var out []diagnosis.Requirement
	for _, r := range list[:min(len(list), mostSteps)] {
		provider := r.Provider
		if provider == "" {
			provider = r.Expiry
		}
		out = append(out, diagnosis.Requirement{Provider: string(provider), Detail: string(r.Detail)})
	}
	return out
}
