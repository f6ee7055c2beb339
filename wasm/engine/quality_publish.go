package engine

import (
	"time"

	"expressrtc/server/protocol"
	"expressrtc/wasm/media"
	"expressrtc/wasm/rtc"
)

// measurePublisher tells the quality in the interval until the publisher ends.
func (e *Engine) measurePublisher(p *publisher, interval time.Duration) {
	every(interval, p.stop, func() bool {
		e.mu.Lock()
		sessions := make([]*session, 0, len(p.sessions))
		for _, s := range p.sessions {
			sessions = append(sessions, s)
		}
		e.mu.Unlock()
		q := &PublishQuality{captureRate: unmeasured, captureVolume: unmeasured}
		for _, s := range sessions {
			q.add(s)
		}
		e.tellPublishQuality(p, q)
		return true
	})
}

func (e *Engine) tellPublishQuality(p *publisher, q *PublishQuality) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.publishers[p.id] != p || p.state.State != publishing {
		return
	}
	q.Video.MuteState = muteState(p.local.hidden())
	q.Audio.MuteState = muteState(p.local.audioMuted)
	if !q.hasVideo {
		q.addCapture(p.local)
	}
	p.quality = q
	e.emitLocked(publishQualityUpdate(string(p.id), q))
	e.judgePublisherLocked(p, q)
}

// addCapture tells what is captured while nobody watches, and so nothing is encoded.
func (q *PublishQuality) addCapture(l *local) {
	if t := l.outgoing(media.Video); t != nil && !l.videoMuted {
		settings := t.Settings()
		q.Video.FrameWidth, q.Video.FrameHeight, q.Video.FPS = settings.Width, settings.Height, settings.FrameRate
	}
}

// GetPublishingStreamQuality is the last publishQualityUpdate of a stream, named by its id
// or by the local stream that it is made of; nil before the first.
func (e *Engine) GetPublishingStreamQuality(id, localID string) *PublishQuality {
	e.mu.Lock()
	defer e.mu.Unlock()
	if p := e.publishers[protocol.StreamID(id)]; p != nil {
		return p.quality
	}
	for _, p := range e.publishers {
		if localID != "" && p.local == e.locals[localID] && p.quality != nil {
			return p.quality
		}
	}
	return nil
}

// add joins one session to the picture: bitrates add up, as they load the uplink;
// of everything else the worst stands, but for sizes and rates, where the best does.
func (q *PublishQuality) add(s *session) {
	r := s.peer.Stats()
	last := s.last
	s.last = r
	if pair := r.Pair(); pair != nil {
		s.relayed.Store(r.Relayed())
		q.TotalRTT = max(q.TotalRTT, pair.TotalRTT)
		q.CurrentRTT = max(q.CurrentRTT, pair.CurrentRTT)
	}
	if out := r.Find("outbound-rtp", "video"); out != nil {
		q.addVideo(r, s.since(out, last), r.Find("remote-inbound-rtp", "video"))
		if source := r.Find("media-source", "video"); source != nil && source.Frames > 0 {
			q.captureRate = s.since(source, last).rate(func(x *rtc.Stat) uint64 { return x.Frames })
		}
	}
	if out := r.Find("outbound-rtp", "audio"); out != nil {
		q.addAudio(r, s.since(out, last), r.Find("remote-inbound-rtp", "audio"))
		if source := r.Find("media-source", "audio"); source != nil {
			q.captureVolume = s.since(source, last).volume()
		}
	}
}

func (q *PublishQuality) addVideo(r rtc.Report, s span, remote *rtc.Stat) {
	v := &q.Video
	q.hasVideo = true
	v.FrameWidth, v.FrameHeight = max(v.FrameWidth, s.now.FrameWidth), max(v.FrameHeight, s.now.FrameHeight)
	v.Bitrate += s.kbps(func(x *rtc.Stat) uint64 { return x.BytesSent })
	v.FPS = max(v.FPS, s.rate(func(x *rtc.Stat) uint64 { return x.FramesEncoded }))
	v.TransferFPS = max(v.TransferFPS, s.rate(func(x *rtc.Stat) uint64 { return x.FramesSent }))
	v.CodecName = r.Codec(&s.now)
	v.HardwareCode = hardware(s.now.Encoder)
	q.Codec = s.now.Encoder
	q.LimitationReason = s.now.LimitationReason
	q.NackCount += s.now.NackCount
	q.PLICount += s.now.PLICount
	if remote != nil {
		rate := share(remote.PacketsLost, s.now.PacketsSent)
		v.Lost += max(remote.PacketsLost, 0)
		v.LostRate = max(v.LostRate, rate)
		v.Quality = max(v.Quality, gradeSent(s, remote, q.CurrentRTT, rate))
	}
}

func (q *PublishQuality) addAudio(r rtc.Report, s span, remote *rtc.Stat) {
	a := &q.Audio
	q.hasAudio = true
	a.Bitrate += s.kbps(func(x *rtc.Stat) uint64 { return x.BytesSent })
	a.FPS = max(a.FPS, s.rate(func(x *rtc.Stat) uint64 { return x.PacketsSent }))
	a.CodecName = r.Codec(&s.now)
	a.Codec = a.CodecName
	if remote != nil {
		rate := share(remote.PacketsLost, s.now.PacketsSent)
		a.Lost += max(remote.PacketsLost, 0)
		a.LostRate = max(a.LostRate, rate)
		a.Quality = max(a.Quality, gradeSent(s, remote, q.CurrentRTT, rate))
	}
}

// reportsWithin is how old, in ms, a receiver's last report may be: they come each second,
// or each five where there is only sound.
const reportsWithin = 11_000

// gradeSent grades by what the receiver reports. It is dead if that has ended, unless
// nothing is sent that could be reported.
func gradeSent(s span, remote *rtc.Stat, rtt, loss float64) int {
	if s.now.PacketsSent > s.before.PacketsSent && s.now.Timestamp-remote.Timestamp > reportsWithin {
		return gradeDead
	}
	return grade(rtt, loss, remote.Jitter)
}
