package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// host is where the README's commands of an operator work: a folder in the place of a
// real host's /usr, /etc and /var.
type host struct {
	t      *testing.T
	root   string
	binary string
}

func newHost(t *testing.T, binary string) *host { return &host{t, t.TempDir(), binary} }

// operate runs what the README lets the operator do as root or as the server's user.
func (h *host) operate(words []string) {
	h.t.Helper()
	if words[0] == "-u" {
		if words[1] != "expressrtc" {
			h.t.Errorf("no such user: %s", words[1])
		}
		words = words[2:]
	}
	for i, w := range words {
		words[i] = h.inside(w)
	}
	switch words[0] {
	case "make":
		h.install(words)
	case "sed":
		h.run(words[0], words[1:]...)
	case "expressrtc":
		out := h.run(h.binary, words[1:]...)
		if link := regexp.MustCompile(`https://calls\.your\.site/\S*token=\S+`); words[1] == "token" && !link.MatchString(out) {
			h.t.Errorf("%q prints no link: %s", words, out)
		}
	case "systemctl":
		h.systemctl(words[1:])
	default:
		h.t.Errorf("no test knows how to run sudo %q of the README", words)
	}
}

func (h *host) inside(path string) string {
	for _, top := range []string{"/etc/", "/var/lib/"} {
		if strings.HasPrefix(path, top) {
			return h.root + path
		}
	}
	return path
}

func (h *host) run(name string, args ...string) string {
	h.t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		h.t.Errorf("%s %q: %v\n%s", filepath.Base(name), args, err, out)
	}
	return string(out)
}

// install installs the program that the tests built, in the place of bin/expressrtc, which
// may not be there.
func (h *host) install(words []string) {
	h.t.Helper()
	dry := exec.Command(words[0], append(words[1:], "--dry-run", "--no-print-directory", "DESTDIR="+h.root)...)
	dry.Dir = checkout
	out, err := dry.CombinedOutput()
	if err != nil {
		h.t.Fatalf("%q: %v\n%s", words, err, out)
	}
	script := strings.ReplaceAll(string(out), "bin/expressrtc ", h.binary+" ")
	do := exec.Command("sh", "-ec", strings.ReplaceAll(script, "[ -x bin/expressrtc ]", "true"))
	do.Dir = checkout
	if out, err := do.CombinedOutput(); err != nil {
		h.t.Fatalf("%q: %v\n%s", words, err, out)
	}
}

// systemctl checks that the unit is in its place, and that its server would start.
func (h *host) systemctl(words []string) {
	h.t.Helper()
	unit := words[len(words)-1]
	if unit == "daemon-reload" {
		return // systemd's own affair
	}
	text, err := os.ReadFile(filepath.Join(h.root, "etc/systemd/system", unit+".service"))
	if err != nil {
		h.t.Error(err)
		return
	}
	start := regexp.MustCompile(`(?m)^ExecStart=(.*)$`).FindStringSubmatch(string(text))
	if start == nil {
		h.t.Fatal("the unit starts nothing")
	}
	command := strings.Fields(start[1])
	config := h.inside(command[len(command)-1])
	state, err := os.ReadFile(config)
	if err != nil {
		h.t.Fatal(err)
	}
	here := filepath.Join(h.t.TempDir(), "expressrtc.yaml")
	if err := os.WriteFile(here, []byte(strings.ReplaceAll(string(state), "/var/lib/", h.root+"/var/lib/")), 0o600); err != nil {
		h.t.Fatal(err)
	}
	if out := h.run(filepath.Join(h.root, command[0]), "serve", "--config", here, "--check-config"); !strings.Contains(out, "valid") {
		h.t.Errorf("the installed server says %s", out)
	}
	if !strings.Contains(string(state), "acme-domain: calls.your.site\n") {
		h.t.Error("the configuration has another host's name")
	}
}

// TestReadmeServerAPI runs the README's program of a business server.
func TestReadmeServerAPI(t *testing.T) {
	t.Parallel()
	programs := blocks(readme(t), "bash")
	if len(programs) != 1 {
		t.Fatalf("the README has %d programs for bash, want 1", len(programs))
	}
	server, n := newProcessWithApp(t)
	app, _ := n.apps.Get(1)
	program := exec.Command("bash", "-ec", strings.ReplaceAll(programs[0], "https://calls.example.com", "http://"+server.addr))
	program.Env = append(os.Environ(), "APP="+strconv.Itoa(int(app.ID)), "SECRET="+app.Secret)
	out, err := program.Output()
	var answer struct {
		Code int
		Data struct{ UserCountList []any }
	}
	if err := json.Unmarshal(out, &answer); err != nil || answer.Code != 0 || len(answer.Data.UserCountList) != 1 {
		t.Errorf("%v, %s", err, out)
	}
	if err != nil {
		t.Error(err)
	}
}
