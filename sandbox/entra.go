package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// tokenLifetime is what Entra says of an access token for an app.
const tokenLifetime = 3599 * time.Second

// serveBotFramework answers for login.botframework.com: where the Bot Connector's keys are, and the keys.
// Source: https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
func (s *Sandbox) serveBotFramework(w http.ResponseWriter, r *http.Request) {
	const base = "https://" + HostBotFramework
	switch r.URL.Path {
	case "/v1/.well-known/openidconfiguration":
		writeJSON(w, http.StatusOK, map[string]any{
			"issuer":                                issuerConnector,
			"authorization_endpoint":                "https://invalid.botframework.com",
			"jwks_uri":                              base + "/v1/.well-known/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"},
			"token_endpoint_auth_methods_supported": []string{"private_key_jwt"},
		})
	case "/v1/.well-known/keys":
		writeJSON(w, http.StatusOK, map[string]any{"keys": []any{
			s.publicKey(KeyWebChat, []string{"webchat", "directline"}),
			s.publicKey(KeyTeams, []string{"msteams", "skype", "webchat", "email"}),
			s.publicKey(KeyBare, nil),
		}})
	default:
		http.NotFound(w, r)
	}
}

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
	if !s.isTenant(tenant) {
		s.refuseToken(w, http.StatusBadRequest, "invalid_tenant", 90002,
			fmt.Sprintf("Tenant '%s' not found.", tenant))
		return
	}
	switch rest {
	case "v2.0/.well-known/openid-configuration":
		base := "https://" + HostEntra + "/" + s.opts.TenantID
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

func (s *Sandbox) isTenant(name string) bool {
	return slices.ContainsFunc([]string{s.opts.TenantID, sampleDomain, sampleOnMicrosoft},
		func(known string) bool { return strings.EqualFold(known, name) })
}

// serveInstances tells MSAL which names one cloud goes by.
func (s *Sandbox) serveInstances(w http.ResponseWriter, r *http.Request) {
	tenant := s.opts.TenantID
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

// serveToken is the client credentials grant. A client assertion is taken for good as long as it looks like one.
// Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
func (s *Sandbox) serveToken(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || r.Method != http.MethodPost {
		s.refuseToken(w, http.StatusBadRequest, "invalid_request", 900144, "The request body must contain the following parameter: 'grant_type'.")
		return
	}
	form, app := r.PostForm, s.opts.AppID
	assertion := form.Get("client_assertion")
	switch {
	case form.Get("grant_type") != "client_credentials":
		s.refuseToken(w, http.StatusBadRequest, "unsupported_grant_type", 70003, "The app requested an unsupported grant type '"+form.Get("grant_type")+"'.")
	case !strings.EqualFold(form.Get("client_id"), app):
		s.refuseToken(w, http.StatusBadRequest, "unauthorized_client", 700016,
			fmt.Sprintf("Application with identifier '%s' was not found in the directory 'Contoso'.", form.Get("client_id")))
	case form.Get("client_secret") == "" && assertion == "":
		s.refuseToken(w, http.StatusUnauthorized, "invalid_client", 7000218,
			"The request body must contain the following parameter: 'client_assertion' or 'client_secret'.")
	case assertion != "" && (strings.Count(assertion, ".") != 2 ||
		form.Get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"):
		s.refuseToken(w, http.StatusUnauthorized, "invalid_client", 50027, "JWT token is invalid or malformed.")
	case assertion == "" && form.Get("client_secret") != s.opts.Secret:
		s.refuseToken(w, http.StatusUnauthorized, "invalid_client", 7000215,
			fmt.Sprintf("Invalid client secret provided. App: '%s'.", app))
	default:
		s.issueToken(w, strings.Fields(form.Get("scope")))
	}
}

// issueToken finds the audience in the scope. MSAL adds scopes of OpenID Connect, which mean nothing here.
func (s *Sandbox) issueToken(w http.ResponseWriter, scopes []string) {
	scopes = slices.DeleteFunc(scopes, func(scope string) bool {
		return slices.Contains([]string{"openid", "offline_access", "profile"}, scope)
	})
	var resource string
	if len(scopes) == 1 {
		resource, _ = strings.CutSuffix(scopes[0], "/.default")
	}
	if len(scopes) != 1 || resource == scopes[0] {
		s.refuseToken(w, http.StatusBadRequest, "invalid_scope", 1002012,
			fmt.Sprintf("The scope %s is not valid: client credentials need a resource followed by /.default.", strings.Join(scopes, " ")))
		return
	}
	var token string
	switch resource {
	case audienceGraph:
		token = s.accessToken(audienceGraph, s.grants.list())
	case audienceConnector:
		token = s.accessToken(audienceConnector, nil)
	default:
		s.refuseToken(w, http.StatusBadRequest, "invalid_resource", 500011,
			fmt.Sprintf("The resource principal named %s was not found in the tenant named Contoso.", resource))
		return
	}
	w.Header().Set("Cache-Control", "no-store, no-cache")
	w.Header().Set("X-Ms-Request-Id", newGUID())
	writeJSON(w, http.StatusOK, map[string]any{
		"token_type": "Bearer", "expires_in": int(tokenLifetime.Seconds()), "ext_expires_in": int(tokenLifetime.Seconds()),
		"access_token": token,
	})
}

// refuseToken is an error of the token endpoint in Entra's shape.
// Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes#handling-error-codes-in-your-application
func (s *Sandbox) refuseToken(w http.ResponseWriter, status int, name string, code int, text string) {
	trace, correlation := newGUID(), newGUID()
	at := s.opts.Now().UTC().Format("2006-01-02 15:04:05Z")
	w.Header().Set("X-Ms-Request-Id", trace)
	writeJSON(w, status, map[string]any{
		"error":             name,
		"error_description": fmt.Sprintf("AADSTS%d: %s Trace ID: %s Correlation ID: %s Timestamp: %s", code, text, trace, correlation, at),
		"error_codes":       []int{code},
		"timestamp":         at,
		"trace_id":          trace,
		"correlation_id":    correlation,
		"error_uri":         fmt.Sprintf("https://%s/error?code=%d", HostEntra, code),
	})
}
