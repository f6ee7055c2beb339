package engine

import (
	"expressrtc/server/protocol"
	"expressrtc/wasm/media"
)

// ExceptionData is what exceptionUpdate tells of a stream.
type ExceptionData struct {
	Code    Code   `json:"code"`
	Message string `json:"message"`
}

// subject is what is watched of a stream. 1000 and its number is the code for bad, 2000
// and its number for good again.
type subject int

const (
	captureRate subject = 1 + iota
	captureVolume
	sentVideoBitrate
	sentRate
	sentAudioBitrate
	receivedVolume
	audioDecoding
	videoDecoding
	decodedRate
	renderedRate
)

var subjects = [...]string{
	captureRate:      "The video capture frame rate",
	captureVolume:    "The captured volume",
	sentVideoBitrate: "The bitrate of the video sent",
	sentRate:         "The frame rate of the video sent",
	sentAudioBitrate: "The bitrate of the audio sent",
	receivedVolume:   "The received volume",
	audioDecoding:    "The amount of decoded audio",
	videoDecoding:    "The amount of decoded video",
	decodedRate:      "The decoded frame rate",
	renderedRate:     "The rendered frame rate",
}

// groupSize is how many samples are judged together: all of them bad is an exception, a
// later one that is good ends it.
const groupSize = 5

// verdicts are the samples of one stream.
type verdicts [renderedRate + 1]struct {
	taken, bad int
	raised     bool
}

// judge takes a sample. told is false unless it completes a group that changes things.
func (v *verdicts) judge(of subject, bad bool) (data ExceptionData, told bool) {
	one := &v[of]
	one.taken++
	if bad {
		one.bad++
	}
	if one.taken < groupSize {
		return data, false
	}
	raise := one.bad == groupSize
	told = raise != one.raised
	one.taken, one.bad, one.raised = 0, 0, raise
	if raise {
		return ExceptionData{1000 + Code(of), subjects[of] + " is too low."}, told
	}
	return ExceptionData{2000 + Code(of), subjects[of] + " is normal."}, told
}

// low is the contract's rule for frame rates; unless much is aimed at, little is enough.
func low(aim, rate float64) bool {
	return rate >= 0 && (aim >= 10 && rate < 5 || aim >= 5 && aim < 10 && rate <= 1)
}

// tooQuiet is the contract's rule for volumes, 0 to 1; of one that is not known nothing
// can be said.
func tooQuiet(volume float64) bool { return volume >= 0 && volume < 0.01 }

// judging hands samples of a stream to its verdicts, and what comes of it to the page.
type judging struct {
	e      *Engine
	stream string
	*verdicts
}

func (j judging) take(of subject, bad bool) {
	if data, told := j.judge(of, bad); told {
		j.e.emitLocked(exceptionUpdate(j.stream, data))
	}
}

// judgePublisherLocked judges a reading of what is sent. What is muted, and what nobody
// watches, is no sample.
func (e *Engine) judgePublisherLocked(p *publisher, q *PublishQuality) {
	j := judging{e, string(p.id), &p.verdicts}
	sending := p.local.sending()
	if q.hasVideo && sending.Video != nil && !p.local.videoMuted && p.watched(func(m protocol.SessionPause) bool { return m.Video }) {
		// A screen on which nothing moves has no frames, and nothing is wrong with it.
		if p.local.From(media.Video) != media.FromScreen {
			j.take(captureRate, low(p.local.FrameRate, q.captureRate))
			j.take(sentRate, low(p.local.FrameRate, q.Video.TransferFPS))
		}
		j.take(sentVideoBitrate, q.Video.Bitrate == 0)
	}
	if q.hasAudio && sending.Audio != nil && !p.local.off(media.Audio) && !sending.Audio.Same(p.local.Filler) &&
		p.watched(func(m protocol.SessionPause) bool { return m.Audio }) {
		j.take(captureVolume, tooQuiet(q.captureVolume))
		j.take(sentAudioBitrate, q.Audio.Bitrate == 0)
	}
}

// watched reports whether somebody receives a kind, and has not paused it.
func (p *publisher) watched(paused func(protocol.SessionPause) bool) bool {
	for _, s := range p.sessions {
		if s.connected && !paused(s.pause) {
			return true
		}
	}
	return false
}

// judgePlayerLocked judges a reading of what is received. What is muted is no sample.
func (e *Engine) judgePlayerLocked(p *player, q *PlayQuality) {
	j := judging{e, string(p.id), &p.verdicts}
	if q.hasVideo && e.dueLocked(p, media.Video) {
		j.take(videoDecoding, q.Video.TransferFPS == 0)
		j.take(decodedRate, low(q.Video.FPS, q.Video.TransferFPS))
		if q.Video.RenderFPS >= 0 && !media.Hidden() { // browsers draw nothing that nobody sees
			j.take(renderedRate, low(q.Video.TransferFPS, q.Video.RenderFPS))
		}
	}
	if q.hasAudio && p.mic != "MUTE" && e.dueLocked(p, media.Audio) {
		j.take(audioDecoding, q.Audio.FPS == 0)
		j.take(receivedVolume, tooQuiet(q.volume))
	}
}
