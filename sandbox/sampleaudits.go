package sandbox

import "time"

// sampleAudits are what changed in the sample tenant: two hours before it refused, the policy about countries was switched
// on and lost an exclusion, and somebody of the helpdesk reset a password whose sessions then ended.
func sampleAudits(now time.Time) []Audit {
	var all []Audit
	mira := sample("mira.olsen")
	add := func(ago time.Duration, a Audit) {
		a.Time, a.ByID, a.By = now.Add(-ago).Truncate(time.Second), mira.ID, mira.UPN
		all = append(all, a)
	}
	policy := guidFor("policy", policyCountry)
	country := func(state string, excludedGroups ...string) map[string]any {
		return map[string]any{
			"id": policy, "displayName": policyCountry, "state": state,
			"conditions": map[string]any{
				"clientAppTypes": []string{"all"},
				"applications":   map[string]any{"includeApplications": []string{"All"}, "excludeApplications": []string{}},
				"users":          map[string]any{"includeUsers": []string{"All"}, "excludeGroups": orEmpty(excludedGroups)},
				"locations":      map[string]any{"includeLocations": []string{"All"}, "excludeLocations": []string{guidFor("location", "our countries")}},
			},
			"grantControls": map[string]any{"operator": "OR", "builtInControls": []string{"block"}},
		}
	}
	target := AuditTarget{ID: policy, Type: "Policy", Name: policyCountry}
	edited := []AuditProperty{{"ConditionalAccessPolicy", country("enabledForReportingButNotEnforced", guidFor("group", "Sales")), country("enabled")}}
	add(agoLocation+2*time.Hour, Audit{
		Service: "Conditional Access", Category: "Policy", Activity: "Update conditional access policy", Target: target, Changed: edited,
	})
	add(agoLocation+2*time.Hour, Audit{Service: "Core Directory", Category: "Policy", Activity: "Update policy", Target: target})

	kofi := sample("kofi.mensah")
	user := AuditTarget{ID: kofi.ID, Type: "User", UPN: kofi.UPN}
	add(agoRevoked+90*time.Minute, Audit{
		Service: "Core Directory", Category: "UserManagement", Activity: "Reset user password", Target: user,
	})
	validFrom := func(ago time.Duration) []string { return []string{now.Add(-ago).UTC().Format(time.RFC3339)} }
	add(agoRevoked+90*time.Minute-time.Second, Audit{
		Service: "Core Directory", Category: "UserManagement", Activity: "Update StsRefreshTokenValidFrom Timestamp", Target: user,
		Changed: []AuditProperty{{"StsRefreshTokensValidFrom", validFrom(40 * 24 * time.Hour), validFrom(agoRevoked + 90*time.Minute)}},
	})
	return all
}
