package e2e

// sees waits until the video shows a picture that moves.
func (p *tab) sees(selector string) {
	p.t.Helper()
	p.do("await e2e.seesPicture(await e2e.element(%s))", selector)
}

// hears waits until the page plays sound.
func (p *tab) hears() {
	p.t.Helper()
	p.do("await e2e.hears()")
}

// loses waits until no element is left for the selector.
func (p *tab) loses(selector string) {
	p.t.Helper()
	p.do("await e2e.when(() => !document.querySelector(%s))", selector)
}

// perceive waits until each page shows what moves, everywhere, and plays sound: at once,
// for pictures of Firefox's fake camera take seconds to change.
func perceive(pages []*tab, selectors ...string) {
	for _, p := range pages {
		p.t.Helper()
		p.do(`globalThis.perceived = Promise.all([e2e.hears(), ...%s.map(async (it) => e2e.seesPicture(await e2e.element(it)))])`, selectors)
	}
	for _, p := range pages {
		p.do(`await perceived`)
	}
}
