package diagnosis

import "strings"

// emptyID is what rows carry that could not tell who signed in, such as those of code 50058.
const emptyID = "00000000-0000-0000-0000-000000000000"

// SameAccount reports whether two ways to write an account mean the same one: letter case does not count, and a
// guest's #EXT# name (ana_fabrikam.com#EXT#@contoso.onmicrosoft.com) is the same as their address (ana@fabrikam.com).
func SameAccount(a, b string) bool {
	a, b = foldAccount(a), foldAccount(b)
	return a != "" && a == b
}

// Names are the members of a row that tell whose it is.
type Names struct {
	UserID, UserPrincipalName, SignInIdentifier string
}

// Names returns the row's names.
func (s *SignIn) Names() Names { return Names{s.UserID, s.UserPrincipalName, s.SignInIdentifier} }

// Owner is what the rows of one person have in common: the object id, or in a row without a usable one the name.
type Owner struct{ id, name string }

// Owner returns whose row it is by its own account.
func (n Names) Owner() Owner {
	if id := strings.ToLower(n.UserID); id != "" && id != emptyID {
		return Owner{id: id}
	}
	return Owner{name: foldAccount(n.UserPrincipalName)}
}

// Search finds the rows of one account. Rows of an old name are found through the object id of a newer row, and rows
// without a usable object id through the name, so all rows must have been learned before any is asked about.
type Search struct {
	account string
	owners  map[Owner]bool
}

// NewSearch returns a search for an account, which is written as in Case.
func NewSearch(account string) *Search {
	return &Search{account: foldAccount(account), owners: map[Owner]bool{}}
}

// Named reports whether a row names the account itself.
func (s *Search) Named(n Names) bool {
	return s.account != "" && (foldAccount(n.UserID) == s.account || foldAccount(n.UserPrincipalName) == s.account ||
		foldAccount(n.SignInIdentifier) == s.account)
}

// Learn takes over what a row that names the account says of it, and returns what is new of that.
func (s *Search) Learn(n Names) []Owner {
	var learned []Owner
	for _, o := range []Owner{n.Owner(), {name: foldAccount(n.UserPrincipalName)}} {
		if o != (Owner{}) && !s.owners[o] {
			s.owners[o] = true
			learned = append(learned, o)
		}
	}
	return learned
}

// Finds reports whether a row is the account's, by all that was learned.
func (s *Search) Finds(n Names) bool { return s.owners[n.Owner()] || s.Named(n) }

// ofAccount returns the rows of one account.
func ofAccount(rows []SignIn, account string) []SignIn {
	if account == "" {
		return rows
	}
	search := NewSearch(account)
	for i := range rows {
		if n := rows[i].Names(); search.Named(n) {
			search.Learn(n)
		}
	}
	own := make([]SignIn, 0, len(rows))
	for i := range rows {
		if search.Finds(rows[i].Names()) {
			own = append(own, rows[i])
		}
	}
	return own
}

func foldAccount(name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	if local, _, guest := strings.Cut(name, "#ext#"); guest {
		if i := strings.LastIndexByte(local, '_'); i > 0 {
			return local[:i] + "@" + local[i+1:]
		}
		return local
	}
	return name
}
