package handlers

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"signpost/signins"
)

// access knows who may ask about whom: everybody about themself, and members of the helpdesk groups about everybody.
// Who somebody is comes from the verified activity alone.
type access struct {
	groups []string
	now    func() time.Time
	known  *membership
}

// membershipTTL is how long a membership is believed.
const membershipTTL = 5 * time.Minute

// mostMemberships bounds what is remembered; beyond it, everything is asked anew.
const mostMemberships = 10_000

type membership struct {
	mu sync.Mutex
	of map[string]answer
}

type answer struct {
	member bool
	until  time.Time
}

func newAccess(groups []string, now func() time.Time) access {
	return access{groups, now, &membership{of: map[string]answer{}}}
}

// helpdesk reports whether somebody may ask about everybody. Without configured groups nobody may.
func (a *access) helpdesk(ctx context.Context, tenantID string, in Directory, person string) (bool, error) {
	if len(a.groups) == 0 {
		return false, nil
	}
	key := strings.ToLower(tenantID + "/" + person)
	a.known.mu.Lock()
	known, ok := a.known.of[key]
	a.known.mu.Unlock()
	if ok && a.now().Before(known.until) {
		return known.member, nil
	}
	member, err := in.MemberOf(ctx, person, a.groups)
	if err != nil {
		return false, err
	}
	a.known.mu.Lock()
	defer a.known.mu.Unlock()
	if len(a.known.of) >= mostMemberships {
		clear(a.known.of)
	}
	a.known.of[key] = answer{member, a.now().Add(membershipTTL)}
	return member, nil
}

// refuse returns the id of the sentence that says why a person may not have the answer to a case, or nothing when they
// may. Whatever cannot be established counts as a no. It learns the case's subject on the way, when it can.
//
// Whoever may not ask about an account is not told whether there is one.
func (b *Bot) refuse(ctx context.Context, person string, c *Case) string {
	tenant, ours := b.tenant(&c.Where)
	if !ours || !isObjectID(person) {
		return "refused.unknown-person"
	}
	own, ownErr := isOwn(ctx, tenant.Directory, person, c)
	if own {
		return ""
	}
	if ownErr != nil {
		b.opts.Log.Warn("an account could not be resolved", slog.Any("error", ownErr))
	}
	member, err := b.access.helpdesk(ctx, c.Where.TenantID, tenant.Directory, person)
	if err != nil {
		b.opts.Log.Warn("a helpdesk membership could not be read", slog.Any("error", err))
	}
	switch {
	case member && err == nil:
		return ""
	case ownErr != nil, err != nil:
		return "refused.not-sure"
	default:
		return "refused.other"
	}
}

// isOwn reports whether the case is about the person's own account. It is never true together with an error, which says
// that it could not be seen; that there is no such account is none.
func isOwn(ctx context.Context, in Directory, person string, c *Case) (bool, error) {
	switch {
	case c.Subject != "":
	case c.Account == "":
		return false, nil
	case isObjectID(c.Account):
		c.Subject = strings.ToLower(c.Account)
	default:
		account, err := in.Account(ctx, c.Account)
		var failure *signins.Failure
		if errors.As(err, &failure) && failure.Reason == signins.ReasonAccountNotFound {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		c.Subject = account.ID
	}
	return strings.EqualFold(c.Subject, person), nil
}
