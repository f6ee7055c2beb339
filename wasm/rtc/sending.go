package rtc

import (
	"fmt"

	"expressrtc/server/protocol"
	"expressrtc/wasm/media"
)

// kinds are both, in the order in which they are offered.
var kinds = []media.Kind{media.Audio, media.Video}

// Sending is what a sender sends. A kind may be nil and get a track later: both are
// offered from the beginning, so that a change needs no negotiation.
type Sending struct {
	// Stream is the one that the tracks belong to; nil where there is no browser.
	Stream       *media.Stream
	Audio, Video *media.Track
	Encoding     media.Encoding
}

func (s Sending) track(kind media.Kind) *media.Track {
	if kind == media.Video {
		return s.Video
	}
	return s.Audio
}

// bitrate is the target of a kind in kbit/s, 0 for the browser's own choice.
func (s Sending) bitrate(kind media.Kind) int {
	if kind == media.Video {
		return s.Encoding.VideoBitrate
	}
	return s.Encoding.AudioBitrate
}

// Update changes what a sender sends. It does not block.
func (p *Peer) Update(s Sending) {
	p.post(func() {
		p.sending = s
		p.resend()
	})
}

// Pause is the receiver's wish to be sent nothing of a kind for now. It does not block.
func (p *Peer) Pause(audio, video bool) {
	p.post(func() {
		p.paused = map[media.Kind]bool{media.Audio: audio, media.Video: video}
		p.resend()
	})
}

// due is the track to be sent of a kind now, or nil.
func (p *Peer) due(kind media.Kind) *media.Track {
	if p.paused[kind] || !p.wants(kind) {
		return nil
	}
	return p.sending.track(kind)
}

// resend brings the connection up to what is due.
func (p *Peer) resend() {
	if p.pc == nil || p.cfg.Open.Role != protocol.Send {
		return
	}
	for _, kind := range kinds {
		if !p.wants(kind) {
			continue
		}
		if t := p.due(kind); !t.Same(p.sent[kind]) {
			if err := p.replace(kind, t); err != nil {
				p.try(fmt.Errorf("sending another %s track: %w", kind, err))
				return
			}
			p.sent[kind] = t
		}
		if kbps := p.sending.bitrate(kind); kbps != p.limits[kind] {
			p.limits[kind] = kbps
			p.limit(kind, kbps)
		}
	}
}

// silent reports whether nothing is sent at all.
func (p *Peer) silent() bool { return p.due(media.Audio) == nil && p.due(media.Video) == nil }
