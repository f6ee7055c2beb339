package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"expressrtc/server/web"
)

// tlsOptions say which certificate browsers are shown, if any.
type tlsOptions struct {
	cert, key     string
	selfSigned    bool
	selfSignedDir string
	acme          acmeOptions
	redirect      string
}

func (o *options) declareTLS(s *settings) {
	t := &o.tls
	s.StringVar(&t.cert, "tls-cert", "", "`file` with the certificate and those between it and its authority, in PEM; read again on SIGHUP")
	s.StringVar(&t.key, "tls-key", "", "`file` with the certificate's private key, in PEM")
	s.BoolVar(&t.selfSigned, "tls-self-signed", false, "make a certificate for this machine's names and addresses; browsers warn of it once")
	s.StringVar(&t.selfSignedDir, "tls-self-signed-dir", "", "`directory` that keeps the self-signed certificate, so that browsers warn of it only once in its life")
	s.StringVar(&t.redirect, "http-redirect", "", "`address` whose plain HTTP requests are sent on to HTTPS, as :80; answers challenges of ACME, too")
	t.acme.declare(s)
}

// certificates are what the server shows in TLS, and whom it shows it for.
type certificates struct {
	get func(*tls.ClientHelloInfo) (*tls.Certificate, error)
	// knows reports whether a host name or address is one that the certificate is for.
	knows func(host string) bool
	// name is the host to send people to; it may be empty.
	name string
	// ends is when the one that is shown ends, of several the first; zero while one is missing.
	ends func() time.Time
	// trusted says that browsers take the certificate without a word.
	trusted bool
	// selfSigned says that they take it only after asking, and for pages alone.
	selfSigned bool
	// challenges answers an authority's questions in plain HTTP, and passes on the rest.
	challenges func(http.Handler) http.Handler
}

// config is for listeners; protocols are those above TLS.
func (c *certificates) config(protocols ...string) *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get, NextProtos: protocols}
}

// addTLS finds the certificate, if there is to be one.
func (s *site) addTLS() error {
	o := &s.options.tls
	sources := 0
	for _, is := range []bool{o.cert != "" || o.key != "", len(o.acme.domains) > 0, o.selfSigned} {
		if is {
			sources++
		}
	}
	if sources > 1 {
		return errors.New("choose one certificate: --tls-cert with --tls-key, --acme-domain or --tls-self-signed")
	}
	var err error
	switch {
	case o.cert != "" || o.key != "":
		s.secure, err = s.fileCertificates(o.cert, o.key)
	case len(o.acme.domains) > 0:
		s.secure, err = s.acmeCertificates(o.acme)
	case o.selfSigned:
		s.secure, err = s.selfSignedCertificates(o.selfSignedDir)
	case o.redirect != "":
		err = errors.New("--http-redirect sends on to HTTPS, which this server does not speak: name a certificate, too")
	}
	if s.secure != nil {
		s.web.StrictTransport = s.secure.trusted
		s.addCertificateFigure()
	}
	return err
}

// addRedirect listens for those who come by plain HTTP.
func (s *site) addRedirect() error {
	o := &s.options.tls
	if o.redirect == "" {
		return nil
	}
	addr, err := listenAddress("http-redirect", o.redirect)
	if err != nil {
		return err
	}
	s.redirect, err = s.listen("http-redirect", addr)
	if err != nil {
		return err
	}
	var handler http.Handler = redirect{s.secure, s.port}
	if s.secure.challenges != nil {
		handler = s.secure.challenges(handler)
	}
	server := web.NewHTTPServer(handler, s.log)
	server.ReadTimeout, server.WriteTimeout, server.IdleTimeout = 10*time.Second, 10*time.Second, 10*time.Second
	s.services = append(s.services, service{"redirect", func() error { return server.Serve(s.redirect) }, server.Shutdown})
	return nil
}

// redirect sends requests on to HTTPS, but to no host that is not this server's.
type redirect struct {
	to   *certificates
	port int // of HTTPS
}

func (r redirect) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	host := hostOnly(q.Host)
	if !r.to.knows(host) {
		http.Error(w, "this server is not called like that", http.StatusMisdirectedRequest)
		return
	}
	w.Header().Set("Cache-Control", "no-store") // the address may change
	http.Redirect(w, q, httpsURL(host, r.port)+q.URL.RequestURI(), http.StatusPermanentRedirect)
}

// hostOnly is a request's host without its port, and an IPv6 address without brackets.
func hostOnly(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return strings.ToLower(host)
	}
	return strings.ToLower(strings.Trim(hostport, "[]"))
}

func httpsURL(host string, port int) string {
	if port == 443 {
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
		return "https://" + host
	}
	return "https://" + net.JoinHostPort(host, strconv.Itoa(port))
}

// url is the address of a listener, by a name that the certificate is for.
func (c *certificates) url(ln net.Listener) string {
	host := hostOf(ln)
	if c.name != "" && (!c.knows(host) || host == "localhost" && !isLoopback(ln)) {
		host = c.name
	}
	return httpsURL(host, listenerPort(ln))
}

func isLoopback(ln net.Listener) bool {
	addr, ok := ln.Addr().(*net.TCPAddr)
	return ok && addr.IP.IsLoopback()
}

// leafHosts are what a certificate says about hosts.
func leafHosts(leaf *x509.Certificate) (knows func(string) bool, name string) {
	for _, dns := range leaf.DNSNames {
		if !strings.Contains(dns, "*") {
			name = cmp.Or(name, dns)
		}
	}
	if len(leaf.IPAddresses) > 0 {
		name = cmp.Or(name, leaf.IPAddresses[0].String())
	}
	return func(host string) bool { return leaf.VerifyHostname(host) == nil }, name
}

// among reports whether a host is one of names.
func among(names []string) func(string) bool {
	return func(host string) bool { return slices.Contains(names, strings.TrimSuffix(host, ".")) }
}

// untilStopped makes a service of what runs until its context ends.
func untilStopped(name string, do func(context.Context) error) service {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	return service{
		name: name,
		serve: func() error {
			defer close(ended)
			return do(ctx)
		},
		shutdown: func(patience context.Context) error {
			cancel()
			select {
			case <-ended:
				return nil
			case <-patience.Done():
				return fmt.Errorf("waiting for its end: %w", patience.Err())
			}
		},
	}
}
