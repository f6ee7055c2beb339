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
	const ways = async (of) => {
		const all = [];
		for (const peer of e2e.peers) {
			if (peer.connectionState !== "connected") continue;
			const stats = await peer.getStats();
			all.push(...of(stats, [...stats.values()]));
		}
		return all.join(", ");
	};
	const name = (candidate) => candidate ? candidate.candidateType + " by " + (candidate.relayProtocol || candidate.protocol) : "nothing";
	const selected = (stats, all) => all.filter((s) => s.type === "transport" && s.selectedCandidatePairId)
		.map((s) => name(stats.get(stats.get(s.selectedCandidatePairId).localCandidateId)));
	const pairs = (stats, all) => all.filter((s) => s.type === "candidate-pair")
		.map((s) => name(stats.get(s.localCandidateId)) + " to " + name(stats.get(s.remoteCandidateId)) + ": " + s.state + (s.nominated ? ", nominated" : ""));
	globalThis.relayed = async (protocol) => {
		const late = performance.now() + 50000;
		while (await ways(selected) !== "relay by " + protocol) {
			if (performance.now() > late) throw new Error("goes by " + await ways(selected) + ", not " + protocol + "; pairs: " + await ways(pairs));
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
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

// TestRelayedCall: two browsers that reach each other only through the server, and that by
// one way after another. The call goes by the relay, goes on by another way to it, and
// nothing was set up for that. (With all ways open, Chromium keeps the one that answers first.)
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
	h.lose("tcp dport { 3478, 5349 }")
	a.do(`globalThis.local = await zg.createStream(); zg.startPublishingStream("cam", local)`)
	a.await("publisherStateUpdate", map[string]any{"state": "PUBLISHING"})
	b.play("cam")
	relayed("udp")
	h.lose("meta l4proto udp")
	relayed("tcp")
	h.lose("meta l4proto udp", "tcp dport 3478")
	relayed("tls")

	a.do(`zg.startPublishingStream("another", local); zg.stopPublishingStream("cam")`)
	b.do(`zg.stopPlayingStream("cam"); document.getElementById("remote").replaceChildren()`)
	b.play("another")
	relayed("tls")
}
