package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

const (
	sendTimeout = 10 * time.Second // of one try
	mostAnswer  = 64 << 10
)

// ConnectorOptions is what a Connector needs.
type ConnectorOptions struct {
	Cloud      Cloud
	Credential azcore.TokenCredential
	HTTP       *http.Client
	Log        *slog.Logger
	// Unpaced sends as fast as it can. It is for load tests against a stand-in, which has none of Teams' limits.
	Unpaced bool
}

// Connector is a client of the Bot Connector's REST API. It sends nothing, least of all the bot's token, to an address
// that is not on the cloud's allow-list, and follows no redirect.
// Source: https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
type Connector struct {
	options ConnectorOptions
	client  *http.Client
	pace    *pace
}

// NewConnector returns a Connector.
func NewConnector(o ConnectorOptions) *Connector {
	client := *o.HTTP
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Connector{o, &client, newPace()}
}

// Post creates a message and returns its id. It tries again only where nothing can have been created: after 429, 412 and a
// conversation that was not found, and when no connection could be made. An error is a *SendError.
func (c *Connector) Post(ctx context.Context, where Reference, m Message) (activityID string, err error) {
	body, err := encode(where, m)
	if err != nil {
		return "", err
	}
	answer, err := c.send(ctx, http.MethodPost, where, "", body)
	if err != nil {
		return "", err
	}
	var created struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(answer, &created) // a channel that splits a message returns no id
	return created.ID, nil
}

// Put replaces a message. Doing so twice does no harm, so it tries again after passing faults too. An error is a
// *SendError.
func (c *Connector) Put(ctx context.Context, where Reference, activityID string, m Message) error {
	body, err := encode(where, m)
	if err != nil {
		return err
	}
	_, err = c.send(ctx, http.MethodPut, where, activityID, body)
	return err
}

// Delete removes a message, or finds it removed. It tries again as Put does. An error is a *SendError.
func (c *Connector) Delete(ctx context.Context, where Reference, activityID string) error {
	_, err := c.send(ctx, http.MethodDelete, where, activityID, nil)
	if failed, ok := errors.AsType[*SendError](err); ok && failed.Code == codeNoMessage {
		return nil
	}
	return err
}

func (c *Connector) send(ctx context.Context, method string, where Reference, id string, body []byte) ([]byte, error) {
	service, err := c.options.Cloud.serviceURL(where.ServiceURL)
	if err != nil {
		return nil, &SendError{Err: unsendable{err}}
	}
	address, err := service.activities(where.ConversationID, id)
	if err != nil {
		return nil, &SendError{Err: unsendable{err}}
	}
	if method != http.MethodPost && id == "" {
		return nil, &SendError{Err: unsendable{errors.New("no message is named")}}
	}
	doubted := false
	for try := 1; ; try++ {
		if !c.options.Unpaced {
			if err := c.pace.wait(ctx, where); err != nil {
				return nil, err
			}
		}
		answer, failed := c.try(ctx, method, address, body)
		if failed == nil {
			return answer, nil
		}
		// Now and then a conversation is not found that is there, so that is believed only the second time.
		// Source: https://github.com/microsoft/BotFramework-Services/issues/349
		again := retriable(method, failed)
		if failed.Code == codeNoConversation && !doubted {
			again, doubted = true, true
		}
		if try == sendTries || !again || !rest(ctx, try, failed.RetryAfter) {
			return nil, failed
		}
		c.options.Log.Info("a message is sent again", slog.String("method", method), slog.Int("try", try+1), slog.Int("status", failed.Status))
	}
}

// try sends once.
func (c *Connector) try(ctx context.Context, method, address string, body []byte) ([]byte, *SendError) {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	token, err := c.options.Credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{c.options.Cloud.ConnectorScope}})
	if err != nil {
		return nil, &SendError{Err: fmt.Errorf("get a token for the connector: %w", err)}
	}
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, &SendError{Err: err}
	}
	request.Header.Set("Authorization", "Bearer "+token.Token)
	request.Header.Set("Content-Type", "application/json")
	response, err := c.client.Do(request)
	if err != nil {
		return nil, unanswered(method, err)
	}
	defer response.Body.Close()
	answer, _ := io.ReadAll(io.LimitReader(response.Body, mostAnswer)) // what breaks off is missed no more than an id or a code
	if response.StatusCode/100 == 2 {
		return answer, nil
	}
	return nil, refused(method, response, answer)
}
