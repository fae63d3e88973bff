package diagnosis

import (
	"slices"
	"strings"
	"time"
)

// Revocation is something that ended the sessions of an account, as the tenant's audit log tells it.
type Revocation struct {
	UserID string         `json:"user_id,omitempty"` // the account's object id
	Kind   RevocationKind `json:"kind"`
	Time   time.Time      `json:"time,omitzero"`
	By     string         `json:"by,omitempty"` // the user principal name or the app of whoever did it; for the helpdesk's eyes only
}

// RevocationKind says what ended the sessions. The set is closed; words has a sentence for each.
type RevocationKind string

// The kinds, the most telling first: a new password moves the time from which on sessions count, so the audit log holds
// RevokedSessions beside it.
const (
	RevokedPasswordChange RevocationKind = "password-changed" // by the person, or where the account comes from
	RevokedPasswordReset  RevocationKind = "password-reset"   // by somebody else
	RevokedDisabled       RevocationKind = "account-disabled"
	RevokedEnabled        RevocationKind = "account-enabled"
	RevokedSessions       RevocationKind = "sessions-revoked"
)

// RevocationKinds returns every kind, the most telling first.
func RevocationKinds() []RevocationKind {
	return []RevocationKind{RevokedPasswordChange, RevokedPasswordReset, RevokedDisabled, RevokedEnabled, RevokedSessions}
}

const (
	// RecentRevocation is how long before a failure a revocation is looked for. When the ended session began is not known;
	// the audit log is kept no longer.
	RecentRevocation = 30 * 24 * time.Hour
	// oneAct is how far apart the records of one act lie.
	oneAct = 5 * time.Minute
)

// RevokedSession reports whether the sign-in failed because the session that it came from had been ended: the person's
// tokens count only from a certain time on, and something had moved that time.
// Source: https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts50173-grant-expired-revoked
func (s *SignIn) RevokedSession() bool {
	return s.ErrorCode == 50173 || s.ErrorCode == 50133 || s.ErrorCode == 50132
}

// revoked returns the newest revocation before the row, or nil when the row is of another kind or there is none.
func revoked(row *SignIn, all []Revocation) *Revocation {
	if !row.RevokedSession() {
		return nil
	}
	own := slices.DeleteFunc(slices.Clone(all), func(r Revocation) bool {
		return !strings.EqualFold(r.UserID, row.UserID) || r.Time.After(row.Time) || row.Time.Sub(r.Time) > RecentRevocation
	})
	if len(own) == 0 {
		return nil
	}
	newest := slices.MaxFunc(own, func(a, b Revocation) int { return a.Time.Compare(b.Time) })
	for _, kind := range RevocationKinds() {
		for _, r := range own {
			if r.Kind == kind && newest.Time.Sub(r.Time) <= oneAct {
				return &r
			}
		}
	}
	return nil
}
