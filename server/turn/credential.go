package turn

import (
	"crypto/hmac"
	"crypto/sha1" // of the scheme: collisions do not break an HMAC
	"encoding/base64"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/pion/stun/v4"
	pion "github.com/pion/turn/v5"

	"expressrtc/server/protocol"
)

// longestCall is how long after the expiry of its credential a relay may be kept up.
const longestCall = 24 * time.Hour

// What the peers of a relay are at most. A call's other side has a few addresses.
const (
	maxPeers    = 128
	maxChannels = 128
)

// Credential is a user's, good until a time.
func Credential(secret string, app protocol.AppID, user protocol.UserID, until time.Time) (username, password string) {
	username = strings.Join([]string{
		strconv.FormatInt(until.Unix(), 10), strconv.FormatUint(uint64(app), 10), string(user),
	}, ":")
	return username, sign(secret, username)
}

func sign(secret, username string) string {
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write([]byte(username))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// claim is what a user name says.
type claim struct {
	until time.Time
	app   protocol.AppID
	user  string // with its app
}

func readClaim(username string) (c claim, ok bool) {
	expiry, user, _ := strings.Cut(username, ":")
	app, _, ok := strings.Cut(user, ":")
	seconds, err := strconv.ParseInt(expiry, 10, 64)
	if !ok || err != nil {
		return claim{}, false
	}
	id, err := strconv.ParseUint(app, 10, 32)
	return claim{time.Unix(seconds, 0), protocol.AppID(id), user}, err == nil
}

// client is where a relay's client speaks from.
type client struct {
	addr   netip.AddrPort
	stream bool
}

func clientAt(addr net.Addr) client {
	switch a := addr.(type) {
	case *net.UDPAddr:
		return client{unmapped(a.AddrPort()), false}
	case *net.TCPAddr:
		return client{unmapped(a.AddrPort()), true}
	}
	return client{}
}

func unmapped(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr().Unmap(), a.Port()) }

// holder is who holds a relay. It is guarded by the Server's mu.
type holder struct {
	username string
	key      []byte
	until    time.Time // keeps it up so long
	peers    int
	channels int
}

// authenticate finds the key that a request must be signed with.
func (s *Server) authenticate(r *pion.RequestAttributes) (user string, key []byte, ok bool) {
	now := time.Now()
	c, ok := readClaim(r.Username)
	if ok {
		key, ok = s.key(c, r.Username)
	}
	if !ok { // is none, or its app is no more
		s.ledger.refuse(causeUnknown, "client", r.SrcAddr)
		return "", nil, false
	}
	if s.asked.IsSpent(c.user) {
		s.ledger.refuse(causePace, "client", r.SrcAddr, "user", c.user)
		return "", nil, false
	}
	if r.Method != stun.MethodAllocate {
		if key := s.heldKey(clientAt(r.SrcAddr), r.Username, now); key != nil {
			return r.Username, key, true
		}
	}
	if now.After(c.until) {
		s.ledger.refuse(causeExpired, "client", r.SrcAddr, "user", c.user)
		return "", nil, false
	}
	return r.Username, key, true
}

func (s *Server) key(c claim, username string) ([]byte, bool) {
	secret, ok := s.config.Secret(c.app, c.until)
	if !ok || secret == "" {
		return nil, false
	}
	return pion.GenerateAuthKey(username, realm, sign(secret, username)), true
}

// heldKey is the key that the holder of a relay made it with: neither the credential's
// expiry nor another secret ends a call, but the end of its app.
func (s *Server) heldKey(from client, username string, now time.Time) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.holders[from]
	if h == nil || h.username != username || now.After(h.until) {
		return nil
	}
	return h.key
}

// onAuth: pion has compared a request with the key. Only good ones count against their user,
// so that nobody uses up what is somebody else's.
func (s *Server) onAuth(from, _ net.Addr, _, username, _, _ string, ok bool) {
	if !ok {
		s.ledger.refuse(causePassword, "client", from)
		return
	}
	c, _ := readClaim(username)
	s.asked.Allow(c.user)
}

// onRelay: pion made a relay for a user name.
func (s *Server) onRelay(from, _ net.Addr, _, username, _ string, _ net.Addr, _ int) {
	c, _ := readClaim(username)
	key, _ := s.key(c, username)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.holders[clientAt(from)] = &holder{username: username, key: key, until: c.until.Add(longestCall)}
}

func (s *Server) onRelayEnd(from, _ net.Addr, _, _, _ string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.holders, clientAt(from))
}

// count notes the peers and channels of a relay.
func (s *Server) count(from net.Addr, peers, channels int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h := s.holders[clientAt(from)]; h != nil {
		h.peers += peers
		h.channels += channels
	}
}

// holds reports whether a client has a relay.
func (s *Server) holds(from client) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.holders[from] != nil
}

// mayRelay answers whether a user may have another relay.
func (s *Server) mayRelay(username, _ string, from net.Addr) bool {
	c, _ := readClaim(username)
	cause := s.overQuota(c.user)
	if cause != "" {
		s.ledger.refuse(cause, "client", from, "user", c.user)
	}
	return cause == ""
}

// overQuota says why a user may not have another relay, if so.
func (s *Server) overQuota(user string) (cause string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.overQuotaLocked(user)
}

func (s *Server) overQuotaLocked(user string) (cause string) {
	switch {
	case s.all >= s.config.MaxRelays:
		return causeFull
	case s.users[user] >= s.config.MaxPerUser:
		return causeQuota
	}
	return ""
}

// mayReach answers whether a relay may send to an address, and hear from it.
func (s *Server) mayReach(from net.Addr, peer net.IP) bool {
	addr, ok := netip.AddrFromSlice(peer)
	if !ok || !s.reach.permits(addr.Unmap()) {
		s.ledger.refuse(causePeer, "client", from, "peer", peer)
		return false
	}
	if !s.mayHavePeer(clientAt(from)) {
		s.ledger.refuse(causePeers, "client", from)
		return false
	}
	return true
}

func (s *Server) mayHavePeer(from client) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.holders[from]
	return h != nil && h.peers < maxPeers && h.channels < maxChannels
}
