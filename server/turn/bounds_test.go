package turn

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/stun/v4"
	pion "github.com/pion/turn/v5"

	"expressrtc/server/protocol"
)

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
		if (err == nil) != (c.cause == "") || c.cause != "" && s.Stats().Refused[c.cause] == before {
			t.Errorf("%d: %s: %v, %v", i, c.user, err, s.Stats().Refused)
		}
	}
}

// TestRequestsHaveAPace: each user's own, which forged requests in its name do not use up.
func TestRequestsHaveAPace(t *testing.T) {
	s := newTestServer(t, func(c *Config) { c.MaxPerUser = 2 })
	name, password := good()
	from := &net.UDPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 9}
	say := func(good bool) {
		for range 2 * leastRequests * requestSeconds {
			s.onAuth(from, nil, "udp", name, realm, "", good)
		}
	}
	may := func(username, password string) bool {
		relay, err := testClient(t, s, "udp", username, password).Allocate()
		if err == nil {
			relay.Close()
		}
		return err == nil
	}
	say(false)
	if !may(name, password) {
		t.Error("what others forge counts against a user")
	}
	say(true)
	if may(name, password) || s.Stats().Refused[causePace] == 0 {
		t.Errorf("a user has no end of requests: %v", s.Stats().Refused)
	}
	if !may(Credential(testSecret, 1, "berta", time.Now().Add(time.Minute))) {
		t.Error("one user's requests count against another")
	}
}

// relayed is a client by TCP with its relay, and a peer for it.
func relayed(t *testing.T, s *testServer) (client *pion.Client, relay, peer net.PacketConn) {
	t.Helper()
	name, password := good()
	client = testClient(t, s, "tcp", name, password)
	relay, err := client.Allocate()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { relay.Close() })
	return client, relay, testPeer(t)
}

func TestBandwidth(t *testing.T) {
	s := newTestServer(t, func(c *Config) { c.Bandwidth = 1_000 }) // and 64 KiB at once
	client, relay, peer := relayed(t, s)
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
	request := stun.MustBuild(stun.TransactionID, stun.BindingRequest).Raw
	send := func(times int) {
		for range times {
			if _, err := conn.Write(request); err != nil {
				return // the connection was ended
			}
		}
	}
	if err := conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	go send(answerRate * answerSeconds)
	const size = 40 // of an answer
	if _, err := io.ReadFull(conn, make([]byte, answerRate*answerSeconds*size)); err != nil {
		t.Fatalf("fewer answers than may be: %v", err)
	}
	go send(100 * answerRate * answerSeconds)
	var timeout net.Error
	if _, err := io.Copy(io.Discard, conn); errors.As(err, &timeout) && timeout.Timeout() {
		t.Error("the connection goes on")
	}
	if s.Stats().Refused[causeRate] == 0 {
		t.Error("not counted")
	}
}

// TestRefusedAnswersAreBounded: who has a credential is served meanwhile, and so are others.
func TestRefusedAnswersAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAnswers()
		refusal := stun.MustBuild(stun.TransactionID, stun.NewType(stun.MethodAllocate, stun.ClassErrorResponse), stun.CodeBadRequest).Raw
		success := stun.MustBuild(stun.TransactionID, stun.NewType(stun.MethodAllocate, stun.ClassSuccessResponse)).Raw
		data := []byte{0x40, 0, 0, 4, 1, 2, 3, 4}
		from := netip.MustParseAddr("192.0.2.1")
		refused := 0
		for range 2 * refusalRate * refusalSeconds {
			if !a.may(refusal, from) {
				refused++
			}
			if !a.may(success, from) || !a.may(data, from) {
				t.Fatal("those who have a credential are not served")
			}
		}
		if refused != refusalRate*refusalSeconds || !a.may(refusal, netip.MustParseAddr("192.0.2.2")) {
			t.Errorf("%d refusals were not sent", refused)
		}
	})
}

// TestManyConnections: of connections without a relay, the oldest of their network go. One
// that has a relay stays.
func TestManyConnections(t *testing.T) {
	const tried = maxOfNetwork + 40
	s := newTestServer(t, func(c *Config) { c.MaxRelays = 300 })
	_, relay, peer := relayed(t, s)
	exchange(t, relay, peer, "before") // the server has read on since it made the relay
	ended := make(chan error, tried)
	for range tried {
		conn, err := net.Dial("tcp", s.tcp)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if err := conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
			t.Fatal(err)
		}
		go func() {
			_, err := conn.Read(make([]byte, 1))
			ended <- err
		}()
	}
	for range tried - maxOfNetwork {
		if err := <-ended; !errors.Is(err, io.EOF) {
			t.Fatalf("a connection over the bound: %v", err)
		}
	}
	if refused := s.Stats().Refused[causeConnections]; refused != tried-maxOfNetwork {
		t.Errorf("%d refused", refused)
	}
	exchange(t, relay, peer, "after")
}

// from is a connection from an address.
type from struct {
	net.Conn
	addr net.TCPAddr
}

func (f *from) RemoteAddr() net.Addr { return &f.addr }

// TestIdleConnections: from however many networks they come, they keep nobody away, and take
// no relay from anybody.
func TestIdleConnections(t *testing.T) {
	ln := listenTCP(t)
	defer ln.Close()
	s, err := New(Config{Streams: []Stream{{"tcp", ln}}, Addresses: []Address{{loopback, loopback}}, MinPort: 1, MaxPort: 2})
	if err != nil {
		t.Fatal(err)
	}
	l := s.listens[0]
	come := func(network byte, port int) *stream {
		conn, _ := net.Pipe()
		made, tooMany := l.add(&from{conn, net.TCPAddr{IP: net.IPv4(192, 0, 2, network), Port: port}})
		if made == nil {
			t.Fatalf("network %d cannot come", network)
		}
		if tooMany != nil {
			tooMany.Close()
		}
		return made
	}
	idle := func(networks byte) {
		for i := range 4 * 1_250 {
			come(byte(i)%networks, i)
		}
	}
	idle(4)
	if n := l.strange.From(come(0, 9).network); n != maxOfNetwork || len(l.open) != maxStrangers {
		t.Errorf("%d connections of a network, %d in all", n, len(l.open))
	}
	user := come(100, 1)
	s.holders[user.client] = &holder{}
	if err := user.setDeadline(time.Now()); err != nil {
		t.Fatal(err)
	}
	idle(40)
	if _, open := l.open[user]; !open || len(l.open) != maxStrangers+1 || l.strangers.Len() != maxStrangers {
		t.Errorf("the one with a relay is there: %t; %d in all", open, len(l.open))
	}
	if err := l.Close(); err != nil || l.where.All()+l.strange.All()+l.strangers.Len() != 0 {
		t.Errorf("%v, and %d, %d and %d are left", err, l.where.All(), l.strange.All(), l.strangers.Len())
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
		"\x00\x16\x05\xcc": 0, "\x00\x01\x00\x03": 0, "\x80\x00\x00\x00": 0, "\x00\x01\xff\xec": 0, "\x40\x01\xff\xfc": 0, "GET\x20": 0,
	} {
		if got := frameSize([]byte(head)); got != want {
			t.Errorf("%q: %d", head, got)
		}
	}
}
