package rtc

import (
	"fmt"
	"testing"

	"expressrtc/server/protocol"
	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
	"github.com/pion/webrtc/v4"
)

// browser has connections as far as their data channels matter. It counts who listens to
// channels, and those that are open.
const browser = `(() => {
	class Channel extends EventTarget {
		label = "data";
		open = true;
		constructor() { super(); counts.open++; }
		addEventListener(...args) { counts.listening++; super.addEventListener(...args); }
		removeEventListener(...args) { counts.listening--; super.removeEventListener(...args); }
		close() { if (this.open) counts.open--; this.open = false; }
		say(text) { this.dispatchEvent(Object.assign(new Event("message"), {data: new TextEncoder().encode(text).buffer})); }
	}
	class RTCPeerConnection extends EventTarget {
		constructor() { super(); globalThis.connection = this; }
		createDataChannel() { return new Channel(); }
		comes() { this.dispatchEvent(Object.assign(new Event("datachannel"), {channel: globalThis.last = new Channel()})); }
	}
	globalThis.counts = {listening: 0, open: 0};
	globalThis.window = {RTCPeerConnection};
	globalThis.addEventListener = globalThis.removeEventListener = () => {};
})()`

func page(t *testing.T, code string) safejs.Value {
	t.Helper()
	v, err := jsx.Call(safejs.Global(), "eval", code)
	if err != nil {
		t.Fatalf("%s: %v", code, err)
	}
	return v
}

func newPeer(t *testing.T, role protocol.Role) *Peer {
	t.Helper()
	page(t, browser)
	p := &Peer{wake: make(chan struct{}, 1), cfg: Config{Open: protocol.SessionOpen{Role: role}}}
	var err error
	if p.pc, err = newPeerConnection(webrtc.Configuration{}); err != nil {
		t.Fatal(err)
	}
	p.watch()
	t.Cleanup(p.unwatch)
	return p
}

func wantChannels(t *testing.T, listening, open int) {
	t.Helper()
	counts := page(t, `counts`)
	if got, want := fmt.Sprint(jsx.Int(counts, "listening"), jsx.Int(counts, "open")), fmt.Sprint(listening, open); got != want {
		t.Errorf("listeners to channels, and open ones: %s, want %s", got, want)
	}
}

// TestOneChannel: the other end opens as many as it likes, and this one listens to the last.
func TestOneChannel(t *testing.T) {
	p := newPeer(t, protocol.Receive)
	var got []string
	p.cfg.OnData = func(message []byte) { got = append(got, string(message)) }
	for range 100 {
		page(t, `connection.comes()`)
	}
	wantChannels(t, 1, 1)
	page(t, `last.say("hello")`)
	p.work()
	if len(got) != 1 || got[0] != "hello" {
		t.Errorf("over the last one came %q", got)
	}
	p.unwatch()
	wantChannels(t, 0, 1) // which ends with its connection
}

// TestOwnChannel: nothing is left of one that was opened and closed.
func TestOwnChannel(t *testing.T) {
	p := newPeer(t, protocol.Send)
	for range 3 {
		if err := p.newChannel(); err != nil {
			t.Fatal(err)
		}
		wantChannels(t, 1, 1)
		p.dropChannel()
		wantChannels(t, 0, 0)
	}
}
