package signins_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/diagnosis"
	"signpost/signins"
)

func TestDecodePage(t *testing.T) {
	t.Parallel()
	type page struct {
		IDs      []string
		Skipped  int
		NextLink string
	}
	tests := map[string]struct {
		body string
		want page
		fail bool
	}{
		"the last page":               {body: `{"@odata.context":"c","value":[{"id":"1"},{"id":"2"}]}`, want: page{IDs: []string{"1", "2"}}},
		"a page with a next one":      {body: `{"@odata.nextLink":"https://graph.microsoft.com/x","value":[{"id":"1"}]}`, want: page{IDs: []string{"1"}, NextLink: "https://graph.microsoft.com/x"}},
		"an empty page with a next":   {body: `{"value":[],"@odata.nextLink":"n"}`, want: page{NextLink: "n"}},
		"rows that are no objects":    {body: `{"value":[null,7,"x",[],{"id":"1"}]}`, want: page{IDs: []string{"1"}, Skipped: 4}},
		"a next link of null":         {body: `{"value":[],"@odata.nextLink":null}`},
		"a next link of another type": {body: `{"value":[],"@odata.nextLink":7}`, fail: true}, // else the rows after it would be lost in silence
		"no list":                     {body: `{}`, fail: true},
		"a list of null":              {body: `{"value":null}`, fail: true},
		"a list of another type":      {body: `{"value":{}}`, fail: true},
		"an error":                    {body: `{"error":{"code":"x"}}`, fail: true},
		"no JSON":                     {body: `<html>`, fail: true},
		"nothing":                     {body: ``, fail: true},
		"a cut page":                  {body: `{"value":[{"id":"1"}`, fail: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows, skipped, nextLink, err := signins.DecodePage([]byte(test.body))
			if (err != nil) != test.fail {
				t.Fatalf("error is %v, want one: %t", err, test.fail)
			}
			got := page{Skipped: skipped, NextLink: nextLink}
			for _, row := range rows {
				got.IDs = append(got.IDs, row.ID)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodePolicies(t *testing.T) {
	t.Parallel()
	created, modified := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		body string
		want []diagnosis.Policy
		next string
		fail bool
	}{
		"a policy with everything": {
			body: `{"@odata.nextLink":"n","value":[{"id":"P1","displayName":"Require MFA","state":"enabledForReportingButNotEnforced","createdDateTime":"2026-01-01T00:00:00Z",
				"modifiedDateTime":"2026-11-01T00:00:00Z","grantControls":{"operator":"OR","builtInControls":["mfa","riskRemediation"],"customAuthenticationFactors":["c"],
				"termsOfUse":["t"],"authenticationStrength":{"displayName":"Phishing-resistant MFA"}},
				"sessionControls":{"signInFrequency":{"isEnabled":true,"type":"hours","value":4,"frequencyInterval":"timeBased"}}}]}`,
			want: []diagnosis.Policy{{
				ID: "p1", Name: "Require MFA", State: "enabledForReportingButNotEnforced", Operator: "OR", GrantControls: []string{"mfa", "riskRemediation"},
				AuthenticationStrength: "Phishing-resistant MFA", TermsOfUse: []string{"t"}, CustomFactors: []string{"c"},
				SignInFrequency: &diagnosis.SignInFrequency{Value: 4, Unit: "hours"}, Modified: modified,
			}},
			next: "n",
		},
		"a policy that was never changed": {
			body: `{"value":[{"id":"p","createdDateTime":"2026-01-01T00:00:00Z","modifiedDateTime":null,"grantControls":null,"sessionControls":null}]}`,
			want: []diagnosis.Policy{{ID: "p", Modified: created}},
		},
		"a sign-in frequency of every time": {
			body: `{"value":[{"id":"p","sessionControls":{"signInFrequency":{"isEnabled":true,"type":null,"value":null,"frequencyInterval":"everyTime"}}}]}`,
			want: []diagnosis.Policy{{ID: "p", SignInFrequency: &diagnosis.SignInFrequency{EveryTime: true}}},
		},
		"a sign-in frequency that is off": {
			body: `{"value":[{"id":"p","sessionControls":{"signInFrequency":{"isEnabled":false,"type":"hours","value":4}}}]}`,
			want: []diagnosis.Policy{{ID: "p"}},
		},
		"members of another type":   {body: `{"value":[{"id":"p","displayName":{},"grantControls":[],"sessionControls":{"signInFrequency":7}}]}`, want: []diagnosis.Policy{{ID: "p"}}},
		"elements of another type":  {body: `{"value":[null,7,{"id":"p"}]}`, want: []diagnosis.Policy{{ID: "p"}}},
		"a tenant without policies": {body: `{"value":[]}`},
		"no list":                   {body: `{}`, fail: true},
		"a list of null":            {body: `{"value":null}`, fail: true},
		"a list of another type":    {body: `{"value":{}}`, fail: true},
		"no JSON":                   {body: `<html>`, fail: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, next, err := signins.DecodePolicies([]byte(test.body))
			if (err != nil) != test.fail {
				t.Fatalf("error is %v, want one: %t", err, test.fail)
			}
			if diff := cmp.Diff(test.want, got); diff != "" || next != test.next {
				t.Errorf("next is %q (-want +got):\n%s", next, diff)
			}
		})
	}
}
