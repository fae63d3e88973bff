package diagnosis

import (
	"slices"
	"strings"
	"time"
)

// Edit is a change to a Conditional Access policy, as the tenant's audit log tells it.
type Edit struct {
	PolicyID string         `json:"policy_id,omitempty"`
	Policy   string         `json:"policy,omitempty"` // its name then
	Time     time.Time      `json:"time,omitzero"`
	By       string         `json:"by,omitempty"`      // the user principal name or the app of whoever edited; for the helpdesk's eyes only
	Changes  []PolicyChange `json:"changes,omitempty"` // what can make the policy refuse more; nil when nothing can
}

// PolicyChange is one thing that an edit changed and that can make a policy refuse more than before. What an edit loosened
// is none.
type PolicyChange struct {
	Kind      EditKind         `json:"kind"`
	ID        string           `json:"id,omitempty"`        // of the group or app, lower case
	Name      string           `json:"name,omitempty"`      // of the group or authentication strength; empty when it is not known
	Control   Control          `json:"control,omitempty"`   // of EditControl and EditNotEnough
	Count     int              `json:"count,omitempty"`     // how many users or roles
	Frequency *SignInFrequency `json:"frequency,omitempty"` // of EditFrequency
}

// EditKind says what an edit changed. The set is closed; words has a sentence for each.
type EditKind string

// The kinds, in the order in which they are told.
const (
	EditCreated           EditKind = "created"
	EditSwitchedOn        EditKind = "switched-on" // it was off
	EditEnforced          EditKind = "enforced"    // it was in report-only mode
	EditBlocks            EditKind = "blocks"
	EditControl           EditKind = "control"      // it requires one more grant control
	EditNotEnough         EditKind = "not-enough"   // one of several grant controls is no longer enough
	EditAllControls       EditKind = "all-controls" // all grant controls are required, no longer one of them
	EditControls          EditKind = "controls"     // other grant controls are required
	EditStrength          EditKind = "strength"     // another authentication strength is required
	EditAllUsers          EditKind = "all-users"
	EditAllApps           EditKind = "all-apps"
	EditGroup             EditKind = "group"
	EditGroupNotExcluded  EditKind = "group-not-excluded"
	EditUsers             EditKind = "users"
	EditUsersNotExcluded  EditKind = "users-not-excluded"
	EditRoles             EditKind = "roles"
	EditRolesNotExcluded  EditKind = "roles-not-excluded"
	EditGuests            EditKind = "guests" // guests or external users
	EditGuestsNotExcluded EditKind = "guests-not-excluded"
	EditApp               EditKind = "app"
	EditAppNotExcluded    EditKind = "app-not-excluded"
	EditActions           EditKind = "actions" // user actions or authentication contexts
	EditAppFilter         EditKind = "app-filter"
	EditLocations         EditKind = "locations" // it covers more of them, as the next four
	EditPlatforms         EditKind = "platforms"
	EditClientApps        EditKind = "client-apps"
	EditRisk              EditKind = "risk"
	EditFlows             EditKind = "flows" // authentication flows
	EditDeviceFilter      EditKind = "device-filter"
	EditConditions        EditKind = "conditions" // others
	EditTokenProtection   EditKind = "token-protection"
	EditFrequency         EditKind = "frequency" // the sign-in frequency is shorter
	EditNotShown          EditKind = "not-shown" // the audit log does not show the policy
)

// EditKinds returns every kind, in the order in which they are told.
func EditKinds() []EditKind {
	return []EditKind{
		EditCreated, EditSwitchedOn, EditEnforced, EditBlocks, EditControl, EditNotEnough, EditAllControls, EditControls, EditStrength,
		EditAllUsers, EditAllApps, EditGroup, EditGroupNotExcluded, EditUsers, EditUsersNotExcluded, EditRoles, EditRolesNotExcluded,
		EditGuests, EditGuestsNotExcluded, EditApp, EditAppNotExcluded, EditActions, EditAppFilter, EditLocations, EditPlatforms,
		EditClientApps, EditRisk, EditFlows, EditDeviceFilter, EditConditions, EditTokenProtection, EditFrequency, EditNotShown,
	}
}

// recentEdit is how long before a refusal an edit is worth telling.
const recentEdit = 7 * 24 * time.Hour

// edits returns, of each policy that refused or ended the session, the newest edit that may have brought that about, with
// what can have done so. rows are sorted oldest first.
func (f *Finding) edits(rows []SignIn, all []Edit) []Edit {
	var ids []string
	for i := range f.Refusals {
		ids = append(ids, f.Refusals[i].ID)
	}
	if f.Session != nil {
		ids = append(ids, f.Session.PolicyID)
	}
	var out []Edit
	for i, id := range ids {
		edited := slices.ContainsFunc(all, func(e Edit) bool { return strings.EqualFold(e.PolicyID, id) })
		if id == "" || !edited || slices.Contains(ids[:i], id) {
			continue
		}
		if newest := newestEdit(f.SignIn, firstRefusal(rows, f.SignIn, id), id, all); newest != nil {
			out = append(out, *newest)
		}
	}
	return out
}

// newestEdit is the newest edit of a policy in the days before it first refused that may have brought that about; nil when
// there is none.
func newestEdit(row *SignIn, first time.Time, policyID string, all []Edit) *Edit {
	var newest *Edit
	for i := range all {
		e := all[i]
		e.Changes = telling(e.Changes, row)
		if !strings.EqualFold(e.PolicyID, policyID) || e.Changes == nil || e.Time.After(first) || first.Sub(e.Time) > recentEdit {
			continue
		}
		if newest == nil || e.Time.After(newest.Time) {
			newest = &e
		}
	}
	return newest
}

// firstRefusal returns when the policy began to refuse the row's person at the row's app: an edit that came later than that
// is not why. A sign-in that went through ends the search.
func firstRefusal(rows []SignIn, row *SignIn, policyID string) time.Time {
	first := row.Time
	for i := range slices.Backward(rows) {
		r := &rows[i]
		switch {
		case r.Time.After(row.Time) || person(r) != person(row) || !sameApp(r, row):
		case passed(r):
			return first
		case r.refusedBy(policyID):
			first = r.Time
		}
	}
	return first
}

// refusedBy reports whether a policy is among the Refusals, which it does not copy: it is asked of many rows.
func (s *SignIn) refusedBy(policyID string) bool {
	return slices.ContainsFunc(s.Policies, func(p AppliedPolicy) bool {
		return p.Result.Refused() && strings.EqualFold(p.ID, policyID)
	})
}

// telling keeps what can have made the policy refuse this row, in the order in which it is told; nil when nothing can. A
// sign-in frequency can only end a session.
func telling(changes []PolicyChange, row *SignIn) []PolicyChange {
	var out []PolicyChange
	for _, kind := range EditKinds() {
		for _, c := range changes {
			if c.Kind == kind && (kind != EditFrequency || endsSession(row.ErrorCode) || row.ErrorCode == codeMFATooOld) {
				out = append(out, c)
			}
		}
	}
	return out
}
