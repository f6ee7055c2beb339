package engine

import (
	"time"

	"expressrtc/server/protocol"
	"expressrtc/wasm/media"
	"expressrtc/wasm/rtc"
)

// decoded adds up for how long a player has had picture and sound, in ms.
type decoded struct{ video, audio float64 }

// measurePlayer tells the quality in the interval until the player ends.
func (e *Engine) measurePlayer(p *player, interval time.Duration) {
	var total decoded
	every(interval, p.stop, func() bool {
		e.mu.Lock()
		s := p.session
		e.mu.Unlock()
		q := &PlayQuality{volume: unmeasured}
		if s != nil {
			q.read(s, &total)
		}
		e.tellPlayQuality(p, q)
		return true
	})
}

func (e *Engine) tellPlayQuality(p *player, q *PlayQuality) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.players[p.id] != p || p.state.State != playing {
		return
	}
	q.Video.RenderFPS = p.renderRate(time.Now())
	q.Video.MuteState = muteState(p.camera == "MUTE")
	q.Audio.MuteState = muteState(p.mic == "MUTE")
	if q.stalled && (e.dueLocked(p, media.Audio) || e.dueLocked(p, media.Video)) {
		q.Video.Quality, q.Audio.Quality = gradeDead, gradeDead
	}
	p.quality = q
	e.emitLocked(playQualityUpdate(string(p.id), q))
	e.judgePlayerLocked(p, q)
}

// GetPlayingStreamQuality is the last playQualityUpdate of a stream, nil before the first.
func (e *Engine) GetPlayingStreamQuality(id string) *PlayQuality {
	e.mu.Lock()
	defer e.mu.Unlock()
	if p := e.players[protocol.StreamID(id)]; p != nil {
		return p.quality
	}
	return nil
}

// drawing is how many frames a view had shown at a moment.
type drawing struct {
	frames int
	at     time.Time
}

// renderRate is how many frames a second the stream's view shows; -1 without one, for
// nobody knows what the page's own elements do.
func (p *player) renderRate(now time.Time) float64 {
	before, frames := p.drawn, -1
	if p.view != nil {
		frames = p.view.Drawn()
	}
	p.drawn = drawing{frames, now}
	if frames < 0 || before.at.IsZero() || before.frames < 0 || frames < before.frames {
		return -1
	}
	return float64(frames-before.frames) / now.Sub(before.at).Seconds()
}

func (q *PlayQuality) read(s *session, total *decoded) {
	r := s.peer.Stats()
	last := s.last
	s.last = r
	if pair := r.Pair(); pair != nil {
		q.TotalRTT, q.CurrentRTT = pair.TotalRTT, pair.CurrentRTT
	}
	var lost int64
	var arrived uint64
	if in := r.Find("inbound-rtp", "video"); in != nil {
		q.readVideo(r, s.since(in, last), total)
		lost, arrived = lost+max(in.PacketsLost, 0), arrived+in.PacketsReceived
	}
	if in := r.Find("inbound-rtp", "audio"); in != nil {
		q.readAudio(r, s.since(in, last), total)
		lost, arrived = lost+max(in.PacketsLost, 0), arrived+in.PacketsReceived
	}
	q.stalled = arrived > 0 && arrived == arrivedBefore(last)
	if r != nil {
		rate := share(lost, arrived)
		q.LostRate = &rate
	}
}

// arrivedBefore is how many packets an earlier reading tells of.
func arrivedBefore(r rtc.Report) (packets uint64) {
	for i := range r {
		if r[i].Type == "inbound-rtp" {
			packets += r[i].PacketsReceived
		}
	}
	return packets
}

// dueLocked reports whether the sender has something of a kind to send and we want it: sound
// also while it is muted, for silence is sent.
func (e *Engine) dueLocked(p *player, kind media.Kind) bool {
	info := e.playedLocked(p)
	lacks := info.NoAudio
	if kind == media.Video {
		lacks = info.NoVideo || info.VideoMuted
	}
	return !lacks && !p.muted[kind] && p.option.wants(kind)
}

func (q *PlayQuality) readVideo(r rtc.Report, s span, total *decoded) {
	v, now := &q.Video, &s.now
	q.hasVideo = true
	v.FrameWidth, v.FrameHeight = now.FrameWidth, now.FrameHeight
	v.Bitrate = s.kbps(func(x *rtc.Stat) uint64 { return x.BytesReceived })
	v.FPS = s.rate(func(x *rtc.Stat) uint64 { return x.FramesRecv })
	v.TransferFPS = s.rate(func(x *rtc.Stat) uint64 { return x.FramesDecoded })
	v.Lost = max(now.PacketsLost, 0)
	v.LostRate = share(now.PacketsLost, now.PacketsReceived)
	v.Quality = grade(q.CurrentRTT, v.LostRate, now.Jitter)
	v.FramesDecoded, v.FramesDropped = now.FramesDecoded, now.FramesDropped
	if v.TransferFPS > 0 {
		total.video += s.seconds * 1000
	}
	v.DecodeTime = total.video
	v.BreakTime = now.FreezeTime * 1000
	v.BreakRate = share(int64(v.BreakTime), uint64(total.video))
	v.CodecName = r.Codec(now)
	q.NackCount, q.PLICount = now.NackCount, now.PLICount
	q.Window = s.seconds * 1000
	q.Delay = q.delay(now)
}

func (q *PlayQuality) readAudio(r rtc.Report, s span, total *decoded) {
	a, now := &q.Audio, &s.now
	q.hasAudio, q.volume = true, s.volume()
	a.Bitrate = s.kbps(func(x *rtc.Stat) uint64 { return x.BytesReceived })
	a.CodecName = r.Codec(now)
	a.Codec = a.CodecName
	a.Jitter, a.Level = now.Jitter, now.AudioLevel
	a.Lost = max(now.PacketsLost, 0)
	a.LostRate = share(now.PacketsLost, now.PacketsReceived)
	a.Quality = grade(q.CurrentRTT, a.LostRate, now.Jitter)
	a.SamplingRate, a.SendLevel = now.SamplesDuration, now.AudioEnergy
	a.FPS = s.rate(func(x *rtc.Stat) uint64 { return x.PacketsReceived })
	if a.FPS > 0 {
		total.audio += s.seconds * 1000
	}
	a.DecodeTime = total.audio
	if now.SamplesReceived > 0 {
		a.BreakRate = float64(now.ConcealedSamples) / float64(now.SamplesReceived)
	}
	a.BreakTime = a.BreakRate * now.SamplesDuration * 1000
	if q.Window == 0 {
		q.Window = s.seconds * 1000
	}
	if q.Delay == nil {
		q.Delay = q.delay(now)
	}
}

// delay is half the way there and back, and the time in the buffer, in ms.
func (q *PlayQuality) delay(s *rtc.Stat) *float64 {
	if s.JitterEmitted == 0 {
		return nil
	}
	ms := q.CurrentRTT*500 + s.JitterDelay/float64(s.JitterEmitted)*1000
	return &ms
}
