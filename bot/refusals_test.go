package bot_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestAFloodOfRefusalsIsCountedAndNotWrittenOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		refused := func(times int, claims members) {
			header := "Bearer " + signed(t, "good", "good", claims, nil)
			for range times {
				request := delivery(t, message(nil))
				request.Header.Set("Authorization", header)
				if w := d.post(request); w.Code != http.StatusUnauthorized {
					t.Fatalf("the answer is %d, want 401", w.Code)
				}
			}
		}
		lines := func(rule string) (single, sums int) {
			synctest.Wait()
			for line := range strings.Lines(d.log.String()) {
				switch {
				case !strings.Contains(line, "rule="+rule):
				case strings.Contains(line, `msg="an activity was refused"`):
					single++
				default:
					sums++
				}
			}
			return single, sums
		}
		refused(1000, members{"iss": "https://evil.example/"})
		refused(1, members{"aud": "another"})
		if single, sums := lines("issuer"); single != 10 || sums != 0 {
			t.Errorf("in the first minute %d lines and %d sums tell of 1000 refusals, want 10 and none", single, sums)
		}
		if single, _ := lines("audience"); single != 1 {
			t.Errorf("another rule has %d lines of its own, want 1", single)
		}
		time.Sleep(time.Minute)
		if single, sums := lines("issuer"); single != 10 || sums != 1 || !strings.Contains(d.log.String(), "count=990") {
			t.Errorf("after a minute there are %d lines and %d sums, want 10 and one of 990; log: %s", single, sums, d.log)
		}
		if _, sums := lines("audience"); sums != 0 {
			t.Errorf("there are %d sums of a rule that was broken once", sums)
		}
		refused(1, members{"iss": "https://evil.example/"})
		if single, _ := lines("issuer"); single != 11 {
			t.Errorf("in the next minute the first refusal is not logged: %d lines", single)
		}
		time.Sleep(time.Minute)
	})
}
