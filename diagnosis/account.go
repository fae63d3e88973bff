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

// ofAccount returns the rows of one account. Rows of an old name are found through the object id of a newer row,
// and rows without a usable object id through the name.
func ofAccount(rows []SignIn, account string) []SignIn {
	if account == "" {
		return rows
	}
	ids, names := map[string]bool{}, map[string]bool{}
	for i := range rows {
		if rows[i].is(account) {
			if id := strings.ToLower(rows[i].UserID); id != "" && id != emptyID {
				ids[id] = true
			}
			if name := foldAccount(rows[i].UserPrincipalName); name != "" {
				names[name] = true
			}
		}
	}
	own := make([]SignIn, 0, len(rows))
	for i := range rows {
		id := strings.ToLower(rows[i].UserID)
		switch {
		case rows[i].is(account), ids[id]:
			own = append(own, rows[i])
		case (id == "" || id == emptyID) && names[foldAccount(rows[i].UserPrincipalName)]:
			own = append(own, rows[i])
		}
	}
	return own
}

func (s *SignIn) is(account string) bool {
	return SameAccount(s.UserID, account) || SameAccount(s.UserPrincipalName, account) || SameAccount(s.SignInIdentifier, account)
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
