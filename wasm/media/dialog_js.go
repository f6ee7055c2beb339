//go:build js && wasm

package media

import (
	"strings"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// part is one element of the dialog. Pages style the classes, so their names are the
// contract's.
type part struct{ tag, class, css string }

var (
	mask = &part{"div", "zg_autoplay_mask", "position:fixed;top:0;left:0;width:100vw;height:100vh;z-index:1500;" +
		"display:flex;align-items:center;justify-content:center;background:rgba(0,0,0,.5)"}
	wrapper = &part{"div", "zg_autoplay_wrapper", "box-sizing:border-box;width:336px;max-width:calc(100vw - 32px);padding:24px;" +
		"border-radius:16px;background:#fff;color:#1c2027;box-shadow:0 16px 48px rgba(0,0,0,.3);text-align:center;" +
		"font:15px/1.5 system-ui,-apple-system,\"PingFang SC\",\"Microsoft YaHei\",sans-serif"}
	header  = &part{"div", "zg_autoplay_header", "font-size:17px;font-weight:600;overflow-wrap:anywhere"}
	content = &part{"div", "zg_autoplay_content", "margin-top:6px;color:#59606b;text-wrap:balance"}
	actions = &part{"div", "zg_autoplay_action_wrapper", "margin-top:20px"}
	confirm = &part{"button", "zg_autoplay_action_confirm", "appearance:none;width:100%;padding:11px 16px;border:0;border-radius:10px;" +
		"background:#1560e0;color:#fff;font:inherit;font-weight:600;cursor:pointer"}

	dialogParts = []*part{mask, wrapper, header, content, actions, confirm}
)

// selector is stronger than a page's rules for bare elements, and weaker than its rules
// for our classes.
func (p *part) selector() string { return p.tag + ":where(." + p.class + ")" }

// rules is the dialog's style sheet.
func rules() string {
	all := confirm.selector() + ":hover{background:#0f4fbd}" +
		confirm.selector() + ":focus-visible{outline:3px solid #8db8ff;outline-offset:2px}"
	for _, p := range dialogParts {
		all = p.selector() + "{" + p.css + "}" + all
	}
	return all
}

// styleDialog gives the page the rules, the first time that a dialog is shown: as a
// constructed sheet, which no content policy forbids. In a browser without those, the
// elements get styles of their own.
func styleDialog() bool {
	if adopted {
		return true
	}
	sheet, err := jsx.New("CSSStyleSheet")
	sheets := jsx.Get(document(), "adoptedStyleSheets")
	if err != nil || !isFunction(sheet, "replaceSync") || sheets.IsUndefined() {
		return false
	}
	call(sheet, "replaceSync", rules())
	sheets = call(jsx.Global("Array"), "from", sheets)
	call(sheets, "push", sheet)
	set(document(), "adoptedStyleSheets", sheets)
	adopted = true
	return true
}

// adopted says that the page has the rules.
var adopted bool

// dialog asks the user for the click without which the browser plays nothing.
type dialog struct {
	mask, button safejs.Value
	before       safejs.Value // what had the focus
	stops        []func()
}

func newDialog() *dialog {
	styled := styleDialog()
	add := func(parent safejs.Value, p *part, text string) safejs.Value {
		el := newElement(p.tag, "class", p.class)
		if !styled {
			set(jsx.Get(el, "style"), "cssText", p.css)
		}
		set(el, "textContent", text)
		if !parent.IsUndefined() {
			call(parent, "appendChild", el)
		}
		return el
	}
	explanation, action := words(jsx.Global("navigator"))
	outer := add(safejs.Undefined(), mask, "")
	inner := add(outer, wrapper, "")
	for _, attribute := range [][2]string{{"role", "dialog"}, {"aria-modal", "true"}, {"aria-label", explanation}} {
		call(inner, "setAttribute", attribute[0], attribute[1])
	}
	add(inner, header, jsx.String(jsx.Global("location"), "host"))
	add(inner, content, explanation)
	return &dialog{mask: outer, button: add(add(inner, actions, ""), confirm, action)}
}

// words are the dialog's in the user's language.
func words(navigator safejs.Value) (explanation, action string) {
	if strings.Contains(jsx.String(navigator, "language"), "zh") {
		return "点一下，浏览器才会播放声音和画面。", "播放"
	}
	return "Your browser waits for a click before it plays.", "Play"
}

// open shows the dialog: a click anywhere on it agrees, Escape puts it off.
func (d *dialog) open(agree, later func()) {
	d.before = jsx.Get(document(), "activeElement")
	call(jsx.Get(document(), "body"), "appendChild", d.mask)
	d.stops = []func(){
		jsx.Listen(d.mask, "click", func(safejs.Value) { agree() }),
		jsx.Listen(d.mask, "keydown", func(event safejs.Value) {
			switch jsx.String(event, "key") {
			case "Escape":
				later()
			case "Tab": // there is nowhere else to go
				call(event, "preventDefault")
			}
		}),
	}
	call(d.button, "focus")
}

// close takes the dialog away and gives the focus back, the latter on a goroutine: it
// may run the page's code.
func (d *dialog) close() {
	stopAll(&d.stops)
	call(d.mask, "remove")
	if isFunction(d.before, "focus") {
		go call(d.before, "focus", map[string]any{"preventScroll": true})
	}
}
