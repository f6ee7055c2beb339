package e2e

import (
	"strings"
	"testing"

	"expressrtc/server/signaling"
)

// markup is a text that would be noticed if it became markup.
const markup = `<img src=x onerror=alert(1)>`

// marked makes the names of devices markup, and notes what markup could do.
const marked = `globalThis.alert = () => e2e.note("alert");
	const enumerate = navigator.mediaDevices.enumerateDevices.bind(navigator.mediaDevices);
	navigator.mediaDevices.enumerateDevices = async () => (await enumerate()).map(({deviceId, groupId, kind}) =>
		({deviceId, groupId, kind, label: "<img src=x onerror=alert(1)>"}));`

// TestPagesTextStaysText: names, messages and devices of others are text everywhere.
func TestPagesTextStaysText(t *testing.T) {
	s := newSite(t, signaling.Config{})
	a, g := s.visit(calm, toHall(markup), as("Anna"), before(marked)), s.guests()
	a.sees("#preview-video video")
	for _, kind := range []string{"Camera", "Microphone", "Speaker"} {
		a.do(`await e2e.when(() => [...document.querySelectorAll("select")].some((it) => it.labels[0]?.innerText.startsWith(%s) && it.selectedOptions[0]?.text === %s))`, kind, markup)
	}
	a.look("markup-lobby")
	a.role("button", "Join").press()
	g.welcome("bert", markup, "red", 400)
	a.showsColour(markup, "red")
	a.role("button", "Chat…").press()
	g.say("bert", markup)
	a.appears("listitem", "…"+markup)
	a.keys(markup, "Enter")
	a.counts(2, "listitem", "…"+markup)
	a.look("markup")
	a.role("button", "People…").press()
	a.counts(2, "listitem", "…"+markup+"…")
	a.role("button", "Settings").press()
	a.appears("dialog", "Settings")
	a.keys("Escape")
	a.role("button", "Leave").press()
	a.appears("heading", "You left the call")
	a.wants("value", list(0, 0), `[document.images.length, document.querySelectorAll("[onerror]").length]`)
	a.never("alert")
	a.stays()
}

// strange is every visible text, and every word for readers, that is not of a language:
// a pattern of what must not be there, after what may be in all of them was taken out.
const strange = `const wrong = new RegExp(%s, "u");
	const texts = [document.title];
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) {
		const element = walker.currentNode.parentElement;
		if (element.checkVisibility() && !element.closest("#language, script, style, code, pre, [lang]:not(html)")) texts.push(walker.currentNode.data);
	}
	for (const element of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]")) {
		if (!element.checkVisibility() || element.closest("#language")) continue;
		for (const name of ["aria-label", "title", "placeholder", "alt"]) texts.push(element.getAttribute(name) ?? "");
	}
	const free = /ExpressRTC|Anna|Bert|hall|Fake [\w ]+|fake_device_\d|Default|kbit\/s|fps|VP8|VP9|H264|AV1|opus|\bms\b|https?:\S+|\b[MVSCP]\b|WebRTC|UDP|TCP|API|SDK/gi;
	return [...new Set(texts.map((it) => it.replace(free, "").trim()).filter((it) => wrong.test(it)))]`

// isAllIn fails the test for each text that is not in the language.
func (p *visitor) isAllIn(language string) {
	p.t.Helper()
	pattern := map[string]string{"en": `\p{Script=Han}`, "zh": `[A-Za-z]{2,}`}[language]
	if texts := eval[[]string](p.tab, strings.ReplaceAll(strange, "%s", toJSON(pattern))); len(texts) > 0 {
		p.t.Errorf("page %s in %s says %q", p.name, language, texts)
	}
}

// TestPagesTextChinese: a visitor whose browser prefers Chinese reads nothing else, on a
// phone in the dark; the switch changes everything at once, and back.
func TestPagesTextChinese(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a := s.visit(calm, toHall("Anna"), phone, dark, chinese)
	a.sees("#preview-video video")
	a.isAllIn("zh")
	a.check("lobby")
	a.role("button", "English").press()
	a.isAllIn("en")
	a.role("button", "中文").press()
	a.isAllIn("zh")
	a.role("button", "加入").press()
	a.appears("button", "离开")
	a.isAllIn("zh")
	a.check("alone")
	b := s.joins("Bert", desktop, light, english)
	a.shows("Bert")
	a.role("button", "质量").press()
	a.role("figure", "Bert").has("…kbit/s…")
	a.isAllIn("zh")
	a.check("quality")
	a.role("button", "成员…").press()
	a.counts(2, "listitem", "")
	a.isAllIn("zh")
	a.check("people")
	a.role("button", "聊天…").press()
	a.keys("你好", "Enter")
	a.appears("listitem", "…你好")
	a.isAllIn("zh")
	a.check("chat")
	a.role("button", "关闭").press()
	a.role("button", "设置").press()
	a.appears("dialog", "设置")
	a.isAllIn("zh")
	a.check("settings")
	a.keys("Escape")
	a.role("button", "English").press()
	a.isAllIn("en")
	a.role("button", "中文").press()
	a.role("button", "离开").press()
	a.appears("heading", "你已离开通话")
	a.isAllIn("zh")
	a.check("left")
	b.gone("figure", "Anna")
}
