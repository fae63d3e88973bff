package export

import (
	"runtime"
	"sync"
	"sync/atomic"

	"signpost/diagnosis"
)

// The size of a batch: rows that are decoded together, on all processors, and kept in the file's order.
const (
	batchRows  = 512
	batchBytes = 4 << 20
)

// waiting is a row that was read and is not decoded yet.
type waiting struct {
	decode func([]byte) (diagnosis.SignIn, error)
	raw    []byte
	line   int
	beta   bool
	page   *page

	signIn diagnosis.SignIn
	err    error
}

// batch are the rows that wait, and the buffer that holds their text.
type batch struct {
	rows []waiting
	text []byte
}

// later takes a row to be decoded with others. raw may be used again at once.
func (f *file) later(decode func([]byte) (diagnosis.SignIn, error), raw []byte, line int, beta bool, p *page) {
	if len(f.batch.rows) == batchRows || len(f.batch.rows) > 0 && len(f.batch.text)+len(raw) > batchBytes {
		f.flush()
	}
	begin := len(f.batch.text) // should text grow and move, the rows before keep what they point to
	f.batch.text = append(f.batch.text, raw...)
	f.batch.rows = append(f.batch.rows, waiting{decode: decode, raw: f.batch.text[begin:], line: line, beta: beta, page: p})
}

// flush decodes the rows that wait, and keeps them.
func (f *file) flush() {
	rows := f.batch.rows
	var next atomic.Int64
	var busy sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(rows)) {
		busy.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(rows); i = int(next.Add(1)) - 1 {
				rows[i].signIn, rows[i].err = rows[i].decode(rows[i].raw)
			}
		})
	}
	busy.Wait()
	for i := range rows {
		f.keep(&rows[i])
	}
	clear(rows)
	f.batch.rows, f.batch.text = rows[:0], f.batch.text[:0]
}

// keep takes a decoded row into the log, or a warning in its place.
func (f *file) keep(row *waiting) {
	f.log.Read++
	s := &row.signIn
	switch {
	case row.err != nil:
		f.skip(row.line, row.err.Error())
	case !s.HasStatus && s.AppID == "" && s.App == "":
		f.skip(row.line, "not a sign-in: it has neither a status nor an application")
	default:
		f.log.SignIns = append(f.log.SignIns, *s)
		row.page.rows = true
		row.page.beta = row.page.beta || row.beta
	}
}

// skipNow skips a row that is not worth decoding.
func (f *file) skipNow(line int, why string) {
	f.flush()
	f.log.Read++
	f.skip(line, why)
}
