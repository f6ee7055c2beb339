//go:build js && wasm

package media

import (
	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// Previews show one stream in one container, or in as many as the page likes.
type Previews struct {
	stream  *Stream
	several bool
	setUp   func(*View)
	views   []*View
	closed  bool
}

// NewPreviews makes the previews of s; setUp is told of each new view.
func NewPreviews(s *Stream, several bool, setUp func(*View)) *Previews {
	return &Previews{stream: s, several: several, setUp: setUp}
}

// PlayVideo shows the video in container, an element; without several it moves there.
func (p *Previews) PlayVideo(container safejs.Value, opt ViewOptions) error {
	return p.view(container).PlayVideo(container, opt)
}

// PlayAudio plays the sound, once.
func (p *Previews) PlayAudio(opt ViewOptions) { p.first().PlayAudio(opt) }

// StopVideo takes the video out of every container.
func (p *Previews) StopVideo() {
	for _, v := range p.views {
		v.StopVideo()
	}
}

// StopAudio ends the sound.
func (p *Previews) StopAudio() {
	for _, v := range p.views {
		v.StopAudio()
	}
}

// Refresh is told when the stream's tracks have changed.
func (p *Previews) Refresh() {
	for _, v := range p.views {
		v.Refresh()
	}
}

// Close takes all out of the page for good.
func (p *Previews) Close() {
	p.closed = true
	for _, v := range p.views {
		v.Close()
	}
}

// view is the one for a container.
func (p *Previews) view(container safejs.Value) *View {
	if !p.several {
		return p.first()
	}
	for _, v := range p.views {
		if parent := jsx.Get(v.box, "parentNode"); parent.Equal(container) || parent.Type() != safejs.TypeObject {
			return v
		}
	}
	return p.add()
}

func (p *Previews) first() *View {
	if len(p.views) == 0 {
		return p.add()
	}
	return p.views[0]
}

func (p *Previews) add() *View {
	v := NewView(p.stream, true)
	p.setUp(v)
	if p.closed {
		v.Close()
	}
	p.views = append(p.views, v)
	return v
}
