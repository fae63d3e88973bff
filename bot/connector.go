package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// SendError is why a message could not be sent.
type SendError struct {
	Status     int    // of HTTP; 0 when there was no answer
	Code       string // the Connector's own, such as ConversationNotFound
	RetryAfter time.Duration
	Gone       bool // the conversation or the bot's place in it is gone: 403 or 404
	Err        error
}

// Error implements error.
func (e *SendError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("send to the connector: %v", e.Err)
	}
	return fmt.Sprintf("send to the connector: status %d %s", e.Status, e.Code)
}

// Passing reports whether the same message may well go through later: the service was busy or out of order, or could not
// be reached.
func (e *SendError) Passing() bool {
	switch e.Status {
	case 0:
		return !errors.As(e.Err, new(unsendable))
	case http.StatusRequestTimeout, http.StatusPreconditionFailed, http.StatusTooManyRequests:
		return true
	default:
		return e.Status >= http.StatusInternalServerError
	}
}

// unsendable is an error in what was to be sent.
type unsendable struct{ error }

// Unwrap returns the error itself.
func (u unsendable) Unwrap() error { return u.error }

// Unwrap returns the underlying error.
func (e *SendError) Unwrap() error { return e.Err }

const (
	sendTimeout = 10 * time.Second // of one try
	sendTries   = 3
	mostAnswer  = 64 << 10
	longestWait = 15 * time.Second // between two tries; whoever is told to wait longer is told to give up
)

// ConnectorOptions is what a Connector needs.
type ConnectorOptions struct {
	Cloud      Cloud
	Credential azcore.TokenCredential
	HTTP       *http.Client
	Log        *slog.Logger
}

// Connector is a client of the Bot Connector's REST API. It sends nothing, least of all the bot's token, to an address
// that is not on the cloud's allow-list, and follows no redirect.
// Source: https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
type Connector struct {
	options ConnectorOptions
	client  *http.Client
}

// NewConnector returns a Connector.
func NewConnector(o ConnectorOptions) *Connector {
	client := *o.HTTP
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Connector{o, &client}
}

// Post creates a message and returns its id. It tries again only where nothing can have been created: after 429 and 412,
// and when no connection could be made. An error is a *SendError.
func (c *Connector) Post(ctx context.Context, where Reference, m Message) (activityID string, err error) {
	answer, err := c.send(ctx, http.MethodPost, where, "", m, []int{http.StatusTooManyRequests, http.StatusPreconditionFailed})
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
	_, err := c.send(ctx, http.MethodPut, where, activityID, m, []int{
		http.StatusTooManyRequests, http.StatusPreconditionFailed,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
	})
	return err
}

func (c *Connector) send(ctx context.Context, method string, where Reference, id string, m Message, again []int) ([]byte, error) {
	service, err := c.options.Cloud.serviceURL(where.ServiceURL)
	if err != nil {
		return nil, &SendError{Err: unsendable{err}}
	}
	address, err := service.activities(where.ConversationID, id)
	if err != nil {
		return nil, &SendError{Err: unsendable{err}}
	}
	if method == http.MethodPut && id == "" {
		return nil, &SendError{Err: unsendable{errors.New("no message to update")}}
	}
	body, err := json.Marshal(wire(where, m))
	if err != nil {
		return nil, &SendError{Err: unsendable{err}}
	}
	for try := 1; ; try++ {
		answer, failed := c.try(ctx, method, address, body)
		if failed == nil {
			return answer, nil
		}
		if try == sendTries || !retriable(failed, again) || !wait(ctx, try, failed.RetryAfter) {
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
		return nil, &SendError{Err: err}
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, mostAnswer))
	switch {
	case response.StatusCode/100 == 2:
		return answer, nil // it is done; an answer that broke off is missed no more than its id
	case err != nil:
		return nil, &SendError{Status: response.StatusCode, Err: err}
	}
	return nil, refused(response, answer)
}

func refused(response *http.Response, answer []byte) *SendError {
	var problem struct {
		Error struct {
			Code string `json:"code"`
		} `json:"error"`
	}
	_ = json.Unmarshal(answer, &problem) // the status says enough
	e := &SendError{
		Status: response.StatusCode, Code: problem.Error.Code,
		Gone: response.StatusCode == http.StatusForbidden || response.StatusCode == http.StatusNotFound,
	}
	e.RetryAfter = retryAfter(response.Header.Get("Retry-After"))
	return e
}

// retryAfter reads the header of that name, seconds or a date; 0 when it says nothing that lies ahead.
func retryAfter(value string) time.Duration {
	if seconds, err := strconv.Atoi(value); err == nil {
		return max(0, time.Duration(seconds)*time.Second)
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}

// retriable reports whether the request can be sent again: the status is one of those given, or it was never written.
func retriable(e *SendError, again []int) bool {
	if e.Status != 0 {
		return slices.Contains(again, e.Status)
	}
	var dial *net.OpError
	return errors.As(e.Err, &dial) && dial.Op == "dial"
}

// wait waits before the next try, at least as long as the service asked; false when that is too long, or the context ends
// before.
func wait(ctx context.Context, try int, atLeast time.Duration) bool {
	pause := time.Duration(try) * 500 * time.Millisecond
	pause = max(pause/2+rand.N(pause), atLeast) //nolint:gosec // jitter needs no secret randomness
	if pause > longestWait {
		return false
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < pause {
		return false
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
