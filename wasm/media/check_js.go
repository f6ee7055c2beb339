//go:build js && wasm

package media

import (
	"context"
	"errors"
	"strings"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// probe tries one kind and tells why it does not work, or nil.
func probe(ctx context.Context, kind string, level int) *Error {
	err := probeOf(ctx, kind, level)
	if err == nil {
		return nil
	}
	var known *Error
	if errors.As(refusal("", err), &known) {
		return known
	}
	return &Error{Name: "Error", Message: err.Error()}
}

func probeOf(ctx context.Context, kind string, level int) error {
	switch kind {
	case checkWebRTC:
		return probeWebRTC(ctx)
	case checkCustomCapture:
		return probeElementCapture()
	case checkCamera:
		return probeDevice(ctx, wish{Audio: false, Video: true})
	case checkMicrophone:
		return probeDevice(ctx, wish{Audio: true, Video: false})
	case checkScreen:
		return need(jsx.Global("navigator", "mediaDevices"), "getDisplayMedia")
	default:
		return probeCodec(ctx, kind, level)
	}
}

// need complains about a function that is not there.
func need(v safejs.Value, function string) error {
	if isFunction(v, function) {
		return nil
	}
	return &Error{Name: NotSupported, Message: "this page has no " + function}
}

// probeWebRTC wants what calls need: a connection, and on an insecure page there is no
// media to put into it.
func probeWebRTC(ctx context.Context) error {
	if err := need(jsx.Global("navigator", "mediaDevices"), "getUserMedia"); err != nil {
		return &Error{Name: NotSupported, Message: "this page has no getUserMedia: open it over https or on localhost"}
	}
	_, err := offer(ctx)
	return err
}

func probeElementCapture() error {
	video := newElement("video")
	if isFunction(video, "mozCaptureStream") {
		return nil
	}
	return need(video, "captureStream")
}

// probeDevice opens a device for a moment.
func probeDevice(ctx context.Context, w wish) error {
	p := plan{origin: FromCamera, wish: w}
	v, err := p.ask(ctx, "getUserMedia")
	if err == nil {
		stopTracks(v)
	}
	return err
}

// offer is the description that a new connection offers for video.
func offer(ctx context.Context) (string, error) {
	pc, err := jsx.New("RTCPeerConnection")
	if err != nil {
		return "", err
	}
	defer call(pc, "close")
	if _, err := jsx.Call(pc, "addTransceiver", "video"); err != nil {
		return "", err
	}
	description, err := awaitCall(ctx, pc, "createOffer")
	return jsx.String(description, "sdp"), err
}

// probeCodec looks for a codec in an offer, and at level 1 sends video with it.
func probeCodec(ctx context.Context, codec string, level int) error {
	sdp, err := offer(ctx)
	if err != nil {
		return err
	}
	if !strings.Contains(sdp, " "+codec+"/90000") {
		return &Error{Name: NotSupported, Message: "this browser does not offer " + codec}
	}
	if level == 0 {
		return nil
	}
	return sendWith(ctx, codec)
}
