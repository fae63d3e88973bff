package sandbox

import "sync"

// The application permissions of Graph that the sandbox knows.
const (
	PermissionSignIns  = "AuditLog.Read.All"
	PermissionPolicies = "Policy.Read.ConditionalAccess"
	PermissionUsers    = "User.Read.All"
	PermissionMembers  = "GroupMember.Read.All"
)

// permissions are all permissions that the sandbox knows. They are granted at the start.
var permissions = []string{PermissionSignIns, PermissionPolicies, PermissionUsers, PermissionMembers}

type grants struct {
	mu  sync.Mutex
	has map[string]bool
}

func (g *grants) set(permission string, granted bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.has == nil {
		g.has = map[string]bool{}
	}
	g.has[permission] = granted
}

func (g *grants) allow(permission string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.has[permission]
}

func (g *grants) list() []string {
	var all []string
	for _, p := range permissions {
		if g.allow(p) {
			all = append(all, p)
		}
	}
	return all
}

// Grant consents to an application permission of Graph. At Microsoft it would come with the next token; here it counts
// at once, for tokens that are already held too.
func (s *Sandbox) Grant(permission string) { s.grants.set(permission, true) }

// Revoke withdraws an application permission of Graph, at once like Grant.
func (s *Sandbox) Revoke(permission string) { s.grants.set(permission, false) }
