package intake_test

import (
	"fmt"
	"os"
	"signpost/intake"
	"strings"
	"testing"
)

func TestProbe(t *testing.T) {
	data, _ := os.ReadFile("/tmp/intake_probe.txt")
	for _, c := range strings.Split(string(data), "\n=====\n") {
		u := intake.Read(c, now)
		s := c
		if len(s) > 110 {
			s = s[:110]
		}
		fmt.Printf("%q\n   F=%v code=%d acc=%q all=%q prod=%s time=%v lang=%s\n", s, u.OnboardingFailure, u.ErrorCode, u.Account, u.Accounts, u.Product, u.Time, u.Language)
	}
}
