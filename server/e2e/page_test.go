package e2e

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long a page may take for one step. What is right takes a fraction of
// it; on a busy machine a call may take seconds.
const patience = 30 * time.Second

// What every page has before its own scripts.
var (
	//go:embed testdata/recorder.js
	recorderJS string
	//go:embed testdata/media.js
	mediaJS string
)

// tab is one page in a window of its own, so that it is painted like a page in front.
type tab struct {
	t    *testing.T
	name string
	ctx  context.Context
	end  context.CancelFunc

	console  func() (chromedp.ConsoleMessage, error, bool)
	errors   []string // of the console, so far
	expected []string // parts of errors that belong to the test
}

// open opens a page in a window of its own and waits until it is loaded.
func open(t *testing.T, f flavor, name, url string) *tab {
	t.Helper()
	p := newTab(t, f, name)
	p.run(chromedp.Navigate(url))
	return p
}

// newTab is an empty page that any URL may be loaded into.
func newTab(t *testing.T, f flavor, name string) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browserOf(t, f), chromedp.WithNewBrowserContext())
	p := &tab{t: t, name: name, ctx: ctx, end: cancel}
	next, stop := iter.Pull2(chromedp.Console(ctx))
	p.console = next
	t.Cleanup(func() {
		p.checkConsole()
		stop()
		cancel()
	})
	p.inject(recorderJS + mediaJS)
	return p
}

// inject puts a script before those of every page that is loaded from now on.
func (p *tab) inject(script string) {
	p.t.Helper()
	p.run(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return err
	}))
}

// close closes the page, as a user does who closes the window.
func (p *tab) close() {
	p.consoleErrors()
	p.end()
}

// run does steps within the patience, and fails the test with the page's log.
func (p *tab) run(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
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
	return evaluate[T](p, script(body, args...), withGesture(false))
}

// tap is like do, as if the user had just clicked: some methods of browsers need that.
func (p *tab) tap(body string, args ...any) {
	p.t.Helper()
	evaluate[chromedp.Void](p, script(body, args...), withGesture(true))
}

func evaluate[T any](p *tab, script string, options ...chromedp.EvaluateOption) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	options = append(options, chromedp.EvalAwaitPromise)
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, options...))
	if err != nil {
		p.fatalf("%s\n%v", script, explain(err))
	}
	return value
}

func withGesture(yes bool) chromedp.EvaluateOption {
	return func(p *runtime.EvaluateParams) { p.UserGesture = &yes }
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

// explain adds what an exception's type leaves out.
func explain(err error) error {
	if exception, ok := errors.AsType[*chromedp.ExceptionError](err); ok && exception.Exception != nil {
		return fmt.Errorf("%w: %s", err, exception.Exception.Description)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("not within %v: %w", patience, err)
	}
	return err
}

// fatalf fails the test and tells what the page logged.
func (p *tab) fatalf(format string, args ...any) {
	p.t.Helper()
	p.t.Fatalf("page %s: %s\n%s", p.name, fmt.Sprintf(format, args...), p.story())
}

// story is all events of the page and its console's errors, for a failure's message.
func (p *tab) story() string {
	ctx, cancel := context.WithTimeout(p.ctx, 5*time.Second)
	defer cancel()
	lines, err := chromedp.Run(ctx, chromedp.Evaluate[[]string]("globalThis.e2e ? e2e.lines() : []"))
	if err != nil {
		return "the page does not answer: " + err.Error()
	}
	return "events:\n  " + strings.Join(lines, "\n  ") + "\nconsole:\n  " + strings.Join(p.consoleErrors(), "\n  ")
}

// consoleErrors is every error that the page's console has shown. A marker makes sure
// that none is still under way.
func (p *tab) consoleErrors() []string {
	const marker = "e2e: up to here"
	ctx, cancel := context.WithTimeout(p.ctx, 5*time.Second)
	defer cancel()
	if chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](fmt.Sprintf("console.debug(%q)", marker))) != nil {
		return p.errors // the page is gone
	}
	for m, err, ok := p.console(); ok && err == nil && m.Text != marker; m, err, ok = p.console() {
		if m.IsException() || m.Type == "error" || m.Type == "assert" {
			p.errors = append(p.errors, m.Text)
		}
	}
	return p.errors
}

// expect declares that the console may show an error with that text in it.
func (p *tab) expect(part string) { p.expected = append(p.expected, part) }

// checkConsole fails the test for every error that was not declared.
func (p *tab) checkConsole() {
	for _, text := range p.consoleErrors() {
		if !slices.ContainsFunc(p.expected, func(part string) bool { return strings.Contains(text, part) }) {
			p.t.Errorf("page %s: the console shows an error: %s", p.name, text)
		}
	}
}
