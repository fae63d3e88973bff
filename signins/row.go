package signins

import (
	"cmp"

	"signpost/diagnosis"
)

// Row is a sign-in that was read to its end, so that it is known to be sound, but decoded only as far as it takes to tell
// whose it is. A file holds a whole tenant's sign-ins, of which one account's are wanted.
type Row struct {
	diagnosis.Names
	IsSignIn bool                    // it holds an outcome or an application; anything else is no sign-in
	SignIn   func() diagnosis.SignIn // decodes the rest, from the text that was read; call it before that text changes
}

// row is the row that decode decodes.
func (w *wireSignIn) row(decode func() diagnosis.SignIn) Row {
	return Row{
		Names: diagnosis.Names{
			UserID: w.UserID.id(), UserPrincipalName: string(w.UserPrincipalName), SignInIdentifier: w.identifier(),
		},
		IsSignIn: w.Status.value.ErrorCode.set || w.AppID.id() != "" || w.AppDisplayName != "",
		SignIn:   decode,
	}
}

// identifier is what the person typed.
func (w *wireSignIn) identifier() string {
	return cmp.Or(string(w.SignInIdentifier), string(w.AlternateSignInName))
}

// decoded decodes a row to its end.
func decoded(row Row, err error) (diagnosis.SignIn, error) {
	if err != nil {
		return diagnosis.SignIn{}, err
	}
	return row.SignIn(), nil
}
