// Package graph reads the Microsoft Entra sign-in log through Microsoft Graph.
//
// A Client is a signins.Source. Requests are built and sent by msgraph-sdk-go (its request builders, its pipeline, its
// errors), while answers are taken as bytes and decoded by package signins: the generated models lose what beta adds
// and turn enum members that they do not know into other ones.
//
// What leaves this package goes to one host only, Graph's own, over https: no redirect and no page link leads
// elsewhere, and no token is asked for another host. Every look-up has a deadline, every body a limit, and reports are
// asked for no faster than Graph allows (limit.go).
package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	kiotaauth "github.com/microsoft/kiota-authentication-azure-go"
	core "github.com/microsoftgraph/msgraph-sdk-go-core"

	"signpost/diagnosis"
	"signpost/signins"
)

// The permissions that the calls of this package need, as failures name them.
// Source: https://learn.microsoft.com/graph/permissions-reference
const (
	PermissionSignIns   = "AuditLog.Read.All"
	PermissionPolicies  = "Policy.Read.ConditionalAccess"
	PermissionUsers     = "User.Read.All"
	PermissionMembers   = "GroupMember.Read.All"
	PermissionDirectory = "Directory.Read.All"
)

// Options configure a Client. Cloud and Credential are required; a zero value elsewhere means the default.
type Options struct {
	Cloud      Cloud
	Credential azcore.TokenCredential
	Transport  http.RoundTripper // carries requests to Graph; nil: a transport with timeouts that honours HTTPS_PROXY
	Log        *slog.Logger      // nil: nothing is logged
	Now        func() time.Time  // nil: time.Now

	Window     time.Duration // how long before the failure to look first; default 24 h
	WideWindow time.Duration // how long before the failure to look when Window holds nothing; default 7 days
	Retention  time.Duration // how long the tenant keeps its log; default 30 days
	MaxRows    int           // rows read per look-up at most; default 2000
	PageSize   int           // rows asked for at a time, 1000 at most; default 200
	PolicyTTL  time.Duration // how long the tenant's policies are kept; default 5 min
	AccountTTL time.Duration // how long a resolved account is kept; default 5 min
	LogTTL     time.Duration // how long the log of an account that was read is kept; default 1 min
	Timeout    time.Duration // for a whole look-up, waiting included; default 45 s
}

// Client asks Microsoft Graph. It is safe for concurrent use.
type Client struct {
	opts     Options
	v1, beta *core.GraphRequestAdapterBase
	logs     *memo[signins.Log]
	accounts *memo[signins.Account]
	policies *memo[[]diagnosis.Policy]
	edits    *memo[[]diagnosis.Edit]
	groups   *memo[string] // names by id; empty for a group whose name cannot be read
	revoked  *memo[[]diagnosis.Revocation]
	noWhatIf moment // until when nobody need ask What If
}

var _ signins.Source = (*Client)(nil)

// New returns a client, or every mistake in the options. It sends nothing.
func New(opts Options) (*Client, error) {
	const day = 24 * time.Hour
	opts.Window = cmp.Or(opts.Window, day)
	opts.WideWindow = cmp.Or(opts.WideWindow, 7*day)
	opts.Retention = cmp.Or(opts.Retention, 30*day)
	opts.MaxRows = cmp.Or(opts.MaxRows, 2000)
	opts.PageSize = cmp.Or(opts.PageSize, 200)
	opts.PolicyTTL = cmp.Or(opts.PolicyTTL, 5*time.Minute)
	opts.AccountTTL = cmp.Or(opts.AccountTTL, 5*time.Minute)
	opts.LogTTL = cmp.Or(opts.LogTTL, time.Minute)
	opts.Timeout = cmp.Or(opts.Timeout, 45*time.Second)
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Transport == nil {
		opts.Transport = defaultTransport()
	}
	host, err := opts.Cloud.host()
	if err := errors.Join(err, opts.mistakes()); err != nil {
		return nil, fmt.Errorf("configure graph client: %w", err)
	}
	auth, err := kiotaauth.NewAzureIdentityAuthenticationProviderWithScopesAndValidHosts(
		markedCredential{opts.Credential}, []string{opts.Cloud.Scope}, []string{host})
	if err != nil {
		return nil, fmt.Errorf("configure graph client: %w", err)
	}
	httpClient := newHTTPClient(opts.Transport, host)
	c := &Client{
		opts:     opts,
		logs:     newMemo[signins.Log](opts.LogTTL, opts.Timeout, opts.Now),
		accounts: newMemo[signins.Account](opts.AccountTTL, opts.Timeout, opts.Now),
		policies: newMemo[[]diagnosis.Policy](opts.PolicyTTL, opts.Timeout, opts.Now),
		edits:    newMemo[[]diagnosis.Edit](opts.PolicyTTL, editsPatience, opts.Now),
		groups:   newMemo[string](opts.PolicyTTL, groupPatience, opts.Now),
		revoked:  newMemo[[]diagnosis.Revocation](opts.AccountTTL, editsPatience, opts.Now),
	}
	if c.v1, err = newAdapter(auth, httpClient, opts.Cloud.BaseURL+"/v1.0"); err != nil {
		return nil, fmt.Errorf("configure graph client: %w", err)
	}
	if c.beta, err = newAdapter(auth, httpClient, opts.Cloud.BaseURL+"/beta"); err != nil {
		return nil, fmt.Errorf("configure graph client: %w", err)
	}
	return c, nil
}

func (o *Options) mistakes() error {
	var errs []error
	if o.Credential == nil {
		errs = append(errs, errors.New("no credential"))
	}
	if o.Cloud.Scope == "" {
		errs = append(errs, errors.New("cloud without a scope"))
	}
	if min(o.Window, o.WideWindow, o.Retention, o.PolicyTTL, o.AccountTTL, o.LogTTL, o.Timeout) < 0 {
		errs = append(errs, errors.New("negative duration"))
	}
	if o.PageSize < 1 || o.PageSize > maxPageSize {
		errs = append(errs, fmt.Errorf("page size %d is not within 1 and %d", o.PageSize, maxPageSize))
	}
	if o.MaxRows < 1 {
		errs = append(errs, fmt.Errorf("max rows %d is not positive", o.MaxRows))
	}
	return errors.Join(errs...)
}

// sleep waits, or returns the context's error.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
