package e2e

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// patience is how long a page may take for one step. What is right takes a fraction of
// it; on a busy machine a call may take seconds.
const patience = time.Minute

// What every page has before its own scripts.
var (
	//go:embed testdata/recorder.js
	recorderJS string
	//go:embed testdata/media.js
	mediaJS string
)

// tab is one page in a window of its own, so that it is painted like a page in front.
type tab struct {
	t       *testing.T
	name    string
	driver  driver
	ctx     context.Context // of chromedp, for what only Chromium can
	browser context.Context // that a Chromium's page is in, if tests share it

	closed   bool
	strict   bool     // warnings count as errors
	errors   []string // of the console, so far
	expected []string // parts of errors that belong to the test
}

// open opens a page in a window of its own and waits until it is loaded.
func open(t *testing.T, f flavor, name, url string) *tab {
	t.Helper()
	p := newTab(t, f, name)
	p.navigate(url)
	return p
}

// newTab is an empty page that any URL may be loaded into.
func newTab(t *testing.T, f flavor, name string) *tab {
	t.Helper()
	p := &tab{t: t, name: name, ctx: context.Background()}
	f = chosen(t, f)
	if _, is := firefoxes[f]; is {
		p.within(func(ctx context.Context) error {
			opened, err := newFirefoxPage(ctx, firefoxOf(t, f))
			if err == nil {
				p.driver = opened
			}
			return err
		})
		p.expect("Firefox can’t establish a connection") // where Chromium's tests expect words of its own
		p.expect("was interrupted while the page was loading")
	} else {
		p.browser = browserOf(t, f)
		chromium := newChromiumPage(p.browser)
		p.driver, p.ctx = chromium, chromium.ctx
		p.sharesCamera()
	}
	p.begin()
	return p
}

// begin looks after a page until the test ends.
func (p *tab) begin() {
	p.t.Helper()
	p.t.Cleanup(func() {
		p.checkConsole()
		p.close()
	})
	p.inject(recorderJS + mediaJS)
}

// within does a step within the patience.
func (p *tab) within(step func(context.Context) error) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := step(ctx); err != nil {
		p.fatalf("%v", err)
	}
}

// navigate loads another page.
func (p *tab) navigate(url string) {
	p.t.Helper()
	p.within(func(ctx context.Context) error { return p.driver.navigate(ctx, url) })
}

// click presses the mouse on an element.
func (p *tab) click(selector string) {
	p.t.Helper()
	p.within(func(ctx context.Context) error { return p.driver.click(ctx, selector) })
}

// inject puts a script before those of every page that is loaded from now on.
func (p *tab) inject(script string) {
	p.t.Helper()
	p.within(func(ctx context.Context) error { return p.driver.inject(ctx, script) })
}

// close closes the page, as a user does who closes the window.
func (p *tab) close() {
	if p.closed {
		return
	}
	p.consoleErrors()
	p.closed = true
	p.driver.close()
}

// run does steps of chromedp within the patience, and fails the test with the page's log.
func (p *tab) run(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if _, is := p.driver.(*chromiumPage); !is {
		p.t.Skip("only Chromium can be driven like this")
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.fatalf("%v", explain(err))
	}
}

// do runs the body of an async function in the page. Each %s is one of args as JSON.
func (p *tab) do(body string, args ...any) {
	p.t.Helper()
	eval[chromedp.Void](p, body, args...)
}

// eval runs the body of an async function in the page and takes what it returns.
func eval[T any](p *tab, body string, args ...any) T {
	p.t.Helper()
	return evaluate[T](p, script(body, args...), false)
}

// tap is like do, as if the user had just clicked: some methods of browsers need that.
func (p *tab) tap(body string, args ...any) {
	p.t.Helper()
	evaluate[chromedp.Void](p, script(body, args...), true)
}

func evaluate[T any](p *tab, script string, gesture bool) (value T) {
	p.t.Helper()
	p.within(func(ctx context.Context) error {
		raw, err := p.driver.evaluate(ctx, script, gesture)
		if _, void := any(value).(chromedp.Void); err == nil && !void {
			err = json.Unmarshal(raw, &value)
		}
		if err != nil {
			return fmt.Errorf("%s\n%w", script, err)
		}
		return nil
	})
	return value
}

// script makes an expression of the body of an async function.
func script(body string, args ...any) string {
	texts := make([]any, len(args))
	for i, arg := range args {
		texts[i] = toJSON(arg)
	}
	if len(args) > 0 {
		body = fmt.Sprintf(body, texts...)
	}
	return "(async () => {" + body + "})()"
}

func toJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // a test's own literal
	}
	return string(data)
}

// fatalf fails the test and tells what the page logged.
func (p *tab) fatalf(format string, args ...any) {
	p.t.Helper()
	why := fmt.Sprintf("page %s: %s\n%s", p.name, fmt.Sprintf(format, args...), p.story())
	p.putOffIfBlind(why)
	p.t.Fatal(why)
}

// story is all events of the page and its console's errors, for a failure's message.
func (p *tab) story() string {
	if p.driver == nil {
		return "it was never open"
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	raw, err := p.driver.evaluate(ctx, script("return globalThis.e2e ? e2e.lines() : []"), false)
	var lines []string
	if err := errors.Join(err, json.Unmarshal(raw, &lines)); err != nil {
		return "the page does not answer: " + err.Error()
	}
	return "events:\n  " + strings.Join(lines, "\n  ") + "\nconsole:\n  " + strings.Join(p.consoleErrors(), "\n  ")
}

// consoleErrors is every error that the page's console has shown. A marker makes sure
// that none is still under way.
func (p *tab) consoleErrors() []string {
	const marker = "e2e: up to here"
	if p.closed {
		return p.errors
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if _, err := p.driver.evaluate(ctx, script(fmt.Sprintf("console.debug(%q)", marker)), false); err != nil {
		return p.errors // the page is gone
	}
	for line, err := p.driver.nextLine(ctx); err == nil && line.text != marker; line, err = p.driver.nextLine(ctx) {
		if line.isError || p.strict && line.isWarning {
			p.errors = append(p.errors, line.text)
		}
	}
	return p.errors
}

// expect declares that the console may show an error with that text in it.
func (p *tab) expect(part string) { p.expected = append(p.expected, part) }

// checkConsole fails the test for every error that was not declared.
func (p *tab) checkConsole() {
	for _, text := range p.consoleErrors() {
		if !p.isExpected(text) {
			p.t.Errorf("page %s: the console shows an error: %s", p.name, text)
		}
	}
}

func (p *tab) isExpected(text string) bool {
	return slices.ContainsFunc(p.expected, func(part string) bool { return strings.Contains(text, part) })
}
