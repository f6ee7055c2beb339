package web

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
)

// maxRefused bounds how many refused origins are remembered, and so logged.
const maxRefused = 1000

// origins decides which pages may open a socket.
type origins struct {
	anyone    bool
	trustHost bool
	allowed   map[string]bool

	mu      sync.Mutex
	refused map[string]bool // that the log knows already
}

func newOrigins(c Config) (*origins, error) {
	o := &origins{trustHost: c.TrustHost, allowed: map[string]bool{}, refused: map[string]bool{}}
	for _, origin := range c.AllowOrigins {
		if origin == "*" {
			o.anyone = true
			continue
		}
		u, ok := parseOrigin(origin)
		if !ok {
			return nil, fmt.Errorf("allowed origin %q is none: write it as https://host or https://host:port, or * for all", origin)
		}
		o.allowed[u.Scheme+"://"+u.Host] = true
	}
	return o, nil
}

// parseOrigin reads scheme://host[:port], as browsers write it: in lower case and
// without the port that the scheme has anyway.
func parseOrigin(s string) (*url.URL, bool) {
	u, err := url.Parse(strings.ToLower(strings.TrimSuffix(s, "/")))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, false
	}
	if u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, false
	}
	if u.Scheme == "http" && u.Port() == "80" || u.Scheme == "https" && u.Port() == "443" {
		u.Host = strings.TrimSuffix(u.Host, ":"+u.Port())
	}
	return u, true
}

// permit reports whether the page that sends r may open a socket. Programs that are no
// browsers send no origin; nothing could be learnt from what they would claim.
func (o *origins) permit(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || o.anyone {
		return true
	}
	u, ok := parseOrigin(origin)
	if !ok {
		return false
	}
	return isLoopback(u.Hostname()) ||
		o.allowed[u.Scheme+"://"+u.Host] ||
		o.trustHost && strings.EqualFold(u.Host, r.Host) ||
		isSite(u, r.Header.Get(forwardedHost))
}

// isSite reports whether a page comes from the host that a trusted proxy was asked for. No
// page can write that header, so names that point here by themselves do not get it.
func isSite(u *url.URL, host string) bool {
	site, ok := parseOrigin(u.Scheme + "://" + host)
	return host != "" && ok && site.Host == u.Host
}

// firstRefusal reports whether origin is refused for the first time.
func (o *origins) firstRefusal(origin string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.refused[origin] || len(o.refused) >= maxRefused {
		return false
	}
	o.refused[origin] = true
	return true
}

// isLoopback reports whether a host name means the very machine that resolves it.
func isLoopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}
