package graph

import (
	"context"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/identity"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"signpost/diagnosis"
	"signpost/signins"
)

// Evaluate asks Microsoft's What If tool which of the tenant's policies would apply to a sign-in. Policies that would not are
// in the answer too, with the reason; those that are switched off are in none. Answers are not kept: a policy that was just
// mended counts at once.
//
// It needs Policy.Read.ConditionalAccess, and returns nil without an error where that is missing, which is kept for
// Options.PolicyTTL. An error is a *signins.Failure. It takes no place in the limit of reports.
//
// Source: https://learn.microsoft.com/graph/api/conditionalaccessroot-evaluate
func (c *Client) Evaluate(ctx context.Context, s diagnosis.Scenario) ([]diagnosis.Evaluated, error) {
	if c.noWhatIf.lasts(c.opts.Now()) {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, c.opts.Timeout)
	defer cancel()
	answer, err := c.evaluate(ctx, s)
	if hasStatus(err, http.StatusForbidden) {
		c.noWhatIf.until(c.opts.Now().Add(c.opts.PolicyTTL))
		c.logFailure("ask what if", failure(err, PermissionPolicies))
		return nil, nil
	}
	if err != nil {
		return nil, failure(err, PermissionPolicies)
	}
	return answer, nil
}

func (c *Client) evaluate(ctx context.Context, s diagnosis.Scenario) ([]diagnosis.Evaluated, error) {
	if !isGUID(s.UserID) {
		return nil, errMalformedID
	}
	builder := identity.NewConditionalAccessEvaluateRequestBuilderInternal(map[string]string{}, c.v1)
	info, err := builder.ToPostRequestInformation(ctx, question(&s), nil)
	if err != nil {
		return nil, err
	}
	info.Headers.Add("Content-Length", strconv.Itoa(len(info.Content)))
	body, err := send(ctx, c.v1, info)
	if err != nil {
		return nil, err
	}
	answer, err := signins.DecodeWhatIf(body)
	if err != nil {
		return nil, errUndecodable
	}
	return answer, nil
}

// question puts a sign-in into the SDK's models, which add the types that Graph demands of members of several kinds. Members
// that the sign-in does not tell are left out; Graph then takes them for "all" or "none".
func question(s *diagnosis.Scenario) *identity.ConditionalAccessEvaluatePostRequestBody {
	who := models.NewUserSignIn()
	who.SetUserId(&s.UserID)
	what := models.NewApplicationContext()
	what.SetIncludeApplications(s.Apps)
	all := false // the reason why a policy does not apply is worth having
	body := identity.NewConditionalAccessEvaluatePostRequestBody()
	body.SetSignInIdentity(who)
	body.SetSignInContext(what)
	body.SetSignInConditions(conditions(s))
	body.SetAppliedPoliciesOnly(&all)
	return body
}

func conditions(s *diagnosis.Scenario) *models.SignInConditions {
	c := models.NewSignInConditions()
	c.SetDevicePlatform(member[models.ConditionalAccessDevicePlatform](models.ParseConditionalAccessDevicePlatform, s.Platform))
	c.SetClientAppType(member[models.ConditionalAccessClientApp](models.ParseConditionalAccessClientApp, s.ClientApp))
	c.SetSignInRiskLevel(member[models.RiskLevel](models.ParseRiskLevel, s.SignInRisk))
	c.SetCountry(given(s.Country))
	c.SetIpAddress(given(s.IPAddress))
	if method := member[models.ConditionalAccessTransferMethods](models.ParseConditionalAccessTransferMethods, s.TransferMethod); method != nil {
		flow := models.NewAuthenticationFlow()
		flow.SetTransferMethod(method)
		c.SetAuthenticationFlow(flow)
	}
	device := models.NewDeviceInfo()
	device.SetDeviceId(given(s.DeviceID))
	device.SetDisplayName(given(s.DeviceName))
	device.SetTrustType(given(s.TrustType))
	device.SetIsCompliant(s.Compliant)
	c.SetDeviceInfo(device)
	return c
}

// member reads an enum member with the SDK's parser; nil when there is none, or none that the SDK knows.
func member[T any](parse func(string) (any, error), spelling string) *T {
	if spelling == "" {
		return nil
	}
	parsed, _ := parse(spelling) // it returns no error
	value, _ := parsed.(*T)
	return value
}

func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// moment is a point in time that several goroutines set and ask.
type moment struct{ nanos atomic.Int64 }

func (m *moment) until(t time.Time)        { m.nanos.Store(t.UnixNano()) }
func (m *moment) lasts(now time.Time) bool { return now.UnixNano() < m.nanos.Load() }
