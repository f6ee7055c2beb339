package e2e

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/chromedp/cdproto/network"
)

// slowLine is 10 Mbit/s with 40 ms of delay.
var slowLine = &network.Conditions{Latency: 40, DownloadThroughput: 10_000_000 / 8, UploadThroughput: 10_000_000 / 8}

// readyLimit is what a page of a returning visitor may wait for the SDK.
const readyLimit = 160 // ms

// benchmarkReady measures from the script tag to the class, and to a method's first
// answer. The floor is an empty Go program that is loaded the same way.
func benchmarkReady(b *testing.B) {
	server := startProcess(b, buildProgram(b, "bench"), "server")
	ours := servePages(b, benchVisit{SDK: server + "/ZegoExpressWebRTC.js"}) + "/bench-ready"
	floor := servePages(b, benchVisit{SDK: serveEmpty(b) + "/empty.js"}) + "/bench-floor-ready"
	const class, ready = "steps.class", "measured"
	compare(b, "class, cold", "ms", 7, limit{}, pageSide(ours, class, cold, nil), pageSide(floor, class, cold, nil))
	compare(b, "ready, cold", "ms", 7, limit{}, pageSide(ours, ready, cold, nil), pageSide(floor, ready, cold, nil))
	compare(b, "class, cold, 10 Mbit/s", "ms", 5, limit{}, pageSide(ours, class, cold, slowLine), pageSide(floor, class, cold, slowLine))
	compare(b, "ready, cold, 10 Mbit/s", "ms", 5, limit{}, pageSide(ours, ready, cold, slowLine), pageSide(floor, ready, cold, slowLine))
	warmUp(b, ours, floor)
	compare(b, "class, warm", "ms", 11, limit{}, pageSide(ours, class, warm, nil), pageSide(floor, class, warm, nil))
	compare(b, "ready, warm", "ms", 11, within(readyLimit, "ms"), againSide(ours, ready), againSide(floor, ready))
	compare(b, "ready, warm, new window", "ms", 11, limit{}, pageSide(ours, ready, warm, nil), pageSide(floor, ready, warm, nil))
}

// emptyLoader is the least that loads a Go program; its class is there at once.
const emptyLoader = `
globalThis.measured = new Promise((resolve) => { globalThis.ready = () => resolve(performance.now() - began); });
const go = new Go();
WebAssembly.instantiateStreaming(fetch(new URL("empty-00000000.wasm", document.currentScript.src)), go.importObject)
	.then(({ instance }) => go.run(instance));
`

// serveEmpty serves the empty Go program and its loader in the way our server does ours.
func serveEmpty(b *testing.B) (url string) {
	b.Helper()
	program, err := os.ReadFile(buildProgram(b, "empty", "GOOS=js", "GOARCH=wasm"))
	if err != nil {
		b.Fatal(err)
	}
	wasm, script := squeeze(b, program), squeeze(b, append(wasmExec(b), emptyLoader...))
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, body := w.Header(), script
		h.Set("Content-Type", "text/javascript")
		h.Set("Cache-Control", "no-cache")
		if strings.HasSuffix(r.URL.Path, ".wasm") {
			body = wasm
			h.Set("Content-Type", "application/wasm")
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Content-Encoding", "br")
		h.Set("Etag", `"1"`)
		if r.Header.Get("If-None-Match") == `"1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		if _, err := w.Write(body); err != nil {
			b.Error(err)
		}
	}))
	b.Cleanup(s.Close)
	return s.URL
}

func squeeze(b *testing.B, data []byte) []byte {
	var out bytes.Buffer
	w := brotli.NewWriterLevel(&out, brotli.BestCompression)
	if _, err := w.Write(data); err != nil {
		b.Fatal(err)
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

// wasmExec is the JavaScript part of the Go that compiles.
func wasmExec(b *testing.B) []byte {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		b.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		b.Fatal(err)
	}
	return data
}
