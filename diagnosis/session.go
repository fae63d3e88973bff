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
func endsSession(code int) bool { return 70043 <= code && code <= 70046 }

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
	refusing := slices.DeleteFunc(slices.Clone(candidates), func(p AppliedPolicy) bool { return !p.Result.Refused() })
	if len(refusing) > 0 {
		candidates = refusing
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
	everyTime := func(r Requirement) bool { return lifetimes[strings.ToLower(r.Provider)] == ClueEveryTime }
	if s.Frequency == nil && slices.ContainsFunc(row.SessionLifetimePolicies, everyTime) {
		s.Frequency = &SignInFrequency{EveryTime: true} // the policy cannot be read, but the row says so
	}
	return s
}

func setsFrequency(sessionControls []string) bool {
	return slices.ContainsFunc(sessionControls, func(c string) bool { return strings.EqualFold(c, "SignInFrequency") })
}
