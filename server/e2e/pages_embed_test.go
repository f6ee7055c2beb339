package e2e

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"expressrtc/server/signaling"
	"expressrtc/server/web"
)

// example is what a visitor copies: a file of static/embed with this server's address in it.
func (s *site) example(variant string) string {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(checkout, "static", "embed", variant+".html"))
	if err != nil {
		s.t.Fatal(err)
	}
	if lines := strings.Count(string(text), "\n"); lines >= 30 {
		s.t.Errorf("%s.html has %d lines, want less than 30", variant, lines)
	}
	return strings.NewReplacer(
		`"../ZegoExpressWebRTC.js"`, `"`+s.url+`/ZegoExpressWebRTC.js"`,
		`"../expressrtc.mjs"`, `"`+s.url+`/expressrtc.mjs"`,
		`ZegoExpressEngine(1, "")`, `ZegoExpressEngine(1, "`+strings.Replace(s.url, "http", "ws", 1)+`/ws")`,
	).Replace(string(text))
}

// keepCopied keeps what a page copies as globalThis.copied.
const keepCopied = `navigator.clipboard.writeText = async (text) => { globalThis.copied = text };`

// watches waits until the example in a panel shows what moves, everywhere.
func (p *visitor) watches(panel string, selectors ...string) {
	p.t.Helper()
	for _, selector := range selectors {
		p.do(`const page = (await e2e.element(%s)).contentWindow;
			while (page.document.URL === "about:blank" || !page.e2e) await new Promise((ok) => setTimeout(ok, 20));
			await page.e2e.seesPicture(await page.e2e.element(%s))`, "#panel-"+panel+" iframe", selector)
	}
}

const (
	hereVideo  = "#local-video video"
	thereVideo = "#remote-video video"
)

// TestPagesEmbed: the examples run beside their sources, meet in one room, and are copied
// as they run.
func TestPagesEmbed(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	p := s.visit(calm, "embed", before(keepCopied))
	p.appears("heading", "Put a call into your page")
	p.counts(0, "Iframe", "") // no camera is asked for yet
	p.do(`await e2e.element("#panel-script .code-place")`)
	if shift := p.shift(); shift >= .05 {
		t.Errorf("the page has shifted by %v", shift)
	}
	p.look("script")
	p.copies("script")
	p.role("button", "Start the call").press()
	p.focuses("button", "Stop")
	p.watches("script", hereVideo)

	p.role("tab", "npm import").press()
	p.role("tab", "Script tag running").becomes("selected", "false")
	p.copies("npm")
	p.role("button", "Copy the command").press()
	p.wants("value", "npm install "+s.url+"/expressrtc.tgz", `copied`)
	p.look("npm")
	p.role("button", "Start the call").press()
	p.watches("npm", hereVideo, thereVideo)
	p.watches("script", thereVideo)
	p.look("both")
	p.role("button", "Stop").press()
	p.focuses("button", "Start the call")
	p.role("tab", "Script tag running").press()
	p.frame("The call by script tag, running").counts(0, "status", "Connecting…")
	p.do(`const page = document.querySelector("#panel-script iframe").contentWindow;
		await page.e2e.when(() => !page.document.querySelector(%s))`, thereVideo)
	p.stays()
}

// copies presses Copy: what is copied is the file that runs, with the address filled in.
func (p *visitor) copies(variant string) {
	p.t.Helper()
	p.do(`delete globalThis.copied`)
	p.role("button", "Copy the page").press()
	p.appears("status", "Copied.")
	p.wants("value", p.site.example(variant), `copied`)
}

// TestPagesEmbedByKeyboard: in Chinese, on a phone, and the browser does not let it copy.
func TestPagesEmbedByKeyboard(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	p := s.visit(calm, "embed", phone, dark, chinese,
		before(`navigator.clipboard.writeText = () => Promise.reject(new DOMException("", "NotAllowedError"))`))
	p.appears("heading", "在你的网页中加入通话")
	p.tabTo("tab", "script 标签")
	p.keys("ArrowLeft")
	p.focuses("tab", "npm 引入")
	p.role("tab", "npm 引入").becomes("selected", "true")
	p.keys("Home")
	p.focuses("tab", "script 标签")
	p.keys("End")
	p.tabTo("button", "开始通话")
	p.keys("Enter")
	p.focuses("button", "停止")
	p.watches("npm", hereVideo)
	p.tabTo("button", "复制网页")
	p.keys("Enter")
	p.appears("status", "…文字已选中…")
	p.wants("value", strings.TrimSpace(s.example("npm")), `getSelection().toString().trim()`)
	p.look("selected")
	p.keys("Shift+Tab", "Shift+Tab")
	p.tabTo("button", "停止")
	p.keys("Space")
	p.gone("Iframe", "")
	p.focuses("button", "开始通话")
}

// TestPagesEmbedElsewhere: the copied pages call each other from a site of their own.
func TestPagesEmbedElsewhere(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	var tabs []*tab
	for _, variant := range []string{"script", "npm"} {
		tabs = append(tabs, open(t, usual, variant, elsewhere(t, s.example(variant), nil)))
	}
	perceive(tabs, hereVideo, thereVideo)
	tabs[1].close()
	tabs[0].loses(thereVideo)
}

// TestPagesEmbedFromAnotherOrigin: a page of an origin that is not this machine's calls
// once the server is told to allow it. A sandbox makes it one, which has no camera.
func TestPagesEmbedFromAnotherOrigin(t *testing.T) {
	t.Parallel()
	s := newSiteAllowing(t, "*")
	open(t, usual, "watched", s.url+"/embed/script.html")
	p := open(t, usual, "foreign", elsewhere(t, s.example("script"), http.Header{"Content-Security-Policy": {"sandbox allow-scripts"}}))
	p.expect("createStream")
	p.sees(thereVideo)
}

// newSiteAllowing is a server that pages of these origins may connect to.
func newSiteAllowing(t *testing.T, origins ...string) *site {
	t.Helper()
	server, err := web.New(web.Config{AllowOrigins: origins, Log: newLogger(t)})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(server)
	t.Cleanup(s.Close)
	return &site{t, s.URL}
}

// TestPagesEmbedSaysWhatIsWrong: whoever starts from an example sees in the page why it
// does not run, and no markup of a link gets into it.
func TestPagesEmbedSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	for name, c := range map[string]struct {
		flavor              flavor
		page, says, console string
	}{
		"refused":   {refusing, "/embed/script.html", "…(1103064)", "createStream: NotAllowedError"},
		"no camera": {bare, "/embed/npm.html", "…(1103061)", "createStream: get media fail NotFoundError"},
		"markup":    {usual, "/embed/script.html?room=" + `<img src=x onerror=alert(1)>`, "…(100201…", "loginRoom"},
	} {
		t.Run(name, func(t *testing.T) {
			own := *s
			own.t = t
			p := own.visit(c.flavor, c.page)
			p.expect(c.console)
			p.appears("status", c.says)
			p.counts(0, "image", "")
			p.axe()
		})
	}
	t.Run("without the SDK", func(t *testing.T) {
		p := open(t, usual, "lost", elsewhere(t, strings.ReplaceAll(s.example("script"), "ZegoExpressWebRTC.js", "nothing.js"), nil))
		p.expect("nothing.js")
		p.expect("ZegoExpressEngine is not defined")
		p.expect("404")
		p.do(`await e2e.when(() => document.querySelector("p").textContent.includes("ZegoExpressEngine is not defined"))`)
	})
}
