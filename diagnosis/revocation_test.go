package diagnosis_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/diagnosis"
)

func TestTheNewestRevocationBeforeTheFailureIsTold(t *testing.T) {
	t.Parallel()
	of := func(at time.Time, kind diagnosis.RevocationKind) diagnosis.Revocation {
		return diagnosis.Revocation{UserID: ana, Kind: kind, Time: at, By: "mira@contoso.com"}
	}
	early, late := of(clock("07:00"), diagnosis.RevokedDisabled), of(clock("08:00"), diagnosis.RevokedSessions)
	others := of(clock("08:00"), diagnosis.RevokedSessions)
	others.UserID = "5d0c2f4e-0000-4000-8000-00000000000b"
	capitals := late
	capitals.UserID = strings.ToUpper(ana)
	reset := of(clock("08:00").Add(-2*time.Second), diagnosis.RevokedPasswordReset)
	changed := of(clock("08:00").Add(-4*time.Second), diagnosis.RevokedPasswordChange)
	type all = []diagnosis.Revocation
	tests := map[string]struct {
		code int
		all  all
		want *diagnosis.Revocation
	}{
		"the newest of two":                  {50173, all{early, late}, &late},
		"in any order":                       {50133, all{late, early}, &late},
		"an id in capitals":                  {50132, all{capitals}, &capitals},
		"one at the very moment":             {50173, all{of(clock("09:00"), diagnosis.RevokedEnabled)}, new(of(clock("09:00"), diagnosis.RevokedEnabled))},
		"not one that came after":            {50173, all{early, of(clock("09:01"), diagnosis.RevokedSessions)}, &early},
		"not somebody else's":                {50173, all{others}, nil},
		"not one of months ago":              {50173, all{of(clock("08:00").AddDate(0, 0, -31), diagnosis.RevokedSessions)}, nil},
		"not for another failure":            {700084, all{late}, nil},
		"a reset moves the tokens' time too": {50173, all{late, reset}, &reset},
		"by oneself says more than reset":    {50173, all{reset, changed, late}, &changed},
		"a reset of long before is another":  {50173, all{of(clock("07:30"), diagnosis.RevokedPasswordReset), late}, &late},
		"nothing is known":                   {50173, nil, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := diagnosis.Diagnose(diagnosis.Case{SignIns: []diagnosis.SignIn{row("09:00", test.code, silent)}, Revocations: test.all})
			if diff := cmp.Diff(test.want, f.Revoked); diff != "" {
				t.Errorf("revoked (-want +got):\n%s", diff)
			}
		})
	}
}
