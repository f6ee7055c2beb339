package e2e

import (
	"fmt"
	"testing"

	"expressrtc/server/signaling"
)

// wantLast waits until the last line that is shown begins so.
func (p *visitor) wantLast(want string) {
	p.t.Helper()
	p.until(func() error {
		lines := p.logged(1)
		if len(lines) == 0 || !isLike(lines[len(lines)-1].Kind+" "+lines[len(lines)-1].Text, want+"…") {
			return fmt.Errorf("the last lines are %v, not %s", lines[max(0, len(lines)-3):], want)
		}
		return nil
	})
}

// TestPagesDebugLog: the log can be filtered, stopped, emptied and copied, keeps its newest
// lines and says so, and goes along unless the reader looks further up.
func TestPagesDebugLog(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{Heartbeat: hour}).debug(calm, "debug", // or pings are lines, too
		before(`navigator.clipboard.writeText = async (text) => { globalThis.copied = text }`))
	p.expect("ExpressRTC") // enableMultiRoom comes too late
	p.role("button", "Create engine").press()
	p.role("searchbox", "Find a method").fill("room")
	p.role("button", "loginRoom").press()
	p.wantInOrder(1, "sent room.login", "result loginRoom resolved true")
	t.Run("filter", func(t *testing.T) {
		p.role("searchbox", "Filter by text").fill("roomstatechanged")
		p.wantLast("event roomStateChanged")
		p.wants("value", 2, `document.querySelectorAll(".line:not([hidden])").length`) // LOGINING, LOGINED
		p.role("searchbox", "Filter by text").fill("")
		for _, kind := range []string{"Events", "Sent", "Received"} {
			p.role("button", kind).press()
			p.role("button", kind).becomes("pressed", "false")
		}
		p.wants("value", 0, `document.querySelectorAll(".line:is(.event, .sent, .received, .socket):not([hidden])").length`)
		p.wantLast("result loginRoom resolved true")
	})
	t.Run("pause", func(t *testing.T) {
		p.role("button", "Pause").press()
		p.role("button", "enableMultiRoom").press()
		p.do(`await e2e.becomes(() => document.querySelector('[data-part="count"]').textContent.includes("Paused: 2 more wait."))`)
		p.wantLast("result loginRoom")
		p.role("button", "Pause").press()
		p.wantLast("result enableMultiRoom returned false")
	})
	t.Run("copy", func(t *testing.T) {
		p.role("button", "Copy all").press()
		p.do(`await e2e.becomes(() => globalThis.copied?.includes(" call engine enableMultiRoom {\"enable\":true}"))`)
		p.wants("value", false, `copied.includes(" sent ")`)
	})
	p.look("log")
	t.Run("clear", func(t *testing.T) {
		p.role("button", "Clear").press()
		p.wants("value", 0, `document.querySelectorAll(".line").length`)
	})
	t.Run("bounded", func(t *testing.T) { p.overflows() })
}

// overflows writes more lines than the log keeps.
func (p *visitor) overflows() {
	p.t.Helper()
	p.do(`const form = [...document.querySelectorAll("form.method")].find((it) => it.querySelector("button").textContent === "getVersion");
		globalThis.more = (n) => { for (let i = 0; i < n; i++) form.requestSubmit(); };
		more(1050);
		await e2e.becomes(() => document.querySelector('[data-part="count"]').textContent.startsWith("2,000 lines. Only the newest 2,000 are kept"))`)
	p.wants("value", 2000, `document.querySelectorAll(".line").length`)
	p.do(`globalThis.log = document.querySelector('[role="log"]');
		await e2e.becomes(() => log.scrollTop + log.clientHeight > log.scrollHeight - 9);
		log.scrollTop = 4000;
		const before = document.querySelectorAll(".line").item(1999);
		more(1);
		await e2e.becomes(() => document.querySelectorAll(".line").item(1999) !== before)`)
	p.wants("value", true, `log.scrollTop < log.scrollHeight / 2`) // the reader's place
}

// TestPagesDebugKeyboard: from the address to a running engine and an opened line of the
// log without a mouse; the log is one stop of the tab key.
func TestPagesDebugKeyboard(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).debug(calm, "debug")
	p.tabTo("button", "Create engine")
	p.keys("Enter")
	p.tabTo("searchbox", "Find a method")
	p.keys("roomextra")
	p.tabTo("button", "setRoomExtraInfo")
	p.keys("Shift+Tab", "Shift+Tab")
	p.focuses("searchbox", "Find a method")
	p.keys("Control+a", "loginroom")
	p.tabTo("button", "loginRoom")
	p.keys("Enter")
	p.appears("status", "resolved true…")
	p.tabTo("button", "Copy as code")
	p.keys("Enter")
	p.appears("dialog", "Your calls as code")
	p.keys("Escape")
	p.focuses("button", "Copy as code")
	p.keys("Tab")
	p.focuses("DisclosureTriangle", "…new ZegoExpressEngine…")
	p.keys("ArrowDown", "ArrowDown", "Home", "ArrowDown", "Enter")
	p.do(`await e2e.becomes(() => document.activeElement.closest(".line[open]")?.querySelector("pre")?.textContent.length > 5)`)
	p.keys("End", "Tab")
	p.wants("value", false, `Boolean(document.activeElement.closest('[role="log"]'))`)
}
