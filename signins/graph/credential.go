package graph

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// markedCredential tells errors of the credential from those of Graph, whatever kind of credential it is.
type markedCredential struct{ azcore.TokenCredential }

// GetToken returns the credential's token, the context's error or a *credentialError.
func (m markedCredential) GetToken(ctx context.Context, options policy.TokenRequestOptions) (azcore.AccessToken, error) {
	token, err := m.TokenCredential.GetToken(ctx, options)
	if err == nil {
		return token, nil
	}
	if ctx.Err() != nil { // azidentity keeps only the text of what it wraps
		return azcore.AccessToken{}, ctx.Err()
	}
	return azcore.AccessToken{}, readCredentialError(err)
}

// credentialError says why there is no token. Its text leaves out what azidentity adds: whole HTTP answers.
type credentialError struct {
	status  int    // of Entra's answer; 0 when there was none
	code    string // such as AADSTS7000222; empty when Entra named none
	offline bool   // Entra could not be reached
	header  http.Header
	err     error
}

// Error names the code, or what stood in the way of getting an answer.
func (e *credentialError) Error() string {
	if e.status != 0 {
		return fmt.Sprintf("get a token for graph: entra answered %d (code %q)", e.status, e.code)
	}
	return "get a token for graph: " + firstLine(e.err.Error())
}

// Unwrap returns the credential's own error.
func (e *credentialError) Unwrap() error { return e.err }

func readCredentialError(err error) *credentialError {
	e := &credentialError{err: err, code: entraCode(err.Error())}
	var failed *azidentity.AuthenticationFailedError
	if errors.As(err, &failed) && failed.RawResponse != nil {
		e.status, e.header = failed.RawResponse.StatusCode, failed.RawResponse.Header
		return e
	}
	// azidentity keeps no trace of a network error but its words, which are those of package net.
	for _, words := range []string{"dial tcp", "no such host", "connection refused", "connection reset", "i/o timeout", "TLS handshake", ": EOF"} {
		e.offline = e.offline || strings.Contains(err.Error(), words)
	}
	return e
}

// entraCode finds the AADSTS code in an error's text.
// Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
func entraCode(text string) string { return regexp.MustCompile(`AADSTS\d{4,8}`).FindString(text) }

func firstLine(text string) string {
	const longest = 300
	text, _, _ = strings.Cut(strings.TrimSpace(text), "\n")
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest], "") + "..."
	}
	return text
}
