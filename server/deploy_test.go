package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func deployed(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestExampleConfiguration: it is valid as it stands, and so is each line that it proposes.
func TestExampleConfiguration(t *testing.T) {
	text := deployed(t, "expressrtc.yaml")
	state := t.TempDir()
	apps := filepath.Join(state, "apps.json")
	if err := run(t.Context(), []string{"app", "create", "--apps", apps}, io.Discard, io.Discard); err != nil {
		t.Fatal(err)
	}
	path := writeFile(t, strings.ReplaceAll(text, "/var/lib/expressrtc", state))
	var out bytes.Buffer
	if err := run(t.Context(), []string{"serve", "--config", path, "--check-config"}, &out, io.Discard); err != nil || out.String() != "the configuration is valid\n" {
		t.Errorf("as it stands: %v, %q", err, &out)
	}
	proposed := regexp.MustCompile(`(?m)^#([a-z].*)$`).FindAllStringSubmatch(text, -1)
	for _, line := range proposed {
		if err := run(t.Context(), []string{"serve", "--config", writeFile(t, line[1]), "--print-config"}, io.Discard, io.Discard); err != nil {
			t.Errorf("%q: %v", line[1], err)
		}
	}
	if len(proposed) < 10 {
		t.Errorf("only %d proposed lines", len(proposed))
	}
}

// TestUnit: systemd takes the unit, and its commands are ours.
func TestUnit(t *testing.T) {
	text := deployed(t, "expressrtc.service")
	for _, want := range []string{
		"Type=notify", "User=expressrtc", "KillSignal=SIGTERM", "ExecReload=/bin/kill -HUP $MAINPID",
		"StartLimitIntervalSec=0", "NoNewPrivileges=yes", "ProtectSystem=strict", "AmbientCapabilities=CAP_NET_BIND_SERVICE", "StateDirectory=expressrtc",
	} {
		if !strings.Contains(text, "\n"+want+"\n") {
			t.Errorf("no line %q", want)
		}
	}
	commands := regexp.MustCompile(`(?m)^ExecStart(?:Pre)?=/usr/local/bin/expressrtc (.*)$`).FindAllStringSubmatch(text, -1)
	if len(commands) != 2 {
		t.Fatalf("%d commands", len(commands))
	}
	example := writeFile(t, "rate: 20\n")
	for _, c := range commands {
		args := strings.Fields(strings.Replace(c[1], "/etc/expressrtc/expressrtc.yaml", example, 1))
		if err := run(t.Context(), append(args, "--print-config"), io.Discard, io.Discard); err != nil {
			t.Errorf("%s: %v", c[1], err)
		}
	}
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not there")
	}
	unit := filepath.Join(t.TempDir(), "expressrtc.service")
	text = strings.ReplaceAll(text, "/usr/local/bin/expressrtc", "/bin/true")
	if err := os.WriteFile(unit, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(analyze, "verify", unit).CombinedOutput(); err != nil || strings.Contains(string(out), "expressrtc.service:") {
		t.Errorf("systemd-analyze: %v\n%s", err, out)
	}
}

// TestDockerfile: no engine runs here, so its parts are checked one by one.
func TestDockerfile(t *testing.T) {
	text := deployed(t, "Dockerfile")
	ignored := deployed(t, "Dockerfile.dockerignore")
	for _, m := range regexp.MustCompile(`(?m)^COPY ([^-].*) \S+$`).FindAllStringSubmatch(text, -1) {
		for _, name := range strings.Fields(m[1]) {
			if _, err := os.Stat(filepath.Join("..", name)); err != nil {
				t.Errorf("copies %v", err)
			}
			if !strings.Contains(ignored, "\n!"+name+"\n") {
				t.Errorf("%s is copied and ignored", name)
			}
		}
	}
	for _, m := range regexp.MustCompile(`(\./server\S*)`).FindAllString(text, -1) {
		if _, err := os.Stat(filepath.Join("..", m)); err != nil {
			t.Errorf("builds %v", err)
		}
	}
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindSubmatch(mod)
	if version == nil || !strings.Contains(text, "\nFROM golang:"+string(version[1])+" AS build\n") {
		t.Errorf("built by another Go than %s", version)
	}
	if flags := `-trimpath -ldflags="-s -w -X main.version=`; !strings.Contains(text, flags) || !strings.Contains(string(makefile), flags) {
		t.Errorf("built by other flags than those of the Makefile")
	}
	if !strings.Contains(text, "\nUSER nonroot\n") || !strings.Contains(text, "COPY --from=build /out/expressrtc /expressrtc\n") || !strings.Contains(text, `ENTRYPOINT ["/expressrtc"]`) {
		t.Error("the program is not started as a user without rights")
	}
	for _, m := range regexp.MustCompile(`EXPRESSRTC_[A-Z_]+`).FindAllString(text, -1) {
		if !knownVariable(m) {
			t.Errorf("%s is no variable of ours", m)
		}
	}
}

func knownVariable(name string) bool {
	s := newSettings("serve")
	(&options{}).declare(s)
	return s.Lookup(strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(name, "EXPRESSRTC_")), "_", "-")) != nil
}

// TestDashboardAndAlerts: what they ask for is there.
func TestDashboardAndAlerts(t *testing.T) {
	s := putTogether(t, io.Discard, io.Discard, "--tls-self-signed") // what TLS tells is there, too
	defer func() {
		if err := s.abandon(); err != nil {
			t.Error(err)
		}
	}()
	w := httptest.NewRecorder()
	s.metrics.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	there := map[string]bool{"up": true}
	for _, m := range regexp.MustCompile(`(?m)^# TYPE (\S+)`).FindAllStringSubmatch(w.Body.String(), -1) {
		there[m[1]] = true
	}
	asked := map[string]bool{}
	number := regexp.MustCompile(`\d\s*[-+*/]\s*(?:on|ignoring)\b`)
	for _, expr := range append(dashboardQueries(t), alertQueries(t)...) {
		if number.MatchString(expr) {
			t.Errorf("%q: Prometheus matches labels between series, not beside a number", expr)
		}
		for _, name := range regexp.MustCompile(`\b(?:expressrtc|go|process)_\w+\b`).FindAllString(expr, -1) {
			asked[name] = true
			if !there[name] {
				t.Errorf("%q: there is no %s", expr, name)
			}
		}
	}
	for name := range there {
		if strings.HasPrefix(name, "expressrtc_") && !asked[name] && name != "expressrtc_queue_connections" && name != "expressrtc_relays_made_total" {
			t.Errorf("nobody looks at %s", name)
		}
	}
}

func dashboardQueries(t *testing.T) (all []string) {
	t.Helper()
	var dashboard struct {
		Panels []struct {
			Title   string
			Type    string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal([]byte(deployed(t, "grafana.json")), &dashboard); err != nil {
		t.Fatal(err)
	}
	for _, p := range dashboard.Panels {
		if p.Type != "row" && len(p.Targets) == 0 {
			t.Errorf("panel %q asks for nothing", p.Title)
		}
		for _, target := range p.Targets {
			if strings.Count(target.Expr, "(") != strings.Count(target.Expr, ")") {
				t.Errorf("%q is no query", target.Expr)
			}
			all = append(all, target.Expr)
		}
	}
	if len(all) < 20 {
		t.Errorf("%d queries", len(all))
	}
	return all
}

func alertQueries(t *testing.T) (all []string) {
	t.Helper()
	var rules struct {
		Groups []struct {
			Rules []struct{ Alert, Expr string }
		}
	}
	if err := yaml.Unmarshal([]byte(deployed(t, "alerts.yaml")), &rules); err != nil {
		t.Fatal(err)
	}
	for _, r := range rules.Groups[0].Rules {
		all = append(all, r.Expr)
	}
	return all
}
