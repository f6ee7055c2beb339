package engine

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"slices"

	"expressrtc/server/protocol"
	"expressrtc/wasm/media"
)

// ZegoStream is a local stream whose sources come and go: the contract's ZegoLocalStream.
// While it is published, what it captures waits for UpdatePublishingStream; otherwise it
// is in the stream at once. The engine's mutex guards the fields below e.
type ZegoStream struct {
	media.Listeners
	id       string
	bitrates media.Bitrates
	e        *Engine

	local *local
	// waiting are captured, and not in the stream yet.
	waiting map[media.Kind]*media.Shot
	// captured has the newest track of each kind; alone has each in a MediaStream of its own.
	captured *media.Stream
	alone    map[media.Kind]*media.Stream
	previews *media.Previews
	stops    stops
	// told are events that the page's listeners are still to hear.
	told []Event
}

// CreateZegoStream makes a stream and captures what opt says. It blocks until the user
// has answered the browser's question.
func (e *Engine) CreateZegoStream(ctx context.Context, opt media.ZegoOptions) (*ZegoStream, error) {
	if opt.Several() {
		return nil, &Error{Code: protocol.CodeInput, Detail: ": only one of camera, screen and custom may be set", shape: shapeMessage}
	}
	z := &ZegoStream{
		id: zegoStreamID(), e: e, bitrates: opt.Bitrates,
		waiting: map[media.Kind]*media.Shot{}, captured: media.NewStream(), alone: map[media.Kind]*media.Stream{},
		stops: stops{},
	}
	z.previews = media.NewPreviews(z.captured, opt.MultiplacePreview, z.setUpPreview)
	empty := media.NewLocal(z.captureOptions())
	if !z.open(empty) {
		return nil, plain("ZegoExpressEngine has been destroyed.")
	}
	if result := z.capture(ctx, opt.Sources()...); result.ErrorCode != 0 {
		e.DestroyStream(z.MediaID())
		return nil, &Error{Code: result.ErrorCode, Data: result.ExtendedData, shape: shapeResult}
	}
	return z, nil
}

// open makes empty one of the engine's streams, unless that has been destroyed.
func (z *ZegoStream) open(empty *media.Local) bool {
	z.e.mu.Lock()
	defer z.e.mu.Unlock()
	if z.e.destroyed {
		return false
	}
	z.local = z.e.keepLocked(empty)
	z.local.zego = z
	return true
}

// ZegoOptionsError is what createZegoStream rejects with when its argument cannot be read.
func ZegoOptionsError(err error) error {
	failed := captureError(err)
	failed.shape = shapeResult
	return failed
}

func zegoStreamID() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // never fails
	return "zego-stream-" + hex.EncodeToString(b)
}

// ID is the stream's public id.
func (z *ZegoStream) ID() string { return z.id }

// MediaID is the id of the MediaStream, by which the engine knows its local streams.
func (z *ZegoStream) MediaID() string { return z.local.ID() }

// Stream is the MediaStream that is, or will be, published; nil while it is empty.
func (z *ZegoStream) Stream() *media.Stream {
	if len(z.local.Tracks()) == 0 {
		return nil
	}
	return z.local.Stream
}

// Tracks are those of Stream.
func (z *ZegoStream) Tracks() []*media.Track { return z.local.Tracks() }

// Track is Stream's of a kind, or nil.
func (z *ZegoStream) Track(kind media.Kind) *media.Track { return z.local.Track(kind) }

// Active reports whether one of them has not ended.
func (z *ZegoStream) Active() bool {
	return slices.ContainsFunc(z.Tracks(), (*media.Track).Live)
}

// CaptureStream is the newest capture of a kind as a MediaStream; nil if there is none.
func (z *ZegoStream) CaptureStream(kind media.Kind) *media.Stream {
	z.e.mu.Lock()
	defer z.e.mu.Unlock()
	return z.alone[kind]
}

// CaptureTrack is the newest capture of a kind, or nil.
func (z *ZegoStream) CaptureTrack(kind media.Kind) *media.Track { return z.captured.Track(kind) }

// Preview is the one view of what is, or will be, published.
func (z *ZegoStream) Preview() (*media.View, error) { return z.e.CreateLocalStreamView(z.MediaID()) }

// CapturePreviews show what was captured last.
func (z *ZegoStream) CapturePreviews() *media.Previews { return z.previews }

// captureNames are what the listeners of a view know as other events here.
var captureNames = map[string]string{
	"canPlayVideo": "canPlayCaptureVideo", "canPlayAudio": "canPlayCaptureAudio",
	"autoplayFailed": "autoplayCaptureFailed",
}

func (z *ZegoStream) setUpPreview(v *media.View) {
	v.Tap(func(name string, args ...any) { z.Emit(captureNames[name], args...) })
	if !z.e.clearsPreview() {
		v.KeepLastFrame()
	}
}

func (e *Engine) clearsPreview() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.settings.clearPreview
}

// tellLocked calls the page's listeners of an event once the lock is free. Nothing else
// of Go's runs before that but what waits for the lock.
func (z *ZegoStream) tellLocked(name string, t *media.Track) {
	z.told = append(z.told, Event{name, []any{t}})
	go z.tell()
}

func (z *ZegoStream) tell() {
	z.e.mu.Lock()
	told := z.told
	z.told = nil
	z.e.mu.Unlock()
	for _, ev := range told {
		z.Emit(ev.Name, ev.Args...)
	}
}

var changedNames = map[media.Kind][2]string{
	media.Audio: {"audioTrackChanged", "captureAudioTrackChanged"},
	media.Video: {"videoTrackChanged", "captureVideoTrackChanged"},
}

// changedLocked is told that the stream has another track of a kind, or none.
func (z *ZegoStream) changedLocked(kind media.Kind, t *media.Track) {
	if z.waiting[kind] == nil {
		z.showLocked(kind, t)
	}
	if t != nil {
		z.tellLocked(changedNames[kind][0], t)
	}
}

// showLocked makes t the newest capture of its kind.
func (z *ZegoStream) showLocked(kind media.Kind, t *media.Track) {
	if z.captured.Track(kind).Same(t) {
		return
	}
	z.captured.Replace(kind, t)
	z.previews.Refresh()
	delete(z.alone, kind)
	if t != nil {
		z.alone[kind] = media.NewStream()
		z.alone[kind].Add(t)
		z.tellLocked(changedNames[kind][1], t)
	}
}

// settleLocked takes what waits into the stream, if nothing is in the way any more.
func (z *ZegoStream) settleLocked() {
	for _, p := range z.e.publishers {
		if p.local == z.local {
			return
		}
	}
	z.commitLocked(media.Audio)
	z.commitLocked(media.Video)
}

// commitLocked takes what waits of a kind into the stream, and ends what was there.
func (z *ZegoStream) commitLocked(kind media.Kind) {
	s := z.waiting[kind]
	if s == nil {
		return
	}
	delete(z.waiting, kind)
	z.local.Put(s)
	z.e.setTrackLocked(z.local, kind, s.Track)
	z.local.EndCaptures(kind, s.Track)
}

// dropLocked ends what waits of a kind.
func (z *ZegoStream) dropLocked(kind media.Kind) {
	if s := z.waiting[kind]; s != nil {
		delete(z.waiting, kind)
		s.End(z.local.Track(kind))
	}
}

// closeLocked ends what only this kind of stream has.
func (z *ZegoStream) closeLocked() {
	z.previews.Close()
	z.dropLocked(media.Audio)
	z.dropLocked(media.Video)
}

// UpdatePublishingStream sends those who play z what it has captured since. kinds is 0
// for video, 1 for audio, 2 for both. z is nil for what is no such stream. It waits for
// the camera.
func (e *Engine) UpdatePublishingStream(ctx context.Context, z *ZegoStream, kinds int) Result {
	result := e.updatePublishing(z, kinds)
	if result.ErrorCode == 0 {
		z.fit(ctx)
	}
	return result
}

func (e *Engine) updatePublishing(z *ZegoStream, kinds int) Result {
	e.mu.Lock()
	defer e.mu.Unlock()
	withVideo, withAudio := kinds == 0 || kinds == 2, kinds == 1 || kinds == 2
	switch {
	case z == nil || e.locals[z.MediaID()] != z.local:
		return failure(codeNotZegoStream)
	case !withVideo && !withAudio:
		return failure(protocol.CodeInput)
	case withAudio && z.CaptureTrack(media.Audio) == nil:
		return failure(codeNoAudio)
	case withVideo && z.CaptureTrack(media.Video) == nil:
		return failure(codeNoVideo)
	}
	if withVideo {
		z.commitLocked(media.Video)
	}
	if withAudio {
		z.commitLocked(media.Audio)
	}
	return Result{}
}

// failure is how updatePublishingStream tells a code.
func failure(code Code) Result {
	return Result{code, marshal(map[string]string{"fail_reason": text(code)})}
}
