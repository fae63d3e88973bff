package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// serveEntra answers for login.microsoftonline.com: discovery, keys and the client credentials grant.
func (s *Sandbox) serveEntra(w http.ResponseWriter, r *http.Request) {
	tenant, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch rest {
	case "discovery/instance":
		s.serveInstances(w, r)
		return
	case "v2.0/.well-known/openid-configuration", "discovery/v2.0/keys", "oauth2/v2.0/token":
	default:
		http.NotFound(w, r)
		return
	}
	if !isTenant(tenant) {
		name := "invalid_tenant"
		if rest == "oauth2/v2.0/token" {
			name = "invalid_request"
		}
		s.refuseToken(w, http.StatusBadRequest, name, 90002, fmt.Sprintf("Tenant '%s' not found.", tenant))
		return
	}
	switch rest {
	case "v2.0/.well-known/openid-configuration":
		base := "https://" + HostEntra + "/" + tenantID
		writeJSON(w, http.StatusOK, map[string]any{
			"issuer":                                base + "/v2.0",
			"authorization_endpoint":                base + "/oauth2/v2.0/authorize",
			"token_endpoint":                        base + "/oauth2/v2.0/token",
			"jwks_uri":                              base + "/discovery/v2.0/keys",
			"token_endpoint_auth_methods_supported": []string{"client_secret_post", "private_key_jwt", "client_secret_basic"},
			"id_token_signing_alg_values_supported": []string{"RS256"},
			"tenant_region_scope":                   "EU",
			"cloud_instance_name":                   "microsoftonline.com",
			"msgraph_host":                          HostGraph,
		})
	case "discovery/v2.0/keys":
		writeJSON(w, http.StatusOK, map[string]any{"keys": []any{s.publicKey(keyEntra, nil)}})
	default:
		s.serveToken(w, r)
	}
}

func isTenant(name string) bool {
	return slices.ContainsFunc([]string{tenantID, sampleDomain, sampleOnMicrosoft},
		func(known string) bool { return strings.EqualFold(known, name) })
}

// serveInstances tells MSAL which names one cloud goes by.
func (s *Sandbox) serveInstances(w http.ResponseWriter, r *http.Request) {
	tenant := tenantID
	if at, err := url.Parse(r.URL.Query().Get("authorization_endpoint")); err == nil {
		if name, _, _ := strings.Cut(strings.TrimPrefix(at.Path, "/"), "/"); name != "" {
			tenant = name
		}
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"tenant_discovery_endpoint": "https://" + HostEntra + "/" + tenant + "/v2.0/.well-known/openid-configuration",
		"api-version":               "1.1",
		"metadata": []any{map[string]any{
			"preferred_network": HostEntra,
			"preferred_cache":   "login.windows.net",
			"aliases":           []string{HostEntra, "login.windows.net", "login.microsoft.com", "sts.windows.net"},
		}},
	})
}
