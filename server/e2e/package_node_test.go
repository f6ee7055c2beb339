package e2e

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"expressrtc/server/signaling"
)

// TestPackageUnderNode: a plain project requires and imports it without a browser, under
// its own name and in the place of another.
func TestPackageUnderNode(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"expressrtc", "zego-express-engine-webrtc"} {
		p := newProject(t, name, "node")
		for _, program := range []string{"require.cjs", "import.mjs"} {
			if out, err := p.run("node", program); err != nil || strings.TrimSpace(out) != "ok" {
				t.Errorf("%s of %s: %v\n%s", program, name, err, out)
			}
		}
	}
}

// TestPackageByScriptTag: the file that require gets is the one for script tags, too, and
// finds the program beside itself, or where the page says.
func TestPackageByScriptTag(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	p := newProject(t, "expressrtc", "")
	files := http.FileServer(http.Dir(p.dir + "/node_modules/expressrtc"))
	beside := httptest.NewServer(withCORS(files))
	t.Cleanup(beside.Close)
	apart := httptest.NewServer(withCORS(http.StripPrefix("/deep/er/", files)))
	t.Cleanup(apart.Close)
	wasm := eachFile(t, p.dir+"/node_modules/expressrtc", "expressrtc-*.wasm")
	for name, html := range map[string]string{
		"beside":   `<script src="` + beside.URL + `/ZegoExpressWebRTC.js"></script>`,
		"data":     `<script src="` + apart.URL + `/deep/er/index.js" onerror="1"></script><script src="` + apart.URL + `/deep/er/ZegoExpressWebRTC.js" data-wasm="` + beside.URL + "/" + wasm + `" data-server="` + s.url + `"></script>`,
		"settings": `<script>globalThis.EXPRESSRTC = {wasm: "` + beside.URL + "/" + wasm + `", server: "` + s.url + `"}</script><script src="` + apart.URL + `/deep/er/ZegoExpressWebRTC.js?v=1"></script>`,
	} {
		page := open(t, usual, "anna", elsewhere(t, "<!DOCTYPE html><title>"+name+"</title>"+html, nil))
		page.expect("module is not defined") // index.js is for require alone
		page.do(`globalThis.zg = e2e.record(new ZegoExpressEngine(1, %s))`, strings.Replace(s.url, "http", "ws", 1))
		page.login("room")
		page.wants("value", list("function", "function"), `[typeof ZegoExpressEngine, typeof WebRTCUtil.supportDetection]`)
	}
}

// withCORS lets pages of other origins load what next serves, as content networks do.
func withCORS(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		next.ServeHTTP(w, r)
	})
}
