// Package bot is the Microsoft Teams edge: it takes what the Bot Connector posts, after checking who sent it, and posts
// what signpost answers. It knows nothing of sign-ins.
//
// The way in: NewEndpoint bounds the body, has Verifier check the token against a minimal envelope, compares the tenant,
// and only then stores the activity; a worker decodes it later and has Adapter dispatch it to a Handler. The way out:
// Connector sends to serviceUrls on the cloud's allow-list and to nothing else, with a token for that purpose alone.
//
// Microsoft's rules: https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
package bot
