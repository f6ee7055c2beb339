package rtc

import (
	"context"
	"fmt"
	"strings"

	"expressrtc/wasm/jsx"
	"expressrtc/wasm/media"

	"github.com/hack-pad/safejs"
	"github.com/pion/webrtc/v4"
)

// hooks are what a peer listens to on its connection.
type hooks struct {
	stops []func()
	way   bool // listens to changes of the media's way
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
		track := jsx.Get(event, "track")
		p.post(func() { p.cfg.OnTrack(media.TrackOf(track)) })
	})
	p.watchNetwork()
}

func (p *Peer) listen(target safejs.Value, event string, f func(safejs.Value)) {
	p.hooks.stops = append(p.hooks.stops, jsx.Listen(target, event, f))
}

func (p *Peer) unwatch() {
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

// addTracks adds what the receiver wants of the local stream, audio first.
func (p *Peer) addTracks() error {
	for _, kind := range []media.Kind{media.Audio, media.Video} {
		for _, track := range p.cfg.Local.Tracks() {
			if track.Kind() != kind || !p.wants(kind) {
				continue
			}
			if err := p.addTrack(track); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *Peer) addTrack(track *media.Track) error {
	init := map[string]any{
		"direction":     "sendonly",
		"streams":       []any{p.cfg.Local.Value()},
		"sendEncodings": []any{p.encoding(track.Kind())},
	}
	transceiver, err := jsx.Call(p.value(), "addTransceiver", track.Value(), init)
	if err != nil {
		return fmt.Errorf("adding the %s track: %w", track.Kind(), err)
	}
	if track.Kind() == media.Video {
		preferCodec(transceiver, p.cfg.Codec)
	}
	return nil
}

func (p *Peer) encoding(kind media.Kind) map[string]any {
	kbps := p.cfg.Local.Encoding.AudioBitrate
	if kind == media.Video {
		kbps = p.cfg.Local.Encoding.VideoBitrate
	}
	encoding := map[string]any{"active": true}
	if kbps > 0 {
		encoding["maxBitrate"] = kbps * 1000
	}
	return encoding
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
