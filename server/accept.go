package main

import (
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"sync"
	"syscall"
	"time"

	"golang.org/x/time/rate"

	"expressrtc/server/pace"
	"expressrtc/server/signaling"
	"expressrtc/server/web"
)

// crowd counts those who are here, in all and by network, and lets no more in than it may.
type crowd struct {
	most, each int
	exempt     []netip.Prefix // from the bound on each

	mu     sync.Mutex
	inside pace.Census
}

func newCrowd(most, each int, exempt ...netip.Prefix) *crowd {
	return &crowd{most: most, each: each, exempt: exempt}
}

// enter lets somebody in, or reports false. Who is in has to leave.
func (c *crowd) enter(from netip.Prefix) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	isExempt := from.Addr().IsLoopback() ||
		slices.ContainsFunc(c.exempt, func(p netip.Prefix) bool { return p.Contains(from.Addr()) })
	if c.inside.All() >= c.most || c.inside.From(from) >= c.each && !isExempt {
		return false
	}
	c.inside.Add(from)
	return true
}

func (c *crowd) leave(from netip.Prefix) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inside.Remove(from)
}

// boundedListener closes connections above the bounds at once, whatever they would carry:
// also one that never asks for anything takes a file of the process.
type boundedListener struct {
	net.Listener
	log   *slog.Logger
	crowd *crowd
	often rate.Sometimes
}

// bounded bounds what comes in by ln: twice what there may be of sockets, as pages make a
// few short connections besides, but never all files that the process may have.
func (s *site) bounded(ln net.Listener) net.Listener {
	b := s.options.bounds
	most := 2 * b.connections
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err == nil && files.Cur < 1<<31 {
		most = min(most, max(int(files.Cur)*9/10, 1))
	}
	proxies, _ := web.ParseProxies(s.options.proxy.trusted) // what is wrong with one, web.New says
	return &boundedListener{
		Listener: ln, log: s.log,
		crowd: newCrowd(most, 2*b.perAddress, proxies...),
		often: rate.Sometimes{Interval: 10 * time.Second},
	}
}

// acceptPause is how long nobody is taken in when the system has no more files.
const acceptPause = 100 * time.Millisecond

// Accept waits for a connection for which there is a place. Its error is the listener's end.
func (l *boundedListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil, err
		}
		if err != nil {
			l.often.Do(func() {
				l.log.Warn("no connection can be taken: may the process have more files?", "listener", l.Addr().String(), "error", err)
			})
			time.Sleep(acceptPause)
			continue
		}
		from := signaling.Network(conn.RemoteAddr().String())
		if l.crowd.enter(from) {
			return &boundedConn{Conn: conn, leave: sync.OnceFunc(func() { l.crowd.leave(from) })}, nil
		}
		conn.Close()
		l.often.Do(func() {
			l.log.Warn("connection closed: there are too many", "network", from, "listener", l.Addr().String())
		})
	}
}

// boundedConn gives its place back when it is closed.
type boundedConn struct {
	net.Conn
	leave func()
}

// Close closes the connection.
func (c *boundedConn) Close() error {
	c.leave()
	return c.Conn.Close()
}
