// Package bot is the Microsoft Teams edge: it takes what the Bot Connector posts, after checking who sent it, and posts
// what signpost answers. It knows nothing of sign-ins.
//
// The way in: NewEndpoint bounds the body, reads a minimal envelope from it, has Verifier check the token against that,
// compares the tenant, and only then decodes and stores the activity; a worker decodes it later and has Adapter dispatch
// it to a Handler. The way out: Connector sends to serviceUrls on the cloud's allow-list and to nothing else, with a token
// for that purpose alone, and no faster than Teams takes.
//
// Microsoft's rules: https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
package bot
