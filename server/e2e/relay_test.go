package e2e

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// relayedJS makes relayed(protocol), which waits until the page's connection goes by a
// relay, and the browser reaches that by the protocol.
const relayedJS = `
	const relayedBy = async () => {
		const all = [];
		for (const peer of e2e.peers) {
			if (peer.connectionState !== "connected") continue;
			const stats = await peer.getStats();
			for (const s of stats.values()) {
				if (s.type !== "transport" || !s.selectedCandidatePairId) continue;
				const local = stats.get(stats.get(s.selectedCandidatePairId).localCandidateId);
				all.push(local.candidateType + " by " + local.relayProtocol);
			}
		}
		return all.join(", ");
	};
	globalThis.relayed = async (protocol) => {
		while (await relayedBy() !== "relay by " + protocol) await new Promise((resolve) => setTimeout(resolve, 100));
	};`

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
// that by fewer and fewer ways. The call goes by the relay, goes on by another way to it,
// and nothing was set up for that.
func TestRelayedCall(t *testing.T) {
	t.Parallel()
	h := newHosts(t)
	h.serve("--open", "--addr", hubAddr+":8443", "--tls-self-signed", "--turn-addr", hubAddr+":3478", "--turn-tls-addr", hubAddr+":5349")
	a, b := h.page("anna"), h.page("bert")
	for _, p := range []*tab{a, b} {
		p.bareSDK("https://" + hubAddr + ":8443")
		p.do(relayedJS)
		p.login("room")
	}
	relayed := func(protocol string) {
		for _, p := range []*tab{a, b} {
			p.do(`await relayed(%s)`, protocol)
		}
		b.sees("#remote video")
	}
	a.do(`globalThis.local = await zg.createStream(); zg.startPublishingStream("cam", local)`)
	a.await("publisherStateUpdate", map[string]any{"state": "PUBLISHING"})
	b.play("cam")
	relayed("udp")
	h.drop("meta l4proto udp")
	relayed("tcp")
	h.drop("tcp dport 3478")
	relayed("tls")

	a.do(`zg.startPublishingStream("another", local); zg.stopPublishingStream("cam")`)
	b.do(`zg.stopPlayingStream("cam"); document.getElementById("remote").replaceChildren()`)
	b.play("another")
	relayed("tls")
}
