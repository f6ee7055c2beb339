package e2e

// What a state of a page must satisfy however it is looked at: axe-core finds nothing,
// nothing overlaps or clips. `make screens` looks at each state in every size, colour
// scheme and language, and keeps pictures; `make test` in one that differs from state
// to state.

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

//go:embed testdata/pages-tidy.js
var tidyJS string

// axeJS is axe-core, from the cache of the npm tools.
var axeJS = sync.OnceValues(func() (string, error) {
	home, err := npmHome()
	if err != nil {
		return "", err
	}
	source, err := os.ReadFile(filepath.Join(home, "node_modules", "axe-core", "axe.min.js"))
	return string(source), err
})

// look checks the page as it is, in the appearances that are due, and leaves it as it was.
func (p *visitor) look(state string) {
	p.t.Helper()
	own := p.shown
	for _, a := range due(p.page+state, own) {
		p.appear(a)
		p.check(state + ", " + a.String())
		p.screen(state)
	}
	p.appear(own)
}

func (a appearance) String() string {
	return strings.Join([]string{a.size, a.scheme, a.language}, "-")
}

// due is every appearance for pictures, or else one, chosen by the state's name.
func due(state string, own appearance) []appearance {
	var all []appearance
	for _, size := range []string{"phone", "desktop", "wide"} {
		for _, scheme := range []string{"light", "dark"} {
			for _, language := range []string{"en", "zh"} {
				all = append(all, appearance{size, scheme, language, own.still})
			}
		}
	}
	if os.Getenv("EXPRESSRTC_SCREENS") != "" {
		return all
	}
	hash := fnv.New32()
	hash.Write([]byte(state))
	return all[int(hash.Sum32()%uint32(len(all))):][:1]
}

// appear changes the looks of the open page; the language by the header's switch.
func (p *visitor) appear(a appearance) {
	p.t.Helper()
	p.wear(a)
	p.do(`const isChinese = document.documentElement.lang.startsWith("zh");
		if (isChinese !== %s) document.getElementById("language")?.click()`, a.language == "zh")
	p.shown = a
}

// check fails the test for everything that is wrong in the page as it is now.
func (p *visitor) check(state string) {
	p.t.Helper()
	p.do(`await visit.settled()`)
	for _, wrong := range slices.Concat(p.violations(), p.untidy()) {
		p.t.Errorf("page %s, %s: %s", p.name, state, wrong)
	}
	for _, text := range p.consoleErrors() {
		if !p.isExpected(text) {
			p.t.Errorf("page %s, %s: the console shows: %s", p.name, state, text)
		}
	}
}

// axe fails the test for every violation that axe-core finds.
func (p *visitor) axe() {
	p.t.Helper()
	for _, violation := range p.violations() {
		p.t.Errorf("page %s: %s", p.name, violation)
	}
}

// tidy fails the test for everything that overlaps or is cut off.
func (p *visitor) tidy() {
	p.t.Helper()
	for _, wrong := range p.untidy() {
		p.t.Errorf("page %s: %s", p.name, wrong)
	}
}

// shift is the layout shift so far.
func (p *visitor) shift() float64 {
	p.t.Helper()
	return eval[float64](p.tab, `return visit.shift()`)
}

// untidy is what overlaps or is cut off.
func (p *visitor) untidy() []string {
	p.t.Helper()
	return eval[[]string](p.tab, "return ("+tidyJS+")()")
}

// axeRun runs the rules of WCAG A and AA and the best practices; in a frame not those
// about whole pages.
const axeRun = `axe.run(document, {
	iframes: false,
	runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
	rules: window === window.top ? {} : Object.fromEntries(
		["region", "landmark-one-main", "page-has-heading-one", "bypass"].map((rule) => [rule, {enabled: false}])),
}).then(({violations}) => violations.flatMap(({id, help, nodes}) => nodes.map(({html, any, all, none}) => {
	const about = [...any, ...all, ...none].map((it) => it.message).join("; ");
	return "axe: " + id + ": " + help + ": " + html.slice(0, 300) + " (" + about + ")";
})))`

// violations is what axe-core finds in the page and its frames, each in a world of its
// own, which the page's policy does not rule and which the page does not see.
func (p *visitor) violations() (found []string) {
	p.t.Helper()
	source, err := axeJS()
	if err != nil {
		p.t.Fatal(err)
	}
	frames := []*cdppage.FrameTree{command(p, cdppage.GetFrameTree, cdp.Empty{}).FrameTree}
	for i := 0; i < len(frames); i++ {
		frames = append(frames, frames[i].ChildFrames...)
		world := command(p, cdppage.CreateIsolatedWorld, cdppage.CreateIsolatedWorldParams{FrameID: frames[i].Frame.ID, WorldName: "axe"})
		yes := true
		result := command(p, runtime.Evaluate, runtime.EvaluateParams{
			Expression: "globalThis.axe ?? (() => {" + source + "\n})();\n" + axeRun,
			ContextID:  world.ExecutionContextID, AwaitPromise: &yes, ReturnByValue: &yes,
		})
		if result.ExceptionDetails != nil {
			p.fatalf("axe-core: %s", result.ExceptionDetails.Exception.Description)
		}
		var texts []string
		if err := json.Unmarshal(result.Result.Value, &texts); err != nil {
			p.fatalf("axe-core: %v", err)
		}
		found = append(found, texts...)
	}
	return found
}

// screen keeps a picture of the whole page, if pictures are wanted.
func (p *visitor) screen(state string) {
	p.t.Helper()
	folder := os.Getenv("EXPRESSRTC_SCREENS")
	if folder == "" {
		return
	}
	yes := true
	shot := command(p, cdppage.CaptureScreenshot, cdppage.CaptureScreenshotParams{CaptureBeyondViewport: &yes})
	name := fmt.Sprintf("%s-%s-%s.png", p.page, state, p.shown)
	if err := os.WriteFile(filepath.Join(folder, name), shot.Data, 0o644); err != nil {
		p.t.Error(err)
	}
}
