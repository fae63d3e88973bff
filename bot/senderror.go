package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// SendError is why a message could not be sent.
type SendError struct {
	Status     int           // of HTTP; 0 when there was no answer
	Code       string        // the Connector's own, such as ConversationNotFound
	RetryAfter time.Duration // before which sending again is in vain; 0 when nobody said
	Gone       bool          // the message has no place any more: the conversation, the bot in it or the message is gone
	TooLarge   bool          // the message has more than MaxActivity, or more than the Connector takes
	Uncertain  bool          // the message may have been posted all the same, so posting it again may show it twice
	Err        error
}

// Error implements error.
func (e *SendError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("send to the connector: %v", e.Err)
	}
	return fmt.Sprintf("send to the connector: status %d %s", e.Status, e.Code)
}

// Unwrap returns the underlying error.
func (e *SendError) Unwrap() error { return e.Err }

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

// The Connector's codes that decide something.
const (
	codeNoConversation = "ConversationNotFound"
	codeNoMessage      = "ActivityNotFoundInConversation"
)

// goneCodes are the codes of a 403 with which Teams says that the bot has no place in the conversation, until somebody
// gives it one. Others tell of a fault that somebody must see: ForbiddenOperationException, NotEnoughPermissions,
// InvalidBotApiHost.
// Source: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/conversation-messages#status-code-from-bot-conversational-apis
var goneCodes = []string{"BotNotInConversationRoster", "ConversationBlockedByUser", "BotDisabledByAdmin", "MessageWritesBlocked"}

// unanswered is the error of a request that got no answer.
func unanswered(method string, err error) *SendError {
	return &SendError{Uncertain: method == http.MethodPost && !unwritten(err), Err: err}
}

// unwritten reports whether a request cannot have been written, because there was no connection.
func unwritten(err error) bool {
	var dial *net.OpError
	return errors.As(err, &dial) && dial.Op == "dial"
}

// refused reads a refusal.
func refused(method string, response *http.Response, answer []byte) *SendError {
	e := &SendError{
		Status: response.StatusCode, Code: codeOf(answer), RetryAfter: retryAfter(response.Header.Get("Retry-After")),
		TooLarge: response.StatusCode == http.StatusRequestEntityTooLarge,
	}
	e.Uncertain = method == http.MethodPost && (e.Status >= http.StatusInternalServerError || e.Status == http.StatusRequestTimeout)
	e.Gone = e.Status == http.StatusNotFound || e.Status == http.StatusForbidden && slices.Contains(goneCodes, e.Code)
	return e
}

// codeOf reads the code of a refusal. A subcode, which Teams writes as JSON into the message, says more than the code.
// Source: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages#understand-who-blocked-muted-or-uninstalled-a-bot
func codeOf(answer []byte) string {
	var problem struct {
		Message string
		Error   struct{ Code, Message string }
	}
	_ = json.Unmarshal(answer, &problem) // the status says enough
	for _, message := range []string{problem.Message, problem.Error.Message} {
		var detail struct{ SubCode string }
		if json.Unmarshal([]byte(message), &detail) == nil && detail.SubCode != "" {
			return detail.SubCode
		}
	}
	return problem.Error.Code
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
