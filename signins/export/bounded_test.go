package export

import "io"

// ReadAtMost is Read with other limits: for the whole file, and for the rows that are kept.
func ReadAtMost(r io.Reader, q Query, file int64, rows int) (Log, error) {
	return read(r, q, limits{file: file, kept: rows})
}
