package graph

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	abs "github.com/microsoft/kiota-abstractions-go"
)

// groupsPerCall is how many groups Graph checks at a time.
const groupsPerCall = 20

var errMalformedID = errors.New("an object id is malformed")

// MemberOf reports whether a user belongs to at least one of the groups, directly or through other groups. Users and
// groups are object ids; a team is its group. It is never true together with an error, which is a *signins.Failure:
// ReasonNoPermission without User.Read.All and GroupMember.Read.All. Answers are not kept.
//
// Source: https://learn.microsoft.com/graph/api/directoryobject-checkmembergroups
func (c *Client) MemberOf(ctx context.Context, userID string, groupIDs []string) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, c.opts.Timeout)
	defer cancel()
	for _, id := range append([]string{userID}, groupIDs...) {
		if !isGUID(id) {
			return false, failure(errMalformedID, PermissionMembers)
		}
	}
	for groups := range slices.Chunk(groupIDs, groupsPerCall) {
		member, err := c.memberOfAny(ctx, userID, groups)
		if err != nil {
			return false, failure(err, PermissionMembers)
		}
		if member {
			return true, nil
		}
	}
	return false, nil
}

func (c *Client) memberOfAny(ctx context.Context, userID string, groups []string) (bool, error) {
	body, err := json.Marshal(map[string][]string{"groupIds": groups})
	if err != nil {
		return false, err
	}
	info := abs.NewRequestInformation()
	info.Method = abs.POST
	info.UrlTemplate = "{+baseurl}/users/{user}/checkMemberGroups"
	info.PathParameters = map[string]string{"user": userID}
	info.Headers.Add("Accept", "application/json")
	info.Headers.Add("Content-Length", strconv.Itoa(len(body)))
	info.SetStreamContentAndContentType(body, "application/json")
	answer, err := send(ctx, c.v1, info)
	if err != nil {
		return false, err
	}
	var page struct{ Value []string }
	if err := json.Unmarshal(answer, &page); err != nil {
		return false, errUndecodable
	}
	return slices.ContainsFunc(page.Value, func(id string) bool {
		return slices.ContainsFunc(groups, func(asked string) bool { return strings.EqualFold(id, asked) })
	}), nil
}
