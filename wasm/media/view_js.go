//go:build js && wasm

package media

import (
	"context"
	"math"
	"time"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// View shows one stream in the page: a box with a video in it, and an audio element
// outside of the document. All wrappers that pages have of one stream share its view.
// Its elements are made when first needed. Close, Stop, Refresh and Blank run no code of the
// page, so they may be called under a lock.
type View struct {
	Listeners
	stream *Stream
	local  bool
	opt    ViewOptions
	volume float64 // 0 to 1

	box   safejs.Value // undefined until the first play
	video *player      // nil until there is video to show
	audio *player      // nil until there is sound

	videoOn    bool // playVideo was called, and not stopVideo since
	videoMuted bool
	audioOn    bool
	blank      bool
	closed     bool

	watched map[string]func() // who listens to the end of a track, by the track's id

	// failure is the last refusal of the browser, told when no more come.
	failure      *jsx.Error
	failed       *player
	failureTimer *time.Timer
}

// NewView makes the view of s, to which s tells its changes from now on; local says that
// its sound is off unless the page wants it.
func NewView(s *Stream, local bool) *View {
	v := &View{stream: s, local: local, volume: 1, watched: map[string]func(){}}
	s.view.Store(v)
	return v
}

// Close takes the view out of the page for good. It may be called again.
func (v *View) Close() {
	if v.closed {
		return
	}
	v.closed = true
	v.stream.view.CompareAndSwap(v, nil)
	v.forgive()
	for _, p := range v.players() {
		p.close()
	}
	v.detach()
	for _, stop := range v.watched {
		stop()
	}
	v.watched = nil
	shared.leave(v)
}

// players are those that exist.
func (v *View) players() []*player {
	var all []*player
	for _, p := range []*player{v.video, v.audio} {
		if p != nil {
			all = append(all, p)
		}
	}
	return all
}

func (v *View) detach() {
	if v.box.Type() == safejs.TypeObject {
		call(v.box, "remove")
	}
}

// Refresh is told when the stream's tracks have changed.
func (v *View) Refresh() {
	if v.closed {
		return
	}
	v.watch()
	v.refreshVideo()
	v.refreshAudio()
	shared.settle()
}

// Blank hides the last picture of a sender that has switched its camera off, unless the
// page wants to keep it.
func (v *View) Blank(on bool) {
	v.blank = on
	v.Refresh()
}

// watch listens to the end of each track of the stream.
func (v *View) watch() {
	gone := v.watched
	v.watched = map[string]func(){}
	for _, t := range v.stream.tracks() {
		id := t.ID()
		if stop := gone[id]; stop != nil {
			v.watched[id] = stop
			delete(gone, id)
			continue
		}
		v.watched[id] = jsx.Listen(t.value, "ended", func(safejs.Value) { v.Refresh() })
	}
	for _, stop := range gone {
		stop()
	}
}

func (v *View) live(kind Kind) []*Track {
	var live []*Track
	for _, t := range v.stream.tracks() {
		if t.Kind() == kind && t.Live() {
			live = append(live, t)
		}
	}
	return live
}

func (v *View) refreshVideo() {
	live, clear := v.live(Video), deref(v.opt.ClearLastFrame, true)
	switch {
	case !v.videoOn || v.videoMuted || len(live) == 0 && clear:
		v.hideVideo()
	case len(live) == 0: // the last picture stays
	case v.blank && clear:
		v.mountVideo()
		v.video.stop()
	default:
		v.mountVideo()
		v.video.show(live)
	}
	v.style()
}

func (v *View) hideVideo() {
	if v.video != nil {
		call(v.video.el, "remove")
		v.video.stop()
	}
}

func (v *View) mountVideo() {
	if v.video == nil {
		v.video = v.newPlayer(newVideo("zg-rtc-video_"+v.stream.ID()), "canPlayVideo")
	}
	if !jsx.Get(v.video.el, "parentNode").Equal(v.box) {
		call(v.box, "appendChild", v.video.el)
	}
}

func newVideo(id string) safejs.Value {
	attributes := []string{"id", id, "muted", "", "autoplay", "", "playsinline", "", "webkit-playsinline", ""}
	if isDesktopSafari() {
		attributes = append(attributes[:4:4], attributes[6:]...)
	}
	el := newElement("video", attributes...)
	setStyle(el, "width:100%;height:100%;object-fit:contain;")
	set(el, "muted", true)
	return el
}

// style writes what the options say of the video, where they say anything.
func (v *View) style() {
	if v.video == nil {
		return
	}
	if v.opt.Mirror != nil {
		turn := ""
		if *v.opt.Mirror {
			turn = "rotateY(180deg)"
		}
		setStyleProperty(v.video.el, "transform", turn)
	}
	if v.opt.ObjectFit != nil {
		setStyleProperty(v.video.el, "objectFit", *v.opt.ObjectFit)
	}
}

func (v *View) refreshAudio() {
	live := v.live(Audio)
	if v.audioOn && len(live) > 0 {
		v.needAudio()
	}
	if v.audio == nil {
		return
	}
	silent := !v.audioOn || v.silent()
	set(v.audio.el, "muted", silent)
	set(v.audio.el, "volume", v.volume)
	switch {
	case !v.audioOn || len(live) == 0:
		v.audio.stop()
	case silent:
		v.audio.hold(live)
	default:
		v.audio.show(live)
	}
}

// silent is what the page said last of the sound, or what goes for such a stream.
func (v *View) silent() bool { return deref(v.opt.Muted, v.local) }

func (v *View) needAudio() {
	if v.audio == nil {
		el := newElement("audio", "id", "zg-rtc-audio_"+v.stream.ID(), "autoplay", "", "playsinline", "")
		v.audio = v.newPlayer(el, "canPlayAudio")
	}
}

func (v *View) newPlayer(el safejs.Value, readyEvent string) *player {
	p := newPlayer(el)
	p.onReady = func(event safejs.Value) { v.Emit(readyEvent, event) }
	p.onPlaying = shared.settle
	p.onRefused = v.onRefused
	return p
}

// KeepLastFrame leaves the last picture where the page's options do not say otherwise.
func (v *View) KeepLastFrame() {
	if no := false; v.opt.ClearLastFrame == nil {
		v.opt.ClearLastFrame = &no
	}
}

// AudioOn reports whether the sound is being played, silenced or not.
func (v *View) AudioOn() bool { return v.audioOn }

// VideoWidth is the width of the picture shown, in pixels; 0 if there is none.
func (v *View) VideoWidth() int { return v.videoSize("videoWidth") }

// VideoHeight is the height of the picture shown, in pixels; 0 if there is none.
func (v *View) VideoHeight() int { return v.videoSize("videoHeight") }

func (v *View) videoSize(side string) int {
	if v.video == nil {
		return 0
	}
	return jsx.Int(v.video.el, side)
}

// Drawn is how many frames the view has shown; -1 while it is not to show any, or where
// browsers do not tell. Firefox counts those of a call in a way of its own.
func (v *View) Drawn() int {
	if v.video == nil || !v.video.wanted || jsx.Bool(v.video.el, "paused") || !isFunction(v.video.el, "getVideoPlaybackQuality") {
		return -1
	}
	q := call(v.video.el, "getVideoPlaybackQuality")
	total := jsx.Int(q, "totalVideoFrames")
	if total == 0 {
		total = jsx.Int(v.video.el, "mozPaintedFrames")
	}
	if total == 0 {
		return -1
	}
	return total - jsx.Int(q, "droppedVideoFrames")
}

// SetVolume sets the sound's volume, 0 to 100; more is 100. It is false for less.
func (v *View) SetVolume(percent float64) bool {
	if math.IsNaN(percent) || percent < 0 {
		return false
	}
	v.volume = min(percent, 100) / 100
	v.Refresh()
	return true
}

// UseAudioOutputDevice plays the sound on another device. It fails with an *Error.
func (v *View) UseAudioOutputDevice(ctx context.Context, id string) error {
	if v.closed {
		return &Error{Name: "InvalidStateError", Message: "the stream of this view has ended"}
	}
	v.needAudio()
	return (&Element{v.audio.el}).UseOutput(ctx, id)
}
