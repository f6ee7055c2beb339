//go:build js && wasm

package bind

import (
	"context"
	"fmt"
	"slices"

	"expressrtc/wasm/engine"
	"expressrtc/wasm/jsx"
	"expressrtc/wasm/media"

	"github.com/hack-pad/safejs"
)

// localStreamRows are the methods and properties of a ZegoLocalStream.
var localStreamRows = []row{
	{"active", getter, func(c call) (any, error) { return c.zego().Active(), nil }},
	{"id", getter, func(c call) (any, error) { return c.zego().ID(), nil }},
	{"stream", getter, func(c call) (any, error) { return orNull(c.zego().Stream()), nil }},
	{"videoCaptureStream", getter, func(c call) (any, error) {
		return orNull(c.zego().CaptureStream(media.Video)), nil
	}},
	{"audioCaptureStream", getter, func(c call) (any, error) {
		return orNull(c.zego().CaptureStream(media.Audio)), nil
	}},
	{"videoDeviceId", getter, func(c call) (any, error) { return c.deviceID(media.Video), nil }},
	{"audioDeviceId", getter, func(c call) (any, error) { return c.deviceID(media.Audio), nil }},
	{"getAudioTracks", value, func(c call) (any, error) { return c.tracks() }},
	{"getVideoTracks", value, func(c call) (any, error) { return c.tracks() }},
	{"getTracks", value, func(c call) (any, error) { return c.tracks() }},
	{"on", value, func(c call) (any, error) { return c.onLocalStream(), nil }},
	{"off", value, func(c call) (any, error) {
		return slices.Contains(localStreamEvents, c.str(0)) && c.zego().Off(c.str(0), c.optValue(1)), nil
	}},

	{"startCaptureMicrophone", promise, func(c call) (any, error) {
		return capture(c, (*engine.ZegoStream).StartCaptureMicrophone)
	}},
	{"startCaptureCamera", promise, func(c call) (any, error) {
		return capture(c, (*engine.ZegoStream).StartCaptureCamera)
	}},
	{"startCaptureCameraAndMicrophone", promise, func(c call) (any, error) {
		return captureBoth(c, (*engine.ZegoStream).StartCaptureCameraAndMicrophone)
	}},
	{"startCaptureScreen", promise, func(c call) (any, error) {
		return capture(c, (*engine.ZegoStream).StartCaptureScreen)
	}},
	{"startCaptureScreenWithAudio", promise, func(c call) (any, error) {
		return captureBoth(c, (*engine.ZegoStream).StartCaptureScreenWithAudio)
	}},
	{"startCaptureCustomAudio", promise, func(c call) (any, error) {
		return capture(c, (*engine.ZegoStream).StartCaptureCustomAudio)
	}},
	{"startCaptureCustomVideo", promise, func(c call) (any, error) {
		return capture(c, (*engine.ZegoStream).StartCaptureCustomVideo)
	}},
	{"startCaptureCustomVideoAndAudio", promise, func(c call) (any, error) {
		return captureBoth(c, (*engine.ZegoStream).StartCaptureCustomVideoAndAudio)
	}},
	{"stopCaptureAudio", promise, func(c call) (any, error) { return c.zego().StopCaptureAudio(), nil }},
	{"stopCaptureVideo", promise, func(c call) (any, error) { return c.zego().StopCaptureVideo(), nil }},

	{"playVideo", value, func(c call) (any, error) {
		return c.play(c.zego().Track(media.Video), func(v *media.View) error { return v.PlayVideo(c.value(0), c.viewOptions(1)) })
	}},
	{"stopVideo", value, func(c call) (any, error) {
		return c.preview(func(v *media.View) error { v.StopVideo(); return nil })
	}},
	{"playAudio", value, func(c call) (any, error) {
		return c.play(c.zego().Track(media.Audio), func(v *media.View) error { v.PlayAudio(c.viewOptions(0)); return nil })
	}},
	{"stopAudio", value, func(c call) (any, error) {
		return c.preview(func(v *media.View) error { v.StopAudio(); return nil })
	}},
	{"resumeVideo", promise, func(c call) (any, error) {
		return c.resume((*media.View).ResumeVideo)
	}},
	{"resumeAudio", promise, func(c call) (any, error) {
		return c.resume((*media.View).ResumeAudio)
	}},
	{"setVolume", value, func(c call) (any, error) {
		percent, ok := c.number(0)
		v, err := c.zego().Preview()
		return ok && err == nil && v.AudioOn() && v.SetVolume(percent), nil
	}},
	{"useAudioOutputDevice", promise, func(c call) (any, error) {
		v, err := c.zego().Preview()
		if err != nil {
			return nil, err
		}
		return nil, outputError(v.UseAudioOutputDevice(c.ctx, c.str(0)))
	}},
	{"takeStreamSnapshot", value, func(c call) (any, error) {
		v, err := c.zego().Preview()
		if err != nil {
			return "", nil //nolint:nilerr // a stream that is no more has no picture
		}
		return v.TakeStreamSnapshot(c.snapshotOptions(0)), nil
	}},
	{"playCaptureVideo", value, func(c call) (any, error) {
		z := c.zego()
		return c.play(z.CaptureTrack(media.Video), func(*media.View) error {
			return z.CapturePreviews().PlayVideo(c.value(0), c.viewOptions(1))
		})
	}},
	{"stopPlayCaptureVideo", value, func(c call) (any, error) {
		c.zego().CapturePreviews().StopVideo()
		return nil, nil
	}},
	{"playCaptureAudio", value, func(c call) (any, error) {
		z := c.zego()
		return c.play(z.CaptureTrack(media.Audio), func(*media.View) error {
			z.CapturePreviews().PlayAudio(c.viewOptions(0))
			return nil
		})
	}},
	{"stopPlayCaptureAudio", value, func(c call) (any, error) {
		c.zego().CapturePreviews().StopAudio()
		return nil, nil
	}},
	{"getScreenDisplaySurface", value, func(c call) (any, error) {
		if surface := c.captureSetting(media.Video, "displaySurface"); surface != "" {
			return surface, nil
		}
		return "unknown", nil
	}},
}

// localStreamEvents are the contract's ZegoLocalStreamEvent.
var localStreamEvents = []string{
	"autoplayFailed", "canPlayAudio", "canPlayVideo", "videoTrackChanged", "audioTrackChanged",
	"canPlayCaptureVideo", "canPlayCaptureAudio", "autoplayCaptureFailed",
	"captureVideoTrackChanged", "captureAudioTrackChanged",
}

// zego is the stream that the method belongs to.
func (c call) zego() *engine.ZegoStream { return self[*engine.ZegoStream](c) }

// zegoAt is the ZegoLocalStream that argument i is, or nil.
func (c call) zegoAt(i int) *engine.ZegoStream {
	if in := c.handed(i, "ZegoLocalStream"); in != nil {
		return in.of.(*engine.ZegoStream)
	}
	return nil
}

// createZegoStream makes one, and shows it where the options say.
func (c call) createZegoStream() (any, error) {
	opt, err := media.ReadOptions[media.ZegoOptions](c.value(0))
	if err != nil {
		return nil, engine.ZegoOptionsError(err)
	}
	z, err := c.engine.CreateZegoStream(c.ctx, opt)
	if err != nil {
		return nil, err
	}
	view, captureView := jsx.Get(c.value(0), "view"), jsx.Get(c.value(0), "captureView")
	if opt.AutoPlay != nil && !*opt.AutoPlay {
		return c.hand("ZegoLocalStream", z), nil
	}
	if v, err := z.Preview(); err == nil && view.Type() == safejs.TypeObject {
		c.complain(v.PlayVideo(view, media.ViewOptions{}))
	}
	if captureView.Type() == safejs.TypeObject {
		c.complain(z.CapturePreviews().PlayVideo(captureView, media.ViewOptions{}))
	}
	return c.hand("ZegoLocalStream", z), nil
}

// complain logs what pages are not told.
func (c call) complain(err error) {
	if err != nil {
		c.log.line("error", c.method+": "+err.Error())
	}
}

// orNull is s, or null where a page may ask before there is one.
func orNull(s *media.Stream) any {
	if s == nil {
		return safejs.Null()
	}
	return s
}

// tracks asks the published MediaStream, whose methods have the same names.
func (c call) tracks() (any, error) {
	s := c.zego().Stream()
	if s == nil {
		return []string{}, nil
	}
	return jsx.Call(s.Value(), c.method)
}

func (c call) deviceID(kind media.Kind) string { return c.captureSetting(kind, "deviceId") }

// captureSetting is a setting of the newest capture, "" if it has none.
func (c call) captureSetting(kind media.Kind, name string) string {
	t := c.zego().CaptureTrack(kind)
	if t == nil {
		return ""
	}
	settings, err := jsx.Call(t.Value(), "getSettings")
	if err != nil {
		return ""
	}
	return jsx.String(settings, name)
}

// onLocalStream adds a listener; false for an unknown event or what is no function.
func (c call) onLocalStream() bool {
	ok := slices.Contains(localStreamEvents, c.str(0))
	if ok {
		added, err := c.zego().On(c.str(0), c.value(1))
		ok = added && err == nil
	}
	if !ok {
		c.log.line("error", fmt.Sprintf("on('%s'): a ZegoLocalStream has no such event, or no function was given", c.str(0)))
	}
	return ok
}

// captures are the methods that capture, which always resolve.
type captures[A any] func(*engine.ZegoStream, context.Context, A) engine.Result

func capture[A any](c call, start captures[A]) (any, error) {
	a, err := media.ReadOptions[A](c.value(0))
	if err != nil {
		return engine.CaptureFailure(err), nil
	}
	return start(c.zego(), c.ctx, a), nil
}

func captureBoth[A, B any](c call, start func(*engine.ZegoStream, context.Context, A, B) engine.Result) (any, error) {
	b, err := media.ReadOptions[B](c.value(1))
	if err != nil {
		return engine.CaptureFailure(err), nil
	}
	return capture(c, func(z *engine.ZegoStream, ctx context.Context, a A) engine.Result { return start(z, ctx, a, b) })
}

// play starts a preview; what cannot be played is only logged.
func (c call) play(t *media.Track, do func(*media.View) error) (any, error) {
	if t == nil {
		c.log.line("error", c.method+": nothing is captured yet")
		return nil, nil
	}
	return c.preview(func(v *media.View) error {
		c.complain(do(v))
		return nil
	})
}

// preview does something to the view of a stream, if the stream is not destroyed.
func (c call) preview(do func(*media.View) error) (any, error) {
	v, err := c.zego().Preview()
	if err != nil {
		c.complain(err)
		return nil, nil
	}
	return nil, do(v)
}

// resume plays a preview again; what the browser says against it is an Error.
func (c call) resume(do func(*media.View, context.Context) error) (any, error) {
	return c.preview(func(v *media.View) error {
		if err := do(v, c.ctx); err != nil {
			return exception(err.Error())
		}
		return nil
	})
}

// snapshotOptions are those of takeStreamSnapshot; anything but an object is none.
func (c call) snapshotOptions(i int) media.SnapshotOptions {
	if !c.isObject(i) {
		return media.SnapshotOptions{}
	}
	return pick[media.SnapshotOptions](c, i, "imageType", "quality", "save", "fileName")
}
