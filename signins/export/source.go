package export

import (
	"fmt"
	"io"
	"os"
)

// source is where a file comes from. It counts the bytes that were read, and can be read again from its beginning.
type source struct {
	in     io.Reader
	whole  io.ReadSeeker // the file, or the copy of a stream that cannot be read twice; nil when once is enough
	begin  int64         // where the file begins in whole
	copied *os.File      // the copy; nil when there is none
	named  bool          // the copy still has a name
	bytes  int64
}

// open prepares to read, and to read again where twice may be asked for. A stream, such as standard input, is then copied to a
// temporary file while it is read.
func open(r io.Reader, twice bool) (*source, error) {
	s := &source{in: r}
	if !twice {
		return s, nil
	}
	if file, ok := r.(io.ReadSeeker); ok {
		if at, err := file.Seek(0, io.SeekCurrent); err == nil {
			s.whole, s.begin = file, at
			return s, nil
		}
	}
	copied, err := os.CreateTemp("", "signpost-*")
	if err != nil {
		return nil, fmt.Errorf("copy the stream, to read it twice: %w: save it to a file and give that", err)
	}
	// It should go whatever becomes of us. Windows keeps the name of a file that is open.
	s.named = os.Remove(copied.Name()) != nil
	s.whole, s.copied, s.in = copied, copied, io.TeeReader(r, copied)
	return s, nil
}

// Read implements io.Reader.
func (s *source) Read(p []byte) (int, error) {
	n, err := s.in.Read(p)
	s.bytes += int64(n)
	return n, err
}

// again goes back to the beginning.
func (s *source) again() error {
	s.in, s.bytes = s.whole, 0
	if _, err := s.whole.Seek(s.begin, io.SeekStart); err != nil {
		return fmt.Errorf("read the file again: %w", err)
	}
	return nil
}

// close removes the copy.
func (s *source) close() error {
	if s.copied == nil {
		return nil
	}
	err := s.copied.Close()
	if s.named {
		err = os.Remove(s.copied.Name())
	}
	return err
}
