package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// flavor is a set of flags. Pages of one flavor share a browser.
type flavor string

const (
	// usual has fake cameras and microphones, allowed, and lets pages play sound. The second
	// camera is one of depth, which browsers show but do not send.
	usual flavor = "usual"
	// quiet refuses to play sound before the user touched the page.
	quiet flavor = "quiet"
	// bare has no camera and no microphone.
	bare flavor = "bare"
	// refusing has both, and the user says no.
	refusing flavor = "refusing"
	// drowsy is usual, and slows down hidden pages as the browsers of users do.
	drowsy flavor = "drowsy"
	// doomed is usual, in a process of the test's own that it may kill.
	doomed flavor = "doomed"
	// alone is usual, in a process of the test's own: pages of one browser share a camera,
	// and its size.
	alone flavor = "alone"
	// calm is alone, with a camera of half as many pictures: two cores show many people.
	calm flavor = "calm"
)

const (
	fakeDevices = "use-fake-device-for-media-stream"
	fakePrompt  = "use-fake-ui-for-media-stream"
	autoplay    = "autoplay-policy"
)

var usualFlags = []chromedp.ExecAllocatorOption{
	chromedp.Flag(fakeDevices, "device-count=3"), chromedp.Flag(fakePrompt, true),
	chromedp.Flag(autoplay, "no-user-gesture-required"),
	chromedp.Flag("auto-accept-this-tab-capture", true),
	chromedp.Flag("js-flags", "--expose-gc"+baseline()),
}

var flavors = map[flavor][]chromedp.ExecAllocatorOption{
	usual: usualFlags,
	alone: usualFlags,
	calm:  append(slices.Clone(usualFlags), chromedp.Flag(fakeDevices, "device-count=3,fps=10")),
	quiet: {
		chromedp.Flag(fakeDevices, true), chromedp.Flag(fakePrompt, true),
		chromedp.Flag(autoplay, "user-gesture-required"),
	},
	bare:     {chromedp.Flag(fakePrompt, true)},
	refusing: {chromedp.Flag(fakeDevices, true), chromedp.Flag(fakePrompt, "deny")},
	drowsy: {
		chromedp.Flag(fakeDevices, true), chromedp.Flag(fakePrompt, true),
		chromedp.Flag(autoplay, "no-user-gesture-required"),
		chromedp.Flag("disable-background-timer-throttling", false),
		chromedp.Flag("disable-backgrounding-occluded-windows", false),
		chromedp.Flag("disable-renderer-backgrounding", false),
	},
	doomed: {
		chromedp.ModifyCmdFunc(func(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }),
		chromedp.Flag(fakeDevices, true), chromedp.Flag(fakePrompt, true),
		chromedp.Flag(autoplay, "no-user-gesture-required"),
	},
}

// baseline lets V8 compile WebAssembly once, quickly: each page of the tests lives for
// seconds, and the second, better code takes a fifth of two cores. Benchmarks get both.
func baseline() string {
	if slices.ContainsFunc(os.Args, func(arg string) bool { return strings.HasPrefix(arg, "-test.bench=") }) {
		return ""
	}
	return " --liftoff-only"
}

var browsers struct {
	mu      sync.Mutex
	open    map[flavor]*browser
	retired []*browser // that tests may still be in
}

type browser struct {
	ctx     context.Context // Chromium's
	firefox *firefoxBrowser // or nil
	stop    func()
	err     error // why it did not start
	once    sync.Once
}

func TestMain(m *testing.M) {
	code := runAll(m)
	for _, b := range browsers.open {
		b.stop()
	}
	for _, b := range browsers.retired {
		b.stop()
	}
	removeBuilt()
	removeProjects()
	os.Exit(code)
}

// browserOf starts the Chromium of a flavor when the first test needs it.
func browserOf(t testing.TB, f flavor) context.Context {
	t.Helper()
	return theBrowser(t, ownFlavor(t, f), func() *browser { return startBrowser(f) }).ctx
}

// ownFlavor is f, or a flavor of the test's own where it wants a browser of its own.
func ownFlavor(t testing.TB, f flavor) flavor {
	if f == doomed || f == alone || f == calm {
		return f + " in " + flavor(t.Name())
	}
	return f
}

// theBrowser starts a browser that is not there yet. Tests in other browsers go on meanwhile.
func theBrowser(t testing.TB, f flavor, start func() *browser) *browser {
	t.Helper()
	b := named(t, f)
	b.once.Do(func() {
		started := start()
		browsers.mu.Lock()
		defer browsers.mu.Unlock()
		b.ctx, b.firefox, b.stop, b.err = started.ctx, started.firefox, started.stop, started.err
	})
	if b.err != nil {
		t.Fatal(b.err)
	}
	return b
}

func named(t testing.TB, f flavor) *browser {
	browsers.mu.Lock()
	defer browsers.mu.Unlock()
	b := browsers.open[f]
	if b == nil {
		b = &browser{stop: func() {}}
		if browsers.open == nil {
			browsers.open = map[flavor]*browser{}
		}
		browsers.open[f] = b
		if strings.HasSuffix(string(f), t.Name()) { // the test's own, which nobody needs after it
			t.Cleanup(func() { closeBrowser(f) })
		}
	}
	return b
}

func closeBrowser(f flavor) {
	browsers.mu.Lock()
	b := browsers.open[f]
	delete(browsers.open, f)
	browsers.mu.Unlock()
	if b != nil {
		b.stop()
	}
}

// retireBrowser lets the next tests have another browser.
func retireBrowser(retired context.Context) {
	browsers.mu.Lock()
	defer browsers.mu.Unlock()
	for f, b := range browsers.open {
		if b.ctx == retired {
			delete(browsers.open, f)
			browsers.retired = append(browsers.retired, b)
		}
	}
}

// windowPages are pages of Chromium's own that each window would have behind its address
// bar: they cost as much as the page that is tested.
const windowPages = "WebUIOmniboxPopup,WebUIOmniboxFullPopup,WebUIOmniboxAimPopup"

func startBrowser(f flavor) *browser { return launch(f, flavors[f]) }

// launch starts a Chromium with flags beside those of all.
func launch(f flavor, flags []chromedp.ExecAllocatorOption) *browser {
	path, err := findChromium()
	if err != nil {
		return &browser{err: err, stop: func() {}}
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-dev-shm-usage", smallMemoryFiles()),
		chromedp.Flag("disable-features", "Translate,"+windowPages),
		chromedp.WindowSize(800, 600),
	)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), append(options, flags...)...)
	ctx, _ := chromedp.NewContext(allocator)
	if err := chromedp.Do(ctx); err != nil {
		err = fmt.Errorf("start Chromium (%s, %s): %w", path, f, err)
		return &browser{err: err, stop: stop}
	}
	return &browser{ctx: ctx, stop: func() {
		end, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		_ = chromedp.Cancel(end) // the process ends either way
		stop()
	}}
}

// smallMemoryFiles says whether the memory that Chromium's processes share, pictures among
// it, has to lie in files on the disk, as in containers, which give it 64 MB elsewhere.
func smallMemoryFiles() bool {
	var shm syscall.Statfs_t
	return syscall.Statfs("/dev/shm", &shm) != nil || shm.Bavail*uint64(shm.Bsize) < 1<<30
}

func findChromium() (string, error) { return findProgram("CHROMIUM", "chromium", "chromium") }

// findProgram finds what a test needs: where the environment says, or as Debian has it.
func findProgram(variable, name, debian string) (string, error) {
	if path := os.Getenv(variable); path != "" {
		return path, nil
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("these tests need %s: install Debian's package %s, or set %s to its path (%w)", name, debian, variable, err)
	}
	return path, nil
}
