package sandbox

import (
	"slices"
	"sync"
	"time"
)

// pages remembers where each @odata.nextLink of the sign-in log goes on.
type pages struct {
	mu   sync.Mutex
	next map[string]bookmark
}

// bookmark is the last row of a page. Rows that appear later do not shift the pages that follow.
type bookmark struct {
	key    string
	number int // of the page that follows, from 0
	at     time.Time
	id     string
}

func (p *pages) known(q reportQuery) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	mark, ok := p.next[q.after]
	return ok && mark.key == q.key
}

// cut returns the page that the query asks for and the token for the next one, empty at the end.
func (p *pages) cut(q reportQuery, rows []*SignIn) (page []*SignIn, next string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	mark := p.next[q.after]
	if q.after != "" {
		i := slices.IndexFunc(rows, func(row *SignIn) bool { return row.follows(mark, q.ascending) })
		if i < 0 {
			i = len(rows)
		}
		rows = rows[i:]
	}
	size := pageSize(q.top, mark.number)
	if len(rows) <= size {
		return rows, ""
	}
	page = rows[:size]
	last := page[size-1]
	next = newGUID()
	if p.next == nil {
		p.next = map[string]bookmark{}
	}
	p.next[next] = bookmark{q.key, mark.number + 1, last.CreatedDateTime, last.ID}
	return page, next
}

// pageSize varies, because Graph's does: $top is the most that a page holds, and a shorter page is not the last one.
// Source: https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/16188
func pageSize(top, number int) int {
	switch number % 3 {
	case 0:
		return top
	case 1:
		return max(1, top/2)
	default:
		return max(1, top-1)
	}
}

func (row *SignIn) follows(mark bookmark, ascending bool) bool {
	if row.CreatedDateTime.Equal(mark.at) {
		return (row.ID > mark.id) == ascending && row.ID != mark.id
	}
	return row.CreatedDateTime.After(mark.at) == ascending
}
