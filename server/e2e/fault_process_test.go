package e2e

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
)

// process is a server in a process of its own, at an address that outlives it.
type process struct {
	t     *testing.T
	addr  string
	flags []string
	cmd   *exec.Cmd // nil while the server is away
}

// newProcess starts a server that may be killed and started again.
func newProcess(t *testing.T, flags ...string) *process {
	t.Helper()
	p := &process{t: t, addr: steadyAddr(t), flags: flags}
	t.Cleanup(func() {
		if p.cmd != nil {
			p.kill()
		}
	})
	p.start()
	return p
}

// start starts the server and waits until it says that it is well.
func (p *process) start() {
	p.t.Helper()
	flags := append([]string{"serve", "--addr", p.addr, "--log-level", "debug"}, p.flags...)
	p.cmd = exec.Command(serverProgram(p.t), flags...)
	p.cmd.Stderr = newTestLog(p.t)
	stdout, err := p.cmd.StdoutPipe()
	if err := errors.Join(err, p.cmd.Start()); err != nil {
		p.t.Fatal(err)
	}
	if _, err := bufio.NewReader(stdout).ReadString('\n'); err != nil { // "listening on …"
		p.t.Fatalf("the server did not start: %v", err)
	}
	answer, err := http.Get("http://" + p.addr + "/healthz")
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	if body, err := io.ReadAll(answer.Body); err != nil || string(body) != "ok" {
		p.t.Fatalf("the server's health: %q, %v", body, err)
	}
}

// kill ends the server as kill -9 does: it has no time to say anything.
func (p *process) kill() { p.end(syscall.SIGKILL) }

// terminate ends the server as an update does.
func (p *process) terminate() { p.end(syscall.SIGTERM) }

func (p *process) end(s syscall.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
	err := p.cmd.Wait()
	status, _ := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if s == syscall.SIGKILL && status.Signaled() {
		err = nil
	}
	p.cmd = nil
	if err != nil {
		p.t.Fatalf("the server ended in another way than %v: %v", s, err)
	}
}

// steadyAddr is a free address outside the range from which the system takes ports for
// clients: it stays free while the server is away.
func steadyAddr(t testing.TB) string {
	t.Helper()
	for range 100 {
		addr := fmt.Sprint("127.0.0.1:", 20_000+rand.N(10_000))
		if ln, err := net.Listen("tcp", addr); err == nil {
			ln.Close()
			return addr
		}
	}
	t.Fatal("no free port between 20000 and 30000")
	return ""
}

// serverProgram builds the server once for all tests, with the bundle as it is now.
func serverProgram(t *testing.T) string {
	t.Helper()
	path, err := buildServer()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// built is where the server is, if it was built. TestMain removes it.
var built string

var buildServer = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "expressrtc-e2e-")
	if err != nil {
		return "", err
	}
	built = filepath.Join(dir, "expressrtc")
	if out, err := exec.Command("go", "build", "-o", built, "expressrtc/server").CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the server: %w\n%s", err, out)
	}
	return built, nil
})

// removeBuilt removes what buildServer left.
func removeBuilt() {
	if built != "" {
		os.RemoveAll(filepath.Dir(built))
	}
}
