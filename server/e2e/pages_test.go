package e2e

// Our own pages, used as a person uses them. In short:
//
//	s := newSite(t, signaling.Config{})
//	p := s.visit(usual, "check", phone, dark, chinese)       // or desktop, wide; light; english; still; as("anna"); before(script)
//	p.role("button", "Join").press()                         // a real click in its middle; fails if it is covered or out of reach
//	p.role("textbox", "Your name").fill("Anna")              // also .text(), .value(), .choose("option"), .becomes("pressed", "true"), .state("expanded")
//	p.appears("alert", "…blocked…")                          // waits; "…" stands for whatever else there is; "" is any name
//	p.gone("dialog", "Devices")                              // waits until there is none
//	p.tabTo("button", "Join"); p.keys("Enter"); p.focused()  // keys as they are named (Tab, Shift+Tab, Enter, Escape, ArrowDown, …), or text
//	p.look("lobby")                                          // axe, tidy, the console, and a picture with make screens
//	p.axe(); p.tidy(); p.shift(); p.stays()                  // one by one: accessibility, layout, layout shift so far, nothing loaded from elsewhere
//	p.frame("Preview").role("button", "Join").press()        // inside a frame
//
// Roles and names are those of Chromium's accessibility tree, as a screen reader has them;
// what has no name (alert, status, listitem) goes by its text. The rest of a tab works too:
// p.do, p.sees("#local-video video"), p.expect("part of a console error that belongs to the test").
// A page's console may show neither errors nor warnings. Tests are named TestPages…, for
// `make screens PAGES=Call` runs ^TestPagesCall: every p.look(state) then leaves pictures
// PAGE-STATE-SIZE-SCHEME-LANGUAGE.png. p.look changes language by the header's switch, and
// back. p.tabTo and p.focuses are for the keyboard, p.counts(3, "listitem", "") for lists.

import (
	"context"
	_ "embed"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// visitJS measures what a page does while it loads.
//
//go:embed testdata/pages-visit.js
var visitJS string

// visitor is a page of ours with a person in front of it.
type visitor struct {
	*tab
	site  *site
	page  string // its name, for pictures
	shown appearance
	root  cdp.BackendNodeID // the document of a frame, or 0 for the page's own
}

// appearance is what a page may look like.
type appearance struct {
	size, scheme, language string
	still                  bool // prefers-reduced-motion
}

// sizes of windows in CSS pixels; a phone has two real ones for each, and touch.
var sizes = map[string][2]int64{"phone": {360, 740}, "desktop": {1280, 800}, "wide": {1920, 1080}}

// languages that a browser may prefer.
var languages = map[string]string{"en": "en-US,en", "zh": "zh-CN,zh,en"}

// option changes how a page is visited.
type option func(*visitor)

func phone(p *visitor)   { p.shown.size = "phone" }
func desktop(p *visitor) { p.shown.size = "desktop" }
func wide(p *visitor)    { p.shown.size = "wide" }
func light(p *visitor)   { p.shown.scheme = "light" }
func dark(p *visitor)    { p.shown.scheme = "dark" }
func english(p *visitor) { p.shown.language = "en" }
func chinese(p *visitor) { p.shown.language = "zh" }
func still(p *visitor)   { p.shown.still = true }

// as gives the page a name in failures.
func as(name string) option { return func(p *visitor) { p.name = name } }

// before runs a script before those of the page.
func before(script string) option { return func(p *visitor) { p.inject(script) } }

// visit opens one of our pages in a window of its own: on a desktop, light, in English
// unless the options say otherwise.
func (s *site) visit(f flavor, path string, options ...option) *visitor {
	s.t.Helper()
	p := s.arrive(f, path, options...)
	p.navigate(s.url + "/" + strings.TrimPrefix(path, "/"))
	return p
}

// arrive is visit without opening the page yet.
func (s *site) arrive(f flavor, path string, options ...option) *visitor {
	s.t.Helper()
	page, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "?")
	if page == "" {
		page = "call"
	}
	p := &visitor{tab: newTab(s.t, f, page), site: s, page: page, shown: appearance{"desktop", "light", "en", false}}
	p.strict = true
	p.inject(visitJS)
	for _, option := range options {
		option(p)
	}
	p.wear(p.shown)
	p.speak(p.shown.language)
	return p
}

// wear gives the window its size and its colours.
func (p *visitor) wear(a appearance) {
	p.t.Helper()
	size := sizes[a.size]
	viewport := []chromedp.EmulateViewportOption{}
	if a.size == "phone" {
		viewport = append(viewport, chromedp.EmulateScale(2), chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	motion := "no-preference"
	if a.still {
		motion = "reduce"
	}
	p.run(chromedp.EmulateViewport(size[0], size[1], viewport...))
	command(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: a.scheme}, {Name: "prefers-reduced-motion", Value: motion},
	}})
}

// speak makes the browser one of that language, for the pages that are loaded from now on.
func (p *visitor) speak(language string) {
	p.t.Helper()
	first, _, _ := strings.Cut(languages[language], ",")
	command(p, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{AcceptLanguage: languages[language]})
	command(p, emulation.SetLocaleOverride, emulation.SetLocaleOverrideParams{Locale: strings.ReplaceAll(first, "-", "_")})
}

// command sends a command of the browser's protocol within the patience.
func command[P, R any](p *visitor, c cdp.Command[P, R], params P) R {
	p.t.Helper()
	result, err := attempt(p, c, params)
	if err != nil {
		p.fatalf("%s: %v", c.Method, err)
	}
	return result
}

func attempt[P, R any](p *visitor, c cdp.Command[P, R], params P) (R, error) {
	p.t.Helper()
	if _, is := p.driver.(*chromiumPage); !is {
		p.t.Skip("only Chromium can be driven like this")
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Call(ctx, c, params)
}

// stays fails the test if the page loaded anything from elsewhere, or was kept from it.
func (p *visitor) stays() {
	p.t.Helper()
	for _, url := range eval[[]string](p.tab, `return performance.getEntriesByType("resource").map((it) => it.name)`) {
		if !strings.HasPrefix(url, p.site.url+"/") && !strings.HasPrefix(url, "blob:") && !strings.HasPrefix(url, "data:") {
			p.t.Errorf("page %s loads %s", p.name, url)
		}
	}
	p.never("securitypolicyviolation")
}
