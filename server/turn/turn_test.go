package turn

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"expressrtc/server/protocol"
)

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
			peer := testPeer(t)
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

			service := testPeer(t)
			at := service.LocalAddr().(*net.UDPAddr)
			if _, err := first.WriteTo([]byte("x"), &net.UDPAddr{IP: net.ParseIP(public), Port: at.Port}); err != nil {
				t.Fatal(err)
			}
			exchange(t, first, second, "after it")
			if s.Stats().Refused[causePort] == 0 {
				t.Error("a packet to a service of the machine was not refused")
			}
			if _, err := service.WriteTo([]byte("last"), at); err != nil {
				t.Fatal(err)
			}
			got := make([]byte, 10)
			if n, _, err := service.ReadFrom(got); err != nil || string(got[:n]) != "last" {
				t.Errorf("a service of the machine got %q, %v", got[:n], err)
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
		} else if after := s.Stats().Refused[c.cause]; c.name != "" && after == before { // a slow answer makes the client ask again
			t.Errorf("%q: not refused as %s, %v", c.name, c.cause, err)
		}
	}
	if made := s.Stats().Made; made != 0 {
		t.Errorf("%d relays were made", made)
	}
}

// TestLongCall: neither the end of the credential nor another secret of the app ends a
// relay, but no other one is made with it. The end of the app ends it.
func TestLongCall(t *testing.T) {
	t.Parallel()
	var secret atomic.Value
	secret.Store(testSecret)
	s := newTestServer(t, func(c *Config) {
		c.Secret = func(protocol.AppID, time.Time) (string, bool) {
			now, _ := secret.Load().(string)
			return now, now != "deleted"
		}
	})
	name, password := Credential(testSecret, 1, "anna", time.Now().Add(5*time.Second))
	client := testClient(t, s, "tcp", name, password)
	relay, err := client.Allocate()
	if err != nil {
		t.Fatal(err)
	}
	defer relay.Close()
	c, _ := readClaim(name)
	secret.Store("rotated")
	<-time.After(time.Until(c.until.Add(time.Second))) // pion has no clock of ours
	peer := testPeer(t)
	exchange(t, relay, peer, "a permission after the expiry")
	if relay, err := testClient(t, s, "tcp", name, password).Allocate(); err == nil {
		relay.Close()
		t.Error("a relay is made after the expiry")
	}
	if s.heldKey(clientAt(&net.TCPAddr{}), name, time.Now()) != nil {
		t.Error("a credential is good for others after its expiry")
	}
	secret.Store("deleted")
	if err := client.CreatePermission(&net.UDPAddr{IP: net.IPv4(127, 0, 0, 9), Port: 9}); err == nil {
		t.Error("a relay of an app that is no more gets a permission")
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
		before := s.Stats().Refused[causePeer]
		if err := client.CreatePermission(&net.UDPAddr{IP: net.ParseIP(peer), Port: 9}); err == nil || s.Stats().Refused[causePeer] == before {
			t.Errorf("a relay to %s: %v", peer, err)
		}
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
