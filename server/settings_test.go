package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func writeFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "expressrtc.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestLaterSourcesWin: file, environment, command line; lists are replaced, not added to.
func TestLaterSourcesWin(t *testing.T) {
	path := writeFile(t, "# ours\nrate: 20\ngrace: 20s\nheartbeat: 20s\nallow-origin: [https://a.example, https://b.example]\nopen: true\n")
	t.Setenv("EXPRESSRTC_GRACE", "30s")
	t.Setenv("EXPRESSRTC_HEARTBEAT", "30s")
	t.Setenv("EXPRESSRTC_ALLOW_ORIGIN", "https://c.example,https://d.example")
	var out bytes.Buffer
	if err := run(t.Context(), []string{"serve", "--config", path, "--heartbeat", "40s", "--print-config"}, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"rate: 20 # " + path + ":2\n",
		"grace: 30s # EXPRESSRTC_GRACE\n",
		"heartbeat: 40s # command line\n",
		"allow-origin: [https://c.example, https://d.example] # EXPRESSRTC_ALLOW_ORIGIN\n",
		"open: true # " + path + ":6\n",
		"max-rooms: 10000 # default\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
	again := writeFile(t, out.String())
	var once bytes.Buffer
	if err := run(t.Context(), []string{"serve", "--config", again, "--print-config"}, &once, io.Discard); err != nil {
		t.Fatalf("what is printed is no configuration: %v\n%s", err, &out)
	}
}

func TestBadFilesNameTheLine(t *testing.T) {
	for text, want := range map[string]string{
		"rate: 20\ngrase: 5s\n":             `:2: there is no setting "grase"`,
		"grace: 5h\n":                       `:1: grace "5h": use a value from 1s to 10m0s`,
		"\n\nopen: [true, false]\n":         ":3: open takes one value",
		"rate: [\n":                         "line 1",
		"- rate\n":                          `:1: write one "name: value" a line`,
		"rate: 20\ngrace: 5s\nrate: 30\n":   ":3: rate is set at ",
		"config: other.yaml\n":              `:1: there is no setting "config"`,
		"rate: many\nmax-rooms: 0\nx: 1\n":  ":3: there is no setting",
		"log-level: loud\n":                 `:1: log-level "loud"`,
		"max-members: 1 # too few for talk": ":1: max-members",
	} {
		err := run(t.Context(), []string{"serve", "--config", writeFile(t, text)}, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q in it", text, err, want)
		}
	}
	if err := run(t.Context(), []string{"serve", "--config", "/nowhere.yaml"}, io.Discard, io.Discard); err == nil {
		t.Error("a file that is not there is no error")
	}
	t.Setenv("EXPRESSRTC_GRACE", "soon")
	if err := run(t.Context(), []string{"serve"}, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), `EXPRESSRTC_GRACE="soon": use a value`) {
		t.Errorf("environment: %v", err)
	}
}
