package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// acmeOptions are how certificates are asked for and kept.
type acmeOptions struct {
	domains   []string
	email     string
	cache     string
	directory string
	ca        string
}

func (o *acmeOptions) declare(s *settings) {
	s.listVar(&o.domains, "acme-domain", "`name` of this server to get a certificate for from Let's Encrypt; agrees to its terms")
	s.StringVar(&o.email, "acme-email", "", "`address` that the authority may write to")
	s.StringVar(&o.cache, "acme-cache", "", "`directory` that keeps the certificates and keys, for the server's user alone")
	s.StringVar(&o.directory, "acme-directory", acme.LetsEncryptURL, "`URL` of the authority")
	s.StringVar(&o.ca, "acme-ca", "", "`file` with the certificate in PEM that the authority's own site is trusted by, if the system does not know it")
}

// acmeCertificates asks an authority for certificates, and again in time. It proves that
// the names are this server's on the port of HTTPS and on that of --http-redirect.
func (s *site) acmeCertificates(o acmeOptions) (*certificates, error) {
	names := make([]string, 0, len(o.domains))
	for _, domain := range o.domains {
		name := strings.ToLower(strings.TrimSuffix(domain, "."))
		if strings.Contains(name, "*") || !strings.Contains(name, ".") || strings.ContainsAny(name, ":/ ") {
			return nil, fmt.Errorf("--acme-domain %q is no full name of a host, as calls.example.com", domain)
		}
		names = append(names, name)
	}
	if o.cache == "" {
		return nil, errors.New("--acme-domain needs --acme-cache, a directory: authorities give the same certificate a few times a week only")
	}
	if err := s.privateDirectory("acme-cache", o.cache); err != nil {
		return nil, err
	}
	client, err := o.client()
	if err != nil {
		return nil, err
	}
	manager := &autocert.Manager{
		Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(o.cache), HostPolicy: autocert.HostWhitelist(names...),
		Email: o.email, Client: client,
	}
	get := func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		if hello.ServerName == "" {
			hello.ServerName = names[0] // who asks by address is shown something
		}
		return manager.GetCertificate(hello)
	}
	known := newEnds(names)
	s.services = append(s.services, untilStopped("acme", func(ctx context.Context) error {
		s.keepCertificates(ctx, names, get, known)
		return nil
	}))
	challenges := func(next http.Handler) http.Handler {
		answer := manager.HTTPHandler(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Host = hostOnly(r.Host) // the port may be another one before a NAT
			answer.ServeHTTP(w, r)
		})
	}
	return &certificates{get: get, knows: among(names), name: names[0], ends: known.first, trusted: o.ca == "", challenges: challenges}, nil
}

func (o acmeOptions) client() (*acme.Client, error) {
	client := &acme.Client{DirectoryURL: o.directory, UserAgent: "expressrtc/" + version}
	if o.ca == "" {
		return client, nil
	}
	data, err := os.ReadFile(o.ca)
	if err != nil {
		return nil, fmt.Errorf("reading --acme-ca: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(data) {
		return nil, fmt.Errorf("--acme-ca %s holds no certificate in PEM", o.ca)
	}
	client.HTTPClient = &http.Client{
		Timeout:   time.Minute,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}, Proxy: http.ProxyFromEnvironment},
	}
	return client, nil
}

// getter gives the certificate of a host, and asks the authority where there is none.
type getter = func(*tls.ClientHelloInfo) (*tls.Certificate, error)

// keepCertificates sees to each name by itself: one that does not lead here keeps no other
// from its certificate.
func (s *site) keepCertificates(ctx context.Context, names []string, get getter, known *ends) {
	var all sync.WaitGroup
	for _, name := range names {
		all.Go(func() {
			if !s.obtain(ctx, name, get, known) {
				return
			}
			lookAgain(ctx, func() {
				if cert, err := obtainOne(ctx, name, get); err == nil {
					s.noteEnd(name, cert.Leaf, known)
				} else if ctx.Err() == nil {
					s.log.Error("the certificate cannot be looked at", "name", name, "error", err)
				}
			})
		})
	}
	all.Wait()
}

// obtain asks for a certificate before the first visitor has to wait for it, and tells the
// operator how that went; false means that the server stops.
func (s *site) obtain(ctx context.Context, name string, get getter, known *ends) bool {
	for wait := 2 * time.Minute; ; wait = min(2*wait, 4*time.Hour) {
		cert, err := obtainOne(ctx, name, get)
		if ctx.Err() != nil {
			return false
		}
		if err == nil {
			s.log.Info("there is a certificate", "name", name, "until", cert.Leaf.NotAfter)
			s.noteEnd(name, cert.Leaf, known)
			return true
		}
		s.log.Error("no certificate: the name must lead here, and the authority reach port 443, or 80 with --http-redirect",
			"name", name, "error", err, "again in", wait)
		select {
		case <-ctx.Done():
			return false
		case <-time.After(wait):
		}
	}
}

// noteEnd tells of a certificate that should be another one by now: autocert renews it when
// a third of its life is left, and says nothing when it cannot.
func (s *site) noteEnd(name string, leaf *x509.Certificate, known *ends) {
	known.note(name, leaf.NotAfter)
	if time.Until(leaf.NotAfter) < leaf.NotAfter.Sub(leaf.NotBefore)/4 {
		s.log.Error("the certificate is not renewed: the name must lead here, the authority reach port 443, or 80 with --http-redirect, "+
			"and --acme-cache be writable", "name", name, "until", leaf.NotAfter)
	}
}

// obtainOne asks for a certificate. An authority that takes its time does not keep the
// server from stopping.
func obtainOne(ctx context.Context, name string, get getter) (*tls.Certificate, error) {
	type answer struct {
		cert *tls.Certificate
		err  error
	}
	answered := make(chan answer, 1)
	go func() {
		cert, err := get(&tls.ClientHelloInfo{ServerName: name, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}})
		answered <- answer{cert, err}
	}()
	select {
	case a := <-answered:
		return a.cert, a.err
	case <-ctx.Done():
		return nil, fmt.Errorf("asking for a certificate: %w", ctx.Err())
	}
}

// privateDirectory makes a directory that is for the server's user alone.
func (s *site) privateDirectory(name, path string) error {
	if s.options.checkConfig {
		return nil // whoever checks may be another user
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return fmt.Errorf("--%s: making the directory: %w", name, err)
	}
	if err := os.Chmod(path, 0o700); err != nil {
		return fmt.Errorf("--%s: closing the directory to others: %w", name, err)
	}
	return nil
}
