//go:build js && wasm

package media

import (
	"time"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// Mixer is what is done to the sound of a local stream before it is sent. Its nodes are
// there while something is to be done, no longer.
//
//	source → volume → reverb, angle ─→ sum → destination
//	elements → their volumes → delay → ducking ─↗ ↖─ effects
type Mixer struct {
	opt    MixerOptions
	source *Track // the stream's own, or nil
	voice  Voice
	mixed  []*mixed
	player *EffectPlayer // nil until the page wants one
	hold   *audioHold
	graph  graph
	closed bool
}

// graph is the nodes of a Mixer.
type graph struct {
	source, volume safejs.Value
	voice          []safejs.Value // between volume and sum
	music, ducked  safejs.Value   // where elements join
	ducking        []safejs.Value
	sum            safejs.Value
	track          *Track // of the destination
}

// NewMixer makes the sound of a stream whose own track is source, which may be nil.
func NewMixer(source *Track, opt MixerOptions) *Mixer {
	return &Mixer{source: source, voice: plainVoice, opt: opt}
}

// Output is the track to be sent, or nil for the stream's own: nothing is to be done, or
// the browser does not let sound through before the user has touched the page.
func (s *Mixer) Output() *Track {
	if s.graph.track == nil || !audio.runs() {
		return nil
	}
	return s.graph.track
}

// Waiting reports whether there is something to be done that the browser does not let
// through yet.
func (s *Mixer) Waiting() bool { return s.graph.track != nil && !audio.runs() }

// SetSource takes another track as the stream's own; nil is none.
func (s *Mixer) SetSource(t *Track) {
	if t.Same(s.source) {
		return
	}
	s.source = t
	if s.graph.track != nil {
		s.plug()
	}
}

// Voice is what becomes of the captured sound.
func (s *Mixer) Voice() Voice { return s.voice }

// SetVoice changes it.
func (s *Mixer) SetVoice(v Voice) {
	before := s.voice
	s.voice = v
	if s.update(); s.graph.track == nil {
		return
	}
	audio.slide(jsx.Get(s.graph.volume, "gain"), v.Volume/unchanged)
	if v.Volume = before.Volume; v != before {
		s.route()
	}
}

// Close releases everything; the stream's own track goes on.
func (s *Mixer) Close() {
	s.closed = true
	for _, m := range s.mixed {
		m.close()
	}
	s.mixed = nil
	if s.player != nil {
		s.player.silence()
	}
	s.update()
}

// update makes the nodes when there is something to do, and releases them after it.
func (s *Mixer) update() {
	needed := !s.closed && (s.voice != plainVoice || len(s.mixed) > 0 || s.player.sounds())
	switch {
	case needed && s.graph.track == nil:
		s.open()
	case !needed && s.graph.track != nil:
		s.release()
	}
	go s.opt.Changed()
}

func (s *Mixer) open() {
	hold, err := holdAudio(s.onState)
	if err != nil {
		s.opt.Failed(err)
		return
	}
	s.hold = hold
	destination := audio.node("MediaStreamDestination")
	g := graph{volume: audio.gain(s.voice.Volume / unchanged), ducked: audio.gain(1), sum: audio.gain(1)}
	g.music = audio.delay(min(s.opt.MixingDelay, maxMixingDelay).Seconds())
	connect(g.music, g.ducked, g.sum, destination)
	g.track = StreamOf(jsx.Get(destination, "stream")).tracks()[0]
	s.graph = g
	s.plug()
	s.route()
	for _, m := range s.mixed {
		m.join(g.music)
	}
}

// maxMixingDelay is what a DelayNode has room for.
const maxMixingDelay = 10 * time.Second

// onState: the context has begun or ceased to run.
func (s *Mixer) onState() {
	for _, m := range s.mixed {
		m.join(s.graph.music)
	}
	s.opt.Changed()
}

// plug connects the stream's own track.
func (s *Mixer) plug() {
	disconnect(s.graph.source)
	s.graph.source = safejs.Undefined()
	if s.source != nil {
		s.graph.source = audio.listen(s.source)
		connect(s.graph.source, s.graph.volume)
	}
}

// route connects what changes the voice.
func (s *Mixer) route() {
	g := &s.graph
	disconnect(g.volume)
	disconnect(g.voice...)
	disconnect(g.ducking...)
	g.voice, g.ducking = nil, nil
	last := g.volume
	if s.voice.Stereo {
		last = g.add(last, placed(s.voice.Angle)...)
	}
	if s.voice.Reverb > 0 {
		last = g.add(last, echoing(s.voice.Reverb)...)
	}
	connect(last, g.sum)
	if s.voice.Ducking {
		g.ducking = ducking(g.volume, jsx.Get(g.ducked, "gain"))
	}
}

// add connects a part behind last. The part's first node takes the sound in and its last
// one gives it out.
func (g *graph) add(last safejs.Value, part ...safejs.Value) safejs.Value {
	g.voice = append(g.voice, part...)
	connect(last, part[0])
	return part[len(part)-1]
}

func (s *Mixer) release() {
	g := s.graph
	disconnect(g.source, g.volume, g.music, g.ducked, g.sum)
	disconnect(g.voice...)
	disconnect(g.ducking...)
	for _, m := range s.mixed {
		m.leave()
	}
	g.track.Stop()
	s.graph = graph{}
	s.hold.release()
	s.hold = nil
}
