package e2e

// The keyboard in front of our pages.

import (
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// tabs is how many times tabTo presses Tab before it gives up.
const tabs = 60

// keyNames are the keys that have no text of their own.
var keyNames = map[string]string{
	"Tab": kb.Tab, "Enter": kb.Enter, "Escape": kb.Escape, "Space": " ", "Backspace": kb.Backspace, "Delete": kb.Delete,
	"ArrowUp": kb.ArrowUp, "ArrowDown": kb.ArrowDown, "ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight,
	"Home": kb.Home, "End": kb.End, "PageUp": kb.PageUp, "PageDown": kb.PageDown,
}

var modifiers = map[string]chromedp.Modifier{"Shift": chromedp.ModifierShift, "Control": chromedp.ModifierCtrl, "Alt": chromedp.ModifierAlt}

// keys presses keys: each is one by its name, perhaps after Shift+, Control+ or Alt+, or a
// text to type.
func (p *visitor) keys(keys ...string) {
	p.t.Helper()
	for _, key := range keys {
		var held []chromedp.Modifier
		for modifier, rest, ok := strings.Cut(key, "+"); ok && modifiers[modifier] != 0; modifier, rest, ok = strings.Cut(key, "+") {
			held, key = append(held, modifiers[modifier]), rest
		}
		if named, ok := keyNames[key]; ok {
			key = named
		}
		p.run(chromedp.KeyEvent(key, chromedp.KeyModifiers(held...)))
	}
}

// focused is the role and the name of what has the focus.
func (p *visitor) focused() (role, name string) {
	p.t.Helper()
	const active = `(() => {
		let element = document.activeElement;
		while (element?.contentDocument) element = element.contentDocument.activeElement;
		return element;
	})()`
	object := command(p, runtime.Evaluate, runtime.EvaluateParams{Expression: active}).Result.ObjectID
	no := false
	tree := command(p, accessibility.GetPartialAXTree, accessibility.GetPartialAXTreeParams{ObjectID: object, FetchRelatives: &no})
	return valueOf(tree.Nodes[0].Role), valueOf(tree.Nodes[0].Name)
}

// focuses waits until an element has the focus.
func (p *visitor) focuses(role, name string) {
	p.t.Helper()
	p.until(func() error {
		if r, n := p.focused(); r != role || !isLike(n, name) {
			return fmt.Errorf("the focus is on %s %q, not on %s %q", r, n, role, name)
		}
		return nil
	})
}

// tabTo presses Tab until the element has the focus.
func (p *visitor) tabTo(role, name string) {
	p.t.Helper()
	var way []string
	for range tabs {
		r, n := p.focused()
		if r == role && isLike(n, name) {
			return
		}
		way = append(way, fmt.Sprintf("%s %q", r, n))
		p.keys("Tab")
	}
	p.fatalf("Tab does not lead to %s %q but to\n  %s", role, name, strings.Join(way, "\n  "))
}
