package diagnosis

import "time"

// Case is everything that is known about one person's failed onboarding: what was said, and what the log holds.
type Case struct {
	Account       string    // UPN, e-mail address, #EXT# name or object id, in any letter case; empty: whoever the rows are about
	Product       Product   // what is being onboarded; empty when nobody said
	At            time.Time // when it failed; zero when nobody said
	ErrorCode     int       // the AADSTS code of the pasted error; 0 when there was none
	CorrelationID string    // of the pasted error
	RequestID     string    // of the pasted error ("Trace ID", "Request Id")

	SignIns  []SignIn // in any order; rows of others and of service principals are dropped here
	Read     int      // how many rows the source read to find SignIns; at least len(SignIns)
	Policies []Policy // the tenant's policies; nil when they could not be read
	Edits    []Edit   // recent edits of the tenant's policies
	Gaps     []Gap    // what the source could not see
	Renewals bool     // the source was asked for background renewals, too

	Revocations []Revocation // what ended the account's sessions lately

	Window     time.Duration // how long before At a failure may lie; 0 means 24 hours
	WideWindow time.Duration // how far to look when Window holds nothing; 0 means 7 days
}

// Finding is what the reasoning concluded. It holds no sentence: words puts it into a person's language.
type Finding struct {
	Causes     []Cause   `json:"causes"`            // main cause first, never empty
	Guide      string    `json:"guide"`             // the guidance that speaks for the main cause
	Code       int       `json:"code,omitempty"`    // the deciding error code; 0 when none decided
	SignIn     *SignIn   `json:"sign_in,omitempty"` // the deciding row; nil when none decided
	Solved     *SignIn   `json:"solved,omitempty"`  // the later success; nil when there is none
	Refusals   []Refusal `json:"refusals,omitempty"`
	ReportOnly []string  `json:"report_only,omitempty"` // names of report-only policies that would have refused the deciding row
	WouldAsk   []string  `json:"would_ask,omitempty"`   // names of report-only policies that would have asked the person for something
	Session    *Session  `json:"session,omitempty"`     // the policy behind an expiry; nil when none is known
	Fixers     []Fixer   `json:"fixers,omitempty"`
	Edited     []Edit    `json:"edited,omitempty"`    // the newest edit of each refusing policy before it began to refuse
	Asked      Asked     `json:"asked,omitempty"`     // what an unfinished sign-in asked of the person
	Changed    []Change  `json:"changed,omitempty"`   // what was different when it worked
	WhatIf     *WhatIf   `json:"what_if,omitempty"`   // what would happen now; Diagnose leaves it to whoever can ask; nil when nobody could
	Certainty  Certainty `json:"certainty,omitempty"` // how sure this is
	Doubts     []Doubt   `json:"doubts,omitempty"`    // why it is not surer
	Clues      []Clue    `json:"clues,omitempty"`     // what else the deciding row shows
	Streak     Streak    `json:"streak,omitzero"`     // since when the same thing fails
	Product    Product   `json:"product,omitempty"`
	SaidCode   int       `json:"said_code,omitempty"` // the pasted code, when no row shows it
	Elsewhere  []SignIn  `json:"elsewhere,omitempty"` // newest failure of each app that has nothing to do with the product
	Aside      bool      `json:"aside,omitempty"`     // the deciding row, which the pasted error names, is of an app that has nothing to do with the product
	Later      *SignIn   `json:"later,omitempty"`     // the newest failure long after the time that was given; nil when there is none
	NotSeen    []Gap     `json:"not_seen,omitempty"`
	Read       int       `json:"read"`       // rows that the source read
	Considered int       `json:"considered"` // rows of this account in the window

	Revoked *Revocation `json:"revoked,omitempty"` // what ended the session of the deciding row; nil when nothing is known to
}

// Main returns the main cause.
func (f *Finding) Main() Cause { return f.Causes[0] }

// Refusal is a policy that stood in the way, once however many rows it appears on.
type Refusal struct {
	ID              string       `json:"id,omitempty"`
	Name            string       `json:"name,omitempty"`
	Result          PolicyResult `json:"result"`
	GrantControls   []string     `json:"grant_controls,omitempty"` // as the log spells them
	SessionControls []string     `json:"session_controls,omitempty"`
	Required        []Control    `json:"required,omitempty"` // the same, in our terms, filled from the policy where the log is silent
	Operator        string       `json:"operator,omitempty"` // AND or OR; empty when the policy could not be read
	Strength        string       `json:"strength,omitempty"` // the authentication strength's name
	Why             Why          `json:"why"`
	Reach           []Reach      `json:"reach,omitempty"` // why the policy applies, where the log says so
	Trap            Trap         `json:"trap,omitempty"`  // a known mistake in this policy that the row shows
}

// Session is a Conditional Access session control that ended a sign-in.
type Session struct {
	PolicyID  string           `json:"policy_id,omitempty"`
	Policy    string           `json:"policy,omitempty"`    // the policy's name; empty when it is not known
	Frequency *SignInFrequency `json:"frequency,omitempty"` // nil when the policy could not be read
	Among     []string         `json:"among,omitempty"`     // the names of the policies of which one did it, when it is not known which
}

// Gap is something that this diagnosis could not see and that could change it.
type Gap string

// The gaps. The first three are part of the contract of `signpost diagnose --json`.
const (
	GapPolicyDetails  Gap = "conditional-access-details-missing" // the row names no policy, for want of a permission or because the format has none
	GapNonInteractive Gap = "non-interactive-not-included"       // background token renewals are not among the rows
	GapLate           Gap = "log-may-be-late"                    // the log runs minutes behind
	GapTruncated      Gap = "more-rows-than-read"                // the source stopped reading before the window's end
	GapWhichPolicy    Gap = "deciding-policy-not-shown"          // the row names policies, and not which of them decided
)

// Gaps returns every gap.
func Gaps() []Gap {
	return []Gap{GapPolicyDetails, GapNonInteractive, GapLate, GapTruncated, GapWhichPolicy}
}

// Trap is a known mistake in a tenant's set-up that the rows show.
type Trap string

// TrapEnrolment is a policy that wants a compliant device on the very app that makes a device compliant.
// Source: https://learn.microsoft.com/intune/intune-service/enrollment/multi-factor-authentication
const TrapEnrolment Trap = "compliant-device-on-enrolment"

// Traps returns every trap.
func Traps() []Trap { return []Trap{TrapEnrolment} }
