package graph

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/auditlogs"

	"signpost/diagnosis"
	"signpost/signins"
)

const (
	editsBack     = 8 * 24 * time.Hour // how far back edits of policies are asked for
	maxEditPages  = 3
	editsPatience = 5 * time.Second // how long an answer waits for them; what cannot be sent by then takes no place in the limit
)

// readEdits returns the recent edits of the policies that refused one of the rows, none when none did: they help to explain
// that, and are not needed for an answer. They share the limit of the sign-in log, so those of the tenant are kept as long as
// policies are.
func (c *Client) readEdits(ctx context.Context, rows []diagnosis.SignIn) []diagnosis.Edit {
	refused := map[string]bool{}
	for i := range rows {
		for _, p := range rows[i].Refusals() {
			refused[strings.ToLower(p.ID)] = true
		}
	}
	if len(refused) == 0 {
		return nil
	}
	all, err := c.edits.get(ctx, "", c.loadEdits)
	if err != nil && ctx.Err() == nil {
		c.logFailure("read edits of conditional access policies", failure(err, PermissionSignIns))
	}
	var edits []diagnosis.Edit
	for _, e := range all {
		if refused[e.PolicyID] {
			edits = append(edits, e)
		}
	}
	return c.nameGroups(ctx, edits)
}

// loadEdits reads the audit log of Conditional Access.
//
// Source: https://learn.microsoft.com/graph/api/directoryaudit-list
func (c *Client) loadEdits(ctx context.Context) ([]diagnosis.Edit, error) {
	filter := "loggedByService eq 'Conditional Access' and activityDateTime ge " + c.opts.Now().Add(-editsBack).UTC().Format(time.RFC3339)
	edits := []diagnosis.Edit{}
	builder := auditlogs.NewDirectoryAuditsRequestBuilderInternal(map[string]string{}, c.v1)
	config := &auditlogs.DirectoryAuditsRequestBuilderGetRequestConfiguration{
		QueryParameters: &auditlogs.DirectoryAuditsRequestBuilderGetQueryParameters{Filter: &filter},
	}
	for range maxEditPages {
		info, err := builder.ToGetRequestInformation(ctx, config)
		if err != nil {
			return nil, err
		}
		body, err := send(ctx, c.v1, info)
		if hasStatus(err, http.StatusForbidden) {
			c.logFailure("read edits of conditional access policies", failure(err, PermissionSignIns))
			return nil, nil // a missing permission is an answer too, and kept like one
		}
		if err != nil {
			return nil, err
		}
		page, nextLink, err := signins.DecodeEdits(body)
		if err != nil {
			return nil, errUndecodable
		}
		edits = append(edits, page...)
		if nextLink == "" {
			break
		}
		if !c.opts.Cloud.owns(nextLink) {
			return nil, errForeignHost
		}
		builder, config = auditlogs.NewDirectoryAuditsRequestBuilder(nextLink, c.v1), nil
	}
	return edits, nil
}
