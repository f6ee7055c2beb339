package rtc

import (
	"context"
	"time"

	"expressrtc/wasm/jsx"
	"expressrtc/wasm/media"

	"github.com/hack-pad/safejs"
)

// watchNetwork takes the browser's word that the network is another.
func (p *Peer) watchNetwork() {
	post := func(safejs.Value) { p.post(p.onNetwork) }
	p.listen(jsx.Global(), "online", post)
	if network := jsx.Global("navigator", "connection"); !network.IsUndefined() { // Chromium's
		p.listen(network, "change", post)
	}
}

// watchWay makes a sender hear when a restart has found another way.
func (p *Peer) watchWay() {
	if p.hooks.way {
		return
	}
	for _, sender := range items(jsx.Call(p.value(), "getSenders")) {
		// All senders share one: the connection is bundled.
		if transport := jsx.Get(sender, "transport", "iceTransport"); transport.Type() == safejs.TypeObject {
			p.hooks.way = true
			p.listen(transport, "selectedcandidatepairchange", func(safejs.Value) { p.post(p.onWay) })
			if p.hooks.blinks = jsx.Get(transport, "onselectedcandidatepairchange").IsUndefined(); p.hooks.blinks {
				p.watchState(transport)
			}
			return
		}
	}
}

// watchState is for Firefox, which tells of the way no more than that it stands again.
func (p *Peer) watchState(transport safejs.Value) {
	p.listen(transport, "statechange", func(safejs.Value) {
		if state := jsx.String(transport, "state"); state == "connected" || state == "completed" {
			p.post(p.onWay)
		}
	})
}

// onWay sends a whole picture over the way that was found. Of the packets that the old
// one lost, the browser still sends some again, and when that does not make a picture
// the receiver's browser takes seconds to ask for one.
func (p *Peer) onWay() {
	if time.Since(p.path.tried) > again {
		return // a change without a break
	}
	for _, sender := range items(jsx.Call(p.value(), "getSenders")) {
		switch {
		case jsx.String(sender, "track", "kind") != string(media.Video):
		case p.hooks.blinks:
			blink(sender)
		default:
			sendKeyFrame(sender)
		}
	}
}

// sendKeyFrame is of https://w3c.github.io/webrtc-extensions/#rtcencodingoptions;
// browsers without it set the parameters to what they are.
func sendKeyFrame(sender safejs.Value) {
	parameters, err := jsx.Call(sender, "getParameters")
	if err != nil {
		return
	}
	options := map[string]any{"encodingOptions": []any{map[string]any{"keyFrame": true}}}
	done, err := jsx.Call(sender, "setParameters", parameters, options)
	if err != nil {
		return
	}
	_, _ = jsx.Await(context.Background(), done) // refused, the picture comes later
}

// blink stops sending and begins again, with a whole picture: Firefox has no other way.
func blink(sender safejs.Value) {
	for _, active := range []bool{false, true} {
		parameters, err := jsx.Call(sender, "getParameters")
		for _, layer := range items(jsx.Get(parameters, "encodings"), err) {
			_ = layer.Set("active", active) // a plain object takes it
		}
		if done, err := jsx.Call(sender, "setParameters", parameters); err == nil {
			_, _ = jsx.Await(context.Background(), done)
		}
	}
}

// mediaMark is when a packet came last, in the page's time; 0 where the browser does not
// tell it. It is far cheaper than statistics.
func (p *Peer) mediaMark() float64 {
	last := 0.0
	for _, receiver := range items(jsx.Call(p.value(), "getReceivers")) {
		for _, source := range items(jsx.Call(receiver, "getSynchronizationSources")) {
			last = max(last, jsx.Float(source, "timestamp"))
		}
	}
	return last
}
