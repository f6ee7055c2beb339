package rtc

import (
	"fmt"

	"expressrtc/server/protocol"
)

// A sender may open one channel for data beside its media; what it sends comes in order.

// dataLabel names that channel.
const dataLabel = "data"

// maxData bounds, in bytes, what waits for one receiver: who cannot keep up misses the
// messages that come then, and nobody else does.
const maxData = 4 << 20

// channel is a sender's.
type channel struct {
	wanted  bool
	waiting [][]byte // until it is open
	size    int      // of waiting
}

// OpenChannel makes a sender send data, too. It does not block.
func (p *Peer) OpenChannel() {
	p.post(func() {
		if p.channel.wanted || p.cfg.Open.Role != protocol.Send {
			return
		}
		p.channel.wanted = true
		if p.pc != nil {
			p.try(p.newChannel())
			p.negotiate()
		}
	})
}

// SendData sends messages over the channel, or keeps them until it is open. It does not
// block.
func (p *Peer) SendData(messages [][]byte) {
	p.post(func() {
		for _, m := range messages {
			// It may be open and those that wait not sent yet: nobody overtakes them.
			if first := p.channel.size == 0; !p.channel.wanted || first && p.write(m) || p.channel.size+len(m) > maxData {
				continue
			}
			p.channel.waiting = append(p.channel.waiting, m)
			p.channel.size += len(m)
		}
	})
}

// onChannelOpen sends what waited.
func (p *Peer) onChannelOpen() {
	for _, m := range p.channel.waiting {
		p.write(m)
	}
	p.channel.waiting, p.channel.size = nil, 0
}

// CloseChannel ends sending data. It does not block.
func (p *Peer) CloseChannel() {
	p.post(func() {
		p.channel = channel{}
		p.dropChannel()
	})
}

// negotiate offers what has changed, as soon as no other offer waits for its answer.
func (p *Peer) negotiate() {
	if p.offered.Load() {
		p.again = true
		return
	}
	p.again = false
	if err := p.offer(nil); err != nil {
		p.try(fmt.Errorf("offering anew: %w", err))
	}
}
