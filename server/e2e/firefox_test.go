package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The flavors of Firefox.
const (
	firefox         flavor = "firefox"
	firefoxQuiet    flavor = "firefox, quiet"
	firefoxBare     flavor = "firefox, bare"
	firefoxRefusing flavor = "firefox, refusing"
)

// firefoxes are the preferences of each, beside those of all.
var firefoxes = map[flavor]map[string]any{
	firefox:         {fakeStreams: true, noPrompt: true, autoplayPolicy: 0},
	firefoxQuiet:    {fakeStreams: true, noPrompt: true, autoplayPolicy: 1},
	firefoxBare:     {noPrompt: true, autoplayPolicy: 0},
	firefoxRefusing: {fakeStreams: true, "permissions.default.camera": 2, "permissions.default.microphone": 2, autoplayPolicy: 0},
}

const (
	fakeStreams    = "media.navigator.streams.fake"
	noPrompt       = "media.navigator.permission.disabled"
	autoplayPolicy = "media.autoplay.default"
)

// inFirefox is what stands for a flavor of Chromium in TestInFirefox, and when all tests
// are to run in Firefox: BROWSER=firefox make e2e.
var inFirefox = map[flavor]flavor{usual: firefox, alone: firefox, calm: firefox, quiet: firefoxQuiet, bare: firefoxBare, refusing: firefoxRefusing}

// browserVariable asks for that.
const browserVariable = "EXPRESSRTC_BROWSER"

// chosen is the flavor that is used in the place of f.
func chosen(t testing.TB, f flavor) flavor {
	t.Helper()
	all := os.Getenv(browserVariable) == "firefox" || strings.HasPrefix(t.Name(), "TestInFirefox/")
	if _, is := firefoxes[f]; is || !all {
		return f
	}
	other, ok := inFirefox[f]
	if !ok {
		t.Skipf("Firefox has nothing like %q", f)
	}
	return other
}

// firefoxBrowser is a process of Firefox, the connection that drives it, and the sound
// card that it plays to.
type firefoxBrowser struct {
	*bidi
	firefox, sound *exec.Cmd
	profile        string
}

// firefoxOf starts the Firefox of a flavor when the first test needs it.
func firefoxOf(t testing.TB, f flavor) *firefoxBrowser {
	t.Helper()
	return theBrowser(t, f, func() *browser {
		b, err := startFirefox(firefoxes[f])
		if err != nil {
			return &browser{err: fmt.Errorf("start Firefox (%s): %w", f, err), stop: func() {}}
		}
		return &browser{firefox: b, stop: b.stop}
	}).firefox
}

func startFirefox(prefs map[string]any) (*firefoxBrowser, error) {
	path, err := findProgram("FIREFOX", "firefox-esr", "firefox-esr")
	if err != nil {
		return nil, err
	}
	sound, err := findProgram("PULSEAUDIO", "pulseaudio", "pulseaudio")
	if err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "expressrtc-firefox-")
	if err != nil {
		return nil, err
	}
	b := &firefoxBrowser{profile: profile}
	if err := errors.Join(writePrefs(profile, prefs), b.startSound(sound), b.start(path)); err != nil {
		b.stop()
		return nil, err
	}
	return b, nil
}

// writePrefs makes a profile of a browser that calls nobody by itself.
func writePrefs(profile string, more map[string]any) error {
	prefs := map[string]any{
		"media.autoplay.blocking_policy":  0,     // a touch of the page allows sound
		"media.autoplay.block-webaudio":   false, // which is how the tests listen
		"media.devices.unfocused.enabled": true,  // of several pages, one has the focus
		"app.normandy.enabled":            false,
		"browser.backup.enabled":          false,
		"services.settings.server":        "data:,#remote-settings-dummy/v1",
	}
	maps.Copy(prefs, more)
	var text strings.Builder
	for name, value := range prefs {
		fmt.Fprintf(&text, "user_pref(%q, %s);\n", name, toJSON(value))
	}
	return os.WriteFile(filepath.Join(profile, "user.js"), []byte(text.String()), 0o600)
}

// startSound starts a sound card that nobody hears. Without one, Firefox runs no
// AudioContext, and with the machine's own, people would hear the tests.
func (b *firefoxBrowser) startSound(path string) error {
	b.sound = exec.Command(path, "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes",
		"-L", "module-null-sink", "-L", "module-native-protocol-unix auth-anonymous=1 socket="+b.socket())
	b.sound.Env = append(os.Environ(), "HOME="+b.profile, "XDG_RUNTIME_DIR="+b.profile, "XDG_CONFIG_HOME="+b.profile)
	if err := b.sound.Start(); err != nil {
		return err
	}
	for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		conn, err := net.Dial("unix", b.socket())
		if err == nil {
			return conn.Close()
		}
		if time.Now().After(end) {
			return fmt.Errorf("pulseaudio does not listen: %w", err)
		}
	}
}

// socket is where the sound card listens.
func (b *firefoxBrowser) socket() string { return filepath.Join(b.profile, "sound") }

// start runs the browser until it says where it listens.
func (b *firefoxBrowser) start(path string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	b.firefox = exec.Command(path, "--headless", "--no-remote", "--profile", b.profile,
		"--remote-debugging-port=0", "--width=800", "--height=600", "about:blank")
	b.firefox.Env = append(os.Environ(), "PULSE_SERVER=unix:"+b.socket())
	output, err := b.firefox.StderrPipe()
	if err := errors.Join(err, b.firefox.Start()); err != nil {
		return err
	}
	lines := bufio.NewReader(output)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return fmt.Errorf("it ended before it listened: %w", err)
		}
		if _, url, found := strings.Cut(strings.TrimSpace(line), "WebDriver BiDi listening on "); found {
			go func() { _, _ = io.Copy(io.Discard, lines) }() // what it says later is of no interest
			b.bidi, err = dialBiDi(ctx, url)
			return err
		}
	}
}

func (b *firefoxBrowser) stop() {
	for _, cmd := range []*exec.Cmd{b.firefox, b.sound} {
		if cmd != nil && cmd.Process != nil {
			_ = cmd.Process.Kill() // it ends either way
			_ = cmd.Wait()
		}
	}
	os.RemoveAll(b.profile)
}

// firefoxPage is a page in a window of its own, of a user of its own.
type firefoxPage struct {
	browser *firefoxBrowser
	user    string // its user context
	id      string // its browsing context
}

func newFirefoxPage(ctx context.Context, b *firefoxBrowser) (*firefoxPage, error) {
	p := &firefoxPage{browser: b}
	var user struct{ UserContext string }
	if err := b.call(ctx, "browser.createUserContext", map[string]any{}, &user); err != nil {
		return nil, err
	}
	var window struct{ Context string }
	err := b.call(ctx, "browsingContext.create", map[string]any{"type": "window", "userContext": user.UserContext}, &window)
	p.user, p.id = user.UserContext, window.Context
	return p, err
}

func (p *firefoxPage) navigate(ctx context.Context, url string) error {
	return p.browser.call(ctx, "browsingContext.navigate", map[string]any{"context": p.id, "url": url, "wait": "complete"}, nil)
}

func (p *firefoxPage) inject(ctx context.Context, script string) error {
	return p.browser.call(ctx, "script.addPreloadScript", map[string]any{"functionDeclaration": "() => {" + script + "}", "contexts": []string{p.id}}, nil)
}

func (p *firefoxPage) evaluate(ctx context.Context, promise string, gesture bool) (json.RawMessage, error) {
	var done struct {
		Type             string
		Result           struct{ Value *string }
		ExceptionDetails struct{ Text string }
	}
	err := p.browser.call(ctx, "script.evaluate", map[string]any{
		"expression": promise + ".then(JSON.stringify)", "awaitPromise": true, "userActivation": gesture,
		"target": map[string]any{"context": p.id},
	}, &done)
	switch {
	case err != nil:
		return nil, explain(err)
	case done.Type == "exception":
		return nil, errors.New(done.ExceptionDetails.Text)
	case done.Result.Value == nil:
		return nil, nil
	}
	return json.RawMessage(*done.Result.Value), nil
}

func (p *firefoxPage) click(ctx context.Context, selector string) error {
	raw, err := p.evaluate(ctx, script(`const element = document.querySelector(%s);
		element.scrollIntoView({ block: "nearest", behavior: "instant" });
		const {x, y, width, height} = element.getBoundingClientRect();
		return [Math.round(x + width / 2), Math.round(y + height / 2)]`, selector), false)
	var middle [2]int
	if err := errors.Join(err, json.Unmarshal(raw, &middle)); err != nil {
		return err
	}
	return p.browser.call(ctx, "input.performActions", map[string]any{"context": p.id, "actions": []any{map[string]any{
		"type": "pointer", "id": "mouse", "actions": []any{
			map[string]any{"type": "pointerMove", "x": middle[0], "y": middle[1]},
			map[string]any{"type": "pointerDown", "button": 0},
			map[string]any{"type": "pointerUp", "button": 0},
		},
	}}}, nil)
}

func (p *firefoxPage) nextLine(ctx context.Context) (consoleLine, error) {
	return p.browser.nextLine(ctx, p.id)
}

// close closes the window as a user does, and forgets the user.
func (p *firefoxPage) close() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_ = p.browser.call(ctx, "browsingContext.close", map[string]any{"context": p.id}, nil) // it may be gone
	_ = p.browser.call(ctx, "browser.removeUserContext", map[string]any{"userContext": p.user}, nil)
}
