//go:build js && wasm

package media

import (
	"context"
	"time"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// How long a track is looked at before it counts as black or silent, and how often.
const (
	activeWithin = time.Second
	activeEvery  = 50 * time.Millisecond
)

// The least that counts: of a colour, 0 to 255, where an encoder's black may be 16; and
// of a level.
const (
	notBlack  = 20
	notSilent = 0.0005
)

// Active reports whether a track carries more than black or silence. It looks for a
// second at most.
func (t *Track) Active(ctx context.Context) bool {
	if !t.Live() || !t.Enabled() || jsx.Bool(t.value, "muted") {
		return false
	}
	if t.Kind() == Audio {
		meter, alone := NewMeter(), TrackOf(t.value)
		defer meter.Close()
		// Chromium decodes what was received only while some element plays it.
		player := quietPlayer("audio", t)
		defer set(player, "srcObject", nil)
		return shows(ctx, func() bool { return meter.Levels([]*Track{alone})[0] > notSilent })
	}
	picture := newPicture(t)
	defer picture.close()
	return shows(ctx, picture.visible)
}

func shows(ctx context.Context, found func() bool) bool {
	ctx, cancel := context.WithTimeout(ctx, activeWithin)
	defer cancel()
	ticks := time.NewTicker(activeEvery)
	defer ticks.Stop()
	for {
		if found() {
			return true
		}
		select {
		case <-ticks.C:
		case <-ctx.Done():
			return false
		}
	}
}

// picture looks at the video of a track in a few pixels.
type picture struct {
	video, brush safejs.Value
	pixels       []byte
}

const pictureSide = 16

// quietPlayer is an element, outside of the document and without sound, that plays a track.
func quietPlayer(tag string, t *Track) safejs.Value {
	el := newElement(tag, "playsinline", "")
	set(el, "muted", true)
	set(el, "srcObject", newMediaStream([]any{t.value}))
	quietly(call(el, "play")) // the end interrupts it
	return el
}

func newPicture(t *Track) *picture {
	p := &picture{video: quietPlayer("video", t), pixels: make([]byte, 4*pictureSide*pictureSide)}
	canvas := newElement("canvas")
	set(canvas, "width", pictureSide)
	set(canvas, "height", pictureSide)
	p.brush = call(canvas, "getContext", "2d", map[string]any{"willReadFrequently": true})
	return p
}

// visible reports whether the frame of this moment has a pixel that is not black.
func (p *picture) visible() bool {
	call(p.brush, "drawImage", p.video, 0, 0, pictureSide, pictureSide)
	data := jsx.Get(call(p.brush, "getImageData", 0, 0, pictureSide, pictureSide), "data")
	bytes, err := jsx.New("Uint8Array", jsx.Get(data, "buffer"))
	if err == nil {
		_, err = safejs.CopyBytesToGo(p.pixels, bytes)
	}
	report(err)
	for i, value := range p.pixels {
		if i%4 != 3 && value > notBlack {
			return true
		}
	}
	return false
}

func (p *picture) close() { set(p.video, "srcObject", nil) }
