package diagnosis

import "strings"

// successes finds, for a failure, the success that overcame it, without looking at every row for every failure.
type successes struct {
	byTry    map[string][]*SignIn // by correlation id
	byPerson map[string][]*SignIn
	byApp    map[string][]*SignIn // by person and app
}

// indexSuccesses reads rows sorted oldest first; every list keeps that order.
func indexSuccesses(rows []SignIn) successes {
	s := successes{map[string][]*SignIn{}, map[string][]*SignIn{}, map[string][]*SignIn{}}
	for i := range rows {
		row := &rows[i]
		if !passed(row) {
			continue
		}
		if row.CorrelationID != "" {
			try := strings.ToLower(row.CorrelationID)
			s.byTry[try] = append(s.byTry[try], row)
		}
		who := person(row)
		s.byPerson[who] = append(s.byPerson[who], row)
		s.byApp[who+app(row)] = append(s.byApp[who+app(row)], row)
	}
	return s
}

// after returns the oldest later success that shows the failure overcome, or nil.
//
// A success of the same try always does. Otherwise a step is overcome by any success in the app, noise by any success
// at all, and a refusal only by a success at the same resource.
func (s successes) after(failed *SignIn) *SignIn {
	for _, row := range s.byTry[strings.ToLower(failed.CorrelationID)] {
		if !row.Time.Before(failed.Time) {
			return row
		}
	}
	if failed.Time.IsZero() {
		return nil // nothing is known to be later
	}
	candidates := s.byApp[person(failed)+app(failed)]
	if interruptOf(failed) == InterruptYes {
		candidates = s.byPerson[person(failed)]
	}
	for _, row := range candidates {
		if row.Time.After(failed.Time) && overcomes(row, failed) {
			return row
		}
	}
	return nil
}

// overcomes reports whether a later success of the same person and app shows that the same thing works now. A silent
// renewal proves nothing about a refused interactive sign-in, unless it came from the same device: another session may
// have gone on undisturbed.
func overcomes(success, failed *SignIn) bool {
	if success.Kind == KindNonInteractive && failed.Kind != KindNonInteractive &&
		(success.Device.ID == "" || success.Device.ID != failed.Device.ID) {
		return false
	}
	return interruptOf(failed) != InterruptNo ||
		success.ResourceID == "" || failed.ResourceID == "" || strings.EqualFold(success.ResourceID, failed.ResourceID)
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
