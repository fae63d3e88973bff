package signins_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/diagnosis"
	"signpost/signins"
)

const anaID = "5d0c2f4e-0000-4000-8000-00000000000a"

// userAudit is a directory audit about Ana; properties is a list.
func userAudit(activity, properties string) string {
	return fmt.Sprintf(`{"activityDateTime":"2026-11-20T08:00:00Z","activityDisplayName":%q,"loggedByService":"Core Directory","result":"success",
		"initiatedBy":{"user":{"id":"u1","userPrincipalName":"mira@contoso.com"}},
		"targetResources":[{"id":"g","type":"Other"},{"id":%q,"type":"User","modifiedProperties":%s}]}`, activity, strings.ToUpper(anaID), properties)
}

func TestWhatEndsSessions(t *testing.T) {
	t.Parallel()
	property := func(name, before, after string) string {
		return fmt.Sprintf(`[{"displayName":"Included Updated Properties","oldValue":null,"newValue":"\"x\""},{"displayName":%q,"oldValue":%s,"newValue":%s}]`, name, quoted(before), quoted(after))
	}
	reset := userAudit("Reset user password", "[]")
	tests := map[string]struct {
		audit string
		want  diagnosis.RevocationKind
	}{
		"a reset by somebody else":    {reset, diagnosis.RevokedPasswordReset},
		"a reset by oneself":          {strings.Replace(reset, `"u1"`, `"`+anaID+`"`, 1), diagnosis.RevokedPasswordChange},
		"a change":                    {userAudit("Change user password", "null"), diagnosis.RevokedPasswordChange},
		"a change in the portal":      {userAudit("Change password (self-service)", "[]"), diagnosis.RevokedPasswordChange},
		"a reset in the portal":       {userAudit("Reset password (Self-Service)", "[]"), diagnosis.RevokedPasswordChange},
		"sessions":                    {userAudit("Update StsRefreshTokenValidFrom Timestamp", "[]"), diagnosis.RevokedSessions},
		"with the other log's stop":   {userAudit("Update StsRefreshTokenValidFrom Timestamp.", "[]"), diagnosis.RevokedSessions},
		"sessions, by another name":   {userAudit("Revoke sign in sessions", "[]"), diagnosis.RevokedSessions},
		"disabled":                    {userAudit("DISABLE ACCOUNT", "[]"), diagnosis.RevokedDisabled},
		"enabled":                     {userAudit("Enable account", "[]"), diagnosis.RevokedEnabled},
		"updated to disabled":         {userAudit("Update user", property("AccountEnabled", "[true]", "[false]")), diagnosis.RevokedDisabled},
		"updated to enabled":          {userAudit("Update user", property("AccountEnabled", "[false]", "[true]")), diagnosis.RevokedEnabled},
		"made":                        {userAudit("Update user", property("AccountEnabled", "[]", "[true]")), ""},
		"updated sessions":            {userAudit("Update user", property("StsRefreshTokensValidFrom", `["2026-01-01T00:00:00Z"]`, `["2026-11-20T08:00:00Z"]`)), diagnosis.RevokedSessions},
		"nothing that ends any":       {userAudit("Update user", property("Department", `["a"]`, `["b"]`)), ""},
		"something else":              {userAudit("Add member to group", "[]"), ""},
		"one that failed":             {strings.Replace(reset, `"success"`, `"failure"`, 1), ""},
		"somebody else's":             {strings.Replace(reset, strings.ToUpper(anaID), "5d0c2f4e-0000-4000-8000-00000000000b", 1), ""},
		"at no time":                  {strings.Replace(reset, "2026-11-20T08:00:00Z", "yesterday", 1), ""},
		"properties of another shape": {userAudit("Update user", `{"displayName":"AccountEnabled"}`), ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := signins.DecodeRevocations(pageOf("17", test.audit), anaID)
			if err != nil {
				t.Fatal(err)
			}
			var want []diagnosis.Revocation
			if test.want != "" {
				want = []diagnosis.Revocation{{
					UserID: anaID, Kind: test.want, Time: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC), By: "mira@contoso.com",
				}}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("revocations (-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzDecodeRevocations(f *testing.F) {
	f.Add(pageOf(userAudit("Update user", `[{"displayName":"AccountEnabled","oldValue":"[true]","newValue":"[false]"}]`)))
	f.Add(pageOf(userAudit("Reset user password", `[{"displayName":7,"oldValue":"\"[[[[[[[[1]]]]]]]]\"","newValue":[]}]`)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		found, err := signins.DecodeRevocations(raw, anaID)
		for _, r := range found {
			if r.Kind == "" || r.Time.IsZero() || r.UserID != anaID {
				t.Errorf("%s: %+v", raw, r)
			}
		}
		if err != nil && found != nil {
			t.Errorf("%s: revocations beside %v", raw, err)
		}
	})
}
