package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
)

// unpacked are the files in a package, by name.
func unpacked(t *testing.T, data []byte) map[string]string {
	t.Helper()
	gz, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for r := tar.NewReader(gz); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		name, ok := strings.CutPrefix(header.Name, "package/")
		if _, twice := files[name]; twice || !ok || header.Mode != 0o644 {
			t.Errorf("%s: mode %o, twice: %v", header.Name, header.Mode, twice)
		}
		files[name] = string(content)
	}
}

func TestPackage(t *testing.T) {
	t.Chdir("../../..")
	s := sdk{wasm: file{name: "expressrtc-1.wasm", data: []byte("wasm")}, script: []byte("script"), module: []byte("module")}
	s.table.Version = "3.1.4"
	pack := func() []byte {
		files, err := packageFiles(s)
		if err != nil {
			t.Fatal(err)
		}
		data, err := tarball(files)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	data := pack()
	if !bytes.Equal(data, pack()) {
		t.Error("packing twice gives other bytes")
	}
	files := unpacked(t, data)
	for name, want := range map[string]string{
		"expressrtc-1.wasm": "wasm", "ZegoExpressWebRTC.js": "script", "index.mjs": "module",
		"index.d.ts": "ZegoExpressEngine as default", "types/index.js": "exports.ZegoScenario = { Default: 3, 3: \"Default\"",
		"sdk/code/zh/ZegoExpressEntity.web.d.ts": `from "../../../types/index.js"`,
		"sdk/code/zh/ZegoLocalStream.web.d.ts":   "ZegoLocalStream as default",
		"voice-changer/index.js":                 "exports.VoiceChanger",
	} {
		if !strings.Contains(files[name], want) {
			t.Errorf("%s lacks %q: %.100s", name, want, files[name])
		}
	}
	checkManifest(t, files)
}

// checkManifest fails the test for every file that the manifest names and is not there.
func checkManifest(t *testing.T, files map[string]string) {
	t.Helper()
	var m struct {
		Name, Version, Main, Module, Types string
		Exports                            map[string]any
	}
	if err := json.Unmarshal([]byte(files["package.json"]), &m); err != nil {
		t.Fatal(err)
	}
	if m.Name != "expressrtc" || m.Version != "3.1.4" {
		t.Errorf("the package is %s %s", m.Name, m.Version)
	}
	named := []string{m.Main, m.Module, m.Types}
	var collect func(v any)
	collect = func(v any) {
		switch v := v.(type) {
		case string:
			named = append(named, v)
		case map[string]any:
			for _, it := range v {
				collect(it)
			}
		}
	}
	collect(any(m.Exports))
	for _, path := range named {
		if _, ok := files[strings.TrimPrefix(path, "./")]; !ok && !strings.Contains(path, "*") {
			t.Errorf("the manifest names %s, which is not there", path)
		}
	}
}

func TestPackNeedsTypes(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := pack(sdk{}, "bin"); err == nil || !strings.Contains(err.Error(), "no types in static/types") {
		t.Errorf("error is %v", err)
	}
	if _, err := os.Stat("bin"); err == nil {
		t.Error("something was written")
	}
}
