package e2e

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"expressrtc/server/signaling"
)

// TestSocketIsAhead holds the program back until the page's socket is there, and makes
// sure that Go then uses that socket and no other, whomever the page names.
func TestSocketIsAhead(t *testing.T) {
	t.Parallel()
	var sockets atomic.Int32
	first := make(chan struct{})
	s := newSiteBehind(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/ws" && sockets.Add(1) == 1 {
				close(first)
			}
			next.ServeHTTP(w, r)
		})
	})
	slow := newSiteBehind(t, forProgram(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		select {
		case <-first:
			next.ServeHTTP(w, r)
		case <-r.Context().Done():
		}
	}))
	p := s.early("a", visit{SDK: slow.sdk(), DataServer: s.url})
	p.await("login", true)
	p.do(`await zg.sendBroadcastMessage("room", "hello")`)
	if n := sockets.Load(); n != 1 {
		t.Errorf("%d sockets were opened, want 1", n)
	}
}

// TestSocketAheadInVain makes a page log in with what no server takes: the socket that was
// opened meanwhile is closed as soon as it is open, and the console shows nothing of it.
func TestSocketAheadInVain(t *testing.T) {
	t.Parallel()
	refused, gone := make(chan struct{}), make(chan struct{})
	s := newSiteBehind(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/ws" {
				next.ServeHTTP(w, r)
				return
			}
			select {
			case <-refused:
			case <-r.Context().Done():
			}
			next.ServeHTTP(w, r)
			close(gone)
		})
	})
	// Some security scripts make globals fast.
	p := open(t, usual, "a", elsewhere(t, `<script src="`+s.sdk()+`"></script><script>
		Object.defineProperty(globalThis, "WebSocket", { value: WebSocket, writable: false });
		globalThis.zg = new ZegoExpressEngine(1, "");
		globalThis.login = zg.loginRoom("two rooms", "", { userID: "a" });
		login.catch(() => {});
	</script>`, nil))
	p.strict = true
	p.expect("loginRoom")
	p.wants("rejected", map[string]any{"code": 1002012}, "login")
	close(refused)
	select {
	case <-gone:
	case <-time.After(patience):
		t.Error("the socket that nobody took stays open")
	}
}

// TestVendorIsNotCalledAhead makes sure that a page which names the cloud connects home.
func TestVendorIsNotCalledAhead(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	p := newTab(t, usual, "a")
	p.inject(`globalThis.urls = []; globalThis.WebSocket = class extends WebSocket {
		constructor(...args) { super(...args); urls.push(this.url); }
	}`)
	p.run(chromedp.Navigate(elsewhere(t, `<script src="`+s.sdk()+`"></script><script>
		globalThis.zg = new ZegoExpressEngine(1, ["wss://x.zego.im/ws", "wss://x.zegocloud.com/ws"]);
		globalThis.login = zg.loginRoom("room", "", { userID: "a" });
	</script>`, nil)))
	p.wants("resolved", true, "login")
	p.wants("value", []string{"ws" + s.url[len("http"):] + "/ws"}, "urls")
}

// TestProgramIsKept makes sure that a page's second visit needs no download, and that
// what is kept and damaged is not kept for ever.
func TestProgramIsKept(t *testing.T) {
	t.Parallel()
	var gone atomic.Bool
	s := newSiteBehind(t, forProgram(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if gone.Load() {
			<-r.Context().Done()
			return
		}
		next.ServeHTTP(&uncached{w}, r)
	}))
	p := s.page(usual, "a")
	p.do(`await zg.checkSystemRequirements("customCapture");
		globalThis.kept = async () => {
			const cache = await caches.open("ExpressRTC");
			return (await cache.keys()).map(({ url }) => url);
		};
		while (!(await kept()).length) await new Promise((resolve) => setTimeout(resolve, 50))`)
	p.wants("resolved", true, `kept().then((all) => all.every((url) => /\?.*[0-9a-f]{16}/.test(url)))`) // a URL may serve another version one day
	gone.Store(true)
	p.run(chromedp.Reload())
	p.do(`globalThis.zg = new ZegoExpressEngine(1, ""); await zg.checkSystemRequirements("customCapture")`)
	p.do(`const cache = await caches.open("ExpressRTC");
		for (const request of await cache.keys()) await cache.put(request, new Response("damaged", { headers: { "Content-Type": "application/wasm" } }))`)
	p.expect("could not be loaded")
	p.run(chromedp.Reload())
	p.wants("rejected", map[string]any{"code": 1101002}, `new ZegoExpressEngine(1, "").checkSystemRequirements("customCapture")`)
	p.wants("resolved", false, `caches.has("ExpressRTC")`)
}

// TestProgramIsStartedOnce: in a browser that compiles only small modules at once, calls that
// need their answer now fail until the program is there, and start it once.
func TestProgramIsStartedOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	p := newTab(t, usual, "a")
	p.inject(`globalThis.starts = 0;
		const slow = WebAssembly.instantiate;
		WebAssembly.Module = function () { throw new RangeError("too large"); };
		WebAssembly.instantiate = (...args) => { starts++; return slow(...args); };`)
	p.navigate(elsewhere(t, `<script src="`+s.sdk()+`"></script><script>
		globalThis.zg = new ZegoExpressEngine(1, "");
		globalThis.failed = [1, 2].map(() => { try { return zg.isMicrophoneMuted(); } catch (error) { return error.message; } });
	</script>`, nil))
	p.wants("value", true, `failed.every((it) => /before the SDK has loaded/.test(it))`)
	p.wants("resolved", true, `zg.loginRoom("room", "", {userID: "a"})`)
	p.wants("value", list(1, false), `[starts, zg.isMicrophoneMuted()]`)
}

// uncached keeps an answer out of the browser's own cache.
type uncached struct{ http.ResponseWriter }

// WriteHeader sends the headers.
func (w *uncached) WriteHeader(status int) {
	w.Header().Set("Cache-Control", "no-store")
	w.ResponseWriter.WriteHeader(status)
}
