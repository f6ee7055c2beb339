package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A self-signed certificate is good for selfSignedLife, and made anew selfSignedRest
// before its end, which is before anybody is warned of that.
const (
	selfSignedLife = 90 * 24 * time.Hour
	selfSignedRest = 14 * 24 * time.Hour
)

// selfSigned makes and keeps the server's own certificate.
type selfSigned struct {
	file  string // or "", to keep it in memory
	names []string
	ips   []net.IP
	made  func(*tls.Certificate) // is told of each
	// failed is told of each time when there should be another one and is not.
	failed func(error)

	mu      sync.Mutex
	current *tls.Certificate
}

// selfSignedCertificates shows a certificate that nobody has signed.
func (s *site) selfSignedCertificates(dir string) (*certificates, error) {
	often := rate.Sometimes{Interval: time.Hour}
	own := &selfSigned{made: s.tellFingerprint, failed: func(err error) {
		often.Do(func() {
			s.log.Error("the self-signed certificate ends within days, and no other can be made", "error", err)
		})
	}}
	own.names, own.ips = ownNames()
	if dir != "" && !s.options.checkConfig {
		if err := s.privateDirectory("tls-self-signed-dir", dir); err != nil {
			return nil, err
		}
		own.file = filepath.Join(dir, "self-signed.pem")
	}
	pair, err := own.get(time.Now())
	if err != nil {
		return nil, err
	}
	s.notes = append(s.notes,
		"The certificate is self-signed. A browser says that the connection is not private: open its details,",
		"compare the fingerprint, and go on to the page; camera and microphone then work. SHA-256:",
		"  "+fingerprint(pair))
	knows, _ := leafHosts(pair.Leaf)
	return &certificates{
		get:   func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return own.get(time.Now()) },
		knows: knows,
		name:  outward(own.ips), selfSigned: true,
		ends: own.ends,
	}, nil
}

// ends makes another certificate in time also where no browser comes.
func (c *selfSigned) ends() time.Time {
	pair, err := c.get(time.Now())
	if err != nil {
		return time.Time{} // browsers are told why
	}
	return pair.Leaf.NotAfter
}

func (s *site) tellFingerprint(pair *tls.Certificate) {
	s.log.Info("a self-signed certificate was made", "sha256", fingerprint(pair), "until", pair.Leaf.NotAfter,
		"names", strings.Join(pair.Leaf.DNSNames, " "), "addresses", fmt.Sprint(pair.Leaf.IPAddresses))
}

// get is the certificate of the time, which is made or read where there is none.
func (c *selfSigned) get(now time.Time) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.good(c.current, now) {
		return c.current, nil
	}
	kept, err := c.read()
	if err == nil && !c.good(kept, now) {
		kept, err = c.makeNew(now)
	}
	if err != nil && c.current != nil && now.Before(c.current.Leaf.NotAfter) {
		c.failed(err)
		return c.current, nil // better than none, and there are days left
	}
	if err != nil {
		return nil, fmt.Errorf("self-signed certificate: %w", err)
	}
	c.current = kept
	return kept, nil
}

// good reports whether a certificate lasts and is for all names that the machine has.
func (c *selfSigned) good(pair *tls.Certificate, now time.Time) bool {
	if pair == nil || now.Before(pair.Leaf.NotBefore) || now.After(pair.Leaf.NotAfter.Add(-selfSignedRest)) {
		return false
	}
	for _, name := range c.names {
		if pair.Leaf.VerifyHostname(name) != nil {
			return false
		}
	}
	for _, ip := range c.ips {
		if pair.Leaf.VerifyHostname(ip.String()) != nil {
			return false
		}
	}
	return true
}

// read reads the file; nil without an error means that there is none.
func (c *selfSigned) read() (*tls.Certificate, error) {
	if c.file == "" {
		return nil, nil
	}
	data, err := os.ReadFile(c.file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading: %w", err)
	}
	pair, err := tls.X509KeyPair(data, data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: remove the file, and another is made", c.file, err)
	}
	return &pair, nil
}

func (c *selfSigned) makeNew(now time.Time) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making a key: %w", err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, fmt.Errorf("making a number: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: c.names[0], Organization: []string{"ExpressRTC, self-signed"}},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(selfSignedLife), // clocks differ
		DNSNames: c.names, IPAddresses: c.ips,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("signing: %w", err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("writing the key: %w", err)
	}
	data := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})...)
	if c.file != "" {
		if err := os.WriteFile(c.file, data, 0o600); err != nil {
			return nil, fmt.Errorf("keeping it: %w", err)
		}
	}
	pair, err := tls.X509KeyPair(data, data)
	if err == nil {
		c.made(&pair)
	}
	return &pair, err
}

// ownNames are the names and addresses by which a local network may reach this machine.
func ownNames() (names []string, ips []net.IP) {
	names = []string{"localhost"}
	if host, err := os.Hostname(); err == nil && host != "" && host != "localhost" {
		names = append([]string{strings.ToLower(host)}, names...)
		if !strings.Contains(host, ".") {
			names = append(names, strings.ToLower(host)+".local")
		}
	}
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		addrs = []net.Addr{&net.IPNet{IP: net.IPv4(127, 0, 0, 1)}}
	}
	for _, addr := range addrs {
		if in, ok := addr.(*net.IPNet); ok && !in.IP.IsLinkLocalUnicast() {
			ips = append(ips, in.IP)
		}
	}
	return names, ips
}

// outward is the first address of this machine that others may reach, as a text.
func outward(ips []net.IP) string {
	for _, ip := range ips {
		if !ip.IsLoopback() {
			return ip.String()
		}
	}
	return "localhost"
}

// fingerprint is as browsers show it.
func fingerprint(pair *tls.Certificate) string {
	sum := sha256.Sum256(pair.Certificate[0])
	return strings.ReplaceAll(fmt.Sprintf("% X", sum), " ", ":")
}
