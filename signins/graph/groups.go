package graph

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	abs "github.com/microsoft/kiota-abstractions-go"

	"signpost/diagnosis"
)

const (
	mostGroups    = 3               // whose names are asked for in one look-up
	groupPatience = 2 * time.Second // how long an answer waits for them
)

// nameGroups returns the edits with the names of the groups that the newest of them are about, as far as they can be had.
func (c *Client) nameGroups(ctx context.Context, edits []diagnosis.Edit) []diagnosis.Edit {
	ctx, cancel := context.WithTimeout(ctx, groupPatience)
	defer cancel()
	slices.SortStableFunc(edits, func(a, b diagnosis.Edit) int { return b.Time.Compare(a.Time) })
	asked := map[string]string{}
	for i := range edits {
		edits[i].Changes = slices.Clone(edits[i].Changes) // the tenant's edits are kept for others
		for j := range edits[i].Changes {
			change := &edits[i].Changes[j]
			if change.Kind != diagnosis.EditGroup && change.Kind != diagnosis.EditGroupNotExcluded {
				continue
			}
			if _, known := asked[change.ID]; !known && isGUID(change.ID) && len(asked) < mostGroups {
				asked[change.ID] = c.groupName(ctx, change.ID)
			}
			change.Name = asked[change.ID]
		}
	}
	return edits
}

// groupName is the display name of a group; empty when it cannot be read, which is kept like a name.
//
// Source: https://learn.microsoft.com/graph/api/group-get
func (c *Client) groupName(ctx context.Context, id string) string {
	name, err := c.groups.get(ctx, id, func(ctx context.Context) (string, error) {
		info := abs.NewRequestInformation()
		info.Method = abs.GET
		info.UrlTemplate = "{+baseurl}/groups/{group}{?%24select}"
		info.PathParameters = map[string]string{"group": id}
		info.QueryParameters["%24select"] = "displayName"
		info.Headers.Add("Accept", "application/json")
		body, err := send(ctx, c.v1, info)
		if hasStatus(err, http.StatusForbidden) || hasStatus(err, http.StatusNotFound) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		var group struct{ DisplayName string }
		if json.Unmarshal(body, &group) != nil {
			return "", errUndecodable
		}
		return group.DisplayName, nil
	})
	if err != nil && ctx.Err() == nil {
		c.logFailure("read the name of a group", failure(err, PermissionMembers))
	}
	return name
}
