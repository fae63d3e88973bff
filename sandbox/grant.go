package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// tokenLifetime is what Entra says of an access token for an app.
const tokenLifetime = 3599 * time.Second

// serveToken is the client credentials grant. A client assertion is taken for good as long as it looks like one.
// Sources: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow,
// https://learn.microsoft.com/entra/identity-platform/reference-error-codes
func (s *Sandbox) serveToken(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		s.refuseToken(w, http.StatusBadRequest, "invalid_request", 900561, "The endpoint only accepts POST requests. Received a "+r.Method+" request.")
		return
	}
	_ = r.ParseForm() // what cannot be read is missing below
	form, assertion := r.PostForm, r.PostForm.Get("client_assertion")
	for _, needed := range []string{"grant_type", "client_id", "scope"} {
		if form.Get(needed) == "" {
			s.refuseToken(w, http.StatusBadRequest, "invalid_request", 900144, "The request body must contain the following parameter: '"+needed+"'.")
			return
		}
	}
	switch {
	case form.Get("grant_type") != "client_credentials":
		s.refuseToken(w, http.StatusBadRequest, "unsupported_grant_type", 70003, "The app requested an unsupported grant type '"+form.Get("grant_type")+"'.")
	case !strings.EqualFold(form.Get("client_id"), appID):
		s.refuseToken(w, http.StatusBadRequest, "unauthorized_client", 700016,
			fmt.Sprintf("Application with identifier '%s' was not found in the directory 'Contoso'.", form.Get("client_id")))
	case form.Get("client_secret") == "" && assertion == "":
		s.refuseToken(w, http.StatusUnauthorized, "invalid_client", 7000218,
			"The request body must contain the following parameter: 'client_assertion' or 'client_secret'.")
	case assertion != "" && (strings.Count(assertion, ".") != 2 ||
		form.Get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"):
		s.refuseToken(w, http.StatusUnauthorized, "invalid_client", 50027, "JWT token is invalid or malformed.")
	case assertion == "" && form.Get("client_secret") != secret:
		s.refuseToken(w, http.StatusUnauthorized, "invalid_client", 7000215,
			fmt.Sprintf("Invalid client secret provided. App: '%s'.", appID))
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
