//go:build js && wasm

package media

import (
	"context"
	"errors"
	"sync"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// open asks the browser for what p plans.
func (p *plan) open(ctx context.Context) (*Stream, error) {
	var v safejs.Value
	var err error
	switch {
	case p.origin == FromCustom:
		v, err = p.openCustom()
	case p.wish.display != nil:
		v, err = p.openScreen(ctx)
	default:
		v, err = p.openCamera(ctx)
	}
	if err != nil {
		return nil, refusal(p.origin, err)
	}
	return p.reduce(StreamOf(v))
}

// reduce leaves the one kind that is wanted of a custom source. What is dropped of a media
// element is a clone of ours; tracks of the page's own stream go on.
func (p *plan) reduce(s *Stream) (*Stream, error) {
	if p.only == "" {
		return s, nil
	}
	source, _ := p.custom.(safejs.Value)
	for _, t := range s.tracks() {
		if t.Kind() != p.only {
			s.remove(t)
			if !isFunction(source, "getTracks") {
				t.Stop()
			}
		}
	}
	if s.Track(p.only) == nil {
		return nil, &ArgumentError{"the source has no " + string(p.only) + " track"}
	}
	return s, nil
}

// refusal is a browser's error as an Error; others stay what they are.
func refusal(origin Origin, err error) error {
	var thrown *jsx.Error
	if !errors.As(err, &thrown) {
		return err
	}
	return &Error{Name: thrown.Name, Message: thrown.Message, Constraint: thrown.Constraint, Origin: origin}
}

// ask calls a capture method of navigator.mediaDevices and waits for the stream.
func (p *plan) ask(ctx context.Context, method string) (safejs.Value, error) {
	devices := jsx.Global("navigator", "mediaDevices")
	if !isFunction(devices, method) {
		return devices, &Error{NotSupported, "this page has no " + method + ": open it over https or on localhost, in a browser that has it", "", p.origin}
	}
	wish, err := jsx.Encode(p.wish)
	if err != nil {
		return wish, err
	}
	promise, err := jsx.Call(devices, method, wish)
	if err != nil {
		return promise, err
	}
	return awaitStream(ctx, promise)
}

// awaitStream waits for a stream. If ctx ends first, what the user grants later is
// stopped: nobody else would ever switch that camera off.
func awaitStream(ctx context.Context, promise safejs.Value) (safejs.Value, error) {
	v, err := jsx.Await(ctx, promise)
	if err != nil && ctx.Err() != nil {
		go func() {
			late, err := jsx.Await(context.WithoutCancel(ctx), promise)
			if err == nil {
				stopTracks(late)
			}
		}()
	}
	return v, err
}

func stopTracks(v safejs.Value) {
	for _, t := range StreamOf(v).tracks() {
		t.Stop()
	}
}

// openCamera opens camera and microphone. Some systems have a device but no default one:
// where only one kind is wanted, the first of the list gets a try.
func (p *plan) openCamera(ctx context.Context) (safejs.Value, error) {
	v, err := p.ask(ctx, "getUserMedia")
	var thrown *jsx.Error
	if errors.As(err, &thrown) && thrown.Name == "NotFoundError" && p.chooseFirst(ctx) {
		return p.ask(ctx, "getUserMedia")
	}
	return v, err
}

// chooseFirst sets the first device of the one kind that is wanted, if there is one.
func (p *plan) chooseFirst(ctx context.Context) bool {
	audio, withAudio := p.wish.Audio.(*audioConstraints)
	video, withVideo := p.wish.Video.(*videoConstraints)
	switch {
	case withAudio && !withVideo:
		audio.DeviceID = firstDevice(ctx, "audioinput")
		return audio.DeviceID != nil
	case withVideo && !withAudio:
		video.DeviceID = firstDevice(ctx, "videoinput")
		return video.DeviceID != nil
	default:
		return false
	}
}

// firstDevice is nil if there is none, or none that the page may know of.
func firstDevice(ctx context.Context, kind string) *exactly {
	entries, err := enumerate(ctx)
	if err != nil {
		return nil
	}
	for _, one := range entries {
		if one.Kind == kind {
			return device(one.ID)
		}
	}
	return nil
}

func (p *plan) openScreen(ctx context.Context) (safejs.Value, error) {
	v, err := p.ask(ctx, "getDisplayMedia")
	if err != nil || p.element == nil {
		return v, err
	}
	if err := p.crop(ctx, v); err != nil {
		stopTracks(v)
		return v, err
	}
	return v, nil
}

// crop limits the video to the region of captureElement.
func (p *plan) crop(ctx context.Context, stream safejs.Value) error {
	track, targets := at(call(stream, "getVideoTracks"), 0), jsx.Global("CropTarget")
	if !isFunction(targets, "fromElement") || !isFunction(track, "cropTo") {
		return &Error{NotSupported, "screen.captureElement needs Chrome or Edge, and this tab as what is shared", "", FromScreen}
	}
	target, err := awaitCall(ctx, targets, "fromElement", p.element)
	if err != nil {
		return err
	}
	_, err = awaitCall(ctx, track, "cropTo", target)
	return err
}

func awaitCall(ctx context.Context, v safejs.Value, method string, args ...any) (safejs.Value, error) {
	promise, err := jsx.Call(v, method, args...)
	if err != nil {
		return promise, err
	}
	return jsx.Await(ctx, promise)
}

// openCustom makes a stream of the page's own media, never the very MediaStream that
// the page gave.
func (p *plan) openCustom() (safejs.Value, error) {
	source, _ := p.custom.(safejs.Value)
	switch {
	case isFunction(source, "getTracks"):
		return jsx.New("MediaStream", call(source, "getTracks"))
	case isFunction(source, "captureStream"):
		return cloneOf(source, "captureStream")
	case isFunction(source, "mozCaptureStream"):
		return cloneOf(source, "mozCaptureStream")
	case isFunction(source, "canPlayType"):
		return source, &Error{NotSupported, "this browser cannot capture a media element (custom.source)", "", FromCustom}
	default:
		return source, &ArgumentError{"custom.source must be an HTMLMediaElement or a MediaStream"}
	}
}

// elementStreams remembers what each media element was captured as: an element is
// captured once, and each local stream has clones, which it may stop.
var elementStreams = sync.OnceValues(func() (safejs.Value, error) { return jsx.New("WeakMap") })

func cloneOf(element safejs.Value, method string) (safejs.Value, error) {
	stream, err := capturedOf(element, method)
	if err != nil {
		return stream, err
	}
	clone, err := jsx.Call(stream, "clone")
	if err == nil && jsx.Int(call(clone, "getTracks"), "length") == 0 {
		err = &ArgumentError{"custom.source has no media yet: call createStream after its loadedmetadata event"}
	}
	return clone, err
}

// capturedOf is what an element was captured as, of which only clones may be stopped.
func capturedOf(element safejs.Value, method string) (safejs.Value, error) {
	known, err := elementStreams()
	if err != nil {
		return known, err
	}
	stream := call(known, "get", element)
	if stream.IsUndefined() {
		if stream, err = jsx.Call(element, method); err != nil {
			return stream, err
		}
		call(known, "set", element, stream)
	}
	return stream, nil
}

// newSilence makes an audio track on which nothing is ever heard.
func newSilence() (t *Track, release func(), err error) {
	hold, err := holdAudio(func() {})
	if err != nil {
		return nil, nil, err
	}
	tracks := StreamOf(jsx.Get(audio.node("MediaStreamDestination"), "stream")).tracks()
	if len(tracks) == 0 {
		hold.release()
		return nil, nil, errors.New("an AudioContext made no audio track")
	}
	return tracks[0], hold.release, nil
}
