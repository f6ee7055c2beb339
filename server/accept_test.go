package main

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"
)

// far is a connection whose other end has an address.
type far struct {
	net.Conn
	address string
}

func (f far) RemoteAddr() net.Addr { return f }
func (f far) Network() string      { return "memory" }
func (f far) String() string       { return f.address }

// arrivals are a listener for connections that a test makes.
type arrivals chan net.Conn

func (a arrivals) Accept() (net.Conn, error) {
	conn, ok := <-a
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (a arrivals) Close() error   { return nil }
func (a arrivals) Addr() net.Addr { return &net.TCPAddr{} }

// TestIdleConnectionsAreBounded: also connections over which nothing is ever asked have
// their bounds, in all and of each address, but those of proxies and this machine.
func TestIdleConnectionsAreBounded(t *testing.T) {
	var log bytes.Buffer
	coming := make(arrivals, 20)
	ln := &boundedListener{
		Listener: coming, log: slog.New(slog.NewTextHandler(&log, nil)),
		crowd: newCrowd(9, 2, netip.MustParsePrefix("198.51.100.7/32")),
	}
	var theirs []net.Conn
	come := func(addresses ...string) {
		for _, address := range addresses {
			near, conn := net.Pipe()
			theirs = append(theirs, near)
			coming <- far{conn, address}
		}
	}
	accept := func(want string) net.Conn {
		t.Helper()
		conn, err := ln.Accept()
		if err != nil || conn.RemoteAddr().String() != want {
			t.Fatalf("%v, %v, want a connection from %s", conn, err, want)
		}
		return conn
	}
	come("203.0.113.1:1", "203.0.113.1:2", "203.0.113.1:3", "[2001:db8::1]:1", "[2001:db8::2]:1", "[2001:db8::3]:1", "192.0.2.1:1")
	first := accept("203.0.113.1:1")
	accept("203.0.113.1:2")
	accept("[2001:db8::1]:1")
	accept("[2001:db8::2]:1")
	accept("192.0.2.1:1")
	for _, refused := range []int{2, 5} {
		if _, err := theirs[refused].Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
			t.Errorf("connection %d: %v, want it closed", refused, err)
		}
	}
	first.Close()
	first.Close() // once is enough
	come("203.0.113.1:4", "203.0.113.1:5", "127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3", "198.51.100.7:1")
	accept("203.0.113.1:4")
	accept("127.0.0.1:1")
	accept("127.0.0.1:2")
	accept("127.0.0.1:3")
	accept("198.51.100.7:1")
	come("127.0.0.1:4")
	close(coming)
	if conn, err := ln.Accept(); err == nil {
		t.Errorf("a tenth connection from %v", conn.RemoteAddr())
	}
	if n := strings.Count(log.String(), "\n"); n != 1 || !strings.Contains(log.String(), "203.0.113.1/32") {
		t.Errorf("logged %q, want one line", &log)
	}
}

// TestHandshakesAreBounded: who begins many and ends none keeps nobody else out.
func TestHandshakesAreBounded(t *testing.T) {
	busy := newCrowd(maxHandshakes, maxHandshakesEach)
	n := 0
	for busy.enter(netip.MustParsePrefix("203.0.113.1/32")) {
		n++
	}
	if n != maxHandshakesEach || !busy.enter(netip.MustParsePrefix("203.0.113.2/32")) {
		t.Errorf("one address has %d handshakes of %d", n, maxHandshakes)
	}
}

// short is a listener whose system has no more files, so many times.
type short struct {
	arrivals
	times int
}

func (s *short) Accept() (net.Conn, error) {
	if s.times > 0 {
		s.times--
		return nil, &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", syscall.EMFILE)}
	}
	return s.arrivals.Accept()
}

// TestShortOfFiles: a listener outlives the time when the process may open no more files,
// and says so once.
func TestShortOfFiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		ln := &boundedListener{
			Listener: &short{make(arrivals, 1), 20}, log: slog.New(slog.NewTextHandler(&log, nil)),
			crowd: newCrowd(9, 2), often: rate.Sometimes{Interval: 10 * time.Second},
		}
		near, conn := net.Pipe()
		defer near.Close()
		ln.Listener.(*short).arrivals <- far{conn, "203.0.113.1:1"}
		if conn, err := ln.Accept(); err != nil || conn.RemoteAddr().String() != "203.0.113.1:1" {
			t.Fatalf("%v, %v", conn, err)
		}
		if strings.Count(log.String(), "\n") != 1 || !strings.Contains(log.String(), "too many open files") {
			t.Errorf("logged %q, want one line", &log)
		}
		close(ln.Listener.(*short).arrivals)
		if _, err := ln.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("closed: %v", err)
		}
	})
}
