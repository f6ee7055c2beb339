//go:build js && wasm

package media

import (
	"time"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// failureDelay is how long no further refusal comes before the page is told of them: the
// video's and the audio's are one to the user.
const failureDelay = 600 * time.Millisecond

// onRefused notes that the browser does not let p play.
func (v *View) onRefused(p *player, err *jsx.Error) {
	v.forgive()
	v.failed, v.failure = p, err
	v.failureTimer = time.AfterFunc(failureDelay, v.tellFailure)
}

// forgive forgets a refusal that the page has not been told of.
func (v *View) forgive() {
	if v.failureTimer != nil {
		v.failureTimer.Stop()
	}
	v.failed, v.failure = nil, nil
}

// tellFailure tells the page, then asks the user for the click that browsers want.
func (v *View) tellFailure() {
	p, failure := v.failed, v.failure
	v.forgive()
	if p == nil || !p.paused() {
		return
	}
	v.Emit("autoplayFailed", p.el, failure.Value)
	switch {
	case !p.paused(): // the listener took care
	case deref(v.opt.EnableAutoplayDialog, true):
		shared.ask()
	default:
		shared.awaitGesture()
	}
}

// paused reports whether something that should play does not.
func (v *View) paused() bool {
	for _, p := range v.players() {
		if p.paused() {
			return true
		}
	}
	return false
}

// page is what the views of the page have in common: a user's gesture serves them all.
type page struct {
	views    map[*View]bool // those that were played and are not closed
	wakes    []func()       // listeners while there are views
	gestures []func()       // listeners that wait for a gesture
	dialog   *dialog        // nil unless it is shown
}

var shared = page{views: map[*View]bool{}}

func (p *page) enter(v *View) {
	if len(p.views) == 0 {
		wake := func(safejs.Value) { p.wake() }
		p.wakes = []func(){
			jsx.Listen(document(), "visibilitychange", wake),
			jsx.Listen(jsx.Global(), "focus", wake),
		}
	}
	p.views[v] = true
}

func (p *page) leave(v *View) {
	delete(p.views, v)
	p.settle()
	if len(p.views) == 0 {
		stopAll(&p.wakes)
	}
}

func stopAll(stops *[]func()) {
	for _, stop := range *stops {
		stop()
	}
	*stops = nil
}

// wake plays on what phones pause behind the user's back: a call, another app in front.
func (p *page) wake() {
	if jsx.Bool(document(), "hidden") {
		return
	}
	for v := range p.views {
		for _, player := range v.players() {
			if player.cancel == nil {
				player.resume(p.awaitGesture)
			}
		}
	}
}

// resume plays on everything, in a gesture's handler.
func (p *page) resume() {
	for v := range p.views {
		v.Resume()
	}
}

// settle stops asking once nothing waits for the user any more.
func (p *page) settle() {
	for v := range p.views {
		if v.paused() {
			return
		}
	}
	stopAll(&p.gestures)
	p.closeDialog()
}

// awaitGesture resumes at the user's next tap, click or key, also below the end of the
// body.
func (p *page) awaitGesture() {
	if p.dialog != nil || len(p.gestures) > 0 {
		return
	}
	// Phones make clicks of taps on what can be clicked only.
	for _, event := range []string{"mousedown", "click", "touchend", "keydown"} {
		p.gestures = append(p.gestures, jsx.Listen(document(), event, func(safejs.Value) {
			stopAll(&p.gestures)
			p.resume()
		}))
	}
}

// ask shows the dialog, once at a time.
func (p *page) ask() {
	if p.dialog != nil {
		return
	}
	stopAll(&p.gestures)
	p.dialog = newDialog()
	p.dialog.open(func() {
		p.closeDialog()
		p.resume()
	}, func() {
		p.closeDialog()
		p.awaitGesture()
	})
}

func (p *page) closeDialog() {
	if p.dialog != nil {
		p.dialog.close()
		p.dialog = nil
	}
}
