package e2e

// How elements are found in Chromium's accessibility tree, asked, and reached by the mouse.

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// do calls a function on the element once it is there.
func (e *element) do(function string) (answer string) {
	e.p.t.Helper()
	e.p.until(func() (err error) {
		answer, err = e.ask(function)
		return err
	})
	return answer
}

// ask calls a function on the element, if it is there, for a text.
func (e *element) ask(function string) (string, error) {
	node, err := e.node()
	if err != nil {
		return "", err
	}
	return e.p.ask(node.BackendDOMNodeID, function)
}

func (p *visitor) ask(id cdp.BackendNodeID, function string) (string, error) {
	result, err := p.apply(id, function, true)
	if err != nil {
		return "", err
	}
	var text *string
	if len(result.Value) > 0 {
		err = json.Unmarshal(result.Value, &text)
	}
	if text == nil {
		return "", err
	}
	return *text, err
}

func (e *element) object(function string) (runtime.RemoteObjectID, error) {
	node, err := e.node()
	if err != nil {
		return "", err
	}
	result, err := e.p.apply(node.BackendDOMNodeID, function, false)
	if err != nil {
		return "", err
	}
	return result.ObjectID, nil
}

// apply calls a function on a node, as a person who just clicked.
func (p *visitor) apply(id cdp.BackendNodeID, function string, byValue bool) (*runtime.RemoteObject, error) {
	resolved, err := attempt(p, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: id})
	if err != nil {
		return nil, err
	}
	yes := true
	called, err := attempt(p, runtime.CallFunctionOn, runtime.CallFunctionOnParams{
		FunctionDeclaration: function, ObjectID: resolved.Object.ObjectID, ReturnByValue: &byValue, AwaitPromise: &yes,
	})
	if err == nil && called.ExceptionDetails != nil {
		err = errors.New(called.ExceptionDetails.Exception.Description)
	}
	if err != nil {
		return nil, err
	}
	return called.Result, nil
}

// node is the first element that is like that.
func (e *element) node() (*accessibility.Node, error) {
	found, err := e.all()
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("there is no %s", e)
	}
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

// all is every element that is like that now.
func (e *element) all() ([]*accessibility.Node, error) {
	tree := accessibility.QueryAXTreeParams{BackendNodeID: e.p.root, Role: e.role}
	if tree.BackendNodeID == 0 {
		document, err := attempt(e.p, runtime.Evaluate, runtime.EvaluateParams{Expression: "document"})
		if err != nil {
			return nil, err
		}
		tree.ObjectID = document.Result.ObjectID
	}
	result, err := attempt(e.p, accessibility.QueryAXTree, tree)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(result.Nodes, func(node *accessibility.Node) bool { return node.Ignored || !e.isNamed(node) }), nil
}

// isNamed reports whether a node has the name that is looked for.
func (e *element) isNamed(node *accessibility.Node) bool {
	name := valueOf(node.Name)
	if name == "" && e.name != "" { // what has no name goes by its text
		name, _ = e.p.ask(node.BackendDOMNodeID, `function() { return this.innerText ?? "" }`)
	}
	return isLike(strings.Join(strings.Fields(name), " "), e.name)
}

// isLike compares a name with one in which "…" at an end stands for whatever there is.
func isLike(name, want string) bool {
	open := strings.HasPrefix(want, "…")
	want = strings.TrimPrefix(want, "…")
	part, more := strings.CutSuffix(want, "…")
	switch {
	case open && more:
		return strings.Contains(name, part)
	case open:
		return strings.HasSuffix(name, part)
	case more:
		return strings.HasPrefix(name, part)
	}
	return want == "" || name == want
}

// valueOf is a value of the tree as a text.
func valueOf(v *accessibility.Value) string {
	if v == nil || len(v.Value) == 0 {
		return ""
	}
	var value any
	if err := json.Unmarshal(v.Value, &value); err != nil {
		return ""
	}
	return fmt.Sprint(value)
}

// reach is the middle of the element in the window, where nothing else may be in front.
func (e *element) reach() (x, y float64, err error) {
	node, err := e.node()
	if err != nil {
		return 0, 0, err
	}
	id := node.BackendDOMNodeID
	if _, err := attempt(e.p, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{BackendNodeID: id}); err != nil {
		return 0, 0, fmt.Errorf("%s is not shown: %w", e, err)
	}
	front, err := e.p.ask(id, inFront)
	if err == nil && front != "" {
		err = fmt.Errorf("%s cannot be pressed: %s", e, front)
	}
	if err != nil {
		return 0, 0, err
	}
	quads, err := attempt(e.p, dom.GetContentQuads, dom.GetContentQuadsParams{BackendNodeID: id})
	if err != nil || len(quads.Quads) == 0 {
		return 0, 0, fmt.Errorf("%s is nowhere: %w", e, err)
	}
	q := quads.Quads[0]
	return (q[0] + q[2] + q[4] + q[6]) / 4, (q[1] + q[3] + q[5] + q[7]) / 4, nil
}

// inFront tells what keeps a click in the middle of an element from it.
const inFront = `function() {
	const {left, top, width, height} = this.getClientRects()[0] ?? this.getBoundingClientRect();
	const [x, y] = [left + width / 2, top + height / 2];
	const view = this.ownerDocument.defaultView;
	if (x < 0 || y < 0 || x > view.innerWidth || y > view.innerHeight) return "it is outside of the window";
	const top_ = this.ownerDocument.elementFromPoint(x, y);
	if (!top_ || top_ === this || this.contains(top_) || top_.closest("label")?.control === this) return "";
	return "in front of it is " + top_.cloneNode(false).outerHTML;
}`

// hit presses and releases the mouse.
func (p *visitor) hit(x, y float64) error {
	if _, err := attempt(p, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseMoved, X: x, Y: y}); err != nil {
		return err
	}
	p.run(chromedp.MouseClickXY(x, y))
	return nil
}

// outline is what a screen reader finds in the page, a line for each element, for failures.
func (p *visitor) outline() string {
	result, err := attempt(p, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		return err.Error()
	}
	var lines []string
	for _, node := range result.Nodes {
		role := valueOf(node.Role)
		if name := valueOf(node.Name); !node.Ignored && (name != "" && role != "InlineTextBox" || role == "alert" || role == "status") {
			lines = append(lines, fmt.Sprintf("  %s %q", role, name))
		}
	}
	return strings.Join(lines, "\n")
}
