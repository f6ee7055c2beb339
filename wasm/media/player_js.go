//go:build js && wasm

package media

import (
	"context"
	"errors"
	"time"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// secondTry is when play is tried again if the element does not become ready before.
const secondTry = time.Second

// player is one media element of a view and the MediaStream, its own, that it plays.
type player struct {
	el     safejs.Value
	stream safejs.Value
	// wanted says that it should be playing.
	wanted bool

	onReady   func(event safejs.Value)
	onPlaying func()
	onRefused func(p *player, err *jsx.Error)

	ready  chan struct{}      // has room for one; the element can play
	cancel context.CancelFunc // of the start that is under way, or nil
	unhear func()
}

// newPlayer makes a player for el, which nothing plays yet.
func newPlayer(el safejs.Value) *player {
	p := &player{el: el, stream: newMediaStream(), ready: make(chan struct{}, 1)}
	p.unhear = jsx.Listen(el, "canplay", func(event safejs.Value) {
		select {
		case p.ready <- struct{}{}:
		default:
		}
		p.onReady(event)
	})
	return p
}

// close lets go of everything. The element is dead after it.
func (p *player) close() {
	p.stop()
	p.unhear()
	p.fill(nil)
}

// show plays tracks. It may be called again whenever they have changed.
func (p *player) show(tracks []*Track) {
	p.load(tracks)
	p.wanted = true
	p.start()
}

// hold is show without playing, for sound that is off: Chromium refuses to play that
// too, and nobody would want to be told.
func (p *player) hold(tracks []*Track) {
	p.halt()
	p.wanted = false
	p.load(tracks)
}

// load makes tracks the content of the element.
func (p *player) load(tracks []*Track) {
	p.fill(tracks)
	if !jsx.Get(p.el, "srcObject").Equal(p.stream) {
		set(p.el, "srcObject", p.stream)
	}
}

// stop ends playing and takes the media from the element, which then shows nothing.
func (p *player) stop() {
	p.halt()
	p.wanted = false
	call(p.el, "pause")
	if !jsx.Get(p.el, "srcObject").IsNull() {
		set(p.el, "srcObject", nil)
	}
}

// fill makes tracks the content of the player's own stream.
func (p *player) fill(tracks []*Track) {
	own := StreamOf(p.stream)
	for _, old := range own.tracks() {
		if !holds(tracks, old) {
			own.remove(old)
		}
	}
	for _, t := range tracks {
		own.add(t) // does nothing to one that is there
	}
}

func holds(tracks []*Track, t *Track) bool {
	for _, other := range tracks {
		if other.value.Equal(t.value) {
			return true
		}
	}
	return false
}

func (p *player) paused() bool { return p.wanted && jsx.Bool(p.el, "paused") }

// halt gives up the start that is under way.
func (p *player) halt() {
	if p.cancel != nil {
		p.cancel()
		p.cancel = nil
	}
}

// start begins to play, unless it plays or a start is under way.
func (p *player) start() {
	if p.cancel == nil && jsx.Bool(p.el, "paused") {
		p.begin(p.tryTwice, p.onRefused)
	}
}

// resume plays again what is paused, as in a click's handler. A refusal is no event.
func (p *player) resume(refused func()) {
	if p.wanted && (p.cancel != nil || jsx.Bool(p.el, "paused")) {
		p.halt()
		p.begin(p.play, func(*player, *jsx.Error) { refused() })
	}
}

// begin runs one start on a goroutine: it may wait long for media.
func (p *player) begin(start func(context.Context) error, refused func(*player, *jsx.Error)) {
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	go func() {
		defer cancel()
		err := start(ctx)
		if ctx.Err() != nil {
			return // another start, or none, is in its place
		}
		p.cancel = nil
		var thrown *jsx.Error
		switch {
		case err == nil:
			p.onPlaying()
		case errors.As(err, &thrown) && thrown.Name != "AbortError": // that is an interruption
			refused(p, thrown)
		}
	}()
}

// tryTwice plays, and once more when there is something to play: browsers refuse the
// first call for reasons that pass.
func (p *player) tryTwice(ctx context.Context) error {
	select { // what was ready before does not count
	case <-p.ready:
	default:
	}
	if err := p.play(ctx); err == nil {
		return nil
	}
	timer := time.NewTimer(secondTry)
	defer timer.Stop()
	select {
	case <-p.ready:
	case <-timer.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	return p.play(ctx)
}

func (p *player) play(ctx context.Context) error {
	_, err := awaitCall(ctx, p.el, "play")
	return err
}
