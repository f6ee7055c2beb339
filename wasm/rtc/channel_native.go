//go:build !js

package rtc

import "github.com/pion/webrtc/v4"

func (p *Peer) newChannel() error {
	made, err := p.pc.CreateDataChannel(dataLabel, nil)
	if err == nil {
		p.hooks.channel = made
		made.OnOpen(func() { p.post(p.onChannelOpen) })
	}
	return err
}

func (p *Peer) dropChannel() {
	if p.hooks.channel != nil {
		_ = p.hooks.channel.Close()
		p.hooks.channel = nil
	}
}

func (p *Peer) write(message []byte) bool {
	c := p.hooks.channel
	if c == nil || c.ReadyState() == webrtc.DataChannelStateConnecting {
		return false
	}
	_ = c.Send(message) // of a closed one, the session's end tells
	return true
}

func (p *Peer) onDataChannel(c *webrtc.DataChannel) {
	if p.cfg.OnData != nil && c.Label() == dataLabel {
		c.OnMessage(func(m webrtc.DataChannelMessage) { p.post(func() { p.cfg.OnData(m.Data) }) })
	}
}
