package diagnosis

import (
	"slices"
	"strings"
	"time"
)

// Edit is a change to a Conditional Access policy, as the tenant's audit log tells it.
type Edit struct {
	PolicyID string    `json:"policy_id,omitempty"`
	Policy   string    `json:"policy,omitempty"` // its name then
	Time     time.Time `json:"time,omitzero"`
	Parts    []Part    `json:"parts,omitempty"`
}

// Part is a part of a policy that an edit changed. The set is closed; words has a name for each.
type Part string

// The parts.
const (
	PartCreated     Part = "created"      // the policy was made
	PartSwitchedOn  Part = "switched-on"  // it refuses from now on
	PartSwitchedOff Part = "switched-off" // it is off, or reports only
	PartUsers       Part = "users"
	PartApps        Part = "apps"
	PartPlaces      Part = "places"
	PartConditions  Part = "conditions" // others: platforms, clients, risks, devices, flows
	PartControls    Part = "controls"
	PartSession     Part = "session"
	PartOther       Part = "other" // nothing that decides, or not shown
)

// Parts returns every part.
func Parts() []Part {
	return []Part{
		PartCreated, PartSwitchedOn, PartSwitchedOff, PartUsers, PartApps, PartPlaces, PartConditions, PartControls, PartSession, PartOther,
	}
}

// recentEdit is how long before a failure an edit is worth telling.
const recentEdit = 7 * 24 * time.Hour

// edits returns, of each policy that refused or ended the session, the newest edit before it that may have brought that
// about.
func (f *Finding) edits(all []Edit) []Edit {
	var ids []string
	for i := range f.Refusals {
		ids = append(ids, f.Refusals[i].ID)
	}
	if f.Session != nil {
		ids = append(ids, f.Session.PolicyID)
	}
	var out []Edit
	for i, id := range ids {
		if id == "" || slices.Contains(ids[:i], id) {
			continue
		}
		if newest := newestEdit(f.SignIn, id, all); newest != nil {
			out = append(out, *newest)
		}
	}
	return out
}

// newestEdit is the newest edit of a policy in the days before the row that may have brought its outcome about.
func newestEdit(row *SignIn, policyID string, all []Edit) *Edit {
	var newest *Edit
	for i := range all {
		e := &all[i]
		decides := !slices.Contains(e.Parts, PartSwitchedOff) && slices.ContainsFunc(e.Parts, func(p Part) bool {
			return p != PartOther && (p != PartSession || endsSession(row.ErrorCode) || row.ErrorCode == codeMFATooOld)
		})
		if !strings.EqualFold(e.PolicyID, policyID) || !decides || e.Time.After(row.Time) || row.Time.Sub(e.Time) > recentEdit {
			continue
		}
		if newest == nil || e.Time.After(newest.Time) {
			newest = e
		}
	}
	return newest
}
