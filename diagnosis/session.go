package diagnosis

import (
	"slices"
	"strings"
)

// sessionEnded reports whether the sign-in ran out because a policy's sign-in frequency ended it, and nothing else
// about that policy refused.
func sessionEnded(row *SignIn) bool {
	return endsSession(row.ErrorCode) && !slices.ContainsFunc(row.Refusals(), func(p AppliedPolicy) bool {
		return slices.ContainsFunc(p.GrantControls, func(c string) bool { return ReadControl(c) == ControlBlock })
	})
}

// endsSession tells the codes of a sign-in frequency that has run out.
func endsSession(code int) bool { return 70043 <= code && code <= codeReauthenticate }

// codeReauthenticate is the code of a frequency of "every time".
const codeReauthenticate = 70046

// session names the policy whose sign-in frequency ended the session: the one on the row that carries the control, or
// the only one of the tenant's enabled policies on the row that sets a frequency. Of several it names none, but lists them.
func session(row *SignIn, tenant []Policy) *Session {
	s := &Session{}
	var candidates []AppliedPolicy
	for _, p := range row.Policies {
		def := policyByID(tenant, p.ID)
		applied := p.Result.Refused() || strings.EqualFold(string(p.Result), string(ResultSuccess))
		if applied && (setsFrequency(p.SessionControls) || (def != nil && def.SignInFrequency != nil)) {
			candidates = append(candidates, p)
		}
	}
	candidates = narrowed(candidates, func(p AppliedPolicy) bool { return p.Result.Refused() })
	everyTime := row.ErrorCode == codeReauthenticate
	candidates = narrowed(candidates, func(p AppliedPolicy) bool {
		def := policyByID(tenant, p.ID)
		return def == nil || def.SignInFrequency == nil || def.SignInFrequency.EveryTime == everyTime
	})
	if len(candidates) == 0 && len(row.Policies) == 0 {
		return sessionOfTenant(tenant)
	}
	if len(candidates) != 1 {
		for _, p := range candidates {
			s.Among = append(s.Among, p.Name)
		}
		return s
	}
	s.PolicyID, s.Policy = candidates[0].ID, candidates[0].Name
	if def := policyByID(tenant, s.PolicyID); def != nil {
		s.Frequency = def.SignInFrequency
	}
	saysEveryTime := func(r Requirement) bool { return lifetimes[strings.ToLower(r.Provider)] == ClueEveryTime }
	if s.Frequency == nil && slices.ContainsFunc(row.SessionLifetimePolicies, saysEveryTime) {
		s.Frequency = &SignInFrequency{EveryTime: true} // the policy cannot be read, but the row says so
	}
	return s
}

// narrowed keeps the policies that fulfil the wish, or all when none does.
func narrowed(all []AppliedPolicy, wish func(AppliedPolicy) bool) []AppliedPolicy {
	wished := slices.DeleteFunc(slices.Clone(all), func(p AppliedPolicy) bool { return !wish(p) })
	if len(wished) == 0 {
		return all
	}
	return wished
}

// sessionOfTenant names the only one of the tenant's enabled policies that sets a frequency, or lists them when they are so few
// that naming them helps.
func sessionOfTenant(tenant []Policy) *Session {
	const most = 3
	var found []Policy
	for _, p := range tenant {
		if p.SignInFrequency != nil && strings.EqualFold(p.State, "enabled") {
			found = append(found, p)
		}
	}
	s := &Session{}
	switch {
	case len(found) == 1:
		s.PolicyID, s.Policy, s.Frequency = found[0].ID, found[0].Name, found[0].SignInFrequency
	case len(found) <= most:
		for i := range found {
			s.Among = append(s.Among, found[i].Name)
		}
	}
	return s
}

// limitedByFrequency reports whether the row shows that a sign-in frequency limits its session: it says so, or a policy that
// sets one refused. That one applied says little: a remembered second step runs out beside it.
func (s *SignIn) limitedByFrequency() bool {
	says := func(r Requirement) bool {
		clue := lifetimes[strings.ToLower(r.Provider)]
		return clue == ClueFrequency || clue == ClueEveryTime
	}
	if len(s.SessionLifetimePolicies) > 0 {
		return slices.ContainsFunc(s.SessionLifetimePolicies, says)
	}
	return slices.ContainsFunc(s.Refusals(), func(p AppliedPolicy) bool { return setsFrequency(p.SessionControls) })
}

func setsFrequency(sessionControls []string) bool {
	return slices.ContainsFunc(sessionControls, func(c string) bool { return strings.EqualFold(c, "SignInFrequency") })
}
