package export

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"unsafe"

	"signpost/diagnosis"
)

// mostKept is how much memory the rows that are kept may take, in bytes. The reasoning copies them a few times.
const mostKept = 24 << 20

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

// warning says what did not fit.
func (k *kept) warning() string {
	which := "the newest"
	if !k.query.At.IsZero() {
		which = "those nearest to the time given"
	}
	do := "name the account, or a time, or export a shorter time"
	if k.query.Account != "" {
		do = "give the time when it failed, or export a shorter time"
	}
	return fmt.Sprintf("%d sign-ins are more than fit into the memory: only %s (%d) were looked at: %s", len(k.rows)+k.gone, which, len(k.rows), do)
}

// sizeOf is about how much memory a row takes. Texts that rows share count on each, so it is rather too much.
func sizeOf(s *diagnosis.SignIn) int {
	const text = int(unsafe.Sizeof(""))
	size := int(unsafe.Sizeof(*s)) + len(s.ID) + len(s.CorrelationID) + len(s.OriginalRequestID) + len(s.UserID) + len(s.UserPrincipalName) +
		len(s.UserDisplayName) + len(s.FailureReason) + len(s.AdditionalDetails) + len(s.UserAgent) + len(s.IPAddress)
	for i := range s.Policies {
		p := &s.Policies[i]
		size += int(unsafe.Sizeof(*p)) + len(p.Name)
		for _, list := range [][]string{p.GrantControls, p.SessionControls, p.ConditionsSatisfied, p.ConditionsNotSatisfied} {
			for _, item := range list {
				size += text + len(item)
			}
		}
	}
	for i := range s.AuthenticationSteps {
		step := &s.AuthenticationSteps[i]
		size += int(unsafe.Sizeof(*step)) + len(step.Method) + len(step.Result) + len(step.For)
	}
	for _, list := range [][]diagnosis.Requirement{s.RequirementPolicies, s.SessionLifetimePolicies} {
		for _, r := range list {
			size += 2*text + len(r.Provider) + len(r.Detail)
		}
	}
	return size
}
