//go:build js && wasm

package media

import (
	"context"
	"strings"
	"time"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// The time that a codec has to bring a picture through, and how often that is looked at.
const (
	loopbackTime  = 5 * time.Second
	loopbackFrame = 100 * time.Millisecond
)

// loopback sends a canvas from one connection to another within the page.
type loopback struct {
	from, to safejs.Value
	canvas   safejs.Value
	stream   safejs.Value // of the canvas
}

// sendWith sends video with codec and fails unless a frame of it is decoded in time.
func sendWith(ctx context.Context, codec string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, loopbackTime,
		&Error{Name: NotSupported, Message: "no picture came through with " + codec})
	defer cancel()
	l := &loopback{}
	defer l.close()
	if err := l.open(codec); err != nil {
		return err
	}
	if err := l.connect(ctx); err != nil {
		return err
	}
	return l.awaitFrame(ctx)
}

func (l *loopback) open(codec string) (err error) {
	if l.from, err = jsx.New("RTCPeerConnection"); err != nil {
		return err
	}
	if l.to, err = jsx.New("RTCPeerConnection"); err != nil {
		return err
	}
	l.canvas = newElement("canvas", "width", "160", "height", "120")
	l.draw(0)
	if l.stream, err = jsx.Call(l.canvas, "captureStream"); err != nil {
		return err
	}
	track := at(call(l.stream, "getVideoTracks"), 0)
	transceiver, err := jsx.Call(l.from, "addTransceiver", track, map[string]any{"direction": "sendonly"})
	if err != nil {
		return err
	}
	_, err = jsx.Call(transceiver, "setCodecPreferences", codecsNamed(codec))
	return err
}

// codecsNamed are the browser's variants of a codec.
func codecsNamed(codec string) []any {
	var named []any
	all := jsx.Get(call(jsx.Global("RTCRtpSender"), "getCapabilities", "video"), "codecs")
	for i := range jsx.Int(all, "length") {
		if c := at(all, i); strings.EqualFold(jsx.String(c, "mimeType"), "video/"+codec) {
			named = append(named, c)
		}
	}
	return named
}

// connect gives each connection the other's description, candidates and all.
func (l *loopback) connect(ctx context.Context) error {
	for _, step := range []struct{ a, b safejs.Value }{{l.from, l.to}, {l.to, l.from}} {
		if _, err := awaitCall(ctx, step.a, "setLocalDescription"); err != nil {
			return err
		}
		if err := awaitGathered(ctx, step.a); err != nil {
			return err
		}
		description := jsx.Get(step.a, "localDescription")
		if _, err := awaitCall(ctx, step.b, "setRemoteDescription", description); err != nil {
			return err
		}
	}
	return nil
}

// awaitGathered waits until pc knows all its candidates.
func awaitGathered(ctx context.Context, pc safejs.Value) error {
	changed := make(chan struct{}, 1)
	defer jsx.Listen(pc, "icegatheringstatechange", func(safejs.Value) {
		select {
		case changed <- struct{}{}:
		default:
		}
	})()
	for jsx.String(pc, "iceGatheringState") != "complete" {
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// awaitFrame paints until the receiver has decoded something.
func (l *loopback) awaitFrame(ctx context.Context) error {
	ticks := time.NewTicker(loopbackFrame)
	defer ticks.Stop()
	for n := 1; ; n++ {
		l.draw(n)
		select {
		case <-ticks.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		stats, err := awaitCall(ctx, l.to, "getStats")
		if err != nil {
			return err
		}
		if decoded(stats) {
			return nil
		}
	}
}

// decoded looks for frames in a report of statistics.
func decoded(stats safejs.Value) bool {
	reports := call(jsx.Global("Array"), "from", call(stats, "values"))
	for i := range jsx.Int(reports, "length") {
		if jsx.Int(at(reports, i), "framesDecoded") > 0 {
			return true
		}
	}
	return false
}

// draw makes a new frame.
func (l *loopback) draw(n int) {
	brush := call(l.canvas, "getContext", "2d")
	call(brush, "fillRect", n%160, n%120, 8, 8)
}

func (l *loopback) close() {
	if !l.stream.IsUndefined() {
		stopTracks(l.stream)
	}
	for _, pc := range []safejs.Value{l.from, l.to} {
		if !pc.IsUndefined() {
			call(pc, "close")
		}
	}
}
