package turn

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"math/big"
	"net"
	"net/netip"
	"testing"
	"time"

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
		Secret:    func(app protocol.AppID, _ time.Time) (string, bool) { return testSecret, app == 1 },
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

// testPeer is a socket of this machine, as a peer of relays has one.
func testPeer(t *testing.T) net.PacketConn {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
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
