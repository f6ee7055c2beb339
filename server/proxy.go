package main

import "net/netip"

// proxyOptions are the settings for a reverse proxy in front of the server.
type proxyOptions struct {
	trusted []string
	header  string
}

func (o *options) declareProxy(s *settings) {
	s.listVar(&o.proxy.trusted, "trusted-proxy", "`address` or prefix of a reverse proxy in front, whose word about clients, hosts and schemes counts")
	s.choiceVar(&o.proxy.header, "proxy-header", "`header` in which it tells the client's address: X-Forwarded-For or Forwarded", "X-Forwarded-For", "Forwarded")
}

// addProxy lets the public side know who is in front of it.
func (s *site) addProxy() error {
	s.web.TrustedProxies, s.web.ProxyHeader = s.options.proxy.trusted, s.options.proxy.header
	return nil
}

// prefixes are those of them that can be read; web says what is wrong with the others.
func (p *proxyOptions) prefixes() []netip.Prefix {
	var list []netip.Prefix
	for _, text := range p.trusted {
		if addr, err := netip.ParseAddr(text); err == nil {
			list = append(list, netip.PrefixFrom(addr, addr.BitLen()))
		} else if prefix, err := netip.ParsePrefix(text); err == nil {
			list = append(list, prefix)
		}
	}
	return list
}
