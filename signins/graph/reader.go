package graph

import (
	"context"
	"errors"
	"time"

	abs "github.com/microsoft/kiota-abstractions-go"
	core "github.com/microsoftgraph/msgraph-sdk-go-core"
	"github.com/microsoftgraph/msgraph-sdk-go/auditlogs"

	"signpost/diagnosis"
	"signpost/signins"
)

const (
	licenceRetries = 2
	shortPause     = time.Second // before a request that failed for no good reason is sent again
)

// reader reads the rows of one look-up.
type reader struct {
	client    *Client
	who       string // the clause of the filter that names the account
	noBeta    bool   // beta has failed; v1.0 is asked from now on
	rows      []diagnosis.SignIn
	read      int
	truncated bool
}

// readSpan reads one stretch of the log, from beta while it works.
func (r *reader) readSpan(ctx context.Context, s span) error {
	if s.empty() {
		return nil
	}
	if !r.noBeta {
		err := r.readPages(ctx, r.client.beta, s.filter(r.who)+bothEvents)
		if hasServerError(err) {
			// Without beta the decisive rows are missing, so it gets a second chance.
			if err := sleep(ctx, shortPause); err != nil {
				return err
			}
			err = r.readPages(ctx, r.client.beta, s.filter(r.who)+bothEvents)
		}
		if !betaRefused(err) {
			return err
		}
		r.client.logFailure("beta sign-ins unavailable, asking v1.0", failure(err, PermissionSignIns))
		r.noBeta = true
	}
	return r.readPages(ctx, r.client.v1, s.filter(r.who))
}

// readPages reads until there is no next link; a short or empty page is not the end. When a later page cannot be had,
// the rows so far are the answer, which then says that there are more.
func (r *reader) readPages(ctx context.Context, adapter *core.GraphRequestAdapterBase, filter string) error {
	r.rows, r.read, r.truncated = nil, 0, false
	opts := &r.client.opts
	top := int32(min(opts.PageSize, maxPageSize))
	build := func() (*abs.RequestInformation, error) {
		return auditlogs.NewSignInsRequestBuilderInternal(map[string]string{}, adapter).ToGetRequestInformation(ctx,
			&auditlogs.SignInsRequestBuilderGetRequestConfiguration{
				QueryParameters: &auditlogs.SignInsRequestBuilderGetQueryParameters{Filter: &filter, Top: &top},
			})
	}
	for pages := 0; ; pages++ {
		body, err := r.sendReport(ctx, adapter, build)
		if pages > 0 && passing(err) {
			r.client.logFailure("later page of sign-ins unavailable", failure(err, PermissionSignIns))
			r.truncated = true
			return nil
		}
		if err != nil {
			return err
		}
		rows, skipped, nextLink, err := signins.DecodePage(body)
		if err != nil {
			return errUndecodable // its text may hold parts of the answer
		}
		r.rows = append(r.rows, rows...)
		r.read += len(rows) + skipped
		if nextLink == "" {
			return nil
		}
		if !r.client.opts.Cloud.owns(nextLink) {
			return errForeignHost
		}
		if r.read >= opts.MaxRows || pages >= 2*opts.MaxRows/opts.PageSize+10 {
			r.truncated = true
			return nil
		}
		build = func() (*abs.RequestInformation, error) {
			return auditlogs.NewSignInsRequestBuilder(nextLink, adapter).ToGetRequestInformation(ctx, nil)
		}
	}
}

// sendReport asks once, and twice more when Graph denies a licence: it does so now and then to tenants that have one.
// Source: https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/7276
func (r *reader) sendReport(ctx context.Context, adapter *core.GraphRequestAdapterBase, build func() (*abs.RequestInformation, error)) ([]byte, error) {
	for tries := 0; ; tries++ {
		info, err := build()
		if err != nil {
			return nil, err
		}
		body, err := send(ctx, adapter, info)
		var status *statusError
		if !errors.As(err, &status) || !status.noLicence() || tries == licenceRetries {
			return body, err
		}
		if err := sleep(ctx, shortPause); err != nil {
			return nil, err
		}
	}
}

// betaRefused reports whether v1.0 may do better: not when we are refused, or told to wait.
func betaRefused(err error) bool {
	var status *statusError
	if !errors.As(err, &status) {
		return false
	}
	switch status.reason() {
	case signins.ReasonUnavailable, signins.ReasonUnexpected:
		return true
	default:
		return false
	}
}

func hasServerError(err error) bool {
	var status *statusError
	return errors.As(err, &status) && status.status >= 500
}

// passing reports whether an error is Graph's bad moment, not a refusal and not the caller giving up.
func passing(err error) bool {
	if err == nil || errors.Is(err, context.Canceled) {
		return false
	}
	switch reason(err) {
	case signins.ReasonThrottled, signins.ReasonTimeout, signins.ReasonUnavailable:
		return true
	default:
		return false
	}
}
