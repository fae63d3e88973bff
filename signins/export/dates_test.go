package export_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/signins/export"
)

func TestAColumnOfTimesSaysOnceWhatWasAssumed(t *testing.T) {
	t.Parallel()
	const (
		zone  = "its times name no time zone, such as "
		local = "; they were taken for UTC: if they are local, export with times in UTC"
	)
	at := func(month time.Month, day, hour int) time.Time {
		return time.Date(2026, month, day, hour, 4, 5, 0, time.UTC)
	}
	tests := map[string]struct {
		heading string
		cells   []string
		want    []time.Time
		says    []string
	}{
		"the portal in UTC": {"Date (UTC)", []string{"2026-11-20T08:04:05Z", "2026-11-20T08:04:05"}, []time.Time{at(11, 20, 8), at(11, 20, 8)}, nil},
		"the portal in local time": {
			"Date (Local time)",
			[]string{"2026-11-20T08:04:05", "2026-11-20T09:04:05"},
			[]time.Time{at(11, 20, 8), at(11, 20, 9)},
			[]string{`column "Date (Local time)": ` + zone + `"2026-11-20T08:04:05"` + local},
		},
		"the portal with a zone in the cells": {"Date", []string{"2026-11-20T09:04:05+01:00"}, []time.Time{at(11, 20, 8)}, nil},
		"the portal with a zone in the heading": {
			"Date (UTC+07:00)", []string{"20.11.2026 08:04:05"}, []time.Time{at(11, 20, 8)}, []string{`column "Date (UTC+07:00)": ` + zone + `"20.11.2026 08:04:05"` + local},
		},
		"Log Analytics, American": {"TimeGenerated [UTC]", []string{"11/20/2026, 8:04:05.000 AM", "11/20/2026, 12:04:05.000 AM"}, []time.Time{at(11, 20, 8), at(11, 20, 0)}, nil},
		"Log Analytics, American, where it could be otherwise": {
			"TimeGenerated [UTC]",
			[]string{"11/11/2026, 8:04:05 AM", "11/2/2026, 8:04:05 PM", "11/3/2026, 8:04:05 PM"},
			[]time.Time{at(11, 11, 8), at(11, 2, 20), at(11, 3, 20)},
			[]string{`column "TimeGenerated [UTC]": dates such as "11/2/2026, 8:04:05 PM" were read as month/day/year: if that is wrong, export JSON`},
		},
		"Log Analytics, British": {
			"TimeGenerated [UTC]",
			[]string{"20/11/2026, 08:04:05", "02/11/2026, 08:04:05.000", "2/11/2026, 8:04:05 pm"},
			[]time.Time{at(11, 20, 8), at(11, 2, 8), at(11, 2, 20)},
			[]string{`column "TimeGenerated [UTC]": dates such as "02/11/2026, 08:04:05.000" were read as day/month/year: if that is wrong, export JSON`},
		},
		"Log Analytics, Japanese": {"TimeGenerated [UTC]", []string{"2026/11/20 8:04:05"}, []time.Time{at(11, 20, 8)}, nil},
		"times that nobody reads": {
			"TimeGenerated [UTC]",
			[]string{"2026-11-20T08:04:05Z", "20 Kasım 2026", "", "soon"},
			[]time.Time{at(11, 20, 8), {}, {}, {}},
			[]string{`column "TimeGenerated [UTC]": 2 of its times cannot be read, such as "20 Kasım 2026"; their rows count as without a time: export JSON, or a table whose times look like 2026-11-23T07:04:00Z`},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			headings, row := "ResultType\tAppId\t", "0\tapp\t"
			if strings.HasPrefix(test.heading, "Date") {
				headings = "Sign-in error code\tApplication\t"
			}
			log := read(t, headings+test.heading+"\n"+row+strings.Join(test.cells, "\n"+row)+"\n")
			var times []time.Time
			for _, s := range log.SignIns {
				times = append(times, s.Time)
			}
			if diff := cmp.Diff(test.want, times); diff != "" {
				t.Errorf("times (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.says, log.Warnings); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatIsAssumedIsSaidAfterRowsThatAreSkipped(t *testing.T) {
	t.Parallel()
	log, err := export.Read(strings.NewReader("Date\tSign-in error code\tApplication\nx\t0\tapp\n"+strings.Repeat("x\n", 30)), export.Query{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(log.Warnings); n != 21 || log.Warnings[19] != "and 11 more rows were skipped" || !strings.HasPrefix(log.Warnings[20], `column "Date": 1 of its times`) {
		t.Errorf("%d warnings: %q", n, log.Warnings)
	}
}
