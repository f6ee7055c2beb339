package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/runtime"

	"expressrtc/server/signaling"
)

// debug visits the page with a way to await what no event tells.
func (s *site) debug(f flavor, path string, options ...option) *visitor {
	s.t.Helper()
	return s.visit(f, path, append(options, before(`e2e.becomes = async (test) => {
		while (!test()) await new Promise((resolve) => setTimeout(resolve, 20));
	}`))...)
}

// bench is the same page, looked at inside the panel of the nth user.
func (p *visitor) bench(n int) *visitor {
	p.t.Helper()
	section := command(p, runtime.Evaluate, runtime.EvaluateParams{Expression: fmt.Sprintf(`document.querySelectorAll(".bench")[%d]`, n-1)})
	within := *p
	within.root = command(p, dom.DescribeNode, dom.DescribeNodeParams{ObjectID: section.Result.ObjectID}).Node.BackendNodeID
	return &within
}

// quickCall presses the button, and waits until both users see each other.
func (p *visitor) quickCall() {
	p.t.Helper()
	p.role("button", "Quick call").press()
	p.appears("status", "Both users see each other…")
}

// logLine is one line of a panel's log as it is seen.
type logLine struct {
	Number int
	Time   float64
	Kind   string
	Text   string // its name and what it says in short
}

// logged is the log of the nth user.
func (p *visitor) logged(n int) []logLine {
	p.t.Helper()
	return eval[[]logLine](p.tab, `return [...document.querySelectorAll(".bench")[%s].querySelectorAll(".line:not([hidden])")].map((line) => {
		const part = (name) => line.querySelector("." + name).textContent;
		return {number: Number(part("number")), time: Number(part("time")), kind: line.classList[1], text: part("name") + " " + part("brief")};
	})`, n-1)
}

// wantInOrder waits until the log of the nth user has lines that begin so, in that order.
func (p *visitor) wantInOrder(n int, want ...string) {
	p.t.Helper()
	p.until(func() error {
		all := p.logged(n)
		rest := all
		for _, w := range want {
			i := slices.IndexFunc(rest, func(l logLine) bool { return strings.HasPrefix(l.Kind+" "+l.Text, w) })
			if i < 0 {
				return fmt.Errorf("no line %q after those before it in\n%v", w, all)
			}
			rest = rest[i+1:]
		}
		return nil
	})
}

// seesAll makes sure that all pictures of both users move.
func (p *visitor) seesAll() {
	p.t.Helper()
	for n := range 2 {
		for _, picture := range []string{"local", "remote"} {
			video := fmt.Sprintf(`.bench:nth-child(%d) [data-part="%s"] video`, n+1, picture)
			p.do(`document.querySelector(%s).scrollIntoView({block: "center"})`, video)
			p.sees(video)
		}
	}
}

// TestPagesDebugQuickCall: one press makes two users who see each other; every step is in
// the logs in its order, figures come in, and the calls run as code in another page.
func TestPagesDebugQuickCall(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	p := s.debug(calm, "debug", wide)
	p.quickCall()
	p.seesAll()
	for n := range 2 {
		p.wantInOrder(n+1, "call new ZegoExpressEngine", "call loginRoom", "socket WebSocket open", "sent room.login", "received room.login",
			"result loginRoom resolved true", "event roomStateChanged", "call createStream", "result createStream", "call startPublishingStream",
			"sent stream.publish", "received stream.publish", "event publisherStateUpdate")
		p.wantInOrder(n+1, "event roomStreamUpdate", "call startPlayingStream", "sent stream.play", "received session.open", "sent session.desc", "result startPlayingStream resolved", "result view2.play")
		lines := p.logged(n + 1)
		if !slices.IsSortedFunc(lines, func(a, b logLine) int { return a.Number - b.Number }) {
			t.Errorf("the log of user %d is out of order: %v", n+1, lines)
		}
	}
	p.wantOwnFrames()
	t.Run("a line is opened", func(t *testing.T) {
		p.bench(1).role("DisclosureTriangle", "…room.login…").press()
		p.until(func() error {
			if text := eval[string](p.tab, `return document.querySelector(".line[open] pre")?.textContent ?? ""`); !strings.Contains(text, `"type": "room.login"`) || !strings.Contains(text, `"user": {`) {
				return fmt.Errorf("the frame is shown as %q", text)
			}
			return nil
		})
	})
	t.Run("statistics", func(t *testing.T) {
		table := p.bench(1).role("table", "")
		table.says("kbit/s")
		table.says(" × ")
		before := table.text()
		p.until(func() error {
			if table.text() == before {
				return fmt.Errorf("the figures stay at %q", before)
			}
			return nil
		})
		p.wants("value", true, `[...document.querySelectorAll(".charts canvas")].every((it) => it.getContext("2d").getImageData(0, 0, it.width, it.height).data.some(Boolean))`)
	})
	p.look("call")
	p.stays()
	t.Run("code", func(t *testing.T) { p.runsElsewhere() })
}

// wantOwnFrames fails the test unless each panel has the frames of its own user, and no others.
func (p *visitor) wantOwnFrames() {
	p.t.Helper()
	users := eval[[]string](p.tab, `return [...document.querySelectorAll('[name="user"]')].map((it) => it.value)`)
	for n, user := range users {
		if logins := eval[[]string](p.tab, `const bench = document.querySelectorAll(".bench")[%s];
			const lines = [...bench.querySelectorAll(".line.sent")].filter((it) => it.querySelector(".name").textContent === "room.login");
			for (const line of lines) line.open = true;
			await e2e.becomes(() => lines.every((it) => it.querySelector("pre")?.textContent));
			const texts = lines.map((it) => it.querySelector("pre").textContent);
			for (const line of lines) line.open = false;
			return texts`, n); len(logins) != 1 || !strings.Contains(logins[0], toJSON(user)) {
			p.t.Errorf("panel %d of %s has the logins %q", n+1, user, logins)
		}
	}
}

// runsElsewhere takes the first user's calls as code, and runs it in another page in that
// user's place.
func (p *visitor) runsElsewhere() {
	p.t.Helper()
	p.bench(1).role("button", "Copy as code").press()
	p.appears("dialog", "Your calls as code")
	p.look("code")
	code := p.role("textbox", "Your calls as code").value()
	p.role("button", "Close").press()
	p.gone("dialog", "")
	p.bench(1).role("button", "Destroy").press()
	p.wantInOrder(1, "result destroyEngine")
	own := open(p.t, usual, "own", elsewhere(p.t, fill(p.t, "sdk.html", visit{SDK: p.site.sdk()}), nil))
	own.do(code)
	own.sees("#video-local video")
	own.sees("#video-remote video")
}

// TestPagesDebugWithoutCamera: where there is no camera the call goes on with a painted
// picture; on a phone and in Chinese.
func TestPagesDebugWithoutCamera(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).debug(bare, "debug", phone, chinese)
	p.expect("ExpressRTC") // the SDK says that there is no camera
	p.appears("heading", "调试")
	p.role("button", "一键通话").press()
	p.appears("status", "双方已能看到对方…")
	p.seesAll()
	p.wantInOrder(1, "error createStream 被拒绝", "result createStream 成功")
	p.look("painted")
	p.role("button", "移除第二个用户").press()
	p.counts(1, "heading", "用户 …")
	p.role("button", "English").press()
	p.wantInOrder(1, "error createStream rejected 1103061")
}

// TestPagesDebugMarkup: names and messages stay text; the token stays out of the address,
// and is shown in full only when it is asked for.
func TestPagesDebugMarkup(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).debug(calm, "debug?room=workshop&user=ann&token=very-secret-token&name="+strings.ReplaceAll(markup, " ", "%20"),
		before(`globalThis.alert = () => { globalThis.alerted = true };
			navigator.clipboard.writeText = async (text) => { globalThis.copied = text }`))
	first := p.bench(1)
	for field, want := range map[string]string{"Room": "workshop", "User ID": "ann", "User name": markup, "Token": "very-secret-token"} {
		if got := first.role("textbox", field).value(); got != want {
			t.Errorf("%s is %q, not %q", field, got, want)
		}
	}
	first.role("button", "Copy link").press()
	p.do(`await e2e.becomes(() => globalThis.copied)`)
	p.wants("value", true, `copied.includes("room=workshop") && !copied.includes("token") && !location.href.includes("token")`)
	p.quickCall()
	p.bench(2).role("searchbox", "Find a method").fill("sendBroad")
	p.bench(2).role("DisclosureTriangle", "roomID, message").press()
	p.bench(2).role("textbox", "message").fill(markup)
	p.bench(2).role("button", "sendBroadcastMessage").press()
	p.wantInOrder(1, "event IMRecvBroadcastMessage")
	p.wantInOrder(2, "event roomUserUpdate")
	p.do(`for (const line of document.querySelectorAll(".line")) line.open = true;
		await e2e.becomes(() => [...document.querySelectorAll(".line pre")].filter((it) => it.textContent.includes(%s)).length > 3)`, markup)
	p.wants("value", 0, `document.querySelectorAll("main img, dialog img").length`)
	p.wants("value", false, `Boolean(globalThis.alerted)`)
	const secret = `[...document.querySelectorAll(".line, output")].some((it) => it.textContent.includes("very-secret-token"))`
	p.wants("value", false, secret)
	first.role("button", "Show tokens").press()
	p.wants("value", true, secret)
	p.navigate(p.site.url + "/debug")
	if got := p.bench(1).role("textbox", "Token").value(); got != "very-secret-token" {
		t.Errorf("after a reload the token is %q", got)
	}
}
