package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	abs "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/authentication"
	"github.com/microsoft/kiota-abstractions-go/serialization"
	jsonserialization "github.com/microsoft/kiota-serialization-json-go"
	core "github.com/microsoftgraph/msgraph-sdk-go-core"
	"github.com/microsoftgraph/msgraph-sdk-go/models/odataerrors"
)

// newAdapter returns an adapter of the SDK for one version of the API. It gets parsers of its own, so that nothing
// needs to be registered for the whole process as the SDK's root client would.
func newAdapter(auth authentication.AuthenticationProvider, client *http.Client, baseURL string) (*core.GraphRequestAdapterBase, error) {
	adapter, err := core.NewGraphRequestAdapterBaseWithParseNodeFactoryAndSerializationWriterFactoryAndHttpClient(
		auth, core.GraphClientOptions{}, errorParser{}, jsonserialization.NewJsonSerializationWriterFactory(), client)
	if err != nil {
		return nil, err
	}
	adapter.SetBaseUrl(baseURL)
	return adapter, nil
}

// send returns the body of a 2xx answer, or an error that reason understands and whose text holds no URL.
func send(ctx context.Context, adapter *core.GraphRequestAdapterBase, info *abs.RequestInformation) (body []byte, err error) {
	defer func() {
		// The SDK indexes into what it is sent, such as the claims of a WWW-Authenticate header, without looking.
		if p := recover(); p != nil {
			body, err = nil, fmt.Errorf("%w: the sdk panicked: %v", errUndecodable, p)
		}
	}()
	// Without this header Graph hides what its schema calls evolvable, such as the report-only results of policies.
	// Source: https://learn.microsoft.com/graph/best-practices-concept#handling-future-members-in-evolvable-enumerations
	info.Headers.TryAdd("Prefer", "include-unknown-enum-members")
	// "XXX" is the SDK's name for every status that is an error.
	answer, err := adapter.SendPrimitive(ctx, info, "[]byte", abs.ErrorMappings{
		"XXX": odataerrors.CreateODataErrorFromDiscriminatorValue,
	})
	if err != nil {
		return nil, readError(err)
	}
	body, _ = answer.([]byte) // nil for an empty answer
	return body, nil
}

// readError turns the SDK's and net/http's errors into ours. The text of an ODataError is never asked for: Graph's
// messages repeat names and filters.
func readError(err error) error {
	var odata *odataerrors.ODataError
	var api *abs.ApiError
	var wrapped *url.Error
	switch {
	case errors.As(err, &odata):
		e := readStatus(&odata.ApiError)
		if main := odata.GetErrorEscaped(); main != nil {
			e.code = text(main.GetCode())
			if inner := main.GetInnerError(); inner != nil && e.requestID == "" {
				e.requestID = text(inner.GetRequestId())
			}
		}
		return e
	case errors.As(err, &api):
		return readStatus(api)
	case errors.As(err, &wrapped):
		err = wrapped.Err // wrapped names the URL with its filter
		if ours(err) {
			return err
		}
		return fmt.Errorf("%w: %w", errUnreachable, err)
	case ours(err):
		return err
	default: // the connection broke while the body was read
		return fmt.Errorf("%w: %w", errUnreachable, err)
	}
}

// ours reports whether an error came from this package's side of the wire.
func ours(err error) bool {
	var cred *credentialError
	var busy *busyError
	return errors.As(err, &cred) || errors.As(err, &busy) ||
		errors.Is(err, errForeignHost) || errors.Is(err, errRedirected) || errors.Is(err, errTooLarge) ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

func readStatus(api *abs.ApiError) *statusError {
	e := &statusError{status: api.ResponseStatusCode}
	if api.ResponseHeaders == nil {
		return e
	}
	header := http.Header{}
	for _, key := range []string{"request-id", "Retry-After"} {
		for _, value := range api.ResponseHeaders.Get(key) {
			header.Add(key, value)
		}
	}
	e.requestID = bounded(header.Get("request-id"))
	e.retryAfter, _ = retryAfter(header, time.Now())
	return e
}

// text returns an error's word for the operator.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return bounded(*s)
}

// bounded keeps a code or id from being anything else: printable ASCII, 100 characters.
func bounded(s string) string {
	const longest = 100
	var out []byte
	for _, b := range []byte(s) {
		if b > ' ' && b < 0x7f && len(out) < longest {
			out = append(out, b)
		}
	}
	return string(out)
}

// errorParser reads error bodies. Of a body it passes on what readError needs, as the SDK's models want it, and of what
// is no such thing nothing, so that the adapter reports the status instead of a complaint about the body: gateways
// answer with HTML, and a date that it cannot read would cost the SDK the whole error.
type errorParser struct{}

// GetValidContentType returns the type of Graph's errors.
func (errorParser) GetValidContentType() (string, error) { return "application/json", nil }

// GetRootParseNode returns a node of the SDK's JSON parser, or nil.
func (p errorParser) GetRootParseNode(_ string, content []byte) (serialization.ParseNode, error) {
	var sent struct {
		Error struct {
			Code       string `json:"code"`
			Message    string `json:"message"` // the SDK panics without one
			InnerError struct {
				RequestID string `json:"request-id"`
			} `json:"innerError"`
		} `json:"error"`
	}
	_ = json.Unmarshal(content, &sent) // it fills in what it can
	if sent.Error.Code == "" && sent.Error.InnerError.RequestID == "" {
		return nil, nil
	}
	sent.Error.Message = sent.Error.Code
	clean, err := json.Marshal(sent)
	if err != nil {
		return nil, err
	}
	return jsonserialization.NewJsonParseNodeFactory().GetRootParseNode("application/json", clean)
}
