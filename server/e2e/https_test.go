package e2e

import (
	"bufio"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/chromedp/cdproto/security"
	"github.com/chromedp/chromedp"
)

// printed is what a server says of itself when it starts.
type printed struct{ url, fingerprint string }

// startPrinting runs the server as an operator does, and reads what it prints.
func startPrinting(t *testing.T, flags ...string) (p printed) {
	t.Helper()
	cmd := exec.Command(serverProgram(t), append([]string{"serve"}, flags...)...)
	cmd.Stderr = newTestLog(t)
	stdout, err := cmd.StdoutPipe()
	if err := errors.Join(err, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_, _ = io.Copy(io.Discard, stdout)
		if err := cmd.Wait(); err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	lines := bufio.NewScanner(stdout)
	for p.fingerprint == "" && lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if url, ok := strings.CutPrefix(line, "listening on "); ok {
			p.url = url
		} else if strings.Count(line, ":") == sha256.Size-1 {
			p.fingerprint = line
		}
	}
	return p
}

// TestSelfSigned: a browser warns of the server's own certificate, which is the one that
// was printed; who goes on has camera, microphone and the server.
func TestSelfSigned(t *testing.T) {
	t.Parallel()
	said := startPrinting(t, "--open", "--addr", net.JoinHostPort(outwardAddress(t), "0"), "--tls-self-signed")
	conn, err := tls.Dial("tcp", strings.TrimPrefix(said.url, "https://"), &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	sum := sha256.Sum256(conn.ConnectionState().PeerCertificates[0].Raw)
	if shown := strings.ReplaceAll(fmt.Sprintf("% X", sum), " ", ":"); shown != said.fingerprint {
		t.Errorf("printed %s, shown %s", said.fingerprint, shown)
	}

	p := (&site{t, said.url}).arrive(usual, "?room="+hall, as("Anna"))
	p.within(func(ctx context.Context) error {
		if err := p.driver.navigate(ctx, said.url); err == nil || !strings.Contains(err.Error(), "ERR_CERT_AUTHORITY_INVALID") {
			return fmt.Errorf("the browser does not warn: %w", err)
		}
		return nil
	})
	p.run(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, security.SetIgnoreCertificateErrors, security.SetIgnoreCertificateErrorsParams{Ignore: true})
		return err
	}))
	p.navigate(said.url + "/?room=" + hall)
	p.wants("value", list(true, "https:"), `[isSecureContext, location.protocol]`)
	p.sees("#preview-video video")
	p.role("textbox", "Your name").fill("Anna")
	p.role("button", "Join").press()
	p.appears("button", "Leave")
}
