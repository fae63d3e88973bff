package diagnosis

import (
	"cmp"
	"slices"
	"strings"
)

// ofResource are codes that speak of the resource, not of the app that asked for it.
// Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
var ofResource = []int{500011, 500014, 650052, 650058, 7000117}

// authenticationBroker is the app through which others sign in on a device; nobody opens it.
const authenticationBroker = "29d9ed98-a469-4536-ade2-f981bc1d605e"

// directory is Windows Azure Active Directory, for which a device signs in by itself; nobody opens that either.
const directory = "00000002-0000-0000-c000-000000000000"

// About names the app or service of which the finding speaks, as the log spells it; empty when no row decides or it
// names none that a person knows.
func (f *Finding) About() string {
	if f.SignIn == nil {
		return ""
	}
	row := f.SignIn
	broker := strings.EqualFold(row.AppID, authenticationBroker)
	switch {
	case broker && strings.EqualFold(row.ResourceID, directory):
		return ""
	case broker || slices.Contains(ofResource, row.ErrorCode):
		return cmp.Or(row.Resource, row.App)
	}
	return cmp.Or(row.App, row.Resource)
}
