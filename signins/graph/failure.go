package graph

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"signpost/signins"
)

// statusError is an answer of Graph's other than 2xx. Graph's message is left out: it repeats filters and names.
// Source: https://learn.microsoft.com/graph/errors
type statusError struct {
	status     int
	code       string // error.code, such as Authentication_MSGraphPermissionMissing
	requestID  string
	retryAfter time.Duration
}

// Error names the status and the code.
func (e *statusError) Error() string {
	return fmt.Sprintf("graph answered %d (code %q)", e.status, e.code)
}

var (
	errNoSuchAccount = errors.New("the directory has no such account")
	errUndecodable   = errors.New("graph's answer cannot be read")
	errUnreachable   = errors.New("graph cannot be reached")
)

// failure turns an error into the closed set that people are told about. permission is what the call needs.
func failure(err error, permission string) *signins.Failure {
	f := &signins.Failure{Reason: reason(err), Err: err}
	var status *statusError
	var cred *credentialError
	var busy *busyError
	switch {
	case errors.As(err, &status):
		f.Code, f.RequestID, f.RetryAfter = status.code, status.requestID, status.retryAfter
	case errors.As(err, &cred):
		f.Code = cred.code
		f.RetryAfter, _ = retryAfter(cred.header, time.Now())
	case errors.As(err, &busy):
		f.RetryAfter = busy.wait
	}
	if f.Reason == signins.ReasonNoPermission {
		f.Permission = permission
		if strings.EqualFold(f.Code, codeNoDirectory) {
			f.Permission = PermissionDirectory
		}
	}
	return f
}

func reason(err error) signins.Reason {
	var status *statusError
	var cred *credentialError
	var busy *busyError
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return signins.ReasonTimeout
	case errors.Is(err, errNoSuchAccount):
		return signins.ReasonAccountNotFound
	case errors.As(err, &busy):
		return signins.ReasonThrottled
	case errors.As(err, &cred):
		return cred.reason()
	case errors.As(err, &status):
		return status.reason()
	case errors.Is(err, errUnreachable):
		return signins.ReasonUnavailable
	default: // redirects, bodies too large, answers that cannot be read
		return signins.ReasonUnexpected
	}
}

func (e *credentialError) reason() signins.Reason {
	switch {
	case e.status == http.StatusTooManyRequests:
		return signins.ReasonThrottled
	case e.status >= 500, e.offline:
		return signins.ReasonUnavailable
	default:
		return signins.ReasonCredential
	}
}

func (e *statusError) reason() signins.Reason {
	switch {
	case e.status == http.StatusUnauthorized:
		return signins.ReasonCredential
	case e.noLicence():
		return signins.ReasonNoLicence
	case e.status == http.StatusForbidden:
		return signins.ReasonNoPermission
	case e.status == http.StatusTooManyRequests:
		return signins.ReasonThrottled
	case e.status >= 500:
		return signins.ReasonUnavailable
	default:
		return signins.ReasonUnexpected
	}
}

// Graph's codes that decide something.
const (
	// The tenant has no Entra ID P1 or P2. Licensed tenants are told so now and then too.
	// Source: https://learn.microsoft.com/graph/api/resources/signin
	codeNoLicence = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
	// The log's service could not read the directory to check the licence.
	codeNoDirectory = "Authentication_ApplicationHasNoDirectoryReadAccess"
)

func (e *statusError) noLicence() bool {
	return e.status == http.StatusForbidden && strings.EqualFold(e.code, codeNoLicence)
}

// hasStatus reports whether err is an answer of Graph's with that status.
func hasStatus(err error, status int) bool {
	var e *statusError
	return errors.As(err, &e) && e.status == status
}
