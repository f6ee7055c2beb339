//go:build js && wasm

package media

import (
	"slices"
	"sync"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// Element is an audio or video element of the page's.
type Element struct{ value safejs.Value }

// ElementOf is the element that v is, nil if it is no media element.
func ElementOf(v safejs.Value) *Element {
	if !isFunction(v, "canPlayType") {
		return nil
	}
	return &Element{v}
}

// mixed is an element that is mixed into a stream. The page keeps hearing it.
type mixed struct {
	element safejs.Value
	percent float64
	volume  safejs.Value // undefined outside of a graph
	// stream is what the element plays, and clones are of its tracks; or through is the
	// node that the element plays through, where elements cannot be captured.
	stream  safejs.Value
	clones  []*Track
	sources []safejs.Value
	through safejs.Value
	stops   []func()
}

// Mix adds an element's sound to the stream. It is no error if it is there already.
func (s *Mixer) Mix(el *Element) error {
	if s.find(el) != nil {
		return nil
	}
	m := &mixed{element: el.value, percent: unchanged}
	if err := m.capture(); err != nil {
		return err
	}
	changed := func(safejs.Value) { m.adjust() }
	m.stops = append(m.stops, jsx.Listen(el.value, "volumechange", changed))
	s.mixed = append(s.mixed, m)
	if s.graph.track != nil {
		m.join(s.graph.music)
	}
	s.update()
	return nil
}

// Unmix takes an element out again; false if it is not in.
func (s *Mixer) Unmix(el *Element) bool {
	m := s.find(el)
	if m == nil {
		return false
	}
	m.close()
	s.mixed = slices.DeleteFunc(s.mixed, func(other *mixed) bool { return other == m })
	s.update()
	return true
}

// UnmixAll takes all elements out.
func (s *Mixer) UnmixAll() {
	for _, m := range s.mixed {
		m.close()
	}
	s.mixed = nil
	s.update()
}

// SetMixVolume sets how loud a mixed element is sent, in percent; false if it is not in.
func (s *Mixer) SetMixVolume(el *Element, percent float64) bool {
	m := s.find(el)
	if m != nil {
		m.percent = percent
		m.adjust()
	}
	return m != nil
}

func (s *Mixer) find(el *Element) *mixed {
	for _, m := range s.mixed {
		if m.element.Equal(el.value) {
			return m
		}
	}
	return nil
}

// capture finds a way to the element's sound. Capturing leaves what the page hears alone,
// but not every browser can: the others play the element through our context from now on,
// which they allow once and for good.
func (m *mixed) capture() (err error) {
	if isFunction(m.element, "captureStream") {
		m.stream, err = capturedOf(m.element, "captureStream")
		return err
	}
	return nil
}

// join connects the element with the stream's graph, unless it is.
func (m *mixed) join(music safejs.Value) {
	if !m.volume.IsUndefined() || m.stream.IsUndefined() && !audio.runs() {
		return // what plays through a context that stands still would fall silent
	}
	m.volume = audio.gain(m.loudness())
	connect(m.volume, music)
	if m.stream.IsUndefined() {
		through, err := throughContext(m.element)
		if report(err); err == nil {
			m.through = through
			connect(through, m.volume)
		}
		return
	}
	refresh := func(safejs.Value) { m.refresh() }
	m.stops = append(m.stops, jsx.Listen(m.stream, "addtrack", refresh)) // another source, or the same once more
	m.refresh()
}

// refresh takes the tracks that the element plays now.
func (m *mixed) refresh() {
	m.drop()
	if m.volume.IsUndefined() {
		return
	}
	for _, t := range StreamOf(m.stream).tracks() {
		if t.Kind() == Audio && t.Live() {
			clone := TrackOf(call(t.value, "clone")) // the captured one may serve others
			source := audio.listen(clone)
			connect(source, m.volume)
			m.clones, m.sources = append(m.clones, clone), append(m.sources, source)
		}
	}
}

func (m *mixed) drop() {
	disconnect(m.sources...)
	for _, t := range m.clones {
		t.Stop()
	}
	m.clones, m.sources = nil, nil
}

// loudness is 0 for an element that is muted.
func (m *mixed) loudness() float64 {
	if jsx.Bool(m.element, "muted") {
		return 0
	}
	return m.percent / unchanged
}

func (m *mixed) adjust() {
	if !m.volume.IsUndefined() {
		audio.slide(jsx.Get(m.volume, "gain"), m.loudness())
	}
}

// leave takes the element out of the graph.
func (m *mixed) leave() {
	m.drop()
	if !m.through.IsUndefined() {
		call(m.through, "disconnect", m.volume)
	}
	disconnect(m.volume)
	m.volume, m.through = safejs.Undefined(), safejs.Undefined()
}

func (m *mixed) close() {
	stopAll(&m.stops)
	m.leave()
}

// throughNodes remembers the node of each element that plays through the context.
var throughNodes = sync.OnceValues(func() (safejs.Value, error) { return jsx.New("WeakMap") })

func throughContext(element safejs.Value) (safejs.Value, error) {
	known, err := throughNodes()
	if err != nil {
		return known, err
	}
	node := call(known, "get", element)
	if node.IsUndefined() {
		if node, err = jsx.Call(audio.value, "createMediaElementSource", element); err != nil {
			return node, err
		}
		audio.pinned = true
		connect(node, jsx.Get(audio.value, "destination"))
		call(known, "set", element, node)
	}
	return node, nil
}
