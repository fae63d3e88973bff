package graph

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"signpost/diagnosis"
	"signpost/signins"
)

// lateness is how long ago a failure must lie for the log to be complete. It runs up to 5 minutes behind; the rest is
// for clocks and for people who say "just now".
// Source: https://learn.microsoft.com/entra/identity/monitoring-health/reference-log-latency
const lateness = 10 * time.Minute

// SignIns reads the rows of one account: those of Options.Window before the failure, and when there are none those of
// Options.WideWindow. Rows after the failure are included. Needs AuditLog.Read.All; with Policy.Read.ConditionalAccess
// rows name policies and Log.Policies is filled, with User.Read.All renamed accounts and guests are found.
//
// The gaps: GapNonInteractive when only v1.0 answered, GapTruncated when Options.MaxRows or a failing later page ended
// the reading, GapLate when the failure is so recent that its row may not be written yet.
//
// Questions about the same account at the same time share one reading, and for Options.LogTTL its result, unless Query.Fresh.
// The rows must not be changed.
//
// An error is always a *signins.Failure; a context that is cancelled gives ReasonTimeout, wrapping its error.
func (c *Client) SignIns(ctx context.Context, q signins.Query) (signins.Log, error) {
	ctx, cancel := context.WithTimeout(ctx, c.opts.Timeout)
	defer cancel()
	account, clause, err := c.subject(ctx, q.Account)
	if err != nil {
		return signins.Log{}, failure(err, PermissionUsers)
	}
	key := clause + " " + sharedMoment(q.At, c.opts.Now())
	if q.Fresh {
		c.logs.forget(key)
	}
	log, err := c.logs.get(ctx, key, func(ctx context.Context) (signins.Log, error) { return c.readLog(ctx, account, clause, q) })
	if err != nil {
		return signins.Log{}, failure(err, PermissionSignIns)
	}
	return log, nil
}

// sharedMoment is the same for questions that one reading of the log answers: those about just now, and those about the same
// minute.
func sharedMoment(at, now time.Time) string {
	if at.IsZero() || now.Sub(at) < lateness {
		return "now"
	}
	return at.UTC().Format("2006-01-02T15:04")
}

// readLog reads the log of one account. An error is that of the sign-in log itself.
func (c *Client) readLog(ctx context.Context, account signins.Account, clause string, q signins.Query) (signins.Log, error) {
	policies := c.readPolicies(ctx)
	r := reader{client: c, who: clause}
	for _, window := range []time.Duration{c.opts.Window, c.opts.WideWindow} {
		if err := r.readSpan(ctx, c.opts.spanBefore(q.At, window)); err != nil {
			return signins.Log{}, err
		}
		if r.read > 0 || c.opts.WideWindow <= window {
			break
		}
	}
	log := signins.Log{Account: account, Read: r.read, Policies: policies()}
	log.SignIns = r.newestFirst(c.opts.MaxRows)
	log.Edits = c.readEdits(ctx, log.SignIns)
	log.Revocations = c.readRevocations(ctx, log.SignIns)
	log.Gaps = c.gaps(&r, q.At)
	return log, nil
}

// subject resolves the account and says how the log's filter names it. The object id is the only name that survives a
// change of UPN. Without the permission to resolve, the name must do: the log holds it in lower case, and a guest's as
// the guest's own address.
func (c *Client) subject(ctx context.Context, name string) (signins.Account, string, error) {
	account, err := c.account(ctx, name)
	switch {
	case err == nil:
		return account, "userId eq " + quote(account.ID), nil
	case !hasStatus(err, http.StatusForbidden):
		return signins.Account{}, "", err
	}
	c.logFailure("resolve account", failure(err, PermissionUsers))
	name = mailOf(name)
	if isGUID(name) {
		return signins.Account{ID: name}, "userId eq " + quote(name), nil
	}
	return signins.Account{UPN: name}, "userPrincipalName eq " + quote(name), nil
}

func (r *reader) newestFirst(most int) []diagnosis.SignIn {
	slices.SortStableFunc(r.rows, func(a, b diagnosis.SignIn) int { return b.Time.Compare(a.Time) })
	if len(r.rows) > most {
		r.rows, r.truncated = r.rows[:most], true
	}
	return r.rows
}

func (c *Client) gaps(r *reader, at time.Time) []diagnosis.Gap {
	var gaps []diagnosis.Gap
	if r.noBeta {
		gaps = append(gaps, diagnosis.GapNonInteractive)
	}
	if at.IsZero() || c.opts.Now().Sub(at) < lateness {
		gaps = append(gaps, diagnosis.GapLate)
	}
	if r.truncated {
		gaps = append(gaps, diagnosis.GapTruncated)
	}
	return gaps
}

// logFailure records what went wrong without ending the look-up. A failure that ends it is returned instead, and
// recorded by whoever answers the person.
func (c *Client) logFailure(act string, f *signins.Failure) {
	c.opts.Log.Warn("graph request failed, going on without it",
		slog.String("act", act), slog.String("reason", string(f.Reason)), slog.String("permission", f.Permission),
		slog.String("code", f.Code), slog.String("request_id", f.RequestID), slog.Duration("retry_after", f.RetryAfter))
}
