package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

const day = 24 * time.Hour

// watched runs the services of a bare site in a bubble, whose log it gives.
func watched(t *testing.T, add func(*site)) (log *record) {
	t.Helper()
	log = newRecord()
	s := &site{options: &options{}, log: slog.New(slog.NewTextHandler(log, nil))}
	add(s)
	for _, part := range s.services {
		go func() {
			if err := part.serve(); err != nil {
				t.Error(err)
			}
		}()
		t.Cleanup(func() {
			if err := part.shutdown(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	synctest.Wait()
	return log
}

// told is how many lines of the log say so, after a while.
func told(log *record, after time.Duration, text string) int {
	time.Sleep(after)
	synctest.Wait()
	log.mu.Lock()
	defer log.mu.Unlock()
	defer log.text.Reset()
	return strings.Count(log.text.String(), text)
}

// TestEndOfFilesIsTold: while the server runs, at each look, and what has ended has not "soon".
func TestEndOfFilesIsTold(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		cert, key := testPair(t, dir, 20*day, "localhost")
		var secure *certificates
		log := watched(t, func(s *site) {
			var err error
			if secure, err = s.fileCertificates(cert, key); err != nil {
				t.Fatal(err)
			}
		})
		if until := time.Now().Add(20 * day); !secure.ends().Equal(until) {
			t.Errorf("ends %s, want %s", secure.ends(), until)
		}
		if n := told(log, 6*day+time.Hour, "certificate"); n != 0 {
			t.Errorf("%d lines when there is time left", n)
		}
		if n := told(log, 2*day, "level=WARN msg=\"the certificate ends soon"); n != 4 {
			t.Errorf("%d warnings in four looks", n)
		}
		if n := told(log, 12*day, "level=ERROR msg=\"the certificate has ended"); n != 1 {
			t.Errorf("%d errors at the look after its end", n)
		}
	})
}

// TestFailingRenewalIsTold: autocert fails in silence. A name that does not lead here keeps
// no other from being looked at.
func TestFailingRenewalIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var leaf atomic.Pointer[x509.Certificate]
		leaf.Store(&x509.Certificate{NotBefore: time.Now().Add(-65 * day), NotAfter: time.Now().Add(25 * day)})
		get := func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			if hello.ServerName == "gone.example" {
				return nil, errors.New("leads elsewhere")
			}
			return &tls.Certificate{Leaf: leaf.Load()}, nil
		}
		known := newEnds([]string{"gone.example", "calls.example"})
		log := watched(t, func(s *site) {
			s.services = append(s.services, untilStopped("acme", func(ctx context.Context) error {
				s.keepCertificates(ctx, []string{"gone.example", "calls.example"}, get, known)
				return nil
			}))
		})
		const failing = `level=ERROR msg="the certificate is not renewed`
		if n := told(log, 2*day+time.Hour, failing); n != 0 {
			t.Errorf("%d lines when a quarter is left", n)
		}
		if n := told(log, 2*day, failing); n != 3 { // from 22.5 days before the end on
			t.Errorf("%d lines in three looks", n)
		}
		if !known.first().IsZero() {
			t.Errorf("a name has no certificate, and the first end is %s", known.first())
		}
		next := &x509.Certificate{NotBefore: time.Now(), NotAfter: time.Now().Add(90 * day)}
		leaf.Store(next)
		if n := told(log, 2*day, failing); n != 0 {
			t.Errorf("%d lines after it was renewed", n)
		}
		if known.note("gone.example", next.NotAfter.Add(day)); !known.first().Equal(next.NotAfter) {
			t.Errorf("the first end is %s, want %s", known.first(), next.NotAfter)
		}
	})
}

// certificateFigure is the line that Prometheus reads.
func certificateFigure(s *site) string {
	w := httptest.NewRecorder()
	s.metrics.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	_, rest, _ := strings.Cut(w.Body.String(), "\nexpressrtc_certificate_ends_seconds ")
	value, _, _ := strings.Cut(rest, "\n")
	return value
}

func wantFigure(t *testing.T, s *site, leaf *x509.Certificate) {
	t.Helper()
	var got float64
	if _, err := fmt.Sscan(certificateFigure(s), &got); err != nil || got != float64(leaf.NotAfter.Unix()) {
		t.Errorf("the metric says %v (%v), want %d", got, err, leaf.NotAfter.Unix())
	}
}
