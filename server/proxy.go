package main

import (
	"fmt"
	"net/url"
	"strings"
)

// proxyOptions are the settings for a reverse proxy in front of the server.
type proxyOptions struct {
	trusted   []string
	header    string
	publicURL string
}

func (o *options) declareProxy(s *settings) {
	s.listVar(&o.proxy.trusted, "trusted-proxy", "`address` or prefix of a reverse proxy in front, whose word about clients, hosts and schemes counts")
	s.choiceVar(&o.proxy.header, "proxy-header", "`header` in which it tells the client's address: X-Forwarded-For or Forwarded", "X-Forwarded-For", "Forwarded")
	s.StringVar(&o.proxy.publicURL, "public-url", "", "`URL` at which browsers find this server, for the links that the console makes; without it the server's own address")
}

// addProxy lets the public side know who is in front of it.
func (s *site) addProxy() error {
	s.web.TrustedProxies, s.web.ProxyHeader = s.options.proxy.trusted, s.options.proxy.header
	return nil
}

// addPublicURL finds out what links to this server begin with.
func (s *site) addPublicURL() error {
	text := s.options.proxy.publicURL
	if text == "" {
		s.public = s.address
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return fmt.Errorf("--public-url %q is no address of pages: write https://host/", text)
	}
	s.public = strings.TrimSuffix(u.String(), "/") + "/"
	return nil
}
