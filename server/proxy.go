package main

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
