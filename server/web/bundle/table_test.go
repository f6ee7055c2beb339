package main

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// rows is a package as wasm/bind is; tests replace parts of it.
const rows = `package bind
const Version = "3.1"
var engineEvents = []string{
	"a",
	"b", // with a comment
}
var classes = []class{
	{"Engine", "", [][]row{roomRows, playRows}, staticRows},
	{"View", "createView", [][]row{viewRows}, nil},
	{"Tool", "", nil, staticRows},
}
var roomRows = []row{
	{"login", promise, func(c call) (any, error) { return nil, nil }},
	missing("switch", promise),
}
var playRows = []row{
	{"create", checked, nil}, {"on", listener, nil}, {"mute", value, nil}, {"set", queued, nil}, {"stop", accepted, nil},
}
var staticRows = []row{missing("use", value)}
var viewRows = []row{{"width", getter, nil}}
`

func write(t *testing.T, name, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestReadTable(t *testing.T) {
	dir := write(t, "bind.go", rows)
	if err := os.WriteFile(filepath.Join(dir, "bind_test.go"), []byte("package bind\nvar roomRows = 5\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := readTable(dir)
	if err != nil {
		t.Fatal(err)
	}
	use := map[string]string{"use": "value"}
	want := table{Version: "3.1", Events: []string{"a", "b"}, Classes: map[string]class{
		"Engine": {Methods: map[string]string{
			"login": "promise", "switch": "promise", "create": "promise",
			"on": "listener", "mute": "value", "set": "queued", "stop": "accepted",
		}, Statics: use, missing: map[string]bool{"switch": true, "use": true}},
		"View": {Maker: "createView", Methods: map[string]string{"width": "getter"}, Statics: map[string]string{}, missing: map[string]bool{}},
		"Tool": {Methods: map[string]string{}, Statics: use, missing: map[string]bool{"use": true}},
	}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestReadTableRefuses(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"an unknown kind", `{"mute", value,`, `{"mute", sometimes,`, "the kind of mute must be one of bind's constants"},
		{"a computed name", `{"mute",`, `{"mu" + "te",`, "must be a string literal"},
		{"a computed event", `"a",`, `name,`, "must be a string literal"},
		{"two rows of one name", `{"mute",`, `{"login",`, "login has two rows"},
		{"no such list", `roomRows, playRows`, `roomRows, noRows`, "no literal noRows"},
		{"a list that is no name", `roomRows, playRows`, `append(roomRows)`, "must be the name of a list of rows"},
		{"lists that are no literal", `[][]row{viewRows}`, `all()`, "must be a literal [][]row{…} or nil"},
		{"a computed maker", `"createView"`, `maker`, "must be a string literal"},
		{"a short row", `missing("switch", promise)`, `missing("switch")`, "must be a literal with 2 values or more"},
		{"no version", `const Version = "3.1"`, ``, "read the version: is not in the package"},
		{"no Go", `package bind`, `package`, "expected 'IDENT'"},
	}
	for _, test := range tests {
		dir := write(t, "bind.go", strings.Replace(rows, test.old, test.new, 1))
		if _, err := readTable(dir); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error is %v, want %q", test.name, err, test.want)
		}
	}
}

// TestReadTableOfTheSDK holds the rows to literals that the bundler understands.
func TestReadTableOfTheSDK(t *testing.T) {
	got, err := readTable("../../../" + bindings)
	if err != nil {
		t.Fatal(err)
	}
	engine := got.Classes["ZegoExpressEngine"]
	for name, kind := range map[string]string{"loginRoom": "promise", "createStream": "promise", "on": "listener", "getVersion": "value"} {
		if engine.Methods[name] != kind {
			t.Errorf("%s is a %q, want a %q", name, engine.Methods[name], kind)
		}
	}
	// Pages call these on the line after the constructor, and must not wait for the program.
	for _, name := range []string{
		"destroyCopyrightedMusic", "enableAutoSwitchDevice", "enableHardwareEncoder", "enableMultiRoom", "logoutRoom",
		"muteMicrophone", "off", "on", "presetLogConfig", "setCloudProxyConfig", "setDebugVerbose", "setEngineConfig",
		"setEngineOptions", "setGeoFence", "setLocalProxyConfig", "setLogConfig", "setRoomScenario", "setSEIConfig",
		"setSoundLevelDelegate", "setTurnServer", "use",
	} {
		if kind := engine.Methods[name] + engine.Statics[name]; kind == "value" || kind == "" {
			t.Errorf("%s is a %q, which keeps pages waiting", name, kind)
		}
	}
	if engine.Statics["use"] == "" || got.Classes["ZegoStreamView"].Methods["play"] == "" || len(got.Events) < 30 {
		t.Errorf("the table lacks parts: %+v", got)
	}
	if !strings.HasPrefix(got.Version, "3.") {
		t.Errorf("version is %q; pages compare it as text with 2.17.0", got.Version)
	}
}

func TestReadVendorsOfTheSDK(t *testing.T) {
	got, err := readVendors("../../../" + hosts)
	if err != nil || !slices.Contains(got, "zego.im") {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := readVendors(t.TempDir()); err == nil {
		t.Error("no error without the list")
	}
}
