package turn

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pion/stun/v4"
	pion "github.com/pion/turn/v5"

	"expressrtc/server/protocol"
)

const testSecret = "of the test"

var loopback = netip.MustParseAddr("127.0.0.1")

// testServer is a relay of this machine, by UDP, TCP and TLS.
type testServer struct {
	*Server
	udp, tcp, tls string // addresses
}

// newTestServer starts a relay that may reach the machine's own loopback, unless change
// says otherwise.
func newTestServer(t *testing.T, change func(*Config)) *testServer {
	t.Helper()
	udp, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := Config{
		Packets:   []net.PacketConn{udp},
		Streams:   []Stream{{"tcp", listenTCP(t)}, {"tls", tls.NewListener(listenTCP(t), &tls.Config{Certificates: []tls.Certificate{testCertificate(t)}})}},
		Addresses: []Address{{loopback, loopback}}, MinPort: 30_000, MaxPort: 40_000,
		Secret:    func(app protocol.AppID) (string, bool) { return testSecret, app == 1 },
		Reachable: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Log:       slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&c)
	}
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve() }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := errors.Join(s.Shutdown(ctx), <-served); err != nil {
			t.Error(err)
		}
		if relays := s.Stats().Relays; relays["udp"]+relays["tcp"]+relays["tls"] != 0 || len(s.users) != 0 {
			t.Errorf("relays are left: %v, %v", relays, s.users)
		}
	})
	return &testServer{s, udp.LocalAddr().String(), c.Streams[0].Listener.Addr().String(), c.Streams[1].Listener.Addr().String()}
}

func listenTCP(t *testing.T) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return ln
}

func testCertificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// testClient is a client of a relay, by one of its addresses.
func testClient(t *testing.T, s *testServer, kind, username, password string) *pion.Client {
	t.Helper()
	var conn net.PacketConn
	var stream net.Conn
	var err error
	server := s.udp
	switch kind {
	case "udp":
		conn, err = net.ListenPacket("udp4", "127.0.0.1:0")
	case "tcp":
		server = s.tcp
		stream, err = net.Dial("tcp", server)
	case "tls":
		server = s.tls
		stream, err = tls.Dial("tcp", server, &tls.Config{InsecureSkipVerify: true})
	}
	if err != nil {
		t.Fatal(err)
	}
	if stream != nil {
		conn = pion.NewSTUNConn(stream)
	}
	client, err := pion.NewClient(&pion.ClientConfig{
		STUNServerAddr: server, TURNServerAddr: server, Conn: conn, Username: username, Password: password,
	})
	if err == nil {
		err = client.Listen()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.Close()
		conn.Close()
	})
	return client
}

func good() (username, password string) {
	return Credential(testSecret, 1, "anna", time.Now().Add(time.Minute))
}

// exchange sends a packet to a peer and gets an answer.
func exchange(t *testing.T, relay net.PacketConn, peer net.PacketConn, words string) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	if err := errors.Join(relay.SetDeadline(deadline), peer.SetDeadline(deadline)); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 2_000)
	if _, err := relay.WriteTo([]byte(words), peer.LocalAddr()); err != nil {
		t.Fatal(err)
	}
	n, from, err := peer.ReadFrom(got)
	if err != nil || string(got[:n]) != words || from.String() != relay.LocalAddr().String() {
		t.Fatalf("the peer got %q from %v, %v", got[:n], from, err)
	}
	if _, err := peer.WriteTo([]byte("back: "+words), from); err != nil {
		t.Fatal(err)
	}
	if n, _, err := relay.ReadFrom(got); err != nil || string(got[:n]) != "back: "+words {
		t.Fatalf("the client got %q, %v", got[:n], err)
	}
}

func TestRelay(t *testing.T) {
	for _, kind := range []string{"udp", "tcp", "tls"} {
		t.Run(kind, func(t *testing.T) {
			s := newTestServer(t, nil)
			name, password := good()
			relay, err := testClient(t, s, kind, name, password).Allocate()
			if err != nil {
				t.Fatal(err)
			}
			defer relay.Close()
			peer, err := net.ListenPacket("udp4", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer peer.Close()
			exchange(t, relay, peer, "a")
			exchange(t, relay, peer, strings.Repeat("b", 1_200))
			stats := s.Stats()
			if stats.Relays[kind] != 1 || stats.Made != 1 || stats.ToPeers != 1_201 || stats.ToClients != 1_201+12 {
				t.Errorf("%+v", stats)
			}
			port := relay.LocalAddr().(*net.UDPAddr).Port
			if port < 30_000 || port > 40_000 {
				t.Errorf("port %d", port)
			}
		})
	}
}

// TestRelayToRelay: two clients of the relay reach each other and nothing else of its
// machine, also where its address is another one outside.
func TestRelayToRelay(t *testing.T) {
	for name, public := range map[string]string{"own": "127.0.0.1", "behind NAT": "203.0.113.7"} {
		t.Run(name, func(t *testing.T) {
			s := newTestServer(t, func(c *Config) {
				c.Reachable = nil
				c.Addresses = []Address{{netip.MustParseAddr(public), loopback}}
			})
			user, password := good()
			first, err := testClient(t, s, "udp", user, password).Allocate()
			if err != nil {
				t.Fatal(err)
			}
			defer first.Close()
			client := testClient(t, s, "tcp", user, password)
			second, err := client.Allocate()
			if err != nil {
				t.Fatal(err)
			}
			defer second.Close()
			if !strings.HasPrefix(first.LocalAddr().String(), public+":") {
				t.Errorf("relay at %s", first.LocalAddr())
			}
			if err := client.CreatePermission(first.LocalAddr()); err != nil {
				t.Fatal(err)
			}
			exchange(t, first, second, "between relays")

			service, err := net.ListenPacket("udp4", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer service.Close()
			at := service.LocalAddr().(*net.UDPAddr)
			if _, err := first.WriteTo([]byte("x"), &net.UDPAddr{IP: net.ParseIP(public), Port: at.Port}); err != nil {
				t.Fatal(err)
			}
			exchange(t, first, second, "after it")
			if s.Stats().Refused[causePort] == 0 {
				t.Error("a packet to a service of the machine was not refused")
			}
			if err := service.SetReadDeadline(time.Now()); err != nil {
				t.Fatal(err)
			}
			if n, _, err := service.ReadFrom(make([]byte, 10)); err == nil {
				t.Errorf("a service of the machine got %d bytes", n)
			}
		})
	}
}

func TestRefusedCredentials(t *testing.T) {
	s := newTestServer(t, nil)
	name, password := good()
	yesterday, was := Credential(testSecret, 1, "anna", time.Now().Add(-24*time.Hour))
	_, forged := Credential("another", 1, "anna", time.Now().Add(time.Minute))
	other, others := Credential(testSecret, 2, "anna", time.Now().Add(time.Minute))
	longer := strings.Replace(name, name[:10], fmt.Sprint(time.Now().Add(48*time.Hour).Unix()), 1)
	for _, c := range []struct{ cause, name, password string }{
		{causeExpired, yesterday, was},
		{causePassword, name, forged},
		{causePassword, name, "x"},
		{causePassword, longer, password},
		{causePassword, strings.Replace(name, "anna", "berta", 1), password},
		{causeUnknown, other, others},
		{causeUnknown, "anna", password},
		{causeUnknown, "x:1:anna", password},
		{causeUnknown, "", ""},
	} {
		before := s.Stats().Refused[c.cause]
		if relay, err := testClient(t, s, "tcp", c.name, c.password).Allocate(); err == nil {
			relay.Close()
			t.Errorf("%q, %q is let in", c.name, c.password)
		} else if after := s.Stats().Refused[c.cause]; c.name != "" && after != before+1 {
			t.Errorf("%q: %d refused as %s, %v", c.name, after-before, c.cause, err)
		}
	}
	if made := s.Stats().Made; made != 0 {
		t.Errorf("%d relays were made", made)
	}
}

// TestLongCall: neither the end of the credential nor another secret of the app ends a
// relay, but no other one is made with it.
func TestLongCall(t *testing.T) {
	secret := testSecret
	s := newTestServer(t, func(c *Config) {
		c.Secret = func(protocol.AppID) (string, bool) { return secret, true }
	})
	name, password := Credential(testSecret, 1, "anna", time.Now().Add(2*time.Second))
	client := testClient(t, s, "tcp", name, password)
	relay, err := client.Allocate()
	if err != nil {
		t.Fatal(err)
	}
	defer relay.Close()
	c, _ := readClaim(name)
	secret = "rotated"
	<-time.After(time.Until(c.until.Add(time.Second))) // pion has no clock of ours
	peer, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	exchange(t, relay, peer, "a permission after the expiry")
	if relay, err := testClient(t, s, "tcp", name, password).Allocate(); err == nil {
		relay.Close()
		t.Error("a relay is made after the expiry")
	}
	if s.heldKey(clientAt(&net.TCPAddr{}), name, time.Now()) != nil {
		t.Error("a credential is good for others after its expiry")
	}
	for from, h := range s.holders {
		if s.heldKey(from, name, c.until.Add(longestCall+time.Second)) != nil || h.username != name {
			t.Error("a relay is kept up for ever")
		}
	}
}

func TestRefusedPeers(t *testing.T) {
	s := newTestServer(t, func(c *Config) { c.Reachable = nil; c.Addresses[0].Public = netip.MustParseAddr("203.0.113.7") })
	name, password := good()
	client := testClient(t, s, "udp", name, password)
	relay, err := client.Allocate()
	if err != nil {
		t.Fatal(err)
	}
	defer relay.Close()
	for _, peer := range []string{"127.0.0.1", "10.0.0.1", "10.255.255.255", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "0.0.0.0"} {
		if err := client.CreatePermission(&net.UDPAddr{IP: net.ParseIP(peer), Port: 9}); err == nil {
			t.Errorf("a relay to %s", peer)
		}
	}
	if refused := s.Stats().Refused[causePeer]; refused != 10 {
		t.Errorf("%d refused", refused)
	}
	if err := client.CreatePermission(&net.UDPAddr{IP: net.IPv4(198, 51, 100, 1), Port: 9}); err != nil {
		t.Errorf("no relay to an address of the internet: %v", err)
	}
}

func TestReach(t *testing.T) {
	r := newReach(Config{Reachable: []netip.Prefix{netip.MustParsePrefix("192.168.7.0/24")}, Addresses: []Address{{netip.MustParseAddr("10.0.0.9"), loopback}}})
	r.own, r.read = []netip.Addr{netip.MustParseAddr("8.8.4.4")}, time.Now()
	for text, want := range map[string]bool{
		"8.8.8.8": true, "2606:4700::1": true, "192.168.7.9": true, "10.0.0.9": true,
		"8.8.4.4": false, "192.168.8.1": false, "10.0.0.8": false, "127.0.0.1": false, "0.1.2.3": false, "100.127.0.1": false,
		"198.18.0.1": false, "240.0.0.1": false, "239.1.1.1": false,
		"::1": false, "::": false, "fe80::1": false, "fc00::1": false, "ff02::1": false, "::127.0.0.1": false,
		"64:ff9b::7f00:1": false, "2002:7f00:1::": false, "2001:0:1::1": false, "fec0::1": false,
	} {
		if got := r.permits(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestQuotas(t *testing.T) {
	s := newTestServer(t, func(c *Config) { c.MaxPerUser, c.MaxRelays = 2, 3 })
	user := func(name protocol.UserID) error {
		username, password := Credential(testSecret, 1, name, time.Now().Add(time.Minute))
		_, err := testClient(t, s, "udp", username, password).Allocate()
		return err
	}
	for i, c := range []struct {
		user  protocol.UserID
		cause string
	}{{"anna", ""}, {"anna", ""}, {"anna", causeQuota}, {"berta", ""}, {"berta", causeFull}} {
		before := s.Stats().Refused[c.cause]
		err := user(c.user)
		if (err == nil) != (c.cause == "") || c.cause != "" && s.Stats().Refused[c.cause] != before+1 {
			t.Errorf("%d: %s: %v, %v", i, c.user, err, s.Stats().Refused)
		}
	}
}

func TestBandwidth(t *testing.T) {
	s := newTestServer(t, func(c *Config) { c.Bandwidth = 1_000 }) // and 64 KiB at once
	name, password := good()
	client := testClient(t, s, "tcp", name, password)
	relay, err := client.Allocate()
	if err != nil {
		t.Fatal(err)
	}
	defer relay.Close()
	peer, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	exchange(t, relay, peer, "first")
	for range 100 {
		if _, err := relay.WriteTo(make([]byte, 1_000), peer.LocalAddr()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := peer.WriteTo([]byte("the other direction has its own"), relay.LocalAddr()); err != nil {
		t.Fatal(err)
	}
	if n, _, err := relay.ReadFrom(make([]byte, 100)); err != nil || n == 0 {
		t.Fatal(err)
	}
	if err := client.CreatePermission(&net.UDPAddr{IP: net.IPv4(127, 0, 0, 9)}); err != nil { // is answered after all of them
		t.Fatal(err)
	}
	if stats := s.Stats(); stats.ToPeers > 70_000 || stats.Dropped < 30 {
		t.Errorf("%+v", stats)
	}
}

// TestHostileStreams: what is no frame ends the connection at once. The two lengths make
// pion's reader turn round for ever.
func TestHostileStreams(t *testing.T) {
	s := newTestServer(t, nil)
	for _, bytes := range []string{
		"\x00\x01\xff\xec\x21\x12\xa4\x42" + strings.Repeat("x", 20),
		"\x40\x01\xff\xfc" + strings.Repeat("x", 20),
		"\x00\x01\x00\x03" + strings.Repeat("x", 30),
		"\x80\x00\x00\x00" + strings.Repeat("x", 20),
		"GET / HTTP/1.1\r\n\r\n",
		"\x00\x01\x20\x00" + strings.Repeat("x", 20),
	} {
		conn, err := net.Dial("tcp", s.tcp)
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, bytes); err != nil {
			t.Fatal(err)
		}
		var timeout net.Error
		if _, err := conn.Read(make([]byte, 1)); err == nil || errors.As(err, &timeout) && timeout.Timeout() {
			t.Errorf("%q: %v", bytes, err)
		}
		conn.Close()
	}
}

// TestAnswers: who shows no credential gets so many answers and no more; others are served.
func TestAnswers(t *testing.T) {
	s := newTestServer(t, nil)
	conn, err := net.Dial("tcp", s.tcp)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	request := stun.MustBuild(stun.TransactionID, stun.BindingRequest)
	go func() {
		for range 2 * answerBurst {
			if _, err := conn.Write(request.Raw); err != nil {
				return
			}
		}
	}()
	if err := conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	var timeout net.Error
	answers, err := io.Copy(io.Discard, conn)
	if errors.As(err, &timeout) && timeout.Timeout() || answers == 0 || answers > 50*answerBurst*3/2 { // the end may come before some of them
		t.Errorf("%d bytes, %v", answers, err)
	}
	if s.Stats().Refused[causeRate] == 0 {
		t.Error("not counted")
	}

	a := newAnswers()
	refusal := stun.MustBuild(stun.TransactionID, stun.NewType(stun.MethodAllocate, stun.ClassErrorResponse), stun.CodeBadRequest).Raw
	success := stun.MustBuild(stun.TransactionID, stun.NewType(stun.MethodAllocate, stun.ClassSuccessResponse)).Raw
	data := []byte{0x40, 0, 0, 4, 1, 2, 3, 4}
	from := netip.MustParseAddr("192.0.2.1")
	refused := 0
	for range 2 * refusalBurst {
		if !a.may(refusal, from) {
			refused++
		}
		if !a.may(success, from) || !a.may(data, from) {
			t.Fatal("those who have a credential are not served")
		}
	}
	if refused < refusalBurst-2 || !a.may(refusal, netip.MustParseAddr("192.0.2.2")) {
		t.Errorf("%d refusals were not sent", refused)
	}
}

func TestPaceIsBounded(t *testing.T) {
	p := newPace(1, 2)
	addr := netip.MustParseAddr("10.0.0.0")
	for range 3 * paceSize {
		addr = addr.Next()
		p.allows(addr)
	}
	if len(p.young) > paceSize || len(p.old) > paceSize {
		t.Errorf("%d and %d", len(p.young), len(p.old))
	}
	if !p.allows(addr) || p.allows(addr) {
		t.Error("what is remembered is not")
	}
	if network(netip.MustParseAddr("2001:db8::1")) != network(netip.MustParseAddr("2001:db8::2:3")) {
		t.Error("addresses of one IPv6 network have a rate each")
	}
}

func TestManyConnections(t *testing.T) {
	s := newTestServer(t, func(c *Config) { c.MaxRelays = 8 }) // 252 connections of one address
	var conns []net.Conn
	for range 300 {
		conn, err := net.Dial("tcp", s.tcp)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		conns = append(conns, conn)
	}
	for _, conn := range conns[252:] {
		if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
			t.Fatalf("a connection over the bound: %v", err)
		}
	}
	if refused := s.Stats().Refused[causeConnections]; refused != 300-252 {
		t.Errorf("%d refused", refused)
	}
}

func TestBadConfigs(t *testing.T) {
	ln := listenTCP(t)
	defer ln.Close()
	ok := Config{Streams: []Stream{{"tcp", ln}}, Addresses: []Address{{loopback, loopback}}, MinPort: 1, MaxPort: 2}
	for want, change := range map[string]func(*Config){
		"socket":  func(c *Config) { c.Streams = nil },
		"address": func(c *Config) { c.Addresses = nil },
		"range":   func(c *Config) { c.MaxPort = 0 },
	} {
		c := ok
		change(&c)
		if _, err := New(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestFrameSize(t *testing.T) {
	for head, want := range map[string]int{
		"\x00\x01\x00\x00": 20, "\x00\x16\x05\xc8": 1_500, "\x40\x00\x00\x01": 8, "\x7f\xff\x00\x04": 8,
		"\x00\x16\x05\xcc": 0, "\x00\x01\x00\x03": 0, "\x80\x00\x00\x00": 0, "\x00\x01\xff\xec": 0, "\x40\x01\xff\xfc": 0, "GET ": 0,
	} {
		if got := frameSize([]byte(head)); got != want {
			t.Errorf("%q: %d", head, got)
		}
	}
}
