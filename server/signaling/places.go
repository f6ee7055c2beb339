package signaling

import (
	"errors"
	"net/netip"

	"expressrtc/server/pace"
)

// Why there is no place for a connection.
var (
	errStopping = errors.New("the server is stopping: try again")
	errFull     = errors.New("the server takes no more connections: try later")
	errCrowded  = errors.New("too many connections from one address: close some")
	errOften    = errors.New("too many in a short time from one address")
)

// reserve counts a connection from a network, or says why there is no place for it.
func (s *Server) reserve(from netip.Prefix) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.stopping:
		return errStopping
	case s.sockets.All() >= s.config.MaxConnections:
		return errFull
	case s.crowdedLocked(s.sockets, from):
		return errCrowded
	}
	s.sockets.Add(from)
	s.open.Add(1)
	return nil
}

func (s *Server) crowdedLocked(n pace.Census, from netip.Prefix) bool {
	return n.From(from) >= s.config.MaxPerAddress && !isOwn(from)
}

// release gives back what reserve counted.
func (s *Server) release(from netip.Prefix) {
	s.mu.Lock()
	s.sockets.Remove(from)
	s.mu.Unlock()
	s.open.Done()
}

// keepAway counts a connection that lost its socket; false when it cannot be kept.
func (s *Server) keepAway(from netip.Prefix) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping || s.away.All() >= s.config.MaxConnections || s.crowdedLocked(s.away, from) {
		return false
	}
	s.away.Add(from)
	return true
}

// returned gives back what keepAway counted.
func (s *Server) returned(from netip.Prefix) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.away.Remove(from)
}

// address is the host of a remote end, or the zero Addr.
func address(remote string) netip.Addr {
	at, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap().WithZone("")
}

// Network is what counts as one address, of the text that net.Addr has of it. What is no IP
// address counts as one, too.
func Network(remote string) netip.Prefix { return pace.Network(address(remote)) }
