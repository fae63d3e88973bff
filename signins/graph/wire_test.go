package graph

import (
	"net"
	"sync"
	"time"
)

// listener accepts what is put on the wire.
type listener struct {
	wire   chan net.Conn
	closed chan struct{}
	once   sync.Once
}

// Accept returns the far end of a dialled connection.
func (l *listener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.wire:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close ends Accept.
func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr names the wire.
func (*listener) Addr() net.Addr { return &net.UnixAddr{Name: "memory", Net: "unix"} }

// buffered is an end of a net.Pipe whose writes do not wait for the reader. Without that two ends that say goodbye at
// the same time wait for each other, under locks that keep the bubble's clock from moving on.
type buffered struct {
	net.Conn
	queue  chan []byte
	closed chan struct{}
	once   sync.Once
}

func newBuffered(end net.Conn) *buffered {
	b := &buffered{Conn: end, queue: make(chan []byte, 256), closed: make(chan struct{})}
	go b.pump()
	return b
}

// Write queues a copy.
func (b *buffered) Write(p []byte) (int, error) {
	select {
	case <-b.closed:
		return 0, net.ErrClosed
	default:
	}
	select {
	case b.queue <- append([]byte(nil), p...):
		return len(p), nil
	case <-b.closed:
		return 0, net.ErrClosed
	}
}

// goodbye is how long what is queued has to reach a reader after Close.
const goodbye = time.Second

// Close lets what is queued go first, for a while.
func (b *buffered) Close() error {
	b.once.Do(func() {
		close(b.closed)
		_ = b.Conn.SetWriteDeadline(time.Now().Add(goodbye))
	})
	return nil
}

// SetDeadline is for reads only.
func (b *buffered) SetDeadline(t time.Time) error { return b.SetReadDeadline(t) }

// SetWriteDeadline does nothing: writes do not wait.
func (*buffered) SetWriteDeadline(time.Time) error { return nil }

func (b *buffered) pump() {
	defer b.Conn.Close()
	defer b.Close()
	for {
		select {
		case p := <-b.queue:
			if _, err := b.Conn.Write(p); err != nil {
				return
			}
		case <-b.closed:
			b.flush()
			return
		}
	}
}

func (b *buffered) flush() {
	for {
		select {
		case p := <-b.queue:
			if _, err := b.Conn.Write(p); err != nil {
				return
			}
		default:
			return
		}
	}
}
