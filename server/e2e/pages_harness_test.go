package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"expressrtc/server/signaling"
)

// sample visits a page of testdata instead of one of ours.
func sample(t *testing.T, name string, options ...option) *visitor {
	t.Helper()
	s := newSite(t, signaling.Config{})
	s.url = strings.TrimSuffix(elsewhere(t, fill(t, name, visit{}), nil), "/")
	return s.visit(usual, "", options...)
}

// TestPagesWrong: what the pages' tests look for is found where it is wrong.
func TestPagesWrong(t *testing.T) {
	t.Parallel()
	p := sample(t, "pages-wrong.html")
	violations := p.violations()
	for _, want := range []string{"axe: color-contrast:", "pale", "axe: button-name:"} {
		if !slices.ContainsFunc(violations, func(it string) bool { return strings.Contains(it, want) }) {
			t.Errorf("axe-core does not find %q but %q", want, violations)
		}
	}
	p.wants("value", "undefined", `typeof axe`)
	untidy := p.untidy()
	for _, want := range []string{
		`the text of p.short "a text that is cut off" is cut off by p.short`, `p "one over" and p "the other" overlap`,
		`button "Covered" is covered by div.veil`, `button.tiny "Tiny" is 12 x 12, less than 24`, `the page is 1500 wide in a window of 1280`,
	} {
		if !slices.ContainsFunc(untidy, func(it string) bool { return strings.HasPrefix(it, want) }) {
			t.Errorf("tidy does not find %s\nbut %q", want, untidy)
		}
	}
	if len(untidy) != 5 {
		t.Errorf("tidy finds more: %q", untidy)
	}
	if _, _, err := p.role("button", "Covered").reach(); err == nil || !strings.Contains(err.Error(), "in front of it is <div") {
		t.Errorf("the covered button: %v", err)
	}
	if err := p.tries(pace, func() error { _, err := p.role("button", "Nowhere").node(); return err }); err == nil {
		t.Error("a button is found that is not there")
	}
	p.frame("Inner").role("button", "Press").press()
	p.frame("Inner").appears("button", "Pressed")
	p.do(`console.warn("careful")`)
	if got := p.consoleErrors(); len(got) != 1 {
		t.Errorf("the console's warnings: %q", got)
	}
	p.expect("careful")
}

// TestPagesRight: a page that is right is used by role and name, by mouse and keyboard.
func TestPagesRight(t *testing.T) {
	t.Parallel()
	p := sample(t, "pages-right.html", phone, dark, chinese, still)
	p.wants("value", list("zh-CN", "zh", "en"), `languages_`)
	p.wants("value", list(360, 2, true, true, true), `[innerWidth, devicePixelRatio, ...["(pointer: coarse)", "(prefers-color-scheme: dark)", "(prefers-reduced-motion)"].map((it) => matchMedia(it).matches)]`)
	p.axe()
	p.tidy()
	p.tabTo("textbox", "Your name")
	p.keys("Anna", "Tab", "ArrowDown")
	if got := p.role("combobox", "Camera").value(); got != "Back" {
		t.Errorf("the camera is %q", got)
	}
	p.role("combobox", "Camera").choose("Front")
	p.keys("Shift+Tab", "Enter")
	p.appears("alert", "Anna may…")
	p.role("textbox", "…name").fill("Bert")
	p.role("button", "Join").press()
	p.appears("alert", "Bert may not join")
	if role, name := p.focused(); role != "button" || name != "Join" {
		t.Errorf("the focus is on %s %q", role, name)
	}
	if got := p.role("button", "Mute").state("pressed"); got != "false" {
		t.Errorf("the button is pressed: %q", got)
	}
	p.role("button", "Mute").press()
	p.role("button", "Mute").becomes("pressed", "true")
	p.role("button", "Hide").press()
	p.gone("button", "Hide")
	p.check("right")
}

// TestPagesShift: what jumps by itself is counted.
func TestPagesShift(t *testing.T) {
	t.Parallel()
	p := sample(t, "pages-right.html")
	if shift := p.shift(); shift != 0 {
		t.Errorf("the page has shifted by %v", shift)
	}
	p.role("button", "Jump").press()
	p.until(func() error {
		if shift := p.shift(); shift < .005 {
			return fmt.Errorf("the page has shifted by %v", shift)
		}
		return nil
	})
}
