package e2e

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Seen in two of some thirty runs of all tests, while Firefox started: Chromium's fake camera
// gave no more pictures to any page of its browser, with or without the SDK, until all of
// them had let go of it. A test that waits for a picture then says nothing of our code: it
// is put off, the next tests get a new browser, and in the end it runs again, where it may
// not be put off.
var putOff struct {
	mu    sync.Mutex
	pages map[string][]*tab // of Chromium, by test, while it runs
	tests []string
	again bool
}

// runAll runs the tests, and then those that were put off.
func runAll(m *testing.M) int {
	code := m.Run()
	if len(putOff.tests) == 0 || code != 0 {
		return code
	}
	fmt.Fprintln(os.Stderr, "the camera of a Chromium died; again, in another one:", strings.Join(putOff.tests, ", "))
	putOff.again = true
	if err := flag.Set("test.run", "^("+strings.Join(putOff.tests, "|")+")$"); err != nil {
		panic(err) // testing has that flag
	}
	return m.Run()
}

// sharesCamera tells that the test has a page in a Chromium, until it ends.
func (p *tab) sharesCamera() {
	putOff.mu.Lock()
	defer putOff.mu.Unlock()
	if putOff.pages == nil {
		putOff.pages = map[string][]*tab{}
	}
	test := wholeTest(p.t)
	putOff.pages[test] = append(putOff.pages[test], p)
	p.t.Cleanup(func() {
		putOff.mu.Lock()
		defer putOff.mu.Unlock()
		putOff.pages[test] = slices.DeleteFunc(putOff.pages[test], func(other *tab) bool { return other == p })
	})
}

func wholeTest(t *testing.T) string {
	name, _, _ := strings.Cut(t.Name(), "/")
	return name
}

// putOffIfBlind skips the test if one of its browsers gives no pictures of the camera: what
// waits for the picture may be a page of another browser.
func (p *tab) putOffIfBlind(why string) {
	p.t.Helper()
	putOff.mu.Lock()
	pages := slices.Clone(putOff.pages[wholeTest(p.t)])
	if putOff.again {
		pages = nil
	}
	putOff.mu.Unlock()
	asked := map[context.Context]bool{}
	for _, page := range pages {
		if asked[page.browser] {
			continue
		}
		asked[page.browser] = true
		if found, dead := cameraIsDead(page.browser, p.t); dead {
			retireBrowser(page.browser)
			p.putOff(fmt.Sprintf("%s\n%s", found, why))
		}
	}
}

func (p *tab) putOff(why string) {
	p.t.Helper()
	putOff.mu.Lock()
	if name := wholeTest(p.t); !slices.Contains(putOff.tests, name) {
		putOff.tests = append(putOff.tests, name)
	}
	putOff.mu.Unlock()
	p.t.Skipf("put off: a browser's own camera gives no pictures to an empty page: %s", why)
}

// cameraJS opens the camera and tells what it gave in five seconds.
const cameraJS = `(async () => {
	const over = new Promise((resolve) => setTimeout(resolve, 5000));
	const stream = await Promise.race([navigator.mediaDevices.getUserMedia({video: true}), over]);
	if (!stream) return "dead: it does not open";
	const video = document.body.appendChild(document.createElement("video"));
	video.muted = true;
	video.srcObject = stream;
	video.play().catch(() => {});
	const picture = new Promise((resolve) => video.requestVideoFrameCallback(resolve));
	const seen = await Promise.race([picture.then(() => true), over]);
	const {deliveredFrames, discardedFrames, totalFrames} = stream.getTracks()[0].stats ?? {};
	stream.getTracks()[0].stop();
	return (seen ? "seen: " : "dead: ") + deliveredFrames + " delivered, " + discardedFrames + " discarded of " + totalFrames;
})()`

// cameraIsDead asks for the camera in an empty page of a browser.
func cameraIsDead(browser context.Context, t *testing.T) (found string, dead bool) {
	t.Helper()
	empty := elsewhere(t, fill(t, "empty.html", visit{}), nil)
	page := newChromiumPage(browser)
	defer page.close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if page.navigate(ctx, empty) != nil {
		return "", false // the browser is gone: that is something else
	}
	raw, err := page.evaluate(ctx, cameraJS, false)
	if err != nil {
		return "", false // no camera, or the user said no
	}
	found, err = strconv.Unquote(string(raw))
	return found, err == nil && strings.HasPrefix(found, "dead")
}

// TestDeadCamera stops the process in which Chromium's cameras live.
func TestDeadCamera(t *testing.T) {
	t.Parallel()
	p := emptyPage(t, doomed)
	p.do(`globalThis.stream = await navigator.mediaDevices.getUserMedia({video: true})`)
	wantCamera(p)
	camera := cameraProcess(t, chromedp.FromContext(p.ctx).Browser.Process().Pid)
	if err := syscall.Kill(camera, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if found, dead := cameraIsDead(p.browser, t); !dead {
		t.Errorf("a stopped camera: %q", found)
	}
	if err := syscall.Kill(camera, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	wantCamera(p)
}

// wantCamera waits until the camera gives pictures; on a busy machine it takes its time.
func wantCamera(p *tab) {
	p.t.Helper()
	for end := time.Now().Add(patience); ; {
		found, dead := cameraIsDead(p.browser, p.t)
		if !dead && strings.HasPrefix(found, "seen") {
			return
		}
		if time.Now().After(end) {
			p.t.Fatalf("a camera that works: %q, dead %v", found, dead)
		}
	}
}

// cameraProcess finds the process that a browser has its cameras in.
func cameraProcess(t *testing.T, browser int) int {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); {
		all, err := filepath.Glob("/proc/[0-9]*/cmdline")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range all {
			line, _ := os.ReadFile(file) // a process may have ended by now
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			if group, _ := syscall.Getpgid(pid); group == browser && strings.Contains(string(line), "video_capture") {
				return pid
			}
		}
	}
	t.Fatal("the browser has no process for its cameras")
	return 0
}
