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
		s.Among = frequencies(tenant)
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

// frequencies are the names of the tenant's enabled policies that set a frequency, when they are so few that naming them
// helps.
func frequencies(tenant []Policy) []string {
	const most = 3
	var names []string
	for i := range tenant {
		if p := &tenant[i]; p.SignInFrequency != nil && strings.EqualFold(p.State, "enabled") {
			names = append(names, p.Name)
		}
	}
	if len(names) > most {
		return nil
	}
	return names
}

func setsFrequency(sessionControls []string) bool {
	return slices.ContainsFunc(sessionControls, func(c string) bool { return strings.EqualFold(c, "SignInFrequency") })
}
