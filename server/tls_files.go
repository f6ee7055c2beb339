package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"
)

// expiresSoon is when an operator should be told of the end of a certificate.
const expiresSoon = 14 * 24 * time.Hour

// fileCertificates shows the certificate of two files, as they are now and at each SIGHUP.
func (s *site) fileCertificates(certFile, keyFile string) (*certificates, error) {
	if certFile == "" || keyFile == "" {
		return nil, errors.New("--tls-cert and --tls-key belong together: name both")
	}
	pair, err := readPair(certFile, keyFile)
	if err != nil {
		return nil, err
	}
	var current atomic.Pointer[tls.Certificate]
	current.Store(pair)
	s.warnOfExpiry(pair)
	s.reloads = append(s.reloads, func() error {
		pair, err := readPair(certFile, keyFile)
		if err != nil {
			return err
		}
		current.Store(pair)
		s.warnOfExpiry(pair)
		return nil
	})
	s.services = append(s.services, untilStopped("certificate", func(ctx context.Context) error {
		lookAgain(ctx, func() { s.warnOfExpiry(current.Load()) })
		return nil
	}))
	_, name := leafHosts(pair.Leaf)
	return &certificates{
		get: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return current.Load(), nil },
		knows: func(host string) bool {
			knows, _ := leafHosts(current.Load().Leaf)
			return knows(host)
		},
		name:    name,
		ends:    func() time.Time { return current.Load().Leaf.NotAfter },
		trusted: isTrusted(pair),
	}, nil
}

func (s *site) warnOfExpiry(pair *tls.Certificate) {
	until := pair.Leaf.NotAfter
	switch left := time.Until(until); {
	case left <= 0:
		s.log.Error("the certificate has ended, and browsers refuse it: renew it, then send SIGHUP", "until", until)
	case left < expiresSoon:
		s.log.Warn("the certificate ends soon: renew it, then send SIGHUP", "until", until)
	}
}

// readPair reads a certificate with its key, and says what is wrong with them.
func readPair(certFile, keyFile string) (*tls.Certificate, error) {
	cert, err := os.ReadFile(certFile)
	if err != nil {
		return nil, fmt.Errorf("reading --tls-cert: %w", err)
	}
	key, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, fmt.Errorf("reading --tls-key: %w", err)
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, fmt.Errorf("--tls-cert %s and --tls-key %s are no pair: %w", certFile, keyFile, err)
	}
	if err := checkLeaf(pair.Leaf, time.Now()); err != nil {
		return nil, fmt.Errorf("--tls-cert %s: %w", certFile, err)
	}
	return &pair, nil
}

func checkLeaf(leaf *x509.Certificate, now time.Time) error {
	switch {
	case now.After(leaf.NotAfter):
		return fmt.Errorf("the certificate has expired on %s: renew it", leaf.NotAfter.Format(time.DateOnly))
	case now.Before(leaf.NotBefore):
		return fmt.Errorf("the certificate is good from %s on only: is the clock right?", leaf.NotBefore.Format(time.DateOnly))
	case len(leaf.DNSNames)+len(leaf.IPAddresses) == 0:
		return errors.New("the certificate names no host that it is for (subjectAltName), and browsers refuse such ones")
	}
	return nil
}

// isTrusted reports whether programs of this machine trust a certificate by themselves;
// browsers elsewhere will then, too.
func isTrusted(pair *tls.Certificate) bool {
	between := x509.NewCertPool()
	for _, der := range pair.Certificate[1:] {
		if cert, err := x509.ParseCertificate(der); err == nil {
			between.AddCert(cert)
		}
	}
	_, err := pair.Leaf.Verify(x509.VerifyOptions{Intermediates: between})
	return err == nil
}
