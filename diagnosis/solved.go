package diagnosis

import (
	"sort"
	"strings"
	"time"
)

// successes finds, for a failure, the success that overcame it, without looking at every row for every failure.
type successes struct {
	byTry    map[string][]*SignIn // by person and correlation id
	byPerson map[string][]*SignIn
	byApp    map[string][]*SignIn // by person and app
	byTarget map[string][]*SignIn // by person, app and resource
	password map[string]time.Time // by person: when the right password was last given
}

// mostCandidates bounds how many later successes are compared with one failure.
const mostCandidates = 200

// indexSuccesses reads rows sorted oldest first; every list keeps that order.
func indexSuccesses(rows []SignIn) successes {
	s := successes{map[string][]*SignIn{}, map[string][]*SignIn{}, map[string][]*SignIn{}, map[string][]*SignIn{}, map[string]time.Time{}}
	for i := range rows {
		row := &rows[i]
		who := person(row)
		if knewPassword(row) {
			s.password[who] = row.Time
		}
		if !passed(row) {
			continue
		}
		if t := try(row); t != "" {
			s.byTry[t] = append(s.byTry[t], row)
		}
		s.byPerson[who] = append(s.byPerson[who], row)
		s.byApp[who+app(row)] = append(s.byApp[who+app(row)], row)
		target := who + app(row) + "\n" + strings.ToLower(row.ResourceID)
		s.byTarget[target] = append(s.byTarget[target], row)
	}
	return s
}

// after returns the oldest later success that shows the failure overcome, or nil.
//
// A success of the same try always does. Otherwise a step is overcome by any success in the app, noise by any success
// at all, and a refusal only by a success at the same resource.
func (s successes) after(failed *SignIn) *SignIn {
	for _, row := range s.byTry[try(failed)] {
		if !row.Time.Before(failed.Time) {
			return row
		}
	}
	if failed.Time.IsZero() {
		return nil // nothing is known to be later
	}
	who := person(failed)
	candidates := s.byApp[who+app(failed)]
	switch {
	case interruptOf(failed) == InterruptYes:
		candidates = s.byPerson[who]
	case interruptOf(failed) == InterruptNo && failed.ResourceID != "":
		candidates = s.byTarget[who+app(failed)+"\n"+strings.ToLower(failed.ResourceID)]
	}
	first := sort.Search(len(candidates), func(i int) bool { return candidates[i].Time.After(failed.Time) })
	for _, row := range candidates[first:min(len(candidates), first+mostCandidates)] {
		if overcomes(row, failed) {
			return row
		}
	}
	return nil
}

// passwordAfter reports whether a row is a wrong password and the person gave the right one later.
func (s successes) passwordAfter(row *SignIn) bool {
	return row.ErrorCode == wrongPassword && s.password[person(row)].After(row.Time)
}

// wrongPassword is InvalidUserNameOrPassword.
const wrongPassword = 50126

// knewPassword reports whether a row shows that its person got past the first factor: the sign-in went through, or was
// stopped by something that is only looked at afterwards.
func knewPassword(row *SignIn) bool {
	if row.Kind == KindNonInteractive || !row.HasStatus {
		return false
	}
	code, known := LookUp(row.ErrorCode)
	switch {
	case row.ErrorCode == 0:
		return true
	case !known:
		return false
	default:
		return underPolicy(code.Category) || code.Category == PasswordExpired || code.Category == Consent || code.Category == AppAssignment
	}
}

// overcomes reports whether a later success of the same person and app shows that the same thing works now. A silent
// renewal proves something only for the session that it renewed: another one may have gone on undisturbed. What hangs
// on the device is not overcome on another one.
func overcomes(success, failed *SignIn) bool {
	if success.Kind == KindNonInteractive && !sameDevice(&success.Device, &failed.Device, failed.Kind != KindNonInteractive) {
		return false
	}
	if bound := success.Device.ID != "" && failed.Device.ID != "" && success.Device.ID != failed.Device.ID; bound {
		code, _ := LookUp(failed.ErrorCode)
		return code.Category != DeviceCompliance && code.Category != TokenExpired
	}
	return true
}

// sameDevice reports whether two sign-ins may have come from the same session of a device. Without a device id that is
// judged by system and browser, unless proof is needed.
func sameDevice(a, b *Device, proof bool) bool {
	if a.ID != "" || b.ID != "" || proof {
		return a.ID != "" && a.ID == b.ID
	}
	return a.OperatingSystem == b.OperatingSystem && a.Browser == b.Browser
}

func person(row *SignIn) string {
	if id := strings.ToLower(row.UserID); id != "" && id != emptyID {
		return id + "\n"
	}
	return foldAccount(row.UserPrincipalName) + "\n"
}

func app(row *SignIn) string {
	if row.AppID != "" {
		return strings.ToLower(row.AppID)
	}
	return strings.ToLower(row.App)
}

func sameApp(a, b *SignIn) bool { return app(a) == app(b) }
