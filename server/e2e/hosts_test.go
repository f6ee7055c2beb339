package e2e

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/chromedp/chromedp"
)

// hosts are three machines in network namespaces: a server, and two clients, each with a
// cable to the server and to nothing else. The server passes no packets on.
type hosts struct {
	t      *testing.T
	prefix string
}

// hubAddr is the server's address, for both of the others.
const hubAddr = "10.77.0.1"

func newHosts(t *testing.T) *hosts {
	t.Helper()
	h := &hosts{t, fmt.Sprintf("expressrtc-%d-", os.Getpid())}
	for _, program := range []string{"ip", "nft"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("this test makes networks: install Debian's packages iproute2 and nftables (%v)", err)
		}
	}
	if out, err := exec.Command("ip", "netns", "add", h.prefix+"hub").CombinedOutput(); err != nil {
		t.Skipf("this test makes networks, which takes root and a kernel with network namespaces: %v: %s", err, out)
	}
	h.deleteLater("hub")
	h.run("ip", "netns", "exec", h.prefix+"hub", "ip", "link", "set", "lo", "up")
	h.run("ip", "-n", h.prefix+"hub", "addr", "add", hubAddr+"/32", "dev", "lo")
	for i, name := range []string{"anna", "bert"} {
		host, hub, net := h.prefix+name, h.prefix+"hub", fmt.Sprintf("10.77.%d.", i+1)
		h.run("ip", "netns", "add", host)
		h.deleteLater(name)
		h.run("ip", "link", "add", "to-"+name, "netns", hub, "type", "veth", "peer", "name", "eth0", "netns", host)
		h.run("ip", "-n", hub, "addr", "add", net+"1/24", "dev", "to-"+name)
		h.run("ip", "-n", hub, "link", "set", "to-"+name, "up")
		h.run("ip", "-n", host, "addr", "add", net+"2/24", "dev", "eth0")
		h.run("ip", "-n", host, "link", "set", "lo", "up")
		h.run("ip", "-n", host, "link", "set", "eth0", "up")
		h.run("ip", "-n", host, "route", "add", "default", "via", net+"1")
	}
	h.run("ip", "netns", "exec", h.prefix+"hub", "sysctl", "-qw", "net.ipv4.ip_forward=0")
	h.run("ip", "netns", "exec", h.prefix+"hub", "nft", "add table inet wall; add chain inet wall in { type filter hook input priority 0; }")
	return h
}

func (h *hosts) deleteLater(name string) {
	h.t.Cleanup(func() { h.run("ip", "netns", "del", h.prefix+name) })
}

func (h *hosts) run(program string, args ...string) {
	h.t.Helper()
	if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		h.t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, out)
	}
}

// lose loses, from now on, just those packets from the others to the server that one of
// some rules of nft is true of.
func (h *hosts) lose(rules ...string) {
	h.t.Helper()
	script := "flush chain inet wall in"
	for _, rule := range rules {
		script += `; add rule inet wall in iifname "to-*" ` + rule + " drop"
	}
	h.run("ip", "netns", "exec", h.prefix+"hub", "nft", script)
}

// serve runs the server on its host until the test ends.
func (h *hosts) serve(flags ...string) {
	h.t.Helper()
	cmd := exec.Command("ip", append([]string{"netns", "exec", h.prefix + "hub", serverProgram(h.t), "serve", "--log-level", "debug"}, flags...)...)
	cmd.Stderr = newTestLog(h.t)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			h.t.Errorf("the server ended with %v", err)
		}
	})
	if _, err := bufio.NewReader(stdout).ReadString('\n'); err != nil { // "listening on …"
		h.t.Fatalf("the server did not start: %v", err)
	}
}

// page opens a page in a browser of a host's own.
func (h *hosts) page(name string) *tab {
	h.t.Helper()
	b := launch("of "+flavor(name), append(usualFlags, chromedp.IgnoreCertErrors, chromedp.ModifyCmdFunc(func(c *exec.Cmd) {
		c.Args = append([]string{"ip", "netns", "exec", h.prefix + name, c.Path}, c.Args[1:]...)
		c.Path, c.Err = exec.LookPath("ip")
	})))
	h.t.Cleanup(b.stop)
	if b.err != nil {
		h.t.Fatal(b.err)
	}
	chromium := newChromiumPage(b.ctx)
	p := &tab{t: h.t, name: name, driver: chromium, ctx: chromium.ctx}
	p.begin()
	return p
}
