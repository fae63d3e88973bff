package sandbox

import "net/http"

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
			s.publicKey(keyWebChat, []string{"webchat", "directline"}),
			s.publicKey(keyTeams, []string{"msteams", "skype", "webchat", "email"}),
			s.publicKey(keyBare, nil),
		}})
	default:
		http.NotFound(w, r)
	}
}
