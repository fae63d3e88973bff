package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// The domains of the sample tenant.
const (
	sampleDomain      = "contoso.com"
	sampleOnMicrosoft = "contoso.onmicrosoft.com"
)

// Person is a user of the tenant.
type Person struct {
	ID       string // object id, lower case
	UPN      string // as the directory spells it
	Name     string
	Mail     string
	Guest    bool
	Locale   string // of the person's Teams client, such as id-ID
	Timezone string // IANA
	Country  string // two letters
	City     string
}

// signInName is the name under which the sign-in log holds the person: a guest's is the guest's own address.
func (p *Person) signInName() string {
	if p.Guest {
		return strings.ToLower(p.Mail)
	}
	return strings.ToLower(p.UPN)
}

func (p *Person) userType() string {
	if p.Guest {
		return "Guest"
	}
	return "Member"
}

// location is the person's time zone; UTC when it is unknown.
func (p *Person) location() *time.Location {
	if zone, err := time.LoadLocation(p.Timezone); err == nil {
		return zone
	}
	return time.UTC
}

// properties are those of Graph's user.
func (p *Person) properties() map[string]any {
	given, family, _ := strings.Cut(p.Name, " ")
	return map[string]any{
		"id": p.ID, "userPrincipalName": p.UPN, "displayName": p.Name, "mail": orNull(p.Mail), "givenName": given, "surname": family,
		"businessPhones": []string{}, "jobTitle": nil, "mobilePhone": nil, "officeLocation": nil,
		"preferredLanguage": orNull(p.Locale), "accountEnabled": true, "userType": p.userType(),
		"usageLocation": p.Country, "country": p.Country,
	}
}

// Group is a security group or the group behind a team.
type Group struct {
	ID      string
	Name    string
	Members []string // object ids of people and of groups within
}

// Tenant is the sample tenant: its directory, its Conditional Access policies and its sign-in log. Its methods may be
// called from several goroutines. What they return are copies.
type Tenant struct {
	mu         sync.Mutex
	people     []Person
	groups     []Group
	policies   []Policy
	signIns    []*SignIn // newest first
	audits     []Audit
	unlicensed bool
	now        time.Time // when the tenant was made
}

// newTenant makes the sample tenant. The stories' sign-ins are as long ago as the stories say, counted from now.
func newTenant(now time.Time) *Tenant {
	t := &Tenant{now: now, policies: samplePolicies(), audits: sampleAudits(now)}
	for _, p := range samplePeople() {
		t.AddPerson(p)
	}
	for _, g := range sampleGroups() {
		t.AddGroup(g)
	}
	for _, row := range storySignIns(now) {
		t.AddSignIn(row)
	}
	return t
}

// AddPerson adds a person and returns them with what was left empty filled in: ID, Name, Mail, Locale, Timezone and
// Country. A UPN is needed.
func (t *Tenant) AddPerson(p Person) Person {
	fill := func(to *string, value string) {
		if *to == "" {
			*to = value
		}
	}
	fill(&p.ID, guidFor("person", p.UPN))
	fill(&p.Name, p.UPN)
	fill(&p.Mail, strings.ToLower(p.UPN))
	fill(&p.Locale, "en-US")
	fill(&p.Timezone, "Europe/London")
	fill(&p.Country, "GB")
	t.mu.Lock()
	defer t.mu.Unlock()
	t.people = append(t.people, p)
	return p
}

// AddGroup adds a group and returns it; an empty ID is made from the name.
func (t *Tenant) AddGroup(g Group) Group {
	if g.ID == "" {
		g.ID = guidFor("group", g.Name)
	}
	g.Members = slices.Clone(g.Members)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.groups = append(t.groups, g)
	return g
}

// AddSignIn adds a row to the log and returns it as it was added. A UserID that names a person of the tenant fills the
// other properties of the user.
func (t *Tenant) AddSignIn(row SignIn) SignIn {
	row.complete(t.now, t.Person)
	t.mu.Lock()
	defer t.mu.Unlock()
	i, _ := slices.BinarySearchFunc(t.signIns, &row, newestFirst)
	t.signIns = slices.Insert(t.signIns, i, &row)
	return row
}

func newestFirst(a, b *SignIn) int {
	if c := b.CreatedDateTime.Compare(a.CreatedDateTime); c != 0 {
		return c
	}
	return strings.Compare(b.ID, a.ID)
}

// visible are the rows that the log shows at a time, newest first: those that have arrived and are not too old. Nobody
// changes rows once they are added.
func (t *Tenant) visible(now time.Time) []*SignIn {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(t.signIns), func(row *SignIn) bool {
		return row.VisibleFrom.After(now) || row.CreatedDateTime.Before(now.Add(-reportRetention))
	})
}

// People returns everybody.
func (t *Tenant) People() []Person {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.people)
}

// Person finds a person by object id or UPN, in any letter case.
func (t *Tenant) Person(name string) (Person, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.people {
		if strings.EqualFold(t.people[i].ID, name) || strings.EqualFold(t.people[i].UPN, name) {
			return t.people[i], true
		}
	}
	return Person{}, false
}

// MustPerson is Person for somebody who is known to exist, such as the samples; it panics when they do not.
func (t *Tenant) MustPerson(name string) Person {
	p, ok := t.Person(name)
	if !ok {
		panic(fmt.Sprintf("sandbox: there is no person %q", name))
	}
	return p
}

// Policies returns the Conditional Access policies.
func (t *Tenant) Policies() []Policy {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.policies)
}

// SetPolicy adds a policy, or puts it in the place of the one of the same id.
func (t *Tenant) SetPolicy(p Policy) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if i := slices.IndexFunc(t.policies, func(old Policy) bool { return old.ID == p.ID }); i >= 0 {
		t.policies[i] = p
		return
	}
	t.policies = append(t.policies, p)
}

// SetPremium says whether the tenant has the licence (Entra ID P1 or P2) that the sign-in log's API needs. It has it
// at the start.
func (t *Tenant) SetPremium(premium bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.unlicensed = !premium
}

func (t *Tenant) licensed() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return !t.unlicensed
}

// isMember reports whether somebody belongs to a group, directly or through groups within.
func (t *Tenant) isMember(groupID, personID string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	seen := map[string]bool{}
	var within func(id string) bool
	within = func(id string) bool {
		id = strings.ToLower(id)
		i := slices.IndexFunc(t.groups, func(g Group) bool { return strings.EqualFold(g.ID, id) })
		if i < 0 || seen[id] {
			return false
		}
		seen[id] = true
		return slices.ContainsFunc(t.groups[i].Members, func(m string) bool { return strings.EqualFold(m, personID) || within(m) })
	}
	return within(groupID)
}
