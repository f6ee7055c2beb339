package rtc

import (
	"context"
	"strings"

	"expressrtc/wasm/jsx"
	"expressrtc/wasm/media"

	"github.com/hack-pad/safejs"
	"github.com/pion/webrtc/v4"
)

// hooks are what a peer listens to on its connection.
type hooks struct {
	stops   []func()
	way     bool // listens to changes of the media's way
	blinks  bool // where that is how to send a whole picture
	senders map[media.Kind]safejs.Value
	channel safejs.Value // that is in use, undefined until there is one
	// stopChannel ends listening to it; nil while nobody does.
	stopChannel func()
}

func newPeerConnection(cfg webrtc.Configuration) (*webrtc.PeerConnection, error) {
	return webrtc.NewPeerConnection(cfg)
}

// value reaches past pion for what its js build leaves out.
func (p *Peer) value() safejs.Value { return safejs.Safe(p.pc.JSValue()) }

// watch posts the browser's events to the inbox, which keeps their order.
func (p *Peer) watch() {
	pc := p.value()
	p.listen(pc, "connectionstatechange", func(safejs.Value) {
		state := State(jsx.String(pc, "connectionState"))
		p.post(func() { p.onState(state) })
	})
	p.listen(pc, "icecandidate", func(event safejs.Value) {
		raw := candidateJSON(event)
		p.post(func() { p.sendCandidate(raw) })
	})
	p.listen(pc, "track", func(event safejs.Value) {
		receiver := jsx.Get(event, "receiver")
		p.setDelay(receiver)
		p.post(func() { p.cfg.OnTrack(media.Received(receiver)) })
	})
	p.listen(pc, "datachannel", p.onDataChannel)
	p.watchNetwork()
}

func (p *Peer) listen(target safejs.Value, event string, f func(safejs.Value)) {
	p.hooks.stops = append(p.hooks.stops, jsx.Listen(target, event, f))
}

func (p *Peer) unwatch() {
	p.unwatchChannel()
	for _, stop := range p.hooks.stops {
		stop()
	}
	p.hooks.stops = nil
}

// candidateJSON is the candidate as the browser writes it: pion's own form loses parts.
func candidateJSON(event safejs.Value) []byte {
	candidate := jsx.Get(event, "candidate")
	if candidate.IsNull() || candidate.IsUndefined() {
		return nil
	}
	text, err := jsx.Stringify(candidate)
	if err != nil {
		return nil
	}
	return []byte(text)
}

// setDelay is of https://w3c.github.io/webrtc-extensions/#dom-rtcrtpreceiver-jitterbuffertarget;
// browsers without it get a property that nobody reads.
func (p *Peer) setDelay(receiver safejs.Value) {
	if p.cfg.Delay != nil {
		_ = receiver.Set("jitterBufferTarget", *p.cfg.Delay) // refused, the browser chooses
	}
}

// addSender offers a kind, with a track or without.
func (p *Peer) addSender(kind media.Kind, track *media.Track) error {
	init := map[string]any{
		"direction":     "sendonly",
		"streams":       []any{p.sending.Stream.Value()},
		"sendEncodings": []any{encoding(p.limits[kind])},
	}
	transceiver, err := jsx.Call(p.value(), "addTransceiver", orKind(track, kind), init)
	if err != nil {
		return err
	}
	if kind == media.Video {
		preferCodec(transceiver, p.cfg.Codec)
	}
	if p.hooks.senders == nil {
		p.hooks.senders = map[media.Kind]safejs.Value{}
	}
	p.hooks.senders[kind] = jsx.Get(transceiver, "sender")
	return nil
}

// orKind is what stands for a track that is still to come.
func orKind(track *media.Track, kind media.Kind) any {
	if track == nil {
		return string(kind)
	}
	return track.Value()
}

func encoding(kbps int) map[string]any {
	encoding := map[string]any{"active": true}
	if kbps > 0 {
		encoding["maxBitrate"] = kbps * 1000
	}
	return encoding
}

// replace sends another track of a kind, or with nil none. It waits for the browser.
func (p *Peer) replace(kind media.Kind, track *media.Track) error {
	next := safejs.Null()
	if track != nil {
		next = track.Value()
	}
	done, err := jsx.Call(p.hooks.senders[kind], "replaceTrack", next)
	if err == nil {
		_, err = jsx.Await(context.Background(), done)
	}
	return err
}

// limit sets the bitrate of a kind. A browser that refuses keeps the one it had.
func (p *Peer) limit(kind media.Kind, kbps int) {
	sender := p.hooks.senders[kind]
	parameters, err := jsx.Call(sender, "getParameters")
	if err != nil {
		return
	}
	for _, layer := range items(jsx.Get(parameters, "encodings"), nil) {
		if err := setLimit(layer, kbps); err != nil {
			return
		}
	}
	if done, err := jsx.Call(sender, "setParameters", parameters); err == nil {
		_, _ = jsx.Await(context.Background(), done)
	}
}

func setLimit(layer safejs.Value, kbps int) error {
	if kbps > 0 {
		return layer.Set("maxBitrate", kbps*1000)
	}
	return layer.Delete("maxBitrate")
}

// preferCodec moves a codec to the front. A browser without it, or without the
// method, keeps its own order: a call with another codec beats no call.
func preferCodec(transceiver safejs.Value, name string) {
	codecs := senderCodecs()
	if len(codecs) == 0 {
		return
	}
	if name == "" {
		name = "H264"
	}
	var first, rest []any
	for _, codec := range codecs {
		if strings.EqualFold(jsx.String(codec, "mimeType"), "video/"+name) {
			first = append(first, codec)
		} else {
			rest = append(rest, codec)
		}
	}
	if len(first) > 0 {
		_, _ = jsx.Call(transceiver, "setCodecPreferences", append(first, rest...))
	}
}

func senderCodecs() []safejs.Value {
	capabilities, err := jsx.Call(jsx.Global("RTCRtpSender"), "getCapabilities", "video")
	if err != nil {
		return nil
	}
	return items(jsx.Get(capabilities, "codecs"), nil)
}

// items are those of an array; none if getting it failed.
func items(list safejs.Value, err error) []safejs.Value {
	if err != nil {
		return nil
	}
	values := make([]safejs.Value, jsx.Int(list, "length"))
	for i := range values {
		if values[i], err = list.Index(i); err != nil {
			return nil
		}
	}
	return values
}

// statsJSON crosses once: a list of all entries.
func (p *Peer) statsJSON() ([]byte, error) {
	promise, err := jsx.Call(p.value(), "getStats")
	if err != nil {
		return nil, err
	}
	report, err := jsx.Await(context.Background(), promise)
	if err != nil {
		return nil, err
	}
	values, err := jsx.Call(report, "values")
	if err != nil {
		return nil, err
	}
	list, err := jsx.Call(jsx.Global("Array"), "from", values)
	if err != nil {
		return nil, err
	}
	text, err := jsx.Stringify(list)
	return []byte(text), err
}
