package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// driver is one page in a browser of either kind.
type driver interface {
	navigate(ctx context.Context, url string) error
	// inject puts a script before those of every page that is loaded from now on.
	inject(ctx context.Context, script string) error
	// evaluate gives what a promise resolves with as JSON; nothing for undefined. With a
	// gesture it is as if the user had just clicked.
	evaluate(ctx context.Context, promise string, gesture bool) (json.RawMessage, error)
	// click presses the mouse on the middle of an element.
	click(ctx context.Context, selector string) error
	// nextLine waits for the next line of the page's console.
	nextLine(ctx context.Context) (consoleLine, error)
	close()
}

// consoleLine is what a page's console shows.
type consoleLine struct {
	text      string
	isError   bool
	isWarning bool
}

var (
	_ driver = (*chromiumPage)(nil)
	_ driver = (*firefoxPage)(nil)
)

// chromiumPage is a page in a window of its own, driven by chromedp.
type chromiumPage struct {
	ctx     context.Context
	end     context.CancelFunc
	console func() (chromedp.ConsoleMessage, error, bool)
	deaf    func() // ends console
}

func newChromiumPage(browser context.Context) *chromiumPage {
	ctx, end := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	console, deaf := iter.Pull2(chromedp.Console(ctx))
	return &chromiumPage{ctx, end, console, deaf}
}

// run does steps in the page, until ctx ends.
func (p *chromiumPage) run(ctx context.Context, steps ...chromedp.Action[chromedp.Void]) error {
	joined, cancel := p.until(ctx)
	defer cancel()
	return explain(chromedp.Do(joined, steps...))
}

// until is the page's own context, which chromedp needs, ending with ctx as well.
func (p *chromiumPage) until(ctx context.Context) (context.Context, func()) {
	deadline, _ := ctx.Deadline()
	return context.WithDeadline(p.ctx, deadline)
}

func (p *chromiumPage) navigate(ctx context.Context, url string) error {
	return p.run(ctx, chromedp.Navigate(url))
}

func (p *chromiumPage) inject(ctx context.Context, script string) error {
	return p.run(ctx, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return err
	}))
}

func (p *chromiumPage) evaluate(ctx context.Context, promise string, gesture bool) (json.RawMessage, error) {
	joined, cancel := p.until(ctx)
	defer cancel()
	raw, err := chromedp.Run(joined, chromedp.Evaluate[[]byte](promise, chromedp.EvalAwaitPromise, func(p *runtime.EvaluateParams) { p.UserGesture = &gesture }))
	return raw, explain(err)
}

func (p *chromiumPage) click(ctx context.Context, selector string) error {
	return p.run(ctx, chromedp.Click(chromedp.CSS(selector)))
}

func (p *chromiumPage) nextLine(context.Context) (consoleLine, error) {
	m, err, ok := p.console()
	if err == nil && !ok {
		err = errors.New("the page is gone")
	}
	return consoleLine{m.Text, m.IsException() || m.Type == "error" || m.Type == "assert", m.Type == "warning"}, err
}

func (p *chromiumPage) close() {
	p.deaf()
	p.end()
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
