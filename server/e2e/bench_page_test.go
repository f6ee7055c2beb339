package e2e

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Where a page finds what it loaded before.
var (
	// cold has nothing: its browser context is new.
	cold = chromedp.WithNewBrowserContext()
	// warm is the browser's own profile, which also keeps compiled code.
	warm = chromedp.WithNewWindow(true)
)

// warmings are how many visits make a browser warm: Chromium keeps compiled code from
// the second one on.
const warmings = 3

// benchVisit is what a page of testdata/bench-*.html is filled with.
type benchVisit struct{ SDK, Relay, Room string }

// servePages serves the bench pages, each at its own name.
func servePages(b *testing.B, v benchVisit) (url string) {
	b.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page := pageTemplates.Lookup(path.Base(r.URL.Path) + ".html")
		if page == nil {
			w.WriteHeader(http.StatusNoContent) // favicon.ico
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err := page.Execute(w, v); err != nil {
			b.Error(err)
		}
	}))
	b.Cleanup(s.Close)
	return s.URL
}

// benchPage is one page of a benchmark. It has the promise measured, in milliseconds,
// the object steps with more of them, and the functions settled and leave.
type benchPage struct {
	b   *testing.B
	ctx context.Context
	end context.CancelFunc
}

// visitPage opens a page in a window of its own, over a slower network if one is given.
func visitPage(b *testing.B, url string, cache chromedp.ContextOption, slow *network.Conditions) *benchPage {
	b.Helper()
	ctx, cancel := chromedp.NewContext(browserOf(b, usual), cache)
	if err := chromedp.Do(ctx); err != nil { // the page lives as long as this context
		b.Fatal(err)
	}
	p := &benchPage{b, ctx, cancel}
	steps := []chromedp.Action[chromedp.Void]{chromedp.Navigate(url)}
	if slow != nil {
		steps = append([]chromedp.Action[chromedp.Void]{slowDown(slow)}, steps...)
	}
	p.do(steps...)
	return p
}

func slowDown(to *network.Conditions) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, network.EmulateNetworkConditionsByRule,
			network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{to}})
		return err
	})
}

func (p *benchPage) do(steps ...chromedp.Action[chromedp.Void]) {
	p.b.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.b.Fatal(explain(err))
	}
}

// value evaluates an expression, and waits if it is a promise.
func (p *benchPage) value(expression string) float64 {
	p.b.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[float64](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.b.Fatalf("%s: %v", expression, explain(err))
	}
	return v
}

// pageSide measures by visits to a page: what its expression says in the end.
func pageSide(url, expression string, cache chromedp.ContextOption, slow *network.Conditions) side {
	return func(b *testing.B) float64 {
		p := visitPage(b, url, cache, slow)
		defer p.end()
		v := p.value("measured.then(() => " + expression + ")")
		p.do(chromedp.Evaluate[chromedp.Void]("leave()"))
		return v
	}
}

// againSide measures a visitor who comes back in the same window, where the browser
// still has the page's process: what a reload or the next page of a site costs.
func againSide(url, expression string) side {
	var p *benchPage
	return func(b *testing.B) float64 {
		if p == nil {
			p = visitPage(b, url, warm, nil)
			b.Cleanup(p.end)
			p.value("measured")
			p.value("settled().then(() => 0)")
			p.do(chromedp.Evaluate[chromedp.Void]("leave()"))
		}
		p.do(chromedp.Navigate(url))
		v := p.value("measured.then(() => " + expression + ")")
		p.do(chromedp.Evaluate[chromedp.Void]("leave()"))
		return v
	}
}

// warmUp makes the browser know what pages load.
func warmUp(b *testing.B, urls ...string) {
	for range warmings {
		for _, url := range urls {
			p := visitPage(b, url, warm, nil)
			p.value("measured")
			p.value("settled().then(() => 0)")
			p.do(chromedp.Evaluate[chromedp.Void]("leave()"))
			p.end()
		}
	}
}

// buildProgram compiles a program of testdata.
func buildProgram(b *testing.B, name string, env ...string) (file string) {
	b.Helper()
	file = filepath.Join(b.TempDir(), name)
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", file, "./testdata/"+name)
	build.Env = append(os.Environ(), env...)
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return file
}

// startProcess runs testdata/bench as "server" or "relay" and says where it listens.
func startProcess(b *testing.B, program, role string) (url string) {
	b.Helper()
	cmd, url, stdin := startServer(b, program, role)
	b.Cleanup(func() { stop(b, cmd, stdin) })
	return url
}

// startServer runs a program that prints where it listens.
func startServer(b *testing.B, program string, args ...string) (cmd *exec.Cmd, url string, stdin io.Closer) {
	b.Helper()
	cmd = exec.Command(program, args...)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err := errors.Join(err, cmd.Start()); err != nil {
		b.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return cmd, strings.TrimPrefix(strings.TrimSpace(line), "listening on "), stdin
}

func stop(b *testing.B, cmd *exec.Cmd, stdin io.Closer) {
	if err := errors.Join(stdin.Close(), cmd.Wait()); err != nil {
		b.Error(err)
	}
}
