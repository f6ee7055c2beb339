package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
)

// The headers in which proxies tell for whom they ask.
const (
	forwarded      = "Forwarded" // https://www.rfc-editor.org/rfc/rfc7239
	forwardedFor   = "X-Forwarded-For"
	forwardedHost  = "X-Forwarded-Host"
	forwardedProto = "X-Forwarded-Proto"
)

// proxies are those whose word counts. Everybody can write such a header, and a proxy
// passes on what it does not know; so one header is read, which the proxies are known to
// write, and that from the right: each adds at its end whom it had the request from.
type proxies struct {
	trusted  []netip.Prefix
	standard bool // Forwarded is read, and not X-Forwarded-For
	log      *slog.Logger
	warning  sync.Once
}

func newProxies(c Config) (*proxies, error) {
	p := &proxies{standard: c.ProxyHeader == forwarded, log: c.Log}
	if c.ProxyHeader != "" && c.ProxyHeader != forwarded && c.ProxyHeader != forwardedFor {
		return nil, fmt.Errorf("proxy header %q is not known: use %s or %s", c.ProxyHeader, forwardedFor, forwarded)
	}
	var err error
	p.trusted, err = ParseProxies(c.TrustedProxies)
	return p, err
}

// ParseProxies reads the addresses and prefixes of trusted proxies. With an error come
// those before it.
func ParseProxies(texts []string) (trusted []netip.Prefix, err error) {
	for _, text := range texts {
		prefix, err := netip.ParsePrefix(text)
		if addr, bad := netip.ParseAddr(text); bad == nil {
			prefix, err = netip.PrefixFrom(addr.Unmap(), addr.Unmap().BitLen()), nil
		}
		if err != nil {
			return trusted, fmt.Errorf("trusted proxy %q is no address: write it as 192.0.2.1 or 10.0.0.0/8", text)
		}
		trusted = append(trusted, prefix.Masked())
	}
	return trusted, nil
}

func (p *proxies) trusts(addr netip.Addr) bool {
	return slices.ContainsFunc(p.trusted, func(prefix netip.Prefix) bool { return prefix.Contains(addr) })
}

// resolve is r as its client sent it: RemoteAddr is the client's, as far as it is known.
// Of the headers of proxies only X-Forwarded-Host and -Proto are left, with one value, and
// only if a proxy that is trusted has set them.
func (p *proxies) resolve(r *http.Request) *http.Request {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	peer := at.Addr().Unmap().WithZone("")
	isTrusted := err == nil && p.trusts(peer)
	if !isTrusted && !isForwarded(r.Header) {
		return r
	}
	own := r.Clone(r.Context())
	for _, name := range []string{forwarded, forwardedFor, forwardedHost, forwardedProto} {
		own.Header.Del(name)
	}
	if !isTrusted {
		p.warn(peer)
		return own
	}
	told := p.read(r.Header)
	if client := p.client(peer, told.clients); client != peer {
		own.RemoteAddr = netip.AddrPortFrom(client, 0).String()
	}
	if told.host != "" {
		own.Header.Set(forwardedHost, told.host)
	}
	if told.proto == "http" || told.proto == "https" {
		own.Header.Set(forwardedProto, told.proto)
	}
	return own
}

func isForwarded(h http.Header) bool {
	return h.Get(forwarded) != "" || h.Get(forwardedFor) != "" || h.Get(forwardedHost) != "" || h.Get(forwardedProto) != ""
}

// warn tells the operator of what seems to be a proxy that nobody has named. Anybody on the
// internet could write such a header, so only neighbours count.
func (p *proxies) warn(peer netip.Addr) {
	if peer.IsLoopback() || peer.IsPrivate() {
		p.warning.Do(func() {
			p.log.Warn("a proxy seems to pass requests on, and its word about clients does not count: if it is yours, name it with --trusted-proxy",
				"address", peer)
		})
	}
}

// client is the last address that no trusted proxy has.
func (p *proxies) client(peer netip.Addr, told []string) netip.Addr {
	for _, text := range slices.Backward(told) {
		if !p.trusts(peer) {
			break
		}
		addr, ok := parseNode(text)
		if !ok {
			break // one that hides it: the proxy stands for all of those
		}
		peer = addr
	}
	return peer
}

// parseNode reads an address with or without a port, with or without brackets.
func parseNode(text string) (netip.Addr, bool) {
	text = strings.TrimSpace(text)
	if at, err := netip.ParseAddrPort(text); err == nil {
		return at.Addr().Unmap().WithZone(""), true
	}
	if inner, ok := strings.CutPrefix(text, "["); ok {
		text = strings.TrimSuffix(inner, "]")
	}
	addr, err := netip.ParseAddr(text)
	return addr.Unmap().WithZone(""), err == nil
}

// told is what the headers say; of host and scheme what the nearest proxy says.
type told struct {
	clients     []string
	host, proto string
}

func (p *proxies) read(h http.Header) told {
	if !p.standard {
		return told{
			clients: elements(h.Values(forwardedFor)),
			host:    last(elements(h.Values(forwardedHost))),
			proto:   strings.ToLower(last(elements(h.Values(forwardedProto)))),
		}
	}
	var t told
	for _, element := range elements(h.Values(forwarded)) {
		t.host, t.proto = "", ""
		client := ""
		for pair := range strings.SplitSeq(element, ";") {
			name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
			value = strings.Trim(value, `"`)
			switch strings.ToLower(name) {
			case "for":
				client = value
			case "host":
				t.host = value
			case "proto":
				t.proto = strings.ToLower(value)
			}
		}
		t.clients = append(t.clients, client)
	}
	return t
}

// elements splits a header that is a list, over one line or several.
func elements(lines []string) []string {
	if len(lines) == 0 {
		return nil
	}
	all := strings.Split(strings.Join(lines, ","), ",")
	for i, element := range all {
		all[i] = strings.TrimSpace(element)
	}
	return all
}

func last(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[len(list)-1]
}
