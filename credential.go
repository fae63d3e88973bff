package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// secret prints as [secret] wherever it ends up by mistake.
type secret string

// String implements fmt.Stringer.
func (secret) String() string { return "[secret]" }

// GoString implements fmt.GoStringer.
func (secret) GoString() string { return "[secret]" }

// LogValue implements slog.LogValuer.
func (secret) LogValue() slog.Value { return slog.StringValue("[secret]") }

// MarshalText implements encoding.TextMarshaler.
func (secret) MarshalText() ([]byte, error) { return []byte("[secret]"), nil } //nolint:unparam // the interface wants an error

// azureClouds are azidentity's names for the clouds.
var azureClouds = map[string]cloud.Configuration{
	"public": cloud.AzurePublic,
	"usgov":  cloud.AzureGovernment,
	"china":  cloud.AzureChina,
}

// credential makes the credential with which the app asks one tenant for tokens. The two audiences, Graph and the Bot
// Connector, ask it for tokens of their own; neither token is ever sent to the other's host.
func (c *config) credential(tenant string, client *http.Client) (azcore.TokenCredential, error) {
	options := policy.ClientOptions{Cloud: azureClouds[c.Cloud], Transport: client}
	switch {
	case c.AppSecretFile != "":
		text, err := os.ReadFile(c.AppSecretFile)
		if err != nil {
			return nil, fmt.Errorf("read the client secret: %w", err)
		}
		s := secret(strings.TrimSpace(string(text)))
		return azidentity.NewClientSecretCredential(tenant, c.AppID, string(s),
			&azidentity.ClientSecretCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true})
	case c.CertificateFile != "":
		pem, err := os.ReadFile(c.CertificateFile)
		if err != nil {
			return nil, fmt.Errorf("read the certificate: %w", err)
		}
		chain, key, err := azidentity.ParseCertificates(pem, nil)
		if err != nil {
			return nil, fmt.Errorf("--certificate-file %s holds no certificate with its private key: %w", c.CertificateFile, err)
		}
		return azidentity.NewClientCertificateCredential(tenant, c.AppID, chain, key,
			&azidentity.ClientCertificateCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true, SendCertificateChain: true})
	case c.WorkloadIdentity:
		return azidentity.NewWorkloadIdentityCredential(&azidentity.WorkloadIdentityCredentialOptions{
			ClientOptions: options, ClientID: c.AppID, TenantID: tenant, DisableInstanceDiscovery: true,
		})
	default:
		return c.managedIdentity(tenant, options)
	}
}

// tokenExchange is the audience of the token that a federated credential trusts.
// Source: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
const tokenExchange = "api://AzureADTokenExchange/.default"

// managedIdentity uses the identity itself when it is the bot's app, and otherwise as proof for the app that trusts it.
func (c *config) managedIdentity(tenant string, options policy.ClientOptions) (azcore.TokenCredential, error) {
	identity, err := azidentity.NewManagedIdentityCredential(&azidentity.ManagedIdentityCredentialOptions{
		ClientOptions: options, ID: azidentity.ClientID(c.ManagedIdentity),
	})
	if err != nil {
		return nil, fmt.Errorf("use the managed identity: %w", err)
	}
	if strings.EqualFold(c.ManagedIdentity, c.AppID) {
		return identity, nil
	}
	assertion := func(ctx context.Context) (string, error) {
		token, err := identity.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{tokenExchange}})
		return token.Token, err
	}
	return azidentity.NewClientAssertionCredential(tenant, c.AppID, assertion,
		&azidentity.ClientAssertionCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true})
}
