package diagnosis

import "time"

// Streak is a failure that repeats itself: the same code at the same app since it last worked there.
type Streak struct {
	Since    time.Time `json:"since,omitzero"`     // the first of the failures; zero when the rows have no times
	Times    int       `json:"times"`              // how many there are, the deciding one included
	LastGood time.Time `json:"last_good,omitzero"` // when the app was last let in before them; zero when no row shows it
}

// streak follows the deciding row back through rows, which are sorted oldest first.
func streak(row *SignIn, rows []SignIn) Streak {
	s := Streak{Since: row.Time, Times: 1}
	if row.Time.IsZero() {
		return s
	}
	who, where := person(row), app(row)
	for i := range rows {
		r := &rows[i]
		if r.Time.IsZero() || !r.Time.Before(row.Time) || person(r) != who || app(r) != where {
			continue
		}
		switch {
		case passed(r):
			s = Streak{Since: row.Time, Times: 1, LastGood: r.Time}
		case refused(r) && r.ErrorCode == row.ErrorCode:
			if s.Times == 1 {
				s.Since = r.Time
			}
			s.Times++
		}
	}
	return s
}
