package export

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"
	"unsafe"

	"signpost/diagnosis"
)

// mostKept is how much memory the rows that are kept may take with what the reasoning makes of them, in bytes.
const mostKept = 80 << 20

// kept holds the rows that matter, in the file's order. When they are more than fit, those that matter least go: without a
// time the oldest, so that every row stays of which a later one may say that it was overcome; with a time those that are
// farthest from it. Rows that the pasted error names go last.
type kept struct {
	query *Query
	most  int // bytes
	rows  []diagnosis.SignIn
	size  int   // bytes
	gone  int   // rows that did not fit
	limit int64 // how far the nearest of them was
}

func (k *kept) add(s *diagnosis.SignIn) {
	if k.gone > 0 && k.far(s) >= k.limit {
		k.gone++
		return
	}
	k.rows = append(k.rows, *s)
	if k.size += sizeOf(s); k.size > k.most {
		k.shed()
	}
}

// shed lets the rows go that matter least, until a quarter of the room is free.
func (k *kept) shed() {
	type place struct {
		at  int
		far int64
	}
	places := make([]place, len(k.rows))
	for i := range k.rows {
		places[i] = place{i, k.far(&k.rows[i])}
	}
	slices.SortFunc(places, func(a, b place) int { return cmp.Or(cmp.Compare(b.far, a.far), cmp.Compare(b.at, a.at)) })
	goes := make([]bool, len(k.rows))
	for _, p := range places {
		if k.size <= k.most/4*3 {
			break
		}
		goes[p.at], k.limit = true, p.far
		k.size -= sizeOf(&k.rows[p.at])
		k.gone++
	}
	at := -1
	k.rows = slices.DeleteFunc(k.rows, func(diagnosis.SignIn) bool {
		at++
		return goes[at]
	})
}

// far is how little a row matters: how long it lies from the time that was asked about, in milliseconds from any point.
func (k *kept) far(s *diagnosis.SignIn) int64 {
	switch {
	case k.query.names(s):
		return math.MinInt64
	case s.Time.IsZero():
		return math.MaxInt64
	case k.query.At.IsZero():
		return -s.Time.UnixMilli()
	}
	return s.Time.Sub(k.query.At).Abs().Milliseconds()
}

// named returns the time of the newest row that the pasted error names; zero when none does.
func (k *kept) named() time.Time {
	var newest time.Time
	for i := range k.rows {
		if s := &k.rows[i]; s.Time.After(newest) && k.query.names(s) {
			newest = s.Time
		}
	}
	return newest
}

// warning says what did not fit.
func (k *kept) warning() string {
	which := "the newest"
	if !k.query.At.IsZero() {
		which = "those nearest to the failure"
	}
	do := "name the account, or a time, or export a shorter time"
	if k.query.Account != "" {
		do = "give the time when it failed, or export a shorter time"
	}
	return fmt.Sprintf("%d sign-ins are more than fit into the memory: only %s (%d) were looked at: %s", len(k.rows)+k.gone, which, len(k.rows), do)
}

// sizeOf is about how much memory a row takes. Texts that rows share count on each, so it is rather too much.
func sizeOf(s *diagnosis.SignIn) int {
	const copies = 4 // of the row, not of its texts, while diagnosis sorts and groups
	size := copies*int(unsafe.Sizeof(*s)) + textsOf(
		s.ID, s.CorrelationID, s.OriginalRequestID, s.UserID, s.UserPrincipalName, s.SignInIdentifier, s.UserDisplayName,
		s.HomeTenantID, s.ResourceTenantID, s.AppID, s.App, s.ResourceID, s.Resource, s.FailureReason, s.AdditionalDetails,
		s.ConditionalAccessStatus, s.ClientApp, s.IPAddress, s.Location.City, s.Location.State, s.Location.Country,
		s.Device.ID, s.Device.Name, s.Device.OperatingSystem, s.Device.Browser, s.Device.TrustType, s.RiskLevel, s.RiskState,
		s.IncomingTokenType, s.OriginalTransferMethod, s.CrossTenantAccessType)
	for i := range s.Policies {
		p := &s.Policies[i]
		size += int(unsafe.Sizeof(*p)) + textsOf(p.ID, p.Name, string(p.Result), p.AuthenticationStrength, p.StrengthResult)
		for _, list := range [][]string{p.GrantControls, p.SessionControls, p.ConditionsSatisfied, p.ConditionsNotSatisfied, p.IncludedBy} {
			size += len(list)*int(unsafe.Sizeof("")) + textsOf(list...)
		}
	}
	for i := range s.AuthenticationSteps {
		step := &s.AuthenticationSteps[i]
		size += int(unsafe.Sizeof(*step)) + textsOf(step.Method, step.Result, step.For)
	}
	for _, list := range [][]diagnosis.Requirement{s.RequirementPolicies, s.SessionLifetimePolicies} {
		for _, r := range list {
			size += int(unsafe.Sizeof(r)) + textsOf(r.Provider, r.Detail)
		}
	}
	return size
}

// textsOf is how many bytes texts have.
func textsOf(texts ...string) int {
	size := 0
	for _, text := range texts {
		size += len(text)
	}
	return size
}
