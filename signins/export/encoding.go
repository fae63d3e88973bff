package export

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"

	"golang.org/x/text/encoding/unicode"
)

// longestFile bounds a file after it was decompressed. No more of it than a few batches is in memory, so this is for a small
// file that would be unpacked for ever.
const longestFile = 16 << 30

// byteOrderMark is UTF-8's.
const byteOrderMark = "\xEF\xBB\xBF"

// errTooLong ends a file that is longer than it may be.
var errTooLong = fmt.Errorf("the file is longer than %d GiB", longestFile>>30)

// decodeText returns the file, of which at most so many bytes are read, as UTF-8. A byte order mark of UTF-8 stays; elements skips it.
func decodeText(r io.Reader, most int64) (io.Reader, error) {
	raw := bufio.NewReader(r)
	if begins(raw, "\x1F\x8B") {
		plain, err := gzip.NewReader(raw)
		if err != nil {
			return nil, unreadable(1, err)
		}
		raw = bufio.NewReader(&bounded{in: plain, left: most + 1})
	} else {
		raw = bufio.NewReader(&bounded{in: raw, left: most + 1})
	}
	switch {
	case begins(raw, "\xFF\xFE\x00\x00"), begins(raw, "\x00\x00\xFE\xFF"):
		return nil, problem(1, "found text in UTF-32", "save the file as UTF-8")
	case begins(raw, "\xFF\xFE"), begins(raw, "\xFE\xFF"):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(raw), nil
	}
	return raw, nil
}

func begins(r *bufio.Reader, with string) bool {
	start, _ := r.Peek(len(with))
	return string(start) == with
}

// bounded is io.LimitedReader, but a longer file is an error.
type bounded struct {
	in   io.Reader
	left int64 // one more than may be read
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, errTooLong
	}
	n, err := b.in.Read(p[:min(int64(len(p)), b.left)])
	if b.left -= int64(n); b.left == 0 {
		err = errTooLong
	}
	return n, err
}

// unreadable is the error of a file that stops giving bytes.
func unreadable(line int, err error) error {
	switch {
	case errors.Is(err, errTooLong):
		return problem(line, err.Error(), "export a shorter time, or only the account's sign-ins")
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.Is(err, io.ErrUnexpectedEOF):
		return problem(line, fmt.Sprintf("the gzip file is damaged or incomplete (%v)", err), exportAgain)
	}
	return fmt.Errorf("line %d: read the file: %w", line, err)
}
