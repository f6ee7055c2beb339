package e2e

import (
	"net"
	"testing"

	"expressrtc/server/signaling"
	"expressrtc/server/web"
)

// TestPagesCheckAway: a server that goes away while the call is measured, and one that is
// away from the beginning.
func TestPagesCheckAway(t *testing.T) {
	t.Parallel()
	server := newProcess(t)
	p := (&site{t, "http://" + server.addr}).visit(alone, "check")
	for _, part := range []string{"ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE", "ERR_SOCKET_NOT_CONNECTED"} {
		p.expect(part)
	}
	p.role("button", "Start the check").press()
	p.role("button", "Skip").press()
	p.step("Test call", "Running")
	p.sees("#stage video")
	server.kill()
	p.finds("Calls work here, but:")
	p.step("Test call", "Warning", "Picture and sound went on, but the connection to the server broke meanwhile.", "640×480")
	p.role("button", "Check again").press()
	p.role("button", "Skip").press()
	p.finds("Calls cannot work here, because:")
	p.step("Camera", "Good")
	p.step("Server", "Problem", "The server "+server.addr+" does not answer.", "Check your network")
	p.step("Network paths", "Skipped", "Only this device was looked at", "UDP is there")
	p.step("Test call", "Skipped", "Without the server there is no test call.")
	p.look("away")
}

// TestPagesCheckInsecure: a page that the browser gives nothing. The workbench of /debug is
// there nevertheless: it needs neither.
func TestPagesCheckInsecure(t *testing.T) {
	t.Parallel()
	s := newOutwardSite(t)
	p := s.visit(alone, "check", phone)
	p.role("button", "Start the check").press()
	p.role("button", "Skip").press()
	p.finds("Calls cannot work here, because:")
	p.step("Browser", "Problem", "This page was not opened securely", "Open it by its https:// address.")
	p.step("Camera", "Problem", "The browser gives this page no camera")
	p.step("Server", "Good")
	p.role("button", "Copy the report").press()
	p.appears("status", "The browser did not allow that. The report is selected…")
	p.wants("value", true, `document.activeElement.id === "report" && document.activeElement.selectionEnd > 100`)
	p.look("insecure")
	p.navigate(s.url + "/debug")
	p.role("button", "Create engine").press()
	p.appears("status", "The engine is there…")
}

// hasty answers nothing, and makes a minute short.
const hasty = `navigator.mediaDevices.getUserMedia = () => new Promise(() => {});
	const wait = globalThis.setTimeout;
	globalThis.setTimeout = (act, ms, ...args) => wait(act, ms === 60_000 ? 1500 : ms, ...args);`

// TestPagesCheckUnanswered: nobody answers any question, and the check ends nevertheless.
func TestPagesCheckUnanswered(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).visit(alone, "check", before(hasty))
	p.role("button", "Start the check").press()
	p.finds("Calls work here, but:")
	p.step("Camera", "Problem", "The browser's question about the camera was not answered.", "choose Allow")
	p.step("Microphone", "Problem", "The browser's question about the microphone was not answered.")
	p.step("Speaker", "Skipped", "The question was not answered.")
	p.step("Test call", "Good")
}

// newOutwardSite is a server at an address that browsers do not trust as they do loopback.
func newOutwardSite(t *testing.T) *site {
	t.Helper()
	host := outwardAddress(t)
	server, err := web.New(web.Config{TrustHost: true, Log: newLogger(t)})
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, server, host)
}

func outwardAddress(t *testing.T) string {
	t.Helper()
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addresses {
		if ip, is := a.(*net.IPNet); is && ip.IP.To4() != nil && !ip.IP.IsLoopback() {
			return ip.IP.String()
		}
	}
	t.Skip("this machine has no address but loopback")
	return ""
}

// lasting makes the looks at a camera last while long is true.
const lasting = `const wait = globalThis.setTimeout;
	globalThis.setTimeout = (act, ms, ...args) => wait(act, globalThis.long && ms === 2000 ? 60_000 : ms, ...args);`

// pretend makes the page's devices other ones, until real.
const pretend = `const own = navigator.mediaDevices.getUserMedia;
	globalThis.real = () => { navigator.mediaDevices.getUserMedia = own };
	globalThis.refuse = (name, message = "") => {
		navigator.mediaDevices.getUserMedia = async () => { throw new DOMException(message, name) };
	};
	globalThis.give = (make) => {
		navigator.mediaDevices.getUserMedia = async ({video}) => new MediaStream([video ? e2e.painted("black") : make()]);
	};`

// TestPagesCheckDevices: what can be wrong with devices, each in words of its own; the check
// can be stopped and begun anew at any time.
func TestPagesCheckDevices(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).visit(alone, "check", before(coloursJS+lasting))
	p.do(pretend)
	start := "Start the check"
	for _, c := range []struct{ is, state, camera, microphone string }{
		{`refuse("NotReadableError")`, "Problem", "The camera does not start. Another program may be using it.", "The microphone does not start."},
		{`refuse("NotAllowedError", "Permission denied by system")`, "Problem", "The system does not let this browser use the camera.", "The system does not let this browser use the microphone."},
		{`give(() => new AudioContext().createMediaStreamDestination().stream.getTracks()[0])`, "Warning", "is black.", "is completely silent: it is muted."},
	} {
		p.do(c.is)
		p.role("button", start).press()
		p.step("Camera", c.state, c.camera)
		p.step("Microphone", c.state, c.microphone)
		p.appears("button", "Yes")
		p.role("button", "Stop").press()
		p.finds("The check was stopped. Until then it found:")
		p.step("Speaker", "Skipped", "Not run.")
		start = "Check again"
	}
	p.look("stopped")
	p.do(`real(); globalThis.long = true`)
	p.role("button", start).press()
	p.sees("#stage video")
	p.role("button", "Stop").press()
	p.finds("The check was stopped before its end.")
	p.step("Camera", "Skipped", "Not run.")
	p.wants("value", []any{}, live)
	p.role("button", start).press()
	p.sees("#stage video")
	p.do(`dispatchEvent(new PageTransitionEvent("pagehide"))`) // as when the visitor leaves
	p.finds("The check was stopped before its end.")
	p.wants("value", []any{}, live)
}
