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
