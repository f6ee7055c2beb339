//go:build js && wasm

package media

import (
	"strings"
	"testing"
	"time"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

const asked = `<div class="zg_autoplay_mask"><div class="zg_autoplay_wrapper" role="dialog" aria-modal="true" aria-label="Your browser waits for a click before it plays.">` +
	`<div class="zg_autoplay_header">call.example</div><div class="zg_autoplay_content">Your browser waits for a click before it plays.</div>` +
	`<div class="zg_autoplay_action_wrapper"><button class="zg_autoplay_action_confirm">Play</button></div></div></div>`

// refusedView plays a view in a browser that refuses both times, and waits until the
// page was told.
func refusedView(t *testing.T, opt ViewOptions) *View {
	t.Helper()
	v := newView(t, false, `"audio", "video"`)
	if ok, err := v.On("autoplayFailed", eval(t, `refuse = true; globalThis.told = []; return (el, e) => told.push(el.tagName + " " + e.name)`)); !ok || err != nil {
		t.Fatal(ok, err)
	}
	start := time.Now()
	play(t, v, "a", opt)
	eventually(t, "first refusal", `made.map(m => m.plays > 0)`, "true,true")
	eval(t, `made.forEach(m => m.fire("canplay"))`) // not to wait for the second
	eventually(t, "told", `told.length`, "1")
	if took := time.Since(start); took < failureDelay {
		t.Errorf("told after %v, want %v at least", took, failureDelay)
	}
	check(t, "both refused twice", `made.map(m => m.plays)`, "2,2")
	check(t, "told once", `told`, "audio NotAllowedError")
	return v
}

func TestAutoplayDialog(t *testing.T) {
	refusedView(t, ViewOptions{})
	check(t, "dialog", `dialogShown()`, asked)
	check(t, "focus", `document.activeElement.tagName`, "button")
	if css := text(t, `document.adoptedStyleSheets.map(s => s.text)`); !strings.Contains(css, "z-index:1500") || strings.Count(css, ":where(") < len(dialogParts) {
		t.Errorf("style sheet: %s", css)
	}
	check(t, "tab stays", `document.body.children[0].fire("keydown", {key: "Tab"})`, "false")
	eval(t, `refuse = false; document.body.children[0].fire("click")`)
	check(t, "click closes", `dialogShown()`, "")
	eventually(t, "click resumes", `made.map(m => m.paused)`, "false,false")
}

func TestEscapeWaitsForAGesture(t *testing.T) {
	refusedView(t, ViewOptions{})
	eval(t, `document.body.children[0].fire("keydown", {key: "Escape"})`)
	check(t, "closed", `dialogShown()`, "")
	eval(t, `document.fire("keydown")`)
	check(t, "a key that is no gesture", `made.map(m => m.plays)`, "3,3")
	if !within(func() bool { return len(shared.gestures) > 0 }) {
		t.Fatal("no longer waiting for a gesture")
	}
	eval(t, `refuse = false; document.fire("mousedown")`)
	eventually(t, "gesture", `made.map(m => m.paused)`, "false,false")
	if len(shared.gestures) != 0 {
		t.Error("still waiting for a gesture")
	}
}

func TestNoDialogIfUnwanted(t *testing.T) {
	no := false
	refusedView(t, ViewOptions{EnableAutoplayDialog: &no})
	check(t, "no dialog", `dialogShown()`, "")
	eval(t, `refuse = false; document.fire("touchend")`) // a phone makes no click of a tap on nothing
	eventually(t, "gesture", `made.map(m => m.paused)`, "false,false")
}

func TestListenerTakesCare(t *testing.T) {
	v := newView(t, false, `"audio"`)
	stop := jsx.Func(func([]safejs.Value) { v.Stop() })
	defer stop.Release()
	if _, err := v.On("autoplayFailed", safejs.Safe(stop.Value)); err != nil {
		t.Fatal(err)
	}
	eval(t, `refuse = true`)
	play(t, v, "a", ViewOptions{})
	eventually(t, "refused", `made.map(m => m.plays > 0)`, "true")
	eval(t, `made[0].fire("canplay")`)
	eventually(t, "stopped by the listener", inA, "")
	nextTask(t)
	check(t, "no dialog", `dialogShown()`, "")
}

// nextTask waits until all that is to come of what was done has come.
func nextTask(t *testing.T) {
	t.Helper()
	if _, err := jsx.Await(t.Context(), eval(t, `return new Promise(next => setTimeout(next))`)); err != nil {
		t.Fatal(err)
	}
}

func TestStopGivesUpTheStart(t *testing.T) {
	v := newView(t, false, `"audio"`)
	eval(t, `refuse = true`)
	play(t, v, "a", ViewOptions{})
	eventually(t, "refused", `made.map(m => m.plays > 0)`, "true")
	v.Stop()
	play(t, v, "a", ViewOptions{})
	nextTask(t)
	if v.audio.cancel == nil {
		t.Error("the start that was given up ended the next one")
	}
}

func TestClosingEndsTheDialog(t *testing.T) {
	v := refusedView(t, ViewOptions{})
	v.Close()
	check(t, "closed", `dialogShown()`, "")
}

func TestDialogInChinese(t *testing.T) {
	eval(t, `navigator.language = "zh-CN"`)
	defer eval(t, `navigator.language = "en"`)
	refusedView(t, ViewOptions{})
	if html := text(t, `dialogShown()`); !strings.Contains(html, ">播放</button>") {
		t.Errorf("dialog: %s", html)
	}
}

func TestMutedSoundIsNoFailure(t *testing.T) {
	v := newView(t, true, `"audio"`)
	eval(t, `refuse = true`)
	play(t, v, "a", ViewOptions{})
	check(t, "not played", `made.map(m => m.plays)`, "0")
	if v.paused() {
		t.Error("a silent view waits for a gesture")
	}
}

func TestPausedByThePhone(t *testing.T) {
	v := newView(t, false, `"audio", "video"`)
	play(t, v, "a", ViewOptions{})
	if !within(v.idle) {
		t.Fatal("a start does not end")
	}
	for _, event := range []string{`document.fire("visibilitychange")`, `fireWindow("focus")`} {
		eval(t, `made.forEach(m => m.pause()); document.hidden = true; `+event)
		check(t, "hidden", `made.map(m => m.paused)`, "true,true")
		eval(t, `document.hidden = false; `+event)
		eventually(t, event, `made.map(m => m.paused)`, "false,false")
		if !within(v.idle) {
			t.Fatal("a start does not end")
		}
	}
}

// idle reports whether no start is under way.
func (v *View) idle() bool { return v.video.cancel == nil && v.audio.cancel == nil }
