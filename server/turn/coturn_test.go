package turn

import (
	"bytes"
	"context"
	"net"
	"os/exec"
	"regexp"
	"testing"
	"time"
)

// TestCoturnClient: the test client of another implementation finds nothing wrong: pairs
// of ports, channels, data in both directions between relays, none lost.
func TestCoturnClient(t *testing.T) {
	program, err := exec.LookPath("turnutils_uclient")
	if err != nil {
		t.Skipf("this test needs turnutils_uclient: install Debian's package coturn (%v)", err)
	}
	s := newTestServer(t, func(c *Config) { c.Reachable = nil })
	received := regexp.MustCompile(`tot_send_msgs=20, tot_recv_msgs=20\n`)
	for name, c := range map[string]struct {
		address string
		flags   []string
		good    bool
	}{
		"UDP":            {s.udp, nil, true},
		"UDP, no pairs":  {s.udp, []string{"-c", "-n", "10"}, true},
		"UDP, Send":      {s.udp, []string{"-s"}, true},
		"TCP":            {s.tcp, []string{"-t"}, true},
		"TLS":            {s.tls, []string{"-t", "-S"}, true},
		"another secret": {s.udp, []string{"-W", "another"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host, port, err := net.SplitHostPort(c.address)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			flags := append([]string{"-y", "-n", "5", "-z", "5", "-m", "2", "-u", "1:anna", "-W", testSecret, "-p", port}, c.flags...)
			var out []byte
			for range 3 { // the port beside one that is free may be somebody else's, which ends an attempt
				out, err = exec.CommandContext(ctx, program, append(flags, host)...).CombinedOutput()
				if !bytes.Contains(out, []byte("error 508")) {
					break
				}
			}
			if good := err == nil && received.Match(out); good != c.good {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
