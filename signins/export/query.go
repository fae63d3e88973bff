package export

import (
	"strings"
	"time"

	"signpost/diagnosis"
)

// Query says which of a file's rows matter. A file holds a whole tenant's sign-ins and may be larger than the memory.
type Query struct {
	Account       string    // whose rows, written as in diagnosis.Case; empty: everybody's
	At            time.Time // rows around this time matter most; zero: the newest ones
	CorrelationID string    // rows that the pasted error names matter most of all, and then, without At, those around them
	RequestID     string

	// Progress is told now and then how many rows and bytes of the file were read, of those that are read in this pass;
	// nil when nobody wants to know.
	Progress func(rows int, bytes int64)
}

// namesRows reports whether the pasted error names any row.
func (q *Query) namesRows() bool { return q.CorrelationID != "" || q.RequestID != "" }

// names reports whether the pasted error names a row.
func (q *Query) names(s *diagnosis.SignIn) bool {
	return q.CorrelationID != "" && strings.EqualFold(s.CorrelationID, q.CorrelationID) ||
		q.RequestID != "" && (strings.EqualFold(s.ID, q.RequestID) || strings.EqualFold(s.OriginalRequestID, q.RequestID))
}
