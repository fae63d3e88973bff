package graph

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/auditlogs"

	"signpost/diagnosis"
	"signpost/signins"
)

// readRevocations returns what ended a person's sessions before a row that says that something did. It is one page of the
// audit log, newest first, and shares the limit of the sign-in log; an answer is not kept from anybody for the want of it.
func (c *Client) readRevocations(ctx context.Context, rows []diagnosis.SignIn) []diagnosis.Revocation {
	ended := slices.DeleteFunc(slices.Clone(rows), func(s diagnosis.SignIn) bool { return !s.RevokedSession() || s.Time.IsZero() || !isGUID(s.UserID) })
	if len(ended) == 0 {
		return nil
	}
	newest, oldest := &ended[0], &ended[len(ended)-1] // rows come newest first
	filter := "targetResources/any(t:t/id eq " + quote(newest.UserID) + ")" +
		" and activityDateTime ge " + c.kept(oldest.Time.Add(-diagnosis.RecentRevocation)).UTC().Format(time.RFC3339) +
		" and activityDateTime le " + newest.Time.Add(time.Second).UTC().Format(time.RFC3339)
	found, err := c.revoked.get(ctx, filter, func(ctx context.Context) ([]diagnosis.Revocation, error) {
		return c.loadRevocations(ctx, newest.UserID, filter)
	})
	if err != nil && ctx.Err() == nil {
		c.logFailure("read what ended sessions", failure(err, PermissionSignIns))
	}
	return found
}

// kept is the time, or that from which on the tenant's logs are kept: Graph refuses to look further back. The minute is for
// a request that is slow to arrive.
func (c *Client) kept(from time.Time) time.Time {
	if oldest := c.opts.Now().Add(time.Minute - c.opts.Retention); from.Before(oldest) {
		return oldest
	}
	return from
}

// loadRevocations reads what the audit log holds about a user.
//
// Source: https://learn.microsoft.com/graph/api/directoryaudit-list
func (c *Client) loadRevocations(ctx context.Context, userID, filter string) ([]diagnosis.Revocation, error) {
	info, err := auditlogs.NewDirectoryAuditsRequestBuilderInternal(map[string]string{}, c.v1).ToGetRequestInformation(ctx,
		&auditlogs.DirectoryAuditsRequestBuilderGetRequestConfiguration{
			QueryParameters: &auditlogs.DirectoryAuditsRequestBuilderGetQueryParameters{Filter: &filter},
		})
	if err != nil {
		return nil, err
	}
	body, err := send(ctx, c.v1, info)
	if hasStatus(err, http.StatusForbidden) {
		c.logFailure("read what ended sessions", failure(err, PermissionSignIns))
		return nil, nil // a missing permission is an answer too, and kept like one
	}
	if err != nil {
		return nil, err
	}
	found, err := signins.DecodeRevocations(body, userID)
	if err != nil {
		return nil, errUndecodable
	}
	return found, nil
}
