package e2e

import (
	"testing"

	"expressrtc/server/signaling"
)

// TestPagesCallByKeyboard: from the link to a call with a screen share and a message,
// without a mouse; the other side sees, hears and reads all of it.
func TestPagesCallByKeyboard(t *testing.T) {
	s := newSite(t, signaling.Config{})
	b := s.joins("Bert")
	a := s.visit(calm, "?room="+hall, as("Anna"))
	a.tabTo("link", "Skip to content")
	a.tabTo("textbox", "Your name")
	a.keys("Control+a", "Anna")
	a.tabTo("button", "Join")
	a.keys("Enter")
	b.shows("Anna")
	b.hears()
	a.shows("Bert")

	a.tabTo("button", "Share screen")
	a.keys("Enter")
	b.shows("Anna: screen")
	a.role("button", "Share screen").becomes("pressed", "true")
	a.look("screen-shared")
	b.look("screen-seen")

	a.tabTo("button", "Chat")
	a.keys("Enter")
	a.focuses("textbox", "Message")
	a.keys("Hello Bert", "Enter")
	a.appears("listitem", "…Hello Bert…")
	b.role("button", "Chat…").press()
	b.appears("listitem", "…Hello Bert")
	b.look("chat")
	a.keys("Escape")
	a.focuses("button", "Chat")
	a.tabTo("button", "Stop sharing")
	a.keys("Enter")
	b.gone("figure", "Anna: screen")
	a.tabTo("button", "Leave")
	a.keys("Enter")
	b.gone("figure", "Anna")
	a.appears("heading", "You left the call")
	a.look("left")
	b.stays()
}

// TestPagesCallOfTwo: what one does the other sees: the chat both ways, the list, mute,
// the camera off, other devices, leaving and coming back, the quality.
func TestPagesCallOfTwo(t *testing.T) {
	s := newSite(t, signaling.Config{})
	a := s.visit(calm, toHall("Anna"), as("Anna"))
	a.sees("#preview-video video")
	a.look("lobby")
	a.role("button", "Join").press()
	a.appears("button", "Leave")
	a.sees("#local-video video")
	a.look("one")
	b := s.joins("Bert")
	a.shows("Bert")
	b.shows("Anna")
	a.hears()
	a.look("two")
	t.Run("chat", func(t *testing.T) {
		for _, p := range []*visitor{a, b} {
			p.role("button", "Chat…").press()
			p.focuses("textbox", "Message")
		}
		a.keys("How are you?", "Enter")
		b.appears("listitem", "…How are you?")
		b.keys("Fine", "Enter")
		a.appears("listitem", "…Fine")
		a.look("chatting")
		a.role("button", "Close").press()
		b.keys("And you?", "Enter")
		a.appears("button", "Chat 1")
		b.role("button", "Close").press()
	})
	t.Run("people", func(t *testing.T) {
		a.role("button", "People…").press()
		a.counts(2, "listitem", "")
		a.appears("listitem", "…Bert…")
		a.look("people")
		a.role("button", "Close").press()
	})
	t.Run("mute", func(t *testing.T) {
		a.role("button", "Microphone").press()
		a.role("button", "Microphone").becomes("pressed", "false")
		b.do(`await e2e.hearsSilence(e2e.audible().srcObject)`)
		b.role("figure", "Anna").has("…microphone off…")
		a.role("button", "Microphone").press()
		b.hears()
		b.role("figure", "Anna").hasNot("…microphone off…")
	})
	t.Run("camera off", func(t *testing.T) {
		a.role("button", "Camera").press()
		a.role("button", "Camera").becomes("pressed", "false")
		b.role("figure", "Anna").has("…camera off…")
		b.role("figure", "Anna").says("A\n") // the initial in place of the picture
		b.look("camera-off")
		b.do(`await e2e.when(() => ![...document.querySelectorAll("#remote-video video")].some((it) => it.checkVisibility({visibilityProperty: true})))`)
		a.role("button", "Camera").press()
		b.role("figure", "Anna").hasNot("…camera off…")
		b.shows("Anna")
	})
	t.Run("devices", func(t *testing.T) {
		a.role("button", "Settings").press()
		a.appears("dialog", "Settings")
		a.role("combobox", "Microphone").choose("Fake Audio Input 2")
		b.hears()
		a.look("settings")
		a.losesSpeaker()
		a.showsDeviceInUse()
		b.hears()
		a.keys("Escape")
		a.gone("dialog", "Settings")
		a.focuses("button", "Settings")
		b.shows("Anna")
	})
	t.Run("quality", func(t *testing.T) {
		a.role("button", "Quality").press()
		a.role("figure", "Bert").has("…kbit/s…")
		a.role("figure", "Bert").has("…fps…")
		a.look("quality")
		a.role("button", "Quality").press()
	})
	t.Run("leave and come back", func(t *testing.T) {
		a.role("button", "Leave").press()
		b.gone("figure", "Anna")
		a.role("button", "Join again").press()
		b.shows("Anna")
		a.shows("Bert")
		a.hears()
	})
	if shift := a.shift(); shift > 0.05 {
		t.Errorf("the page has shifted by %v: %v", shift, eval[[]string](a.tab, `return visit.shifts`))
	}
	a.stays()
}

// TestPagesCallOfFive: five people fit, get no more than there is room for, and who speaks
// comes forward.
func TestPagesCallOfFive(t *testing.T) {
	s := newSite(t, signaling.Config{})
	a, g := s.joins("Anna"), s.guests()
	for i, guest := range []struct{ id, name, colour string }{
		{"bert", "Bert", "red"}, {"cleo", "Cleo", "lime"}, {"dora", "Dora", "blue"}, {"emil", "Emil", "yellow"},
	} {
		g.welcome(guest.id, guest.name, guest.colour, 300+100*i)
		a.showsColour(guest.name, guest.colour)
	}
	a.look("five")
	g.watch("bert", a)
	a.sendsSmall()
	a.role("button", "Camera").press()
	a.role("button", "Camera").becomes("pressed", "false")
	a.role("button", "Camera").press()
	a.role("button", "Camera").becomes("pressed", "true")
	a.sendsSmall()
	a.role("button", "Leave").press()
	a.role("button", "Join again").press()
	a.sendsSmall()
	g.speak("cleo", true)
	a.isForward("Cleo")
	a.look("speaker")
	g.speak("cleo", false)
	g.speak("dora", true)
	a.isForward("Dora")
	for _, id := range []string{"bert", "dora"} {
		g.leave(id)
	}
	a.gone("figure", "Dora")
	a.gone("figure", "Bert")
	a.look("three")
	a.stays()
}
