// Package signins reads the Microsoft Entra sign-in log of one account.
//
// A Source answers one Query with a Log; signins/graph asks Microsoft Graph, signins/export reads a file that an
// administrator exported. Both use the decoder of this package, so that a row means the same wherever it came from.
package signins

import (
	"context"
	"fmt"
	"time"

	"signpost/diagnosis"
)

// Source is a place where sign-ins can be looked up.
type Source interface {
	// SignIns returns what the log holds about one account. An error is always a *Failure.
	SignIns(ctx context.Context, q Query) (Log, error)
}

// Query asks for the sign-ins of one account around the time at which something failed.
type Query struct {
	Account string    // UPN, e-mail address, #EXT# name or object id, in any letter case
	At      time.Time // when it failed; zero means that it failed just now
	Fresh   bool      // look anew, although the same was asked a moment ago
}

// Log is what a source found.
type Log struct {
	Account  Account
	SignIns  []diagnosis.SignIn // newest first
	Read     int                // rows read, whether or not they could be decoded
	Policies []diagnosis.Policy // the tenant's Conditional Access policies; nil when they could not be read
	Edits    []diagnosis.Edit   // recent edits of the policies that refused a row; nil when they could not be read
	Gaps     []diagnosis.Gap

	Revocations []diagnosis.Revocation // what ended the account's sessions, when a row says that something did; else nil
}

// Account is an account as the directory knows it.
type Account struct {
	ID   string // object id, lower case
	UPN  string // user principal name as the directory spells it
	Name string // display name; chosen by people, escape it where it is shown
}

// Reason says why a source could not answer. The set is closed: each reason has its own text for the person who
// asked (words), log value and metric label.
type Reason string

// The reasons.
const (
	ReasonAccountNotFound Reason = "account-not-found" // the directory knows no such account
	ReasonNoLicence       Reason = "no-licence"        // the tenant lacks Entra ID P1 or P2, which the log's API needs
	ReasonNoPermission    Reason = "no-permission"     // the app lacks a Graph permission, named in Failure.Permission
	ReasonCredential      Reason = "credential"        // Entra refused the app's own credential
	ReasonThrottled       Reason = "throttled"         // Graph asked us to wait longer than a person should
	ReasonTimeout         Reason = "timeout"           // no answer in time
	ReasonUnavailable     Reason = "unavailable"       // Graph cannot be reached or answers 5xx
	ReasonUnexpected      Reason = "unexpected"        // an answer that we do not understand
)

// Reasons returns every reason.
func Reasons() []Reason {
	return []Reason{
		ReasonAccountNotFound, ReasonNoLicence, ReasonNoPermission, ReasonCredential,
		ReasonThrottled, ReasonTimeout, ReasonUnavailable, ReasonUnexpected,
	}
}

// Failure is why a source could not answer. Its text is for operators; people are told in words, by Reason.
type Failure struct {
	Reason     Reason
	Permission string        // the Graph permission that is missing, for ReasonNoPermission
	Code       string        // the service's own error code, such as Authentication_MSGraphPermissionMissing
	RequestID  string        // Microsoft's request id, for a support case
	RetryAfter time.Duration // how long the service asked us to wait; 0 when it did not say
	Err        error         // the underlying error
}

// Error names the reason, the service's code and the underlying error.
func (f *Failure) Error() string {
	return fmt.Sprintf("query sign-ins: %s (code %q, request id %q): %v", f.Reason, f.Code, f.RequestID, f.Err)
}

// Unwrap returns the underlying error.
func (f *Failure) Unwrap() error { return f.Err }
