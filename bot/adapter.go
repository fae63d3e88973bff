package bot

import (
	"context"
	"fmt"
	"net/url"

	"github.com/infracloudio/msbotbuilder-go/connector/auth"
	"github.com/infracloudio/msbotbuilder-go/core"
	"github.com/infracloudio/msbotbuilder-go/core/activity"
	"github.com/infracloudio/msbotbuilder-go/schema"
)

// Adapter routes activities and sends messages through msbotbuilder-go. This file is the only one that knows the
// library: its routing and schema are used, its weak parts are replaced through its own seams. Its token validator
// lacks most of Microsoft's rules, so Verifier stands in; its HTTP client has no timeout and drops the answers, and the
// address that it joins is not escaped, so the Connector stands in and builds its own.
type Adapter struct {
	appID     string
	verifier  *Verifier
	connector *Connector
}

// NewAdapter returns an Adapter.
func NewAdapter(appID string, v *Verifier, c *Connector) *Adapter { return &Adapter{appID, v, c} }

// Dispatch hands an activity that was verified and stored to the handler. Kinds that nobody handles are passed over.
func (a *Adapter) Dispatch(ctx context.Context, act Activity, h Handler) error {
	switch {
	case act.BotAdded():
		return h.OnInstalled(ctx, &act)
	case act.Type == typeInstallationUpdate && act.Action == "remove":
		return h.OnRemoved(ctx, &act)
	case act.Type != typeMessage:
		return nil
	}
	// The library wraps what a handler returns in a text; the error itself is kept here.
	var failed error
	routed := a.library(&call{ctx: ctx}).ProcessActivity(ctx, schema.Activity{Type: schema.Message}, activity.HandlerFuncs{
		OnMessageFunc: func(*activity.TurnContext) (schema.Activity, error) {
			failed = h.OnMessage(ctx, &act)
			return schema.Activity{}, nil // it answered by itself; an empty activity is not sent
		},
	})
	if failed != nil {
		return failed
	}
	return routed
}

// Send posts a message into a conversation and returns its id.
func (a *Adapter) Send(ctx context.Context, where Reference, m Message) (activityID string, err error) {
	c := &call{ctx: ctx, connector: a.connector, where: where, message: m}
	out := activity.ApplyConversationReference(schema.Activity{Type: schema.Message}, libraryReference(where), false)
	response, err := activity.NewActivityResponse(c)
	if err != nil {
		return "", fmt.Errorf("send a message: %w", err)
	}
	if err := response.SendActivity(out); c.err == nil && err != nil {
		return "", fmt.Errorf("send a message: %w", err)
	}
	return c.id, c.err
}

// Update puts a message in the place of one that the bot posted before.
func (a *Adapter) Update(ctx context.Context, where Reference, activityID string, m Message) error {
	c := &call{ctx: ctx, connector: a.connector, where: where, message: m, id: activityID}
	out := activity.ApplyConversationReference(schema.Activity{Type: schema.Message, ID: activityID}, libraryReference(where), false)
	if err := a.library(c).UpdateActivity(ctx, out); c.err == nil && err != nil {
		return fmt.Errorf("update a message: %w", err)
	}
	return c.err
}

// Delete removes a message that the bot posted before, or finds it removed.
func (a *Adapter) Delete(ctx context.Context, where Reference, activityID string) error {
	c := &call{ctx: ctx, connector: a.connector, where: where, id: activityID}
	if err := a.library(c).DeleteActivity(ctx, activityID, libraryReference(where)); c.err == nil && err != nil {
		return fmt.Errorf("delete a message: %w", err)
	}
	return c.err
}

// library is the library's adapter with our validator and, for one call, our client.
func (a *Adapter) library(c *call) *core.BotFrameworkAdapter {
	return &core.BotFrameworkAdapter{
		AdapterSetting: core.AdapterSetting{AppID: a.appID, CredentialProvider: auth.SimpleCredentialProvider{AppID: a.appID}},
		TokenValidator: validator{a.verifier},
		Client:         c,
	}
}

func libraryReference(where Reference) schema.ConversationReference {
	return schema.ConversationReference{
		User: schema.ChannelAccount{ID: where.UserID}, Bot: schema.ChannelAccount{ID: where.BotID},
		Conversation: schema.ConversationAccount{ID: where.ConversationID}, ChannelID: teamsChannel, ServiceURL: where.ServiceURL,
	}
}

// validator is the library's seam for the token check.
type validator struct{ verifier *Verifier }

// AuthenticateRequest implements auth.TokenValidator.
func (v validator) AuthenticateRequest(
	ctx context.Context, act schema.Activity, header string, _ auth.CredentialProvider, _ string,
) (auth.ClaimsIdentity, error) {
	if err := v.verifier.Verify(ctx, header, Envelope{act.ServiceURL, act.ChannelID}); err != nil {
		return nil, err
	}
	return auth.NewClaimIdentity(map[string]any{}, true), nil
}

// call is the library's seam for HTTP, for one message. It ignores the address that the library joined, and keeps what
// the library drops: the message's id and the error.
type call struct {
	ctx       context.Context // the library's interface has no context, and a call lives for one call
	connector *Connector
	where     Reference
	message   Message
	id        string
	err       error
}

// Post implements client.Client.
func (c *call) Post(_ url.URL, act schema.Activity) error {
	if act.Type == "" {
		return nil
	}
	c.id, c.err = c.connector.Post(c.ctx, c.where, c.message)
	return c.err
}

// Put implements client.Client.
func (c *call) Put(url.URL, schema.Activity) error {
	c.err = c.connector.Put(c.ctx, c.where, c.id, c.message)
	return c.err
}

// Delete implements client.Client.
func (c *call) Delete(url.URL, schema.Activity) error {
	c.err = c.connector.Delete(c.ctx, c.where, c.id)
	return c.err
}
