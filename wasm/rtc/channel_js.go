package rtc

import (
	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

func (p *Peer) newChannel() error {
	option, err := jsx.Parse(string(p.cfg.ChannelOption))
	if err != nil {
		option = safejs.Undefined() // there is none
	}
	made, err := jsx.Call(p.value(), "createDataChannel", dataLabel, option)
	if err == nil {
		p.hooks.channel = made
		p.listenToChannel(made, "open", func(safejs.Value) { p.post(p.onChannelOpen) })
	}
	return err
}

// listenToChannel listens to this channel instead of the one before: the other end may
// open and close as many as it likes.
func (p *Peer) listenToChannel(c safejs.Value, event string, f func(safejs.Value)) {
	p.unwatchChannel()
	p.hooks.stopChannel = jsx.Listen(c, event, f)
}

func (p *Peer) unwatchChannel() {
	if p.hooks.stopChannel != nil {
		p.hooks.stopChannel()
		p.hooks.stopChannel = nil
	}
}

func (p *Peer) dropChannel() {
	p.unwatchChannel()
	if jsx.String(p.hooks.channel, "label") != "" {
		_, _ = jsx.Call(p.hooks.channel, "close")
	}
	p.hooks.channel = safejs.Undefined()
}

// write is false before the channel is open. What the browser refuses, it has closed.
func (p *Peer) write(message []byte) bool {
	c := p.hooks.channel
	switch state := jsx.String(c, "readyState"); {
	case state == "connecting":
		return false
	case state != "open", jsx.Int(c, "bufferedAmount") > maxData:
		return true
	}
	if array, err := jsx.Array(message); err == nil {
		_, _ = jsx.Call(c, "send", array)
	}
	return true
}

// onDataChannel listens to the other end's channel, and ends the one before.
func (p *Peer) onDataChannel(event safejs.Value) {
	c := jsx.Get(event, "channel")
	if p.cfg.OnData == nil || jsx.String(c, "label") != dataLabel {
		return
	}
	if err := c.Set("binaryType", "arraybuffer"); err != nil {
		p.post(func() { p.try(err) })
		return
	}
	p.dropChannel()
	p.hooks.channel = c
	p.listenToChannel(c, "message", func(event safejs.Value) {
		if data, ok := jsx.Bytes(jsx.Get(event, "data")); ok {
			p.post(func() { p.cfg.OnData(data) })
		}
	})
}
