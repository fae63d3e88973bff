package diagnosis_test

import (
	"encoding/csv"
	"os"
	"slices"
	"strconv"
	"testing"

	"signpost/diagnosis"
)

// The two lists hold the codes that signpost promises to know, with their categories.
func TestEveryListedCodeIsKnownWithItsCategory(t *testing.T) {
	t.Parallel()
	listed := 0
	for _, file := range []string{"testdata/aadsts.csv", "testdata/aadsts_extra.csv"} {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(f).ReadAll()
		f.Close()
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, row := range rows[1:] {
			number, err := strconv.Atoi(row[0])
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			listed++
			code, known := diagnosis.LookUp(number)
			if !known || code.Name != row[1] || string(code.Category) != row[2] {
				t.Errorf("LookUp(%d) = %s, %s, %v; want %s, %s", number, code.Name, code.Category, known, row[1], row[2])
			}
		}
	}
	if got := len(diagnosis.Codes()); got != listed {
		t.Errorf("the table holds %d codes, the lists %d", got, listed)
	}
}

func TestTheTableUsesOnlyKnownFixersAndInterrupts(t *testing.T) {
	t.Parallel()
	fixers := []diagnosis.Fixer{
		diagnosis.FixUser, diagnosis.FixHelpdesk, diagnosis.FixDeviceAdmin, diagnosis.FixConditionalAccess,
		diagnosis.FixAppAdmin, diagnosis.FixCrossTenantAdmin, diagnosis.FixSecurity, diagnosis.FixMicrosoft,
	}
	for _, c := range diagnosis.Codes() {
		switch c.Interrupt {
		case diagnosis.InterruptNo, diagnosis.InterruptYes, diagnosis.InterruptStep:
		default:
			t.Errorf("code %d: interrupt %q", c.Number, c.Interrupt)
		}
		if c.Category == diagnosis.OrdinaryStep && c.Interrupt == diagnosis.InterruptNo {
			t.Errorf("code %d is an ordinary step and no interrupt", c.Number)
		}
		if len(c.Fixers) == 0 {
			t.Errorf("code %d: nobody can fix it", c.Number)
		}
		for _, f := range c.Fixers {
			if !slices.Contains(fixers, f) {
				t.Errorf("code %d: fixer %q", c.Number, f)
			}
		}
	}
}

// What the codes that matter most to onboarding mean was read in Microsoft's references one by one.
func TestWhatTheDecidingCodesMean(t *testing.T) {
	t.Parallel()
	tests := map[int]struct {
		interrupt diagnosis.Interrupt
		fixers    []diagnosis.Fixer
	}{
		50173:  {diagnosis.InterruptNo, []diagnosis.Fixer{"user", "helpdesk"}},
		700084: {diagnosis.InterruptNo, []diagnosis.Fixer{"user"}},
		70043:  {diagnosis.InterruptNo, []diagnosis.Fixer{"user", "conditional-access-admin"}},
		53003:  {diagnosis.InterruptNo, []diagnosis.Fixer{"user", "conditional-access-admin"}},
		53000:  {diagnosis.InterruptNo, []diagnosis.Fixer{"user", "device-admin"}},
		50074:  {diagnosis.InterruptStep, []diagnosis.Fixer{"user", "helpdesk"}},
		50140:  {diagnosis.InterruptYes, []diagnosis.Fixer{"user"}},
		50055:  {diagnosis.InterruptStep, []diagnosis.Fixer{"user", "helpdesk"}},
		500014: {diagnosis.InterruptNo, []diagnosis.Fixer{"user", "app-admin"}},
		530004: {diagnosis.InterruptNo, []diagnosis.Fixer{"user", "conditional-access-admin", "cross-tenant-admin"}},
		90033:  {diagnosis.InterruptNo, []diagnosis.Fixer{"user", "microsoft"}},
	}
	for number, want := range tests {
		code, _ := diagnosis.LookUp(number)
		if code.Interrupt != want.interrupt || !slices.Equal(code.Fixers, want.fixers) {
			t.Errorf("code %d: interrupt %s, fixers %v; want %s, %v", number, code.Interrupt, code.Fixers, want.interrupt, want.fixers)
		}
	}
}
