package export

import (
	"runtime"
	"sync"
	"sync/atomic"

	"signpost/diagnosis"
	"signpost/signins"
)

// The size of a batch: rows that are decoded together, on all processors.
const (
	batchRows  = 512
	batchBytes = 4 << 20
)

// waiting is what was read and is not dealt with yet: a row, a row that cannot be read, or the end of a page.
type waiting struct {
	read  func([]byte) (signins.Row, error)
	raw   []byte
	line  int
	beta  bool
	page  *page
	ends  bool  // the page ends here
	err   error // why the row cannot be read
	row   signins.Row
	whole diagnosis.SignIn // the decoded row
	own   bool             // it is asked for, and whole
}

// batch is what waits, in the file's order, and the buffer that holds the text of its rows.
type batch struct {
	waiting []waiting
	text    []byte
	busy    sync.WaitGroup // of those who decode it
}

// later takes a row to be decoded with others. raw may be used again at once.
func (f *file) later(read func([]byte) (signins.Row, error), raw []byte, line int, beta bool, p *page) {
	if b := f.filling; len(b.text) > 0 && len(b.text)+len(raw) > batchBytes {
		f.pass()
	}
	b := f.filling
	begin := len(b.text) // should text grow and move, the rows before keep what they point to
	b.text = append(b.text, raw...)
	f.wait(waiting{read: read, raw: b.text[begin:], line: line, beta: beta, page: p})
}

// skipRow takes a row that is not worth decoding.
func (f *file) skipRow(line int, why error) { f.wait(waiting{line: line, err: why}) }

func (f *file) wait(w waiting) {
	f.filling.waiting = append(f.filling.waiting, w)
	if len(f.filling.waiting) == batchRows {
		f.pass()
	}
}

// pass hands over the batch that was filled, to be decoded while the next one is being filled.
func (f *file) pass() {
	f.settle()
	f.filling, f.decoding = f.decoding, f.filling
	f.decode(f.decoding)
}

// flush deals with all that waits.
func (f *file) flush() {
	f.pass()
	f.settle()
}

func (f *file) decode(b *batch) {
	var next atomic.Int64
	for range min(runtime.GOMAXPROCS(0), len(b.waiting)) {
		b.busy.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(b.waiting); i = int(next.Add(1)) - 1 {
				f.decodeOne(&b.waiting[i])
			}
		})
	}
}

func (f *file) decodeOne(w *waiting) {
	if w.read == nil {
		return
	}
	w.row, w.err = w.read(w.raw)
	if w.err == nil && w.row.IsSignIn && (f.search == nil || f.search.Named(w.row.Names)) {
		w.whole, w.own = w.row.SignIn(), true
	}
}

// settle waits for the batch that is being decoded, and takes its rows over in the file's order.
func (f *file) settle() {
	b := f.decoding
	b.busy.Wait()
	for i := range b.waiting {
		f.take(&b.waiting[i])
	}
	clear(b.waiting)
	b.waiting, b.text = b.waiting[:0], b.text[:0]
	if f.query.Progress != nil {
		f.query.Progress(f.log.Read, f.source.bytes)
	}
}
