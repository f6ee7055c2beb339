package turn

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"strings"
	"sync"
	"syscall"
	"time"

	pion "github.com/pion/turn/v5"
	"golang.org/x/time/rate"
)

// portTries bounds the search for a free port.
const portTries = 200

var (
	errFull      = errors.New("there are as many relays as may be")
	errNoPort    = errors.New("no port for a relay is free")
	errNoTCP     = errors.New("relays to peers are of UDP only")
	errForbidden = errors.New("relays do not send there")
)

// generator makes the relays of clients that come in one way.
type generator struct {
	server *Server
	kind   string
}

// Validate has nothing to say: New has looked.
func (generator) Validate() error { return nil }

// AllocateListener refuses a relay of TCP (RFC 6062), which browsers do not use.
func (generator) AllocateListener(pion.AllocateListenerConfig) (net.Listener, net.Addr, error) {
	return nil, nil, errNoTCP
}

// AllocateConn refuses a connection to a peer.
func (generator) AllocateConn(pion.AllocateConnConfig) (net.Conn, error) { return nil, errNoTCP }

// AllocatePacketConn makes a relay. Without a user it is a probe for a free port.
func (g generator) AllocatePacketConn(c pion.AllocateListenerConfig) (net.PacketConn, net.Addr, error) {
	address, err := g.server.address(c.Network)
	if err != nil {
		return nil, nil, err
	}
	conn, err := g.server.listen(c.Network, address.Local, c.RequestedPort)
	if err != nil {
		return nil, nil, err
	}
	local, _ := conn.LocalAddr().(*net.UDPAddr)
	public := netip.AddrPortFrom(address.Public, local.AddrPort().Port())
	if c.UserID == "" {
		return conn, net.UDPAddrFromAddrPort(public), nil
	}
	claim, _ := readClaim(c.UserID)
	r := &relay{
		UDPConn: conn, server: g.server, at: address, public: public, user: claim.user, kind: g.kind,
		up: newLimiter(g.server.config.Bandwidth), down: newLimiter(g.server.config.Bandwidth),
	}
	if !g.server.addRelay(r) {
		conn.Close()
		return nil, nil, errFull
	}
	return r, net.UDPAddrFromAddrPort(public), nil
}

// address is that of relays of a family.
func (s *Server) address(network string) (Address, error) {
	for _, a := range s.config.Addresses {
		if a.Public.Is4() == strings.HasSuffix(network, "4") {
			return a, nil
		}
	}
	return Address{}, fmt.Errorf("there is no relay of %s", network)
}

// listen opens the port of a relay: a certain one, or one that nobody can tell before.
func (s *Server) listen(network string, local netip.Addr, port int) (*net.UDPConn, error) {
	least, most := s.config.MinPort, s.config.MaxPort
	if port != 0 {
		if port < least || port > most {
			return nil, errNoPort
		}
		return net.ListenUDP(network, net.UDPAddrFromAddrPort(netip.AddrPortFrom(local, uint16(port))))
	}
	for range portTries {
		port := least + rand.N(most-least+1)
		conn, err := net.ListenUDP(network, net.UDPAddrFromAddrPort(netip.AddrPortFrom(local, uint16(port))))
		if err == nil || !errors.Is(err, syscall.EADDRINUSE) {
			return conn, err
		}
	}
	s.ledger.refuse(causePorts)
	return nil, errNoPort
}

func (s *Server) addRelay(r *relay) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping || s.overQuotaLocked(r.user) != "" {
		return false
	}
	s.all++
	s.users[r.user]++
	s.kinds[r.kind]++
	s.relays[r.public] = struct{}{}
	s.made.Add(1)
	s.open.Add(1)
	return true
}

func (s *Server) removeRelay(r *relay) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all--
	s.kinds[r.kind]--
	if s.users[r.user]--; s.users[r.user] == 0 {
		delete(s.users, r.user)
	}
	delete(s.relays, r.public)
	s.open.Done()
}

// relay is the socket that peers see.
type relay struct {
	*net.UDPConn
	server   *Server
	at       Address
	public   netip.AddrPort
	user     string
	kind     string
	up, down *rate.Limiter // or nil
	closing  sync.Once
}

// Close ends the relay.
func (r *relay) Close() error {
	err := net.ErrClosed
	r.closing.Do(func() {
		err = r.UDPConn.Close()
		r.server.removeRelay(r)
	})
	return err
}

// ReadFrom waits for a packet of a peer. Those over the bandwidth are lost.
func (r *relay) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, from, err := r.ReadFromUDPAddrPort(b)
		if err != nil {
			return 0, nil, err
		}
		if !within(time.Now(), n, r.down, r.server.total) {
			r.server.dropped.Add(1)
			continue
		}
		r.server.toClients.Add(uint64(n))
		from = unmapped(from)
		if from.Addr() == r.at.Local {
			from = netip.AddrPortFrom(r.at.Public, from.Port())
		}
		return n, net.UDPAddrFromAddrPort(from), nil
	}
}

// WriteTo sends a packet to a peer, which has a permission. Those over the bandwidth are lost.
func (r *relay) WriteTo(b []byte, peer net.Addr) (int, error) {
	udp, ok := peer.(*net.UDPAddr)
	if !ok {
		return 0, errForbidden
	}
	to, ok := r.destination(unmapped(udp.AddrPort()))
	if !ok {
		r.server.ledger.refuse(causePort, "user", r.user, "peer", peer)
		return 0, errForbidden
	}
	if !within(time.Now(), len(b), r.up, r.server.total) {
		r.server.dropped.Add(1)
		return len(b), nil
	}
	r.server.toPeers.Add(uint64(len(b)))
	return r.WriteToUDPAddrPort(b, to)
}

// destination is where to send what is for a peer. This machine's address leads to other
// relays and to nothing else of this machine, unless the operator allows it.
func (r *relay) destination(peer netip.AddrPort) (netip.AddrPort, bool) {
	if peer.Addr() != r.at.Public {
		return peer, true
	}
	r.server.mu.Lock()
	_, ok := r.server.relays[peer]
	r.server.mu.Unlock()
	return netip.AddrPortFrom(r.at.Local, peer.Port()), ok || r.server.reach.allows(peer.Addr())
}
