package sandbox

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// graphRequest is a request to Graph, taken apart.
type graphRequest struct {
	*http.Request
	beta  bool
	path  []string // after the version, unescaped
	query url.Values
}

// graphPath is the path after the version, one element per escaped part: a #EXT# name or a slash stays in its part.
func graphPath(r *http.Request) []string {
	parts := strings.Split(strings.Trim(r.URL.EscapedPath(), "/"), "/")
	for i, p := range parts {
		if plain, err := url.PathUnescape(p); err == nil {
			parts[i] = plain
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return parts[1:]
}

// serveGraph answers for graph.microsoft.com.
func (s *Sandbox) serveGraph(w http.ResponseWriter, r *http.Request) {
	version, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	s.stampGraph(w, r)
	if version != "v1.0" && version != "beta" {
		s.graphError(w, http.StatusBadRequest, "BadRequest", "Invalid version: "+version)
		return
	}
	if !s.authorizedGraph(w, r) {
		return
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		s.graphError(w, http.StatusBadRequest, "BadRequest", "The query string is malformed.")
		return
	}
	g := graphRequest{Request: r, beta: version == "beta", path: graphPath(r), query: query}
	if g.wantsUnknownMembers() {
		w.Header().Set("Preference-Applied", "include-unknown-enum-members")
	}
	if g.beta {
		w.Header().Set("Link", `<https://developer.microsoft.com/graph/changes?$filterby=beta>;rel="deprecation";type="text/html"`)
	}
	s.routeGraph(w, &g)
}

func (s *Sandbox) routeGraph(w http.ResponseWriter, g *graphRequest) {
	is := func(method string, pattern ...string) bool {
		return g.Method == method && slices.EqualFunc(g.path, pattern, func(got, want string) bool {
			return want == "*" && got != "" || strings.EqualFold(got, want)
		})
	}
	switch {
	case is(http.MethodGet, "auditLogs", "signIns"):
		s.serveSignIns(w, g)
	case is(http.MethodGet, "auditLogs", "directoryAudits"):
		s.serveAudits(w, g)
	case is(http.MethodGet, "identity", "conditionalAccess", "policies"):
		s.servePolicies(w, g)
	case is(http.MethodGet, "groups", "*"):
		s.serveGroup(w, g)
	case is(http.MethodPost, "identity", "conditionalAccess", "evaluate"):
		s.serveWhatIf(w, g)
	case is(http.MethodGet, "users"):
		s.serveUsers(w, g)
	case is(http.MethodGet, "users", "*"):
		s.serveUser(w, g)
	case is(http.MethodPost, "users", "*", "checkMemberGroups"):
		s.serveMemberGroups(w, g)
	default:
		s.graphError(w, http.StatusBadRequest, "BadRequest", "Resource not found for the segment '"+strings.Join(g.path, "/")+"'.")
	}
}

// stampGraph gives an answer the headers that every answer of Graph has.
func (s *Sandbox) stampGraph(w http.ResponseWriter, r *http.Request) {
	id := newGUID()
	w.Header().Set("Request-Id", id)
	client := r.Header.Get("Client-Request-Id")
	if client == "" {
		client = id
	}
	w.Header().Set("Client-Request-Id", client)
}

// authorizedGraph checks the bearer token.
func (s *Sandbox) authorizedGraph(w http.ResponseWriter, r *http.Request) bool {
	token, isBearer := bearer(r)
	if !isBearer {
		s.graphError(w, http.StatusUnauthorized, "InvalidAuthenticationToken", "Access token is empty.")
		return false
	}
	err := s.verify(token, audienceGraph)
	switch {
	case err == nil:
		return true
	case errors.Is(err, errTokenMalformed):
		s.graphError(w, http.StatusUnauthorized, "InvalidAuthenticationToken", "CompactToken parsing failed with error code: 80049217")
	case errors.Is(err, errTokenLifetime):
		s.graphError(w, http.StatusUnauthorized, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.")
	case errors.Is(err, errTokenAudience):
		s.graphError(w, http.StatusUnauthorized, "InvalidAuthenticationToken", "Access token validation failure. Invalid audience.")
	default:
		s.graphError(w, http.StatusUnauthorized, "InvalidAuthenticationToken", "Access token validation failure. Invalid signature.")
	}
	return false
}

func bearer(r *http.Request) (token string, ok bool) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return token, strings.EqualFold(scheme, "Bearer") && token != ""
}

// graphError answers with an error in Graph's shape.
// Source: https://learn.microsoft.com/graph/errors
func (s *Sandbox) graphError(w http.ResponseWriter, status int, code, message string) {
	writeJSON(w, status, map[string]any{"error": map[string]any{
		"code":    code,
		"message": message,
		"innerError": map[string]any{
			"date":              s.opts.Now().UTC().Format("2006-01-02T15:04:05"),
			"request-id":        w.Header().Get("Request-Id"),
			"client-request-id": w.Header().Get("Client-Request-Id"),
		},
	}})
}

// context is the @odata.context of an answer.
func (g *graphRequest) context(of string) string {
	return "https://" + HostGraph + "/" + g.version() + "/$metadata#" + of
}

func (g *graphRequest) version() string {
	if g.beta {
		return "beta"
	}
	return "v1.0"
}

// unknownMember stands for an enum member that is younger than the enum, unless the caller wants those.
const unknownMember = "unknownFutureValue"

// wantsUnknownMembers reports whether the caller takes enum members that were added after the enum was published.
// Source: https://learn.microsoft.com/graph/best-practices-concept#handling-future-members-in-evolvable-enumerations
func (g *graphRequest) wantsUnknownMembers() bool {
	for _, header := range g.Header.Values("Prefer") {
		for preference := range strings.SplitSeq(header, ",") {
			if strings.EqualFold(strings.TrimSpace(preference), "include-unknown-enum-members") {
				return true
			}
		}
	}
	return false
}

// refuseOptions answers 400 when the query holds a system option other than the allowed ones.
func (s *Sandbox) refuseOptions(w http.ResponseWriter, g *graphRequest, allowed ...string) bool {
	for option := range g.query {
		if strings.HasPrefix(option, "$") && !slices.Contains(allowed, option) {
			s.graphError(w, http.StatusBadRequest, "BadRequest", "Query option '"+option+"' is not allowed.")
			return true
		}
	}
	return false
}
