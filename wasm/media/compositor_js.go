//go:build js && wasm

package media

import (
	"context"
	"errors"
	"slices"
	"time"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// Compositor makes one stream of several, and of pictures (ZegoStreamCompositor). Each
// input is drawn on a canvas as often as the output says, and its sound is mixed. In a
// hidden page browsers draw less often.
type Compositor struct {
	inputs []*composed
	output *ComposeOutput
	run    *composition // nil while nothing is made
}

// composed is one input: a stream, or an image element.
type composed struct {
	ComposeInput
	stream *Stream
	image  safejs.Value
	video  safejs.Value // the element that plays the stream's picture, undefined until then
	shown  *Track       // what it plays
	played time.Time    // when it was last told to
}

// composition is a stream in the making.
type composition struct {
	local  *Local
	canvas safejs.Value
	paint  safejs.Value
	hold   *audioHold
	mixed  safejs.Value // where all sound goes
	ears   map[*composed]*ear
	cancel context.CancelFunc
}

// ear is how one input is heard.
type ear struct {
	track        *Track
	source, gain safejs.Value
}

// The errors of a compositor. ErrNoPicture and ErrNoSound: the stream has no such track.
var (
	ErrNoPicture = errors.New("the stream has no video track")
	ErrNoSound   = errors.New("the stream has no audio track")
	ErrNoLayout  = errors.New("param layout error: an input needs x, y, width and height at first")
	ErrNotLoaded = errors.New("source must be image and loaded")
	ErrNoOutput  = errors.New("call setOutputConfig first")
	ErrOutside   = errors.New("an input is not within the picture: see its layout")
)

// SetInput adds a stream, or changes how it stands.
func (c *Compositor) SetInput(s *Stream, in ComposeInput) error {
	return c.set(&composed{stream: s}, in, func(old *composed) bool { return old.stream != nil && old.stream.ID() == s.ID() })
}

// SetImage adds a loaded image element, or changes how it stands.
func (c *Compositor) SetImage(image safejs.Value, in ComposeInput) error {
	if !jsx.Is(image, "HTMLImageElement") || !jsx.Bool(image, "complete") || jsx.Int(image, "naturalWidth") == 0 {
		return ErrNotLoaded
	}
	return c.set(&composed{image: image}, in, func(old *composed) bool { return old.stream == nil && old.image.Equal(image) })
}

func (c *Compositor) set(input *composed, in ComposeInput, same func(*composed) bool) error {
	i := slices.IndexFunc(c.inputs, same)
	if i >= 0 {
		input = c.inputs[i]
	}
	next := input.ComposeInput
	next.merge(in)
	if err := next.check(input.stream); err != nil {
		return err
	}
	input.ComposeInput = next
	if i < 0 {
		c.inputs = append(c.inputs, input)
	}
	return nil
}

func (in *ComposeInput) check(s *Stream) error {
	if in.Layout == nil {
		return ErrNoLayout
	}
	for kind, missing := range map[Kind]error{Video: ErrNoPicture, Audio: ErrNoSound} {
		if _, needed := in.wants(kind); s != nil && needed && s.Track(kind) == nil {
			return missing
		}
	}
	return nil
}

// RemoveImage takes an image out; one that is not in is no error.
func (c *Compositor) RemoveImage(image safejs.Value) {
	c.inputs = slices.DeleteFunc(c.inputs, func(old *composed) bool { return old.stream == nil && old.image.Equal(image) })
}

// SetOutput sets the picture's size, rate and bitrate for the next Start.
func (c *Compositor) SetOutput(out ComposeOutput) error {
	if err := out.check(); err != nil {
		return err
	}
	c.output = &out
	return nil
}

// Start makes the stream. While one is made, it is the one.
func (c *Compositor) Start() (*Local, error) {
	if c.run != nil {
		return c.run.local, nil
	}
	if c.output == nil {
		return nil, ErrNoOutput
	}
	for _, in := range c.inputs {
		if !c.output.holds(in.Layout) {
			return nil, ErrOutside
		}
	}
	run, err := c.compose(*c.output)
	if err != nil {
		return nil, err
	}
	c.run = run
	return run.local, nil
}

func (c *Compositor) compose(out ComposeOutput) (*composition, error) {
	rate := deref(out.FrameRate, 15)
	r := &composition{canvas: newElement("canvas"), ears: map[*composed]*ear{}}
	set(r.canvas, "width", out.Width)
	set(r.canvas, "height", out.Height)
	r.paint = call(r.canvas, "getContext", "2d")
	stream, err := jsx.Call(r.canvas, "captureStream", rate)
	if err != nil {
		return nil, refusal(FromCustom, err)
	}
	if r.hold, err = holdAudio(func() {}); err != nil {
		return nil, err
	}
	r.mixed = audio.node("MediaStreamDestination")
	call(stream, "addTrack", StreamOf(jsx.Get(r.mixed, "stream")).Track(Audio).value)
	r.local = &Local{
		Stream: StreamOf(stream), Origin: FromCustom, plan: &plan{origin: FromCustom},
		Encoding: Encoding{VideoBitrate: int(deref(out.Bitrate, 2500)), AudioBitrate: 48, Channels: 1},
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel = cancel
	r.local.release = append(r.local.release, func() { c.end(r) }) // also when the page destroys the stream
	go c.draw(ctx, r, time.Duration(float64(time.Second)/rate))
	return r, nil
}

// draw paints the picture again and again.
func (c *Compositor) draw(ctx context.Context, r *composition, interval time.Duration) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for ctx.Err() == nil {
		c.frame(r)
		select {
		case <-ticker.C:
		case <-ctx.Done():
		}
	}
}

func (c *Compositor) frame(r *composition) {
	call(r.paint, "clearRect", 0, 0, jsx.Float(r.canvas, "width"), jsx.Float(r.canvas, "height"))
	order := slices.Clone(c.inputs)
	slices.SortStableFunc(order, func(a, b *composed) int { return a.Layout.ZOrder - b.Layout.ZOrder })
	for _, in := range order {
		in.drawOn(r.paint)
		r.hear(in)
	}
	for in := range r.ears {
		if !slices.Contains(c.inputs, in) {
			r.deafen(in)
		}
	}
}

// drawOn paints an input, if it has a picture by now.
func (in *composed) drawOn(paint safejs.Value) {
	source, width, height := in.image, "naturalWidth", "naturalHeight"
	if in.stream != nil {
		in.watch()
		source, width, height = in.video, "videoWidth", "videoHeight"
	}
	w, h := jsx.Float(source, width), jsx.Float(source, height)
	if w == 0 || h == 0 {
		return
	}
	from, to := in.Layout.place(deref(in.ObjectFit, ""), w, h)
	call(paint, "drawImage", source, from.X, from.Y, from.Width, from.Height, to.X, to.Y, to.Width, to.Height)
}

// watch plays the stream's picture, which may be another than a moment ago.
func (in *composed) watch() {
	t := in.stream.Track(Video)
	if wanted, _ := in.wants(Video); !wanted || t != nil && !t.Live() {
		t = nil
	}
	if t.Same(in.shown) {
		in.play()
		return
	}
	in.unwatch()
	if in.shown = t; t == nil {
		return
	}
	in.video = newElement("video", "playsinline", "")
	set(in.video, "muted", true)
	set(in.video, "srcObject", newMediaStream([]any{t.value}))
	in.play()
}

// playAgain is how long a browser that refuses to play is left alone.
const playAgain = time.Second

// play starts the picture, also one that the browser has paused: phones do so for a call,
// and for another app.
func (in *composed) play() {
	if in.shown != nil && jsx.Bool(in.video, "paused") && time.Since(in.played) >= playAgain {
		in.played = time.Now()
		quietly(call(in.video, "play"))
	}
}

func (in *composed) unwatch() {
	if in.shown != nil {
		set(in.video, "srcObject", nil)
	}
	in.video, in.shown, in.played = safejs.Undefined(), nil, time.Time{}
}

// hear mixes the stream's sound in, as loud as the page wants it.
func (r *composition) hear(in *composed) {
	if in.stream == nil {
		return
	}
	t := in.stream.Track(Audio)
	if wanted, _ := in.wants(Audio); !wanted {
		t = nil
	}
	e := r.ears[in]
	if e == nil || !e.track.Same(t) {
		r.deafen(in)
		if t == nil {
			return
		}
		e = &ear{t, audio.listen(t), audio.gain(1)}
		connect(e.source, e.gain, r.mixed)
		r.ears[in] = e
	}
	audio.slide(jsx.Get(e.gain, "gain"), max(0, deref(in.Volume, 100))/100)
}

func (r *composition) deafen(in *composed) {
	if e := r.ears[in]; e != nil {
		disconnect(e.source, e.gain)
		delete(r.ears, in)
	}
}

// Stop ends the stream, whose id it tells, and forgets all inputs; false if none was made.
func (c *Compositor) Stop() (id string, made bool) {
	r := c.run
	if r == nil {
		return "", false
	}
	r.local.Stop()
	return r.local.ID(), true
}

func (c *Compositor) end(r *composition) {
	if c.run != r {
		return
	}
	r.cancel()
	for _, in := range c.inputs {
		in.unwatch()
		r.deafen(in)
	}
	r.hold.release()
	c.inputs, c.run = nil, nil
}
