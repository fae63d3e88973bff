package limit_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/limit"
)

// noon is when the tests begin.
var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

func TestActsHappenAsSoonAsEveryRateAllows(t *testing.T) {
	t.Parallel()
	two, three := limit.Rate{Most: 2, Period: time.Second}, limit.Rate{Most: 3, Period: 10 * time.Second}
	for _, r := range []struct {
		name  string
		rates []limit.Rate
		asked []time.Duration // after noon, in order
		want  []time.Duration
	}{
		{"no rate", nil, []time.Duration{0, 0, 0}, []time.Duration{0, 0, 0}},
		{"one rate, asked at once", []limit.Rate{two}, []time.Duration{0, 0, 0, 0, 0}, []time.Duration{0, 0, time.Second, time.Second, 2 * time.Second}},
		{"a rest earns nothing", []limit.Rate{two}, []time.Duration{0, 999, 1000, 1000}, []time.Duration{0, 999, time.Second, time.Second + 999}},
		{"two rates", []limit.Rate{two, three}, []time.Duration{0, 0, 0, 0, 0}, []time.Duration{0, 0, time.Second, 10 * time.Second, 10 * time.Second}},
		{"the order of rates does not count", []limit.Rate{three, two}, []time.Duration{0, 0, 0, 0, 0}, []time.Duration{0, 0, time.Second, 10 * time.Second, 10 * time.Second}},
		{"a gap is used", []limit.Rate{two}, []time.Duration{5 * time.Second, 5 * time.Second, 0, 3 * time.Second, 4500 * time.Millisecond}, []time.Duration{5 * time.Second, 5 * time.Second, 0, 3 * time.Second, 6 * time.Second}},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			s := limit.NewSchedule(r.rates...)
			var got []time.Duration
			for _, from := range r.asked {
				at := s.Next(noon.Add(from))
				s.Add(at)
				got = append(got, at.Sub(noon))
			}
			if diff := cmp.Diff(r.want, got); diff != "" {
				t.Errorf("when acts happen (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNoPeriodEverHoldsTooManyActs(t *testing.T) {
	t.Parallel()
	rates := []limit.Rate{{Most: 7, Period: time.Second}, {Most: 8, Period: 2 * time.Second}, {Most: 60, Period: 30 * time.Second}}
	for seed := range uint64(20) {
		random, s, now := rand.New(rand.NewPCG(seed, 1)), limit.NewSchedule(rates...), noon
		var acts []time.Time
		for range 400 {
			now = now.Add(time.Duration(random.IntN(300)) * time.Millisecond)
			s.Forget(now)
			at := s.Next(now.Add(time.Duration(random.IntN(2000)) * time.Millisecond)) // some wait for something else too
			s.Add(at)
			acts = append(acts, at)
		}
		slices.SortFunc(acts, time.Time.Compare)
		for _, r := range rates {
			for i := r.Most; i < len(acts); i++ {
				if span := acts[i].Sub(acts[i-r.Most]); span < r.Period {
					t.Fatalf("seed %d: %d acts within %s, of which at most %d may be in %s", seed, r.Most+1, span, r.Most, r.Period)
				}
			}
		}
	}
}

func TestWhatNoLongerCountsIsForgotten(t *testing.T) {
	t.Parallel()
	s := limit.NewSchedule(limit.Rate{Most: 1, Period: time.Second}, limit.Rate{Most: 5, Period: time.Minute})
	if !s.Forget(noon) {
		t.Error("a schedule without acts is not empty")
	}
	s.Add(s.Next(noon))
	if s.Forget(noon.Add(time.Minute - 1)) {
		t.Error("an act was forgotten while it counted")
	}
	if !s.Forget(noon.Add(time.Minute)) {
		t.Error("an act that no longer counts was not forgotten")
	}
}
