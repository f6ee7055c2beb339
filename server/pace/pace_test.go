package pace

import (
	"net/netip"
	"testing"
	"testing/synctest"
	"time"
)

// TestPaceForgets: whoever is quiet is forgotten, and however many there are, few are kept.
func TestPaceForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := New(1, 5)
		for range 5 {
			p.Allow("a")
		}
		if p.Allow("a") || !p.Allow("b") {
			t.Error("a has had enough, and b has not")
		}
		for i := range 9 { // it is not forgotten for what others do
			time.Sleep(time.Second)
			if !p.Allow("a") || p.Allow("a") {
				t.Errorf("after %d s: one a second", i+1)
			}
		}
		for range 3 {
			time.Sleep(p.quiet)
			p.Allow("c")
		}
		if len(p.young) != 1 || len(p.aged) != 1 {
			t.Errorf("%d and %d keys are remembered, want one", len(p.young), len(p.aged))
		}
		for i := range 5 * maxKeys {
			p.Allow(i)
		}
		if n := len(p.young) + len(p.aged); n > 2*maxKeys {
			t.Errorf("%d keys are remembered", n)
		}
	})
}

func TestNetwork(t *testing.T) {
	for text, want := range map[string]string{
		"192.0.2.1": "192.0.2.1/32", "::ffff:192.0.2.1": "192.0.2.1/32", "2001:db8::1": "2001:db8::/64",
		"2001:db8::2:3": "2001:db8::/64", "fe80::1%eth0": "fe80::/64", "::1": "::1/128",
	} {
		if got := Network(netip.MustParseAddr(text)).String(); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	if (Network(netip.Addr{}) != netip.Prefix{}) {
		t.Error("what is no address has a network")
	}
}

func TestCensus(t *testing.T) {
	var c Census
	here, there := netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("2001:db8::/64")
	c.Add(here)
	c.Add(here)
	c.Add(there)
	if c.All() != 3 || c.From(here) != 2 || c.From(there) != 1 || c.Networks() != 2 {
		t.Errorf("%+v", c)
	}
	c.Remove(here)
	c.Remove(there)
	if c.All() != 1 || c.From(here) != 1 || c.From(there) != 0 || c.Networks() != 1 {
		t.Errorf("who went is counted: %+v", c)
	}
}
