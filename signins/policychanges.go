package signins

import (
	"slices"

	"signpost/diagnosis"
)

// changes collects what can make a policy refuse more.
type changes []diagnosis.PolicyChange

// mostChanges bounds what is kept of one edit.
const mostChanges = 50

func (l *changes) add(c diagnosis.PolicyChange) {
	if len(*l) < mostChanges {
		*l = append(*l, c)
	}
}

func (l *changes) addIf(changed bool, kind diagnosis.EditKind) {
	if changed {
		l.add(diagnosis.PolicyChange{Kind: kind})
	}
}

func (l *changes) addEach(kind diagnosis.EditKind, ids []string) {
	for _, id := range ids {
		l.add(diagnosis.PolicyChange{Kind: kind, ID: id})
	}
}

func (l *changes) addCount(kind diagnosis.EditKind, ids []string) {
	if len(ids) > 0 {
		l.add(diagnosis.PolicyChange{Kind: kind, Count: len(ids)})
	}
}

// compare lists what can make the policy refuse more after than before.
func compare(before, after *document) []diagnosis.PolicyChange {
	var l changes
	if after.State.id() == "enabled" {
		l.addIf(before.State.id() == "disabled", diagnosis.EditSwitchedOn)
		l.addIf(before.State.id() == reportOnly, diagnosis.EditEnforced)
	}
	l.compareGrant(&before.Grant.value, &after.Grant.value)
	l.compareUsers(&before.conditions.Users.value, &after.conditions.Users.value)
	l.compareApps(&before.conditions.Apps.value, &after.conditions.Apps.value)
	l.compareConditions(before, after)
	l.compareSession(&before.Session.value, &after.Session.value)
	return l
}

// compareUsers tells of additions only while not everybody is included anyway.
func (l *changes) compareUsers(before, after *documentUsers) {
	const all, guests = "all", "guestsorexternalusers"
	switch {
	case after.Include[all]:
		l.addIf(!before.Include[all], diagnosis.EditAllUsers)
	case !before.Include[all]:
		people := after.Include.without(before.Include)
		more := len(after.IncludeGuests.value.Types.without(before.IncludeGuests.value.Types)) > 0
		l.addIf(more || slices.Contains(people, guests), diagnosis.EditGuests)
		l.addEach(diagnosis.EditGroup, after.IncludeGroups.without(before.IncludeGroups))
		l.addCount(diagnosis.EditRoles, after.IncludeRoles.without(before.IncludeRoles))
		l.addCount(diagnosis.EditUsers, slices.DeleteFunc(people, func(id string) bool { return id == guests }))
	}
	people := before.Exclude.without(after.Exclude)
	fewer := len(before.ExcludeGuests.value.Types.without(after.ExcludeGuests.value.Types)) > 0
	l.addIf(fewer || slices.Contains(people, guests), diagnosis.EditGuestsNotExcluded)
	l.addEach(diagnosis.EditGroupNotExcluded, before.ExcludeGroups.without(after.ExcludeGroups))
	l.addCount(diagnosis.EditRolesNotExcluded, before.ExcludeRoles.without(after.ExcludeRoles))
	l.addCount(diagnosis.EditUsersNotExcluded, slices.DeleteFunc(people, func(id string) bool { return id == guests }))
}

func (l *changes) compareApps(before, after *documentApps) {
	const all = "all"
	switch {
	case after.Include[all]:
		l.addIf(!before.Include[all], diagnosis.EditAllApps)
	case !before.Include[all]:
		l.addEach(diagnosis.EditApp, after.Include.without(before.Include))
	}
	l.addEach(diagnosis.EditAppNotExcluded, before.Exclude.without(after.Exclude))
	more := len(after.Actions.without(before.Actions))+len(after.Contexts.without(before.Contexts)) > 0
	l.addIf(more, diagnosis.EditActions)
	l.addIf(!sameJSON(before.Filter, after.Filter), diagnosis.EditAppFilter)
}

func (l *changes) compareConditions(before, after *document) {
	b, a := &before.conditions, &after.conditions
	l.addIf(widened(b.Locations.value.Include, a.Locations.value.Include, b.Locations.value.Exclude, a.Locations.value.Exclude), diagnosis.EditLocations)
	l.addIf(widened(b.Platforms.value.Include, a.Platforms.value.Include, b.Platforms.value.Exclude, a.Platforms.value.Exclude), diagnosis.EditPlatforms)
	l.addIf(widened(b.ClientApps, a.ClientApps, nil, nil), diagnosis.EditClientApps)
	risk := widened(b.SignInRisk, a.SignInRisk, nil, nil) || widened(b.UserRisk, a.UserRisk, nil, nil) ||
		widened(b.InsiderRisk, a.InsiderRisk, nil, nil)
	l.addIf(risk, diagnosis.EditRisk)
	l.addIf(widened(b.Flows.value.Methods, a.Flows.value.Methods, nil, nil), diagnosis.EditFlows)
	l.addIf(!isEmptyJSON(b.Devices) && !sameJSON(b.Devices, a.Devices), diagnosis.EditDeviceFilter)
	for name, condition := range before.others {
		if was := marshal(condition); !isEmptyJSON(was) && !sameJSON(was, marshal(after.others[name])) {
			l.addIf(true, diagnosis.EditConditions)
			break
		}
	}
}

// widened reports whether a condition covers something that it did not: one that is not set, or includes all, covers
// everything that it does not exclude.
func widened(include, includeAfter, exclude, excludeAfter idSet) bool {
	everything := func(s idSet) bool { return len(s) == 0 || s["all"] }
	if !everything(include) && (everything(includeAfter) || len(includeAfter.without(include)) > 0) {
		return true
	}
	return len(exclude.without(excludeAfter)) > 0
}
