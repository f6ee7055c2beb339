package e2e

import "testing"

// emptyPage is a page without the SDK.
func emptyPage(t *testing.T, f flavor) *tab {
	t.Helper()
	return open(t, f, "plain", elsewhere(t, fill(t, "empty.html", visit{}), nil))
}

// TestFlavors makes sure that the flags do what their names say, for the other tests
// rely on it.
func TestFlavors(t *testing.T) {
	t.Parallel()
	for name, f := range map[string][4]flavor{
		"Chromium": {usual, bare, refusing, quiet},
		"Firefox":  {firefox, firefoxBare, firefoxRefusing, firefoxQuiet},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testFlavors(t, f[0], f[1], f[2], f[3])
		})
	}
}

func testFlavors(t *testing.T, usual, bare, refusing, quiet flavor) {
	const capture = `navigator.mediaDevices.getUserMedia({audio: true, video: true})`
	t.Run("usual", func(t *testing.T) {
		p := emptyPage(t, usual)
		p.do(`const video = document.body.appendChild(document.createElement("video"));
			globalThis.stream = video.srcObject = await ` + capture + `; await video.play()`)
		p.sees("video")
		p.do(`await e2e.hearsSound(stream)`)
	})
	t.Run("bare", func(t *testing.T) {
		emptyPage(t, bare).wants("rejected", map[string]any{"name": "NotFoundError"}, capture)
	})
	t.Run("refusing", func(t *testing.T) {
		emptyPage(t, refusing).wants("rejected", map[string]any{"name": "NotAllowedError"}, capture)
	})
	t.Run("quiet", func(t *testing.T) {
		p := emptyPage(t, quiet)
		p.do(`globalThis.audio = new Audio(); audio.srcObject = await ` + capture)
		p.wants("rejected", map[string]any{"name": "NotAllowedError"}, `audio.play()`)
		p.tap(`await audio.play()`)
	})
}

// TestRecorder makes sure that awaiting waits, and that each event is taken once.
func TestRecorder(t *testing.T) {
	t.Parallel()
	p := emptyPage(t, usual)
	p.do(`e2e.note("early", "a", {x: 1, y: [2]}); setTimeout(() => e2e.note("late", "b"), 50); e2e.note("early", "c")`)
	if got := p.await("late"); got.Args[0] != "b" {
		t.Errorf("got %v", got)
	}
	if got := p.await("early", anything, map[string]any{"y": []int{2}}); got.Args[0] != "a" {
		t.Errorf("got %v", got)
	}
	if got := p.await("early"); got.Args[0] != "c" {
		t.Errorf("the first early is taken; got %v", got)
	}
	p.never("never")
	wantLines(t, "the page", p.lines("late"), []string{`early("a", {"x":1,"y":[2]})`, `early("c")`})
	p.do(`setTimeout(() => { throw new Error("oops") })`)
	p.do(`await new Promise((resolve) => setTimeout(resolve))`)
	p.expect("oops")
	if got := p.consoleErrors(); len(got) != 1 {
		t.Errorf("the console's errors: %q", got)
	}
}
