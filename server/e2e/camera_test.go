package e2e

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
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

// Seen once in some thirty runs of all tests: Chromium's fake camera gave no more pictures
// to any page of its browser, with or without the SDK, until all of them had let go of it.
// A test that waits for a picture then says nothing of our code: it is put off, the next
// tests get a new browser, and in the end it runs again, where it may not be put off.
var putOff struct {
	mu    sync.Mutex
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

// putOffIfBlind skips the test of a page whose browser gives no pictures of its camera.
func (p *tab) putOffIfBlind(why string) {
	p.t.Helper()
	putOff.mu.Lock()
	again := putOff.again
	putOff.mu.Unlock()
	if again || p.flavor == "" {
		return
	}
	found, dead := cameraIsDead(p.ctx)
	if !dead {
		return
	}
	retireBrowser(p.ctx, ownFlavor(p.t, p.flavor))
	putOff.mu.Lock()
	defer putOff.mu.Unlock()
	if name, _, _ := strings.Cut(p.t.Name(), "/"); !slices.Contains(putOff.tests, name) {
		putOff.tests = append(putOff.tests, name)
	}
	p.t.Skipf("put off: the browser's own camera gives no pictures to an empty page (%s)\n%s", found, why)
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

// cameraIsDead asks for the camera in an empty page of the browser that a page is in.
func cameraIsDead(inBrowser context.Context) (found string, dead bool) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html><title>camera</title><body>")
	}))
	defer server.Close()
	page := newChromiumPage(inBrowser)
	defer page.close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if page.navigate(ctx, server.URL) != nil {
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
	if found, dead := cameraIsDead(p.ctx); dead || !strings.HasPrefix(found, "seen") {
		t.Errorf("a working camera: %q, dead %v", found, dead)
	}
	camera := cameraProcess(t, chromedp.FromContext(p.ctx).Browser.Process().Pid)
	if err := syscall.Kill(camera, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if found, dead := cameraIsDead(p.ctx); !dead {
		t.Errorf("a stopped camera: %q", found)
	}
	if err := syscall.Kill(camera, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if found, dead := cameraIsDead(p.ctx); dead {
		t.Errorf("a camera that goes on: %q", found)
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
