package e2e

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// relayedBy is how the pages' connections are relayed: the protocol between the browser
// and the relay, of the pair of candidates that is in use.
const relayedBy = `
	const all = [];
	for (const peer of e2e.peers) {
		if (peer.connectionState !== "connected") continue;
		const stats = await peer.getStats();
		for (const s of stats.values()) {
			if (s.type !== "transport" || !s.selectedCandidatePairId) continue;
			const local = stats.get(stats.get(s.selectedCandidatePairId).localCandidateId);
			all.push(local.candidateType + " " + local.relayProtocol);
		}
	}
	return all.join(", ");`

// bareSDK opens an empty page of the server and puts the SDK into it.
func (p *tab) bareSDK(url string) {
	p.t.Helper()
	p.run(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true})
		return err
	}))
	p.navigate(url + "/healthz")
	p.do(`const script = document.createElement("script");
		script.src = "/ZegoExpressWebRTC.js";
		const loaded = new Promise((done, fail) => Object.assign(script, { onload: done, onerror: () => fail(new Error("not loaded")) }));
		const remote = document.createElement("div");
		remote.id = "remote";
		Object.assign(remote.style, { width: "320px", height: "240px" });
		document.body.append(script, remote);
		await loaded;
		globalThis.zg = e2e.record(new ZegoExpressEngine(1, ""))`)
}

// TestRelayedCall: two browsers that reach each other only through the server, and then
// that by fewer and fewer ways: the call goes by the relay, and nothing was set up for it.
func TestRelayedCall(t *testing.T) {
	t.Parallel()
	h := newHosts(t)
	h.serve("--open", "--addr", hubAddr+":8443", "--tls-self-signed", "--turn-addr", hubAddr+":3478", "--turn-tls-addr", hubAddr+":5349")
	a, b := h.page("anna"), h.page("bert")
	for _, p := range []*tab{a, b} {
		p.bareSDK("https://" + hubAddr + ":8443")
		p.login("room")
	}
	a.do(`globalThis.local = await zg.createStream()`)
	for _, c := range []struct{ name, drop, want string }{
		{"by-udp", "", "relay udp"},
		{"by-tcp", "meta l4proto udp", "relay tcp"},
		{"by-tls", "tcp dport 3478", "relay tls"},
	} {
		if c.drop != "" {
			h.drop(c.drop)
		}
		a.do(`if (!zg.startPublishingStream(%s, local)) throw new Error("not published")`, c.name)
		a.await("publisherStateUpdate", map[string]any{"state": "PUBLISHING"})
		b.play(c.name)
		b.sees("#remote video")
		for _, p := range []*tab{a, b} {
			if got := eval[string](p, relayedBy); got != c.want {
				t.Errorf("%s: %s's connection goes by %q, want %q", c.name, p.name, got, c.want)
			}
		}
		b.do(`zg.stopPlayingStream(%s); document.getElementById("remote").replaceChildren()`, c.name)
		a.do(`zg.stopPublishingStream(%s)`, c.name)
		a.await("publisherStateUpdate", map[string]any{"state": "NO_PUBLISH"})
	}
}
