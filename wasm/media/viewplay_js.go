//go:build js && wasm

package media

import (
	"context"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// Misuse is an error that pages get as the bare text.
type Misuse string

// Error tells the text.
func (m Misuse) Error() string { return string(m) }

// Shape is what JavaScript throws.
func (m Misuse) Shape() any { return string(m) }

// The errors of a view's methods. ErrCallback is to be thrown as an Error.
const (
	ErrContainer = Misuse("Execute `play` failed, container not exist")
	ErrCallback  = Misuse("Params callBack is not a Function")
)

// Play shows the video in container, an element or the id of one, and plays the sound;
// that of a local stream only if opt, or an earlier call, says muted:false.
func (v *View) Play(container safejs.Value, opt ViewOptions) error {
	return v.mount(container, opt, true)
}

// PlayVideo shows the video in container, an element or the id of one.
func (v *View) PlayVideo(container safejs.Value, opt ViewOptions) error {
	return v.mount(container, opt, v.audioOn)
}

func (v *View) mount(container safejs.Value, opt ViewOptions, audioOn bool) error {
	container = find(container)
	if !isFunction(container, "appendChild") {
		return ErrContainer
	}
	if v.ended() {
		return nil
	}
	v.opt.merge(opt)
	v.videoOn, v.audioOn = true, audioOn
	if v.box.IsUndefined() {
		v.box = newElement("div", "id", "zg-rtc-player_"+v.stream.ID())
		setStyle(v.box, "width:100%;height:100%;position:relative;background-color:black;overflow:hidden;")
	}
	if !jsx.Get(v.box, "parentNode").Equal(container) {
		call(container, "appendChild", v.box)
	}
	shared.enter(v)
	v.Refresh()
	return nil
}

// find is the element that container names or is.
func find(container safejs.Value) safejs.Value {
	if container.Type() != safejs.TypeString {
		return container
	}
	return call(document(), "getElementById", container)
}

// ended tells the page's developer of a view whose time is over.
func (v *View) ended() bool {
	if v.closed {
		Log("warn", "the stream of this view has ended; create a view of the new stream")
	}
	return v.closed
}

// PlayAudio plays the sound, also a local stream's, unless opt says muted:true.
func (v *View) PlayAudio(opt ViewOptions) {
	if v.ended() {
		return
	}
	loud := false
	v.opt.Muted = &loud
	v.opt.merge(opt)
	v.audioOn = true
	shared.enter(v)
	v.Refresh()
}

// Stop takes the view out of the page and silences it. It can be played again.
func (v *View) Stop() {
	v.StopVideo()
	v.StopAudio()
}

// StopVideo takes the view out of the page; the sound goes on.
func (v *View) StopVideo() {
	v.videoOn = false
	v.detach()
	v.Refresh()
}

// StopAudio silences the view.
func (v *View) StopAudio() {
	v.audioOn = false
	v.Refresh()
}

// ResumeVideo plays the video again that the browser refused or has paused, and waits
// until it plays. Pages call it in a click's handler.
func (v *View) ResumeVideo(ctx context.Context) error { return v.resume(ctx, v.video) }

// ResumeAudio is ResumeVideo for the sound.
func (v *View) ResumeAudio(ctx context.Context) error { return v.resume(ctx, v.audio) }

func (v *View) resume(ctx context.Context, p *player) error {
	if p == nil || !p.wanted {
		return nil
	}
	v.forgive()
	p.halt()
	err := p.play(ctx)
	if err != nil {
		shared.awaitGesture()
		return refusal("", err)
	}
	p.onPlaying()
	return nil
}

// Resume plays again what the browser refused or has paused. Pages call it in a click's
// handler.
func (v *View) Resume() {
	v.forgive()
	for _, p := range v.players() {
		p.resume(shared.awaitGesture)
	}
}

// SetAudioMuted silences the view, or ends that.
func (v *View) SetAudioMuted(muted bool) bool {
	v.opt.Muted = &muted
	v.Refresh()
	return true
}

// SetVideoMuted takes the video out of the view, or puts it back.
func (v *View) SetVideoMuted(muted bool) bool {
	v.videoMuted = muted
	v.Refresh()
	return true
}
