package e2e

import (
	"net/http"
	"strings"
	"testing"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
	"expressrtc/server/signaling"
)

// TestPagesTroubleDevices: whoever has no camera and no microphone to send is told why and
// what to do, and sees and hears the others nevertheless.
func TestPagesTroubleDevices(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	b := s.joins("Bert")
	for _, trouble := range []struct {
		flavor       flavor
		state, alert string
	}{
		{refusing, "refused", "Camera and microphone are blocked…"},
		{bare, "no-device", "No camera or microphone was found…"},
	} {
		t.Run(trouble.state, func(t *testing.T) {
			s := &site{t, s.url}
			a := s.visit(trouble.flavor, toHall("Anna"), as("Anna"))
			a.appears("alert", trouble.alert)
			a.appears("button", "Try again")
			a.look(trouble.state)
			a.role("button", "Join").press()
			a.shows("Bert")
			a.hears()
			a.look(trouble.state + "-call")
			b.role("figure", "Anna").has("…camera off…")
			b.role("figure", "Anna").has("…microphone off…")
			a.stays()
		})
		b.gone("figure", "Anna")
	}
}

// busy has devices be in use by another program: those whose tracks please busy, which is
// all at first.
const busy = `globalThis.busy = () => true;
	const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
	navigator.mediaDevices.getUserMedia = async (wanted) => {
		const stream = await getUserMedia(wanted), tracks = stream.getTracks();
		if (!tracks.some(busy)) return stream;
		for (const track of tracks) track.stop();
		throw new DOMException("Could not start the source", "NotReadableError");
	};`

// TestPagesTroubleBusy: another program has camera and microphone until it is closed there,
// and again when one joins a second time.
func TestPagesTroubleBusy(t *testing.T) {
	t.Parallel()
	a := newSite(t, signaling.Config{}).visit(calm, toHall("Anna"), before(busy))
	a.appears("alert", "Another program is using the camera or…")
	a.look("busy")
	a.do(`busy = () => false`)
	a.role("button", "Try again").press()
	a.gone("alert", "Another program…")
	a.sees("#preview-video video")
	a.role("button", "Join").press()
	a.appears("button", "Leave")
	a.do(`busy = () => true`)
	a.role("button", "Leave").press()
	a.role("button", "Join again").press()
	a.appears("button", "Leave")
	a.appears("alert", "Another program is using the camera or…")
	a.look("busy-call")
	a.do(`busy = () => false`)
	a.role("button", "Camera").press()
	a.sees("#local-video video")
}

// TestPagesTroubleBusyMicrophone: one sees oneself, and learns that nobody would hear one.
func TestPagesTroubleBusyMicrophone(t *testing.T) {
	t.Parallel()
	a := newSite(t, signaling.Config{}).visit(calm, toHall("Anna"), before(busy+`busy = ({kind}) => kind === "audio";`))
	a.appears("alert", "Another program is using the microphone…")
	a.sees("#preview-video video")
	a.appears("button", "Try again")
	a.look("busy-microphone")
	a.role("button", "Close this message").press()
	a.role("button", "Camera").press()
	a.role("button", "Camera").becomes("pressed", "false")
	a.role("button", "Camera").press()
	a.role("button", "Camera").becomes("pressed", "true")
	a.sees("#preview-video video")
	a.gone("alert", "")
	a.do(`busy = () => false`)
	a.role("button", "Try again").press()
	a.role("button", "Microphone").becomes("pressed", "true")
	a.gone("button", "Try again")
}

// TestPagesTroubleBusyCamera: another camera than the one that is in use elsewhere.
func TestPagesTroubleBusyCamera(t *testing.T) {
	t.Parallel()
	a := newSite(t, signaling.Config{}).visit(calm, toHall("Anna"), before(busy+`busy = ({label}) => label === "fake_device_0";`))
	a.appears("alert", "Another program is using the camera…")
	a.role("combobox", "Camera").choose("fake_device_1")
	a.sees("#preview-video video")
	a.gone("alert", "")
}

// TestPagesTroubleRefusedLater: the browser's question is answered with no in the call.
func TestPagesTroubleRefusedLater(t *testing.T) {
	t.Parallel()
	a := newSite(t, signaling.Config{}).visit(calm, toHall("Anna"), before(`const answered = new Promise((resolve, reject) => {
			globalThis.answer = () => reject(new DOMException("Permission denied", "NotAllowedError"));
		});
		navigator.mediaDevices.getUserMedia = () => answered;`))
	a.role("button", "Join").press()
	a.appears("button", "Leave")
	a.do(`answer()`)
	a.appears("alert", "Camera and microphone are blocked…")
}

// opens keeps the microphone that a page opened last.
const opens = `const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
	navigator.mediaDevices.getUserMedia = async (wanted) => {
		const stream = await getUserMedia(wanted);
		globalThis.microphone = stream.getAudioTracks()[0] ?? globalThis.microphone;
		return stream;
	};
	globalThis.opened = async (test) => { while (!test(microphone)) await new Promise(requestAnimationFrame); };`

// TestPagesTroubleUnplugged: a microphone that goes before one joins is replaced by another.
func TestPagesTroubleUnplugged(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	b := s.joins("Bert")
	a := s.visit(calm, toHall("Anna"), as("Anna"), before(opens))
	a.sees("#preview-video video")
	a.role("combobox", "Microphone").choose("Fake Audio Input 2")
	a.do(`await opened(({label}) => label === "Fake Audio Input 2")`)
	a.do(plugs)
	a.do(`ends(microphone); plug(real.filter(({label}) => label !== microphone.label))`)
	a.do(`await opened(({readyState}) => readyState === "live")`)
	a.role("button", "Join").press()
	b.hears()
}

// sooner makes the patience of the call page with a silent server a fifth.
const sooner = `const wait = globalThis.setTimeout;
	globalThis.setTimeout = (act, ms, ...args) => wait(act, ms === 5000 ? 1000 : ms, ...args);`

// TestPagesTroubleServer: the server is away before one joins, in the call, and when one
// wants to come back.
func TestPagesTroubleServer(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	line := newCable(t, strings.TrimPrefix(s.url, "http://"))
	b := s.joins("Bert")
	a := (&site{t, "http://" + line.addr}).visit(calm, toHall("Anna"), as("Anna"), before(sooner))
	a.expect("WebSocket")
	a.sees("#preview-video video")
	line.cut()
	a.role("button", "Join").press()
	a.appears("alert", "…this page goes on trying.")
	a.look("away-lobby")
	a.role("button", "Cancel").press()
	a.role("button", "Join").becomes("disabled", "")
	a.role("button", "Join").press()
	line.mend()
	a.shows("Bert")
	line.cut()
	a.appears("status", "…out of reach…")
	a.shows("Bert")
	a.look("away-call")
	line.mend()
	a.appears("status", "Connected")
	b.shows("Anna")
	user := eval[string](a.tab, `return sessionStorage.getItem("expressrtc-user")`)
	a.role("button", "Leave").press()
	b.gone("figure", "Anna")
	line.cut()
	a.role("button", "Join again").press()
	a.role("button", "Joining…").becomes("disabled", "true")
	a.appears("status", "…this page goes on trying.")
	a.look("away-left")
	a.role("button", "Change room or devices").press()
	a.role("button", "Join").becomes("disabled", "")
	line.mend()
	a.role("button", "Join").press()
	b.shows("Anna")
	a.wants("value", user, `sessionStorage.getItem("expressrtc-user")`) // the same person, who left and came back
}

// forgetful lets a page keep nothing, and lock nothing, as where site data is blocked.
const forgetful = `for (const storage of ["localStorage", "sessionStorage"]) {
		Object.defineProperty(globalThis, storage, {get() { throw new DOMException("", "SecurityError"); }});
	}
	navigator.locks.request = () => Promise.reject(new DOMException("", "SecurityError"));`

// TestPagesTroubleFull: the room takes no more; in a browser that lets pages keep nothing.
func TestPagesTroubleFull(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	first := s.page(usual, "bert")
	first.do(`await zg.loginRoom(%s, "", {userID: "bert"}, {maxMemberCount: 1})`, hall)
	a := s.visit(calm, toHall("Anna"), before(forgetful))
	a.role("button", "Join").press()
	a.appears("alert", "This room is full…")
	a.look("full")
	a.role("textbox", "Room").fill("another")
	a.role("button", "Join").press()
	a.appears("heading", "another")
}

// forging makes forge(type, body): a message as if the server had sent it, on the connection
// that the server spoke on last. It is the last message there: the count is wrong from then on.
const forging = `let live;
	globalThis.WebSocket = class extends WebSocket {
		constructor(...args) {
			super(...args);
			this.addEventListener("message", () => { live = this; });
		}
	};
	globalThis.forge = (type, body) => live.dispatchEvent(new MessageEvent("message", {data: JSON.stringify({type, body})}));`

// TestPagesTroubleEnded: the call ends because one joined elsewhere, or was removed.
func TestPagesTroubleEnded(t *testing.T) {
	t.Parallel()
	rooms := room.NewHub(room.Config{})
	s := newSite(t, signaling.Config{Hub: rooms})
	a, other := s.joins("Anna", before(forging)), s.page(usual, "other")
	id := func() string { return eval[string](a.tab, `return sessionStorage.getItem("expressrtc-user")`) }
	other.do(`await zg.loginRoom(%s, "", {userID: %s}, {userUpdate: true})`, hall, id())
	a.appears("heading", "The call has ended for you")
	a.appears("status", "You joined this call in another window…")
	a.look("elsewhere")
	a.role("button", "Join again").press()
	a.appears("button", "Leave")
	for _, removal := range []struct{ message, told string }{
		{"", "You were removed from this call."},
		{"be <b>kind</b>", "You were removed from this call: be <b>kind</b>"},
	} {
		if n := rooms.Find(1, hall).Remove(removal.message, protocol.UserID(id())); n != 1 {
			t.Errorf("%d users were removed", n)
		}
		a.appears("status", removal.told)
		if removal.message == "" {
			a.look("removed")
		}
		a.role("button", "Join again").press()
		a.appears("button", "Leave")
	}
	a.do(`forge("room.kickout", {room: %s, code: 1999999, reason: 2})`, hall)
	a.appears("status", "That did not work (error 1999999).")
}

// TestPagesTroubleFields: what is missing in the form is said beside it.
func TestPagesTroubleFields(t *testing.T) {
	t.Parallel()
	a := newSite(t, signaling.Config{}).visit(calm, "")
	a.role("textbox", "Room").fill("a b")
	a.role("button", "Join").press()
	a.focuses("textbox", "Your name")
	a.role("textbox", "Your name").becomes("invalid", "true")
	a.role("textbox", "Room").becomes("invalid", "true")
	a.until(func() error { return a.role("textbox", "Your name").describedAs("Say your name…") })
	a.look("fields")
}

// TestPagesTroubleSDK: the page is there, the SDK is not.
func TestPagesTroubleSDK(t *testing.T) {
	t.Parallel()
	s := newSiteBehind(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/ZegoExpressWebRTC.js") {
				http.Error(w, "gone", http.StatusBadGateway)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	a := s.arrive(usual, "")
	a.expect("502")
	a.expect("Refused to execute")
	a.navigate(s.url + "/")
	a.appears("alert", "The call software could not be loaded…")
	a.look("no-sdk")
	a.navigate(s.url + "/debug")
	a.appears("status", "The SDK could not be loaded…")
}
