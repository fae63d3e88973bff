package graph

import (
	"context"
	"net/http"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/identity"

	"signpost/diagnosis"
	"signpost/signins"
)

const (
	maxPolicyPages = 10              // a tenant may have 195 policies, which is one page or two
	policyPatience = 5 * time.Second // how long rows that were read wait for the policies
)

// readPolicies starts reading the tenant's Conditional Access policies and returns how to wait for them. They help to
// explain rows but are not needed for an answer: nil stands for policies that could not be read.
func (c *Client) readPolicies(ctx context.Context) (wait func() []diagnosis.Policy) {
	ctx, cancel := context.WithCancel(ctx)
	answer := make(chan []diagnosis.Policy, 1)
	go func() {
		policies, err := c.policies.get(ctx, "", c.loadPolicies)
		if err != nil && ctx.Err() == nil {
			c.logFailure("read conditional access policies", failure(err, PermissionPolicies))
		}
		answer <- policies
	}()
	return func() []diagnosis.Policy {
		defer cancel()
		select {
		case policies := <-answer:
			return policies
		case <-time.After(policyPatience):
			return nil
		case <-ctx.Done():
			return nil
		}
	}
}

// loadPolicies reads all policies; a missing permission is an answer too, and kept like one.
//
// Source: https://learn.microsoft.com/graph/api/conditionalaccessroot-list-policies
func (c *Client) loadPolicies(ctx context.Context) ([]diagnosis.Policy, error) {
	policies := []diagnosis.Policy{}
	builder := identity.NewConditionalAccessPoliciesRequestBuilderInternal(map[string]string{}, c.v1)
	for range maxPolicyPages {
		info, err := builder.ToGetRequestInformation(ctx, nil)
		if err != nil {
			return nil, err
		}
		body, err := send(ctx, c.v1, info)
		if hasStatus(err, http.StatusForbidden) {
			c.logFailure("read conditional access policies", failure(err, PermissionPolicies))
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		page, nextLink, err := signins.DecodePolicies(body)
		if err != nil {
			return nil, errUndecodable
		}
		policies = append(policies, page...)
		if nextLink == "" {
			break
		}
		if !c.opts.Cloud.owns(nextLink) {
			return nil, errForeignHost
		}
		builder = identity.NewConditionalAccessPoliciesRequestBuilder(nextLink, c.v1)
	}
	return policies, nil
}
