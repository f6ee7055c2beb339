package e2e

import (
	_ "embed"
	"fmt"
	"net/url"
)

//go:embed testdata/pages-guests.js
var guestsJS string

// hall is the room of the tests of pages.
const hall = "hall"

// toHall is the link to the call page, for a person of that name.
func toHall(name string) string {
	return "?room=" + hall + "&name=" + url.QueryEscape(name)
}

// joins opens the call page by a link, and presses Join.
func (s *site) joins(name string, options ...option) *visitor {
	s.t.Helper()
	return s.joinsAs(calm, name, options...)
}

func (s *site) joinsAs(f flavor, name string, options ...option) *visitor {
	s.t.Helper()
	p := s.visit(f, toHall(name), append([]option{as(name)}, options...)...)
	p.role("button", "Join").press()
	p.appears("button", "Leave")
	return p
}

// guests is a page whose people others see and hear in their calls.
type guests struct{ *tab }

func (s *site) guests() guests {
	s.t.Helper()
	p := open(s.t, usual, "guests", elsewhere(s.t, fill(s.t, "sdk.html", visit{SDK: s.sdk()}), nil))
	p.do(coloursJS + guestsJS)
	return guests{p}
}

// welcome has a guest enter.
func (g guests) welcome(id, name, colour string, hertz int) {
	g.t.Helper()
	g.do(`await e2e.welcome(%s, %s, %s, %s, %s)`, hall, id, name, colour, hertz)
}

func (g guests) speak(id string, on bool) {
	g.t.Helper()
	g.do(`e2e.speak(%s, %s)`, id, on)
}

func (g guests) say(id, text string) {
	g.t.Helper()
	g.do(`await e2e.say(%s, %s, %s)`, id, hall, text)
}

// watch has a guest play what the person on a call page sends.
func (g guests) watch(id string, p *visitor) {
	g.t.Helper()
	g.do(`await e2e.watch(%s, %s)`, id, eval[string](p.tab, `return sessionStorage.getItem("expressrtc-user")`)+"-camera")
}

func (g guests) leave(id string) {
	g.t.Helper()
	g.do(`e2e.leave(%s, %s)`, id, hall)
}

// videoOf marks the video in the tile of that name, and gives its selector.
func (p *visitor) videoOf(name string) string {
	p.t.Helper()
	p.role("figure", name).do(`async function() {
		while (!this.querySelector("video")) await new Promise(requestAnimationFrame);
		for (const video of document.querySelectorAll("video[data-wanted]")) delete video.dataset.wanted;
		this.querySelector("video").dataset.wanted = "yes";
	}`)
	return "video[data-wanted]"
}

// shows waits until the tile of that name has a picture that moves.
func (p *visitor) shows(name string) {
	p.t.Helper()
	p.sees(p.videoOf(name))
}

// showsColour waits until the picture of that tile is of one colour.
func (p *visitor) showsColour(name, colour string) {
	p.t.Helper()
	p.do(`if (!e2e.seesColour) { ` + coloursJS + ` }`)
	p.seesColour(p.videoOf(name), colour)
}

// isForward waits until a tile is larger than every other.
func (p *visitor) isForward(name string) {
	p.t.Helper()
	const ahead = `function() {
		const area = (it) => it.getBoundingClientRect().width * it.getBoundingClientRect().height;
		const others = [...document.querySelectorAll("figure")].filter((it) => it !== this && it.checkVisibility());
		return others.every((it) => area(it) < area(this) / 2) ? "" : "smaller than " + others.map((it) => it.innerText + " " + area(it)).join("; ") + ", itself " + area(this);
	}`
	e := p.role("figure", name)
	p.until(func() error {
		answer, err := e.ask(ahead)
		if err == nil && answer != "" {
			err = fmt.Errorf("%s is %s", e, answer)
		}
		return err
	})
}

// sendsSmall waits until a camera that it has not seen before is sent as is right for a call
// of five.
func (p *visitor) sendsSmall() {
	p.t.Helper()
	const sent = `globalThis.known ??= new Set();
		const senders = [...e2e.peers].flatMap((peer) => peer.getSenders()).filter(({track}) => track?.kind === "video");
		const all = senders.map((it) => [it.track.readyState, it.track.getSettings().width <= 480, it.getParameters().encodings[0].maxBitrate].join());
		if (!all.length || senders.some(({track}) => known.has(track.id))) return "another";
		const wrong = all.find((it) => it !== "live,true,300000") ?? "";
		if (!wrong) senders.forEach(({track}) => known.add(track.id));
		return wrong`
	p.until(func() error {
		if wrong := eval[string](p.tab, sent); wrong != "" {
			return fmt.Errorf("it sends %s", wrong)
		}
		return nil
	})
}
