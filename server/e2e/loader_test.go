package e2e

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"expressrtc/server/signaling"
)

// forProgram lets handle answer the requests for the SDK's program.
func forProgram(handle func(w http.ResponseWriter, r *http.Request, next http.Handler)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, ".wasm") {
				handle(w, r, next)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// slowBody sends a first piece at once, and the rest when more is closed.
type slowBody struct {
	http.ResponseWriter
	more <-chan struct{}
	sent int
}

// Write waits between the first piece and the second.
func (w *slowBody) Write(p []byte) (int, error) {
	if w.sent > 0 {
		<-w.more
	}
	n, err := w.ResponseWriter.Write(p[:min(len(p), 32<<10)])
	w.sent += n
	if err == nil && w.sent == n {
		err = http.NewResponseController(w.ResponseWriter).Flush()
	}
	if err != nil || n == len(p) {
		return n, err
	}
	m, err := w.Write(p[n:])
	return n + m, err
}

// early opens a page that constructs, listens and logs in on the lines after the SDK's.
func (s *site) early(name string, v visit) *tab {
	s.t.Helper()
	v.User = name
	if v.SDK == "" {
		v.SDK = s.sdk()
	}
	if v.Room == "" {
		v.Room = "room"
	}
	p := open(s.t, usual, name, elsewhere(s.t, fill(s.t, "early.html", v), nil))
	p.expect("on('noSuchEvent')")
	p.expect("on('roomStateChanged')") // with 7 for a listener
	return p
}

func TestEverythingBeforeTheProgramIsThere(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	p := newSiteBehind(t, forProgram(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		<-release
		next.ServeHTTP(w, r)
	})).early("anna", visit{})
	wantLines(t, "before", p.lines(), []string{`on(true, false, false)`, `version("3.12.0", "3.12.0", true)`})
	close(release)
	p.await("login", true)
	p.await("heard", "room", "LOGINING")
	p.await("heard", "room", "LOGINED")
}

// TestSynchronousStart: a call that needs its answer at once starts the program while
// the page waits, and what was called before it still comes first.
func TestSynchronousStart(t *testing.T) {
	t.Parallel()
	more := make(chan struct{})
	p := newSiteBehind(t, forProgram(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		next.ServeHTTP(&slowBody{ResponseWriter: w, more: more}, r)
	})).early("anna", visit{})
	p.never("heard")
	time.AfterFunc(100*time.Millisecond, func() { close(more) }) // a slow network; the page waits for it
	p.wants("thrown", map[string]any{"Error": "create viewer failed."}, `zg.createLocalStreamView(new MediaStream())`)
	p.await("login", true)
	p.await("heard", "room", "LOGINED")
}

func TestProgramIsMissing(t *testing.T) {
	t.Parallel()
	p := newSiteBehind(t, forProgram(func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		http.NotFound(w, r)
	})).early("anna", visit{})
	p.expect("ExpressRTC: the SDK could not be loaded")
	p.expect("404") // the browser's own line
	failure := map[string]any{"code": 1101002, "msg": anything, "errorCode": 1101002, "extendedData": anything}
	p.await("login failed", failure)
	p.wants("rejected", failure, `zg.createStream()`)
	p.wants("rejected", failure, `zg.sendBroadcastMessage("room", "x")`)
	p.wants("thrown", failure, `zg.createLocalStreamView(new MediaStream())`)
	p.wants("value", true, `zg.on("roomStateChanged", () => {})`)
	p.wants("value", nil, `zg.logoutRoom()`)
	ours := slices.DeleteFunc(slices.Clone(p.consoleErrors()), func(line string) bool { return !strings.Contains(line, "ExpressRTC") })
	if len(ours) != 1 {
		t.Errorf("the console has %d lines of ours, not one: %q", len(ours), ours)
	}
}

// TestURLs: pages write the SDK's URL in many ways, and get the same loader.
func TestURLs(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	var want []byte
	for _, path := range []string{
		"/ZegoExpressWebRTC.js", "/ZegoExpressWebRTC.min.js", "/ZegoExpressWebRTC-3.12.0.js", "/ZegoExpressWebRTC-2.26.3.js",
		"/sdk/ZegoExpressWebRTC.min.js", "/sdk/ZegoExpressWebRTC.js", "/dist/ZegoExpressWebRTC.js", "/dist/ZegoExpressWebRTC-3.0.0.js",
		"/index.js", "/sdk/index.js", "/dist/index.js", "/expressrtc.js",
	} {
		r, err := http.Get(s.url + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		r.Body.Close()
		if want == nil {
			want = body
		}
		if err != nil || r.StatusCode != http.StatusOK || string(body) != string(want) || len(body) < 1000 {
			t.Errorf("%s: %s, %d bytes, %v", path, r.Status, len(body), err)
		}
	}
	for _, path := range []string{"/sdk/ZegoExpressWebRTC.min.js", "/dist/index.js?v=2"} {
		s.early("anna", visit{SDK: s.url + path}).await("login", true)
	}
}

func TestTwoScriptTags(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	html := fill(t, "early.html", visit{SDK: s.sdk(), Room: "room", User: "anna"})
	tag := fmt.Sprintf(`<script src="%s/ZegoExpressWebRTC.min.js"></script>`, s.url)
	p := open(t, usual, "anna", elsewhere(t, strings.Replace(html, "</head>", tag+"</head>", 1), nil))
	p.expect("noSuchEvent")
	p.expect("on('roomStateChanged')")
	p.await("login", true)
	p.wants("value", true, `zg instanceof ZegoExpressEngine`)
}

// TestBehindAProxy is what Vue makes of an engine that a component keeps.
func TestBehindAProxy(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	p := s.page(usual, "anna")
	p.do(`globalThis.real = zg; globalThis.zg = new Proxy(real, {});
		e2e.note("on", zg.on("roomStateChanged", (room, reason) => e2e.note("heard", reason)))`)
	p.await("on", true)
	p.login("room")
	p.await("heard", "LOGINED")
	p.publish("cam")
	p.wants("value", true, `zg instanceof ZegoExpressEngine && zg.getVersion() === "3.12.0"`)
	p.do(`const view = new Proxy(zg.createLocalStreamView(local), {}); view.stop(); view.play("other")`)
	p.sees("#other video")
	p.do(`zg.logoutRoom()`)
	p.await("heard", "LOGOUT")
}

// TestSubclass: pages extend the class.
func TestSubclass(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).page(usual, "anna")
	p.do(`class Engine extends ZegoExpressEngine { loginRoom(...args) { e2e.note("mine"); return super.loginRoom(...args); } }
		globalThis.zg = e2e.record(new Engine(1, ""))`)
	p.login("room")
	p.await("mine")
	p.wants("value", list("Engine", "ZegoExpressEngine"), `[zg.constructor.name, ZegoExpressEngine.name]`)
}

// TestDataServer: the script comes from one server, the calls go to another.
func TestDataServer(t *testing.T) {
	t.Parallel()
	scripts, calls := newSite(t, signaling.Config{}), newSite(t, signaling.Config{})
	there := calls.page(usual, "bert")
	there.login("room")
	p := scripts.early("anna", visit{DataServer: strings.Replace(calls.url, "http:", "ws:", 1)})
	p.await("login", true)
	there.await("roomUserUpdate", "room", "ADD", list(user("anna")))
	p.await("roomUserUpdate", "room", "ADD", list(user("bert")))
}

// TestServers: where the constructor's second argument leads.
func TestServers(t *testing.T) {
	t.Parallel()
	scripts, calls := newSite(t, signaling.Config{}), newSite(t, signaling.Config{})
	watchers := map[*site]*tab{scripts: scripts.page(usual, "sina"), calls: calls.page(usual, "cora")}
	for _, w := range watchers {
		w.login("room")
	}
	ws := strings.Replace(calls.url, "http:", "ws:", 1)
	p := scripts.page(usual, "anna")
	for i, c := range []struct {
		argument string
		to       *site
	}{
		{toJSON(ws), calls},
		{toJSON(ws + "/ws"), calls},
		{toJSON(ws + "/accesshub"), calls},
		{toJSON([]string{"ws://127.0.0.1:9/ws", ws}), calls}, // nobody is at the first
		{`"wss://webliveroom1-api.zego.im/ws"`, scripts},
		{`["wss://accesshub-wss.zego.im/accesshub"]`, scripts},
		{`"0123456789abcdef0123456789abcdef"`, scripts}, // a secret by mistake
		{`undefined`, scripts},
	} {
		id := fmt.Sprintf("guest%d", i)
		p.do(`globalThis.zg = new ZegoExpressEngine("1", ` + c.argument + `)`)
		p.wants("resolved", true, `zg.loginRoom("room", "", {userID: %s})`, id)
		watchers[c.to].await("roomUserUpdate", "room", "ADD", list(user(id)))
		p.do(`zg.destroyEngine()`)
	}
	p.expect("127.0.0.1:9")
}

// TestContentSecurityPolicy has what a strict page must allow for calls, and what it may.
func TestContentSecurityPolicy(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	must := fmt.Sprintf("default-src 'none'; script-src %s 'wasm-unsafe-eval'; connect-src %s %s",
		s.url, s.url, strings.Replace(s.url, "http:", "ws:", 1))
	other := s.page(usual, "bert")
	other.login("room")
	other.publish("bert-cam")
	p := open(t, usual, "anna", elsewhere(t, withoutStyle(fill(t, "sdk.html", visit{SDK: s.sdk()})), http.Header{"Content-Security-Policy": {must}}))
	p.do(`globalThis.zg = e2e.record(new ZegoExpressEngine(1, ""))`)
	p.login("room")
	p.publish("cam")
	p.sees("#local video")
	p.play("bert-cam")
	p.sees("#remote video")
	p.hears()
	p.wants("value", list("relative", "hidden"), `(({position, overflow}) => [position, overflow])(getComputedStyle(document.querySelector("#remote div")))`)
	if n := p.count("securitypolicyviolation"); n != 0 {
		t.Errorf("violated %d times\n%s", n, p.story())
	}
}

// withoutStyle takes a page's own style sheet out.
func withoutStyle(html string) string {
	before, rest, _ := strings.Cut(html, "<style>")
	_, after, _ := strings.Cut(rest, "</style>")
	return before + after
}
