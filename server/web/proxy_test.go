package web

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// ask is a request from an address with headers.
func ask(from string, headers http.Header) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = from
	for name, values := range headers {
		r.Header[name] = values
	}
	return r
}

func newTestProxies(t testing.TB, header string, trusted ...string) *proxies {
	t.Helper()
	p, err := newProxies(Config{Log: slog.New(slog.DiscardHandler), TrustedProxies: trusted, ProxyHeader: header})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestClientBehindProxies(t *testing.T) {
	one, chain := []string{"127.0.0.1"}, []string{"127.0.0.1", "10.0.0.0/8", "2001:db8:f::/48"}
	for _, c := range []struct {
		trusted []string
		peer    string
		told    []string // X-Forwarded-For
		want    string
	}{
		{nil, "127.0.0.1:9", []string{"203.0.113.1"}, "127.0.0.1:9"},   // nobody is trusted
		{one, "192.0.2.1:9", []string{"203.0.113.1"}, "192.0.2.1:9"},   // nor is this one
		{one, "127.0.0.1:9", nil, "127.0.0.1:9"},                       // it asks for itself
		{one, "127.0.0.1:9", []string{"203.0.113.1"}, "203.0.113.1:0"}, // as it says
		{one, "[::ffff:127.0.0.1]:9", []string{"203.0.113.1"}, "203.0.113.1:0"},
		{one, "127.0.0.1:9", []string{"1.1.1.1, 203.0.113.1"}, "203.0.113.1:0"},     // the client said 1.1.1.1
		{one, "127.0.0.1:9", []string{"1.1.1.1", "203.0.113.1"}, "203.0.113.1:0"},   // in a line of its own
		{one, "127.0.0.1:9", []string{"127.0.0.1, 203.0.113.1"}, "203.0.113.1:0"},   // it would like to be exempt
		{one, "127.0.0.1:9", []string{"203.0.113.1, 10.0.0.1"}, "10.0.0.1:0"},       // a proxy that is not trusted
		{chain, "127.0.0.1:9", []string{"203.0.113.1, 10.0.0.1"}, "203.0.113.1:0"},  // it is
		{chain, "[2001:db8:f::1]:9", []string{"2001:db8::1"}, "[2001:db8::1]:0"},    // IPv6
		{chain, "10.1.2.3:9", []string{"[2001:db8::1]:4711"}, "[2001:db8::1]:0"},    // with a port
		{chain, "10.1.2.3:9", []string{"203.0.113.1:80"}, "203.0.113.1:0"},          // the same
		{chain, "10.1.2.3:9", []string{"10.0.0.1, 10.0.0.2"}, "10.0.0.1:0"},         // a client within
		{chain, "10.1.2.3:9", []string{"203.0.113.1, unknown"}, "10.1.2.3:9"},       // it is hidden
		{chain, "10.1.2.3:9", []string{"203.0.113.1, , 10.0.0.1"}, "10.0.0.1:0"},    // nonsense before it
		{chain, "10.1.2.3:9", []string{"<script>", "203.0.113.1"}, "203.0.113.1:0"}, // is not looked at
		{chain, "pipe", []string{"203.0.113.1"}, "pipe"},
	} {
		r := newTestProxies(t, "", c.trusted...).resolve(ask(c.peer, http.Header{forwardedFor: c.told, forwarded: {"for=9.9.9.9"}}))
		if r.RemoteAddr != c.want {
			t.Errorf("trusting %v: %s said %q: %s, want %s", c.trusted, c.peer, c.told, r.RemoteAddr, c.want)
		}
		if r.Header.Get(forwardedFor) != "" || r.Header.Get(forwarded) != "" {
			t.Errorf("left for others to believe: %v", r.Header)
		}
	}
}

func TestHostBehindProxies(t *testing.T) {
	all := func(values ...string) http.Header {
		h := http.Header{}
		for i := 0; i < len(values); i += 2 {
			h.Add(values[i], values[i+1])
		}
		return h
	}
	for _, c := range []struct {
		header      string
		peer        string
		told        http.Header
		client      string
		host, proto string
	}{
		{"", "127.0.0.1:9", all(forwardedHost, "call.example", forwardedProto, "HTTPS"), "127.0.0.1:9", "call.example", "https"},
		{"", "127.0.0.1:9", all(forwardedHost, "evil.example, call.example", forwardedProto, "gopher"), "127.0.0.1:9", "call.example", ""},
		{"", "192.0.2.1:9", all(forwardedHost, "evil.example", forwardedProto, "https"), "192.0.2.1:9", "", ""},
		{"", "127.0.0.1:9", all(forwarded, "for=192.0.2.2;host=evil.example;proto=https"), "127.0.0.1:9", "", ""},
		{forwarded, "127.0.0.1:9", all(forwardedFor, "192.0.2.2", forwardedHost, "evil.example"), "127.0.0.1:9", "", ""},
		{
			forwarded, "127.0.0.1:9", all(forwarded, `For="[2001:db8::1]:4711"; Proto=https;host="call.example:8443"; by=203.0.113.43`),
			"[2001:db8::1]:0", "call.example:8443", "https",
		},
		{forwarded, "127.0.0.1:9", all(forwarded, "for=1.1.1.1;host=evil.example, for=192.0.2.2"), "192.0.2.2:0", "", ""},
		{forwarded, "127.0.0.1:9", all(forwarded, "for=_hidden;host=call.example"), "127.0.0.1:9", "call.example", ""},
	} {
		r := newTestProxies(t, c.header, "127.0.0.1").resolve(ask(c.peer, c.told))
		if r.RemoteAddr != c.client || r.Header.Get(forwardedHost) != c.host || r.Header.Get(forwardedProto) != c.proto {
			t.Errorf("%v: %s, %v, want %s of %q by %q", c.told, r.RemoteAddr, r.Header, c.client, c.host, c.proto)
		}
	}
}

// TestOriginBehindAProxy: pages come from the host that the proxy was asked for, and what
// a page's own name points to is no proxy's word.
func TestOriginBehindAProxy(t *testing.T) {
	s := newTestServer(t, Config{TrustedProxies: []string{"127.0.0.1"}})
	for _, c := range []struct {
		peer, origin, host, told string
		want                     int
	}{
		{"127.0.0.1:9", "https://call.example", "127.0.0.1:8080", "call.example", 426},
		{"127.0.0.1:9", "https://call.example", "127.0.0.1:8080", "Call.example:443", 426},
		{"127.0.0.1:9", "https://evil.example", "127.0.0.1:8080", "call.example", 403},
		{"127.0.0.1:9", "http://evil.example", "evil.example", "", 403},
		{"192.0.2.1:9", "http://evil.example", "127.0.0.1:8080", "evil.example", 403},
	} {
		r := ask(c.peer, http.Header{"Origin": {c.origin}})
		r.URL.Path, r.Host = "/ws", c.host
		if c.told != "" {
			r.Header.Set(forwardedHost, c.told)
		}
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, r); w.Code != c.want {
			t.Errorf("%+v: status %d", c, w.Code)
		}
	}
}

// TestLimitsBehindAProxy: the client's address counts, not the proxy's.
func TestLimitsBehindAProxy(t *testing.T) {
	c := Config{TrustedProxies: []string{"127.0.0.1"}}
	c.Signaling.Rates.Farewells = 1
	s := newTestServer(t, c)
	farewell := func(client string) int {
		r := httptest.NewRequest(http.MethodPost, "/ws", strings.NewReader(`{"key":"x"}`))
		r.RemoteAddr = "127.0.0.1:9"
		r.Header.Set(forwardedFor, client)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w.Code
	}
	for i := range 7 {
		if got := farewell("127.0.0.1, 203.0.113.1"); (got == http.StatusTooManyRequests) != (i >= 5) {
			t.Errorf("farewell %d: status %d", i, got)
		}
	}
	if got := farewell("203.0.113.2"); got != http.StatusNoContent {
		t.Errorf("another client: status %d", got)
	}
}

func TestUnnamedProxyIsLogged(t *testing.T) {
	var log bytes.Buffer
	s := newTestServer(t, Config{Log: slog.New(slog.NewTextHandler(&log, nil))})
	for _, from := range []string{"203.0.113.1:1", "127.0.0.1:1", "10.0.0.1:1", "127.0.0.1:2"} {
		s.ServeHTTP(httptest.NewRecorder(), ask(from, http.Header{forwardedFor: {"9.9.9.9"}}))
	}
	if n := strings.Count(log.String(), "\n"); n != 1 || !strings.Contains(log.String(), "--trusted-proxy") || !strings.Contains(log.String(), "127.0.0.1") {
		t.Errorf("logged %q", &log)
	}
}

func TestBadProxies(t *testing.T) {
	for _, bad := range []Config{
		{TrustedProxies: []string{"proxy.example"}},
		{TrustedProxies: []string{"10.0.0.0/33"}},
		{TrustedProxies: []string{""}},
		{ProxyHeader: "Via"},
	} {
		if _, err := New(bad); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}

// FuzzForwarded: whatever is said, the client is somebody whom a trusted proxy named, or
// the one who asks; and nothing is left to believe that no proxy has said.
func FuzzForwarded(f *testing.F) {
	f.Add("127.0.0.1:1", "203.0.113.1, 10.0.0.1", "for=192.0.2.1;host=a", "a, b", "https")
	f.Add("192.0.2.1:1", "203.0.113.1", `for="[::1]:1"`, "", "")
	f.Add("10.0.0.1:1", "10.0.0.1,,unknown", `for="`, ",", ";")
	var readers []*proxies
	for _, header := range []string{forwardedFor, forwarded} {
		readers = append(readers, newTestProxies(f, header, "127.0.0.1", "10.0.0.0/8"))
	}
	f.Fuzz(func(t *testing.T, peer, clients, standard, host, proto string) {
		for _, p := range readers {
			r := p.resolve(ask(peer, http.Header{
				forwardedFor: {clients}, forwarded: {standard}, forwardedHost: {host}, forwardedProto: {proto},
			}))
			if r.Header.Get(forwardedFor) != "" || r.Header.Get(forwarded) != "" || len(r.Header[forwardedHost]) > 1 {
				t.Errorf("left: %v", r.Header)
			}
			if scheme := r.Header.Get(forwardedProto); !slices.Contains([]string{"", "http", "https"}, scheme) {
				t.Errorf("scheme %q", scheme)
			}
			if r.RemoteAddr == peer {
				continue
			}
			from, err := netip.ParseAddrPort(peer)
			if err != nil || !p.trusts(from.Addr().Unmap()) {
				t.Errorf("%q said that it is %s", peer, r.RemoteAddr)
			}
			if _, err := netip.ParseAddrPort(r.RemoteAddr); err != nil {
				t.Errorf("client %q", r.RemoteAddr)
			}
		}
	})
}
