package e2e

// Elements of our pages, found by role and accessible name in Chromium's own tree.

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
)

// pace is how often the tree is read while something is awaited.
const pace = 50 * time.Millisecond

// element is what has a role and a name in a page; the first such one, whenever it is used.
type element struct {
	p          *visitor
	role, name string
}

// role names an element; it need not be there yet.
func (p *visitor) role(role, name string) *element { return &element{p, role, name} }

// appears waits for an element and gives its text.
func (p *visitor) appears(role, name string) string {
	p.t.Helper()
	return p.role(role, name).text()
}

// gone waits until there is no such element.
func (p *visitor) gone(role, name string) {
	p.t.Helper()
	e := p.role(role, name)
	p.until(func() error {
		if found, err := e.all(); err != nil || len(found) > 0 {
			return errors.Join(err, fmt.Errorf("%s is still there", e))
		}
		return nil
	})
}

// counts waits until there are exactly n such elements.
func (p *visitor) counts(n int, role, name string) {
	p.t.Helper()
	e := p.role(role, name)
	p.until(func() error {
		if found, err := e.all(); err != nil || len(found) != n {
			return errors.Join(err, fmt.Errorf("there are %d of %s, not %d", len(found), e, n))
		}
		return nil
	})
}

// frame is the same page, looked at inside the frame of that name.
func (p *visitor) frame(name string) *visitor {
	p.t.Helper()
	var document runtime.RemoteObjectID
	p.until(func() (err error) {
		document, err = p.role("Iframe", name).object(`function() { return this.contentDocument }`)
		return err
	})
	within := *p
	within.root = command(p, dom.DescribeNode, dom.DescribeNodeParams{ObjectID: document}).Node.BackendNodeID
	return &within
}

// until tries a step until it succeeds; what it failed of last is the test's failure.
func (p *visitor) until(step func() error) {
	p.t.Helper()
	if err := p.tries(patience, step); err != nil {
		p.fatalf("not within %v: %v\nthe page is:\n%s", patience, err, p.outline())
	}
}

func (p *visitor) tries(limit time.Duration, step func() error) error {
	for end := time.Now().Add(limit); ; time.Sleep(pace) {
		if err := step(); err == nil || time.Now().After(end) {
			return err
		}
	}
}

func (e *element) String() string { return fmt.Sprintf("%s %q", e.role, e.name) }

// press clicks into the middle of the element, after scrolling it there.
func (e *element) press() {
	e.p.t.Helper()
	e.p.until(func() error {
		x, y, err := e.reach()
		if err != nil {
			return err
		}
		return e.p.hit(x, y)
	})
}

// fill writes a text into a field in place of what is there.
func (e *element) fill(text string) {
	e.p.t.Helper()
	e.press()
	e.do(`function() { this.select() }`)
	if text == "" {
		e.p.keys("Delete")
		return
	}
	command(e.p, input.InsertText, input.InsertTextParams{Text: text})
}

// choose takes an option of a select by its text.
func (e *element) choose(text string) {
	e.p.t.Helper()
	e.p.until(func() error {
		chosen, err := e.ask(fmt.Sprintf(`function() {
			const option = [...this.options].find((it) => it.text.trim() === %s);
			if (!option) return [...this.options].map((it) => it.text).join("; ");
			this.focus();
			this.value = option.value;
			this.dispatchEvent(new Event("input", {bubbles: true}));
			this.dispatchEvent(new Event("change", {bubbles: true}));
		}`, toJSON(text)))
		if err == nil && chosen != "" {
			err = fmt.Errorf("%s has no option %q but %s", e, text, chosen)
		}
		return err
	})
}

// text waits for the element and gives the text in it as it is seen.
func (e *element) text() string {
	e.p.t.Helper()
	return e.do(`function() { return this.innerText ?? this.textContent }`)
}

// value is what a field holds.
func (e *element) value() string {
	e.p.t.Helper()
	return e.do(`function() { return this.value }`)
}

// says waits until the element's text has a part.
func (e *element) says(part string) {
	e.p.t.Helper()
	e.p.until(func() error {
		text, err := e.ask(`function() { return this.innerText }`)
		if err == nil && !strings.Contains(text, part) {
			err = fmt.Errorf("%s says %q, not %q", e, text, part)
		}
		return err
	})
}

// state is a property of the element in the tree: pressed, expanded, checked, disabled,
// focused, invalid, …; "" if it has none.
func (e *element) state(name string) (value string) {
	e.p.t.Helper()
	e.p.until(func() (err error) {
		value, err = e.property(name)
		return err
	})
	return value
}

// becomes waits until a state is like that.
func (e *element) becomes(name, want string) {
	e.p.t.Helper()
	e.p.until(func() error {
		got, err := e.property(name)
		if err == nil && got != want {
			err = fmt.Errorf("%s of %s is %q, not %q", name, e, got, want)
		}
		return err
	})
}

func (e *element) property(name string) (string, error) {
	node, err := e.node()
	if err != nil {
		return "", err
	}
	for _, property := range node.Properties {
		if property.Name.String() == name {
			return valueOf(property.Value), nil
		}
	}
	return "", nil
}

// describedAs fails unless the element's description in the tree is like that.
func (e *element) describedAs(want string) error {
	node, err := e.node()
	if err == nil && !isLike(valueOf(node.Description), want) {
		err = fmt.Errorf("%s is described as %q, not %q", e, valueOf(node.Description), want)
	}
	return err
}

// has waits until the text in the element, for eyes or for readers only, is like that.
func (e *element) has(want string) { e.p.t.Helper(); e.hasOrNot(want, true) }

// hasNot waits until it is not like that.
func (e *element) hasNot(want string) { e.p.t.Helper(); e.hasOrNot(want, false) }

func (e *element) hasOrNot(want string, wanted bool) {
	e.p.t.Helper()
	e.p.until(func() error {
		text, err := e.ask(`function() { return this.textContent }`)
		if text = strings.Join(strings.Fields(text), " "); err == nil && isLike(text, want) != wanted {
			err = fmt.Errorf("%s has %q; %q wanted: %t", e, text, want, wanted)
		}
		return err
	})
}
