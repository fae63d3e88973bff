package sandbox

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What Graph says of its reports.
const (
	reportBurst     = 5
	reportPeriod    = 10 * time.Second
	reportRetention = 30 * 24 * time.Hour // of a tenant with Entra ID P1 or P2
	reportPage      = 1000                // default and maximum
)

// serveSignIns is GET /auditLogs/signIns.
// Source: https://learn.microsoft.com/graph/api/signin-list
func (s *Sandbox) serveSignIns(w http.ResponseWriter, g *graphRequest) {
	if s.refuseReport(w) || s.refuseUnlicensed(w) {
		return
	}
	if s.refuseOptions(w, g, "$filter", "$top", "$orderby", "$skiptoken") {
		return
	}
	q, problem := s.readReportQuery(g)
	if problem != "" {
		s.graphError(w, http.StatusBadRequest, "BadRequest", problem)
		return
	}
	rows := s.tenant.visible(s.opts.Now())
	rows = slices.DeleteFunc(rows, func(row *SignIn) bool { return !row.shownIn(q) || !q.filter.holds(row.property) })
	if q.ascending {
		slices.Reverse(rows)
	}
	page, next := s.pages.cut(q, rows)
	answer := map[string]any{"@odata.context": g.context("auditLogs/signIns"), "value": s.rowsFor(g, page)}
	g.linkNext(answer, "auditLogs/signIns", next)
	writeJSON(w, http.StatusOK, answer)
}

// refuseReport applies the limit and the permission, in this order.
func (s *Sandbox) refuseReport(w http.ResponseWriter) bool {
	if s.opts.EnforceGraphLimit {
		if wait := s.reports.admit(s.opts.Now(), reportBurst, reportPeriod); wait > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
			s.graphError(w, http.StatusTooManyRequests, "TooManyRequests", "Too Many Requests")
			return true
		}
	}
	if s.grants.allow(PermissionSignIns) {
		return false
	}
	s.graphError(w, http.StatusForbidden, "Authentication_MSGraphPermissionMissing",
		"Calling principal does not have required MSGraph permissions AuditLog.Read.All")
	return true
}

// refuseUnlicensed is for the log of sign-ins: the audit log is for every tenant.
func (s *Sandbox) refuseUnlicensed(w http.ResponseWriter) bool {
	if s.tenant.licensed() {
		return false
	}
	s.graphError(w, http.StatusForbidden, "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
		"Neither tenant is B2C or tenant doesn't have premium license")
	return true
}

// reportQuery is what one request asks of the log.
type reportQuery struct {
	beta      bool
	key       string // what makes a $skiptoken belong to this query
	filter    *expression
	anyKind   bool // the filter chooses the kinds of event
	top       int
	ascending bool
	after     string // $skiptoken
}

// readReportQuery returns what is wrong with the query, or nothing.
func (s *Sandbox) readReportQuery(g *graphRequest) (q reportQuery, problem string) {
	const invalidFilter = "Invalid filter clause"
	q = reportQuery{beta: g.beta, top: reportPage, after: g.query.Get("$skiptoken")}
	fields := signInFields
	if g.beta {
		fields = betaSignInFields
	}
	var err error
	if q.filter, err = parseFilter(g.query.Get("$filter"), fields); err != nil {
		return q, invalidFilter
	}
	for _, at := range q.filter.times() {
		if at.Before(s.opts.Now().Add(-reportRetention)) {
			return q, invalidFilter + ": createdDateTime is outside of the allowed time range"
		}
	}
	kinds := q.filter.texts("signInEventTypes")
	q.anyKind = len(kinds) > 0
	isApp := func(kind string) bool { return kind != Interactive && kind != NonInteractive }
	if people := slices.DeleteFunc(slices.Clone(kinds), isApp); len(people) > 0 && len(people) < len(kinds) {
		return q, invalidFilter + ": user and service principal sign-ins cannot be combined"
	}
	if top := g.query.Get("$top"); top != "" {
		if q.top, err = strconv.Atoi(top); err != nil || q.top < 1 || q.top > reportPage {
			return q, fmt.Sprintf("Invalid page size specified: '%s'. Must be between 1 and %d inclusive.", top, reportPage)
		}
	}
	switch order := strings.Fields(g.query.Get("$orderby")); {
	case len(order) == 0, len(order) == 1 && order[0] == "createdDateTime", slices.Equal(order, []string{"createdDateTime", "desc"}):
	case slices.Equal(order, []string{"createdDateTime", "asc"}):
		q.ascending = true
	default:
		return q, "Only createdDateTime can be ordered by."
	}
	q.key = fmt.Sprintf("%t\x00%s\x00%d\x00%t", q.beta, g.query.Get("$filter"), q.top, q.ascending)
	if q.after != "" && !s.pages.known(q) {
		return q, "The $skiptoken is invalid; use it only as part of the @odata.nextLink that it came with."
	}
	return q, ""
}
