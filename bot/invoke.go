package bot

import (
	"context"
	"encoding/json"
	"net/http"
)

// Invoker answers invokes: pressed buttons and the like, whose answer is the body of the HTTP response.
type Invoker interface {
	// OnInvoke answers within 3 s; its context ends a little later.
	OnInvoke(ctx context.Context, a Activity) InvokeResponse
}

// InvokeResponse is the answer to an invoke.
type InvokeResponse struct {
	Status int // of HTTP
	Body   any // encoded as JSON; nil for none
}

// invokeBody is the body of an answered adaptiveCard/action, with a status of its own.
type invokeBody struct {
	StatusCode int    `json:"statusCode"`
	Type       string `json:"type"`
	Value      any    `json:"value"`
}

// CardResponse replaces the card with the button, for whoever pressed it.
func CardResponse(card json.RawMessage) InvokeResponse {
	return InvokeResponse{http.StatusOK, invokeBody{http.StatusOK, "application/vnd.microsoft.card.adaptive", card}}
}

// ToastResponse shows a short text to whoever pressed the button, and leaves the card.
func ToastResponse(text string) InvokeResponse {
	return InvokeResponse{http.StatusOK, invokeBody{http.StatusOK, "application/vnd.microsoft.activity.message", text}}
}

// BadRequestResponse says that an invoke could not be read.
func BadRequestResponse(message string) InvokeResponse {
	return InvokeResponse{http.StatusOK, invokeBody{http.StatusBadRequest, "application/vnd.microsoft.error", struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}{"BadRequest", message}}}
}

// NotImplementedResponse says that the bot knows no such invoke.
func NotImplementedResponse() InvokeResponse {
	return InvokeResponse{Status: http.StatusNotImplemented}
}
