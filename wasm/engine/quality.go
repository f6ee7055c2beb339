package engine

import (
	"math"
	"strings"
	"time"

	"expressrtc/wasm/rtc"
)

// PublishQuality is the contract's ZegoPublishStats.
type PublishQuality struct {
	Video PublishVideo `json:"video"`
	Audio PublishAudio `json:"audio"`

	NackCount        uint64  `json:"nackCount"`
	PLICount         uint64  `json:"pliCount"`
	TotalRTT         float64 `json:"totalRoundTripTime"`   // s
	CurrentRTT       float64 `json:"currentRoundTripTime"` // s
	LimitationReason string  `json:"qualityLimitationReason"`
	Codec            string  `json:"codecImplementationName"`

	// What exceptionUpdate judges beside: that somebody watches, and how it is captured.
	hasVideo, hasAudio         bool
	captureRate, captureVolume float64
}

// PublishVideo is the video half of ZegoPublishStats. Bitrates in kbit/s, rates 0 to 1.
type PublishVideo struct {
	FrameWidth   int     `json:"frameWidth"`
	FrameHeight  int     `json:"frameHeight"`
	Bitrate      float64 `json:"videoBitrate"`
	FPS          float64 `json:"videoFPS"`
	TransferFPS  float64 `json:"videoTransferFPS"`
	Lost         int64   `json:"videoPacketsLost"`
	LostRate     float64 `json:"videoPacketsLostRate"`
	Quality      int     `json:"videoQuality"`
	MuteState    string  `json:"muteState"`
	CodecName    string  `json:"googCodecName"`
	HardwareCode *bool   `json:"isHardwareEncode,omitempty"`
}

// PublishAudio is the audio half of ZegoPublishStats.
type PublishAudio struct {
	Bitrate   float64 `json:"audioBitrate"`
	Codec     string  `json:"audioCodec"`
	CodecName string  `json:"googCodecName"`
	Lost      int64   `json:"audioPacketsLost"`
	LostRate  float64 `json:"audioPacketsLostRate"`
	FPS       float64 `json:"audioFPS"`
	Quality   int     `json:"audioQuality"`
	MuteState string  `json:"muteState"`
}

// PlayQuality is the contract's ZegoPlayStats.
type PlayQuality struct {
	Video PlayVideo `json:"video"`
	Audio PlayAudio `json:"audio"`

	Delay      *float64 `json:"peerToPeerDelay,omitempty"` // ms
	LostRate   *float64 `json:"peerToPeerPacketLostRate,omitempty"`
	NackCount  uint64   `json:"nackCount"`
	PLICount   uint64   `json:"pliCount"`
	TotalRTT   float64  `json:"totalRoundTripTime"`   // s
	CurrentRTT float64  `json:"currentRoundTripTime"` // s
	Window     float64  `json:"sampleTimeWindow"`     // ms

	// What is judged beside: nothing came in the interval, where something had before.
	stalled            bool
	hasVideo, hasAudio bool
	volume             float64
}

// PlayVideo is the video half of ZegoPlayStats.
type PlayVideo struct {
	FrameWidth    int     `json:"frameWidth"`
	FrameHeight   int     `json:"frameHeight"`
	Bitrate       float64 `json:"videoBitrate"`
	FPS           float64 `json:"videoFPS"`
	TransferFPS   float64 `json:"videoTransferFPS"`
	RenderFPS     float64 `json:"videoRenderFPS"`
	Lost          int64   `json:"videoPacketsLost"`
	LostRate      float64 `json:"videoPacketsLostRate"`
	Quality       int     `json:"videoQuality"`
	FramesDecoded uint64  `json:"videoFramesDecoded"`
	FramesDropped uint64  `json:"videoFramesDropped"`
	DecodeTime    float64 `json:"videoCumulativeDecodeTime"` // ms
	BreakTime     float64 `json:"videoCumulativeBreakTime"`  // ms
	BreakRate     float64 `json:"videoCumulativeBreakRate"`
	MuteState     string  `json:"muteState"`
	CodecName     string  `json:"googCodecName"`
}

// PlayAudio is the audio half of ZegoPlayStats.
type PlayAudio struct {
	Bitrate      float64 `json:"audioBitrate"`
	Codec        string  `json:"audioCodec"`
	CodecName    string  `json:"googCodecName"`
	Jitter       float64 `json:"audioJitter"`
	Level        float64 `json:"audioLevel"`
	Lost         int64   `json:"audioPacketsLost"`
	LostRate     float64 `json:"audioPacketsLostRate"`
	Quality      int     `json:"audioQuality"`
	SamplingRate float64 `json:"audioSamplingRate"` // really totalSamplesDuration: pages know it so
	SendLevel    float64 `json:"audioSendLevel"`    // really totalAudioEnergy: the same
	FPS          float64 `json:"audioFPS"`
	MuteState    string  `json:"muteState"`
	DecodeTime   float64 `json:"audioCumulativeDecodeTime"` // ms
	BreakTime    float64 `json:"audioCumulativeBreakTime"`  // ms
	BreakRate    float64 `json:"audioCumulativeBreakRate"`
}

// grade is the contract's scale, 0 excellent to 4 dead, from the delay in seconds, the
// loss from 0 to 1 and the jitter in seconds.
func grade(rtt, loss, jitter float64) int {
	ms, jms := rtt*1000, jitter*1000
	r := 18 * math.Exp(0.002*(600-ms))
	if ms < 600 {
		r = 97 - math.Pow(0.09*ms, 1.1)
	}
	p, j := 1.0, 1.0
	if 100*loss <= 40 {
		p = 96 - math.Pow(100*loss, 1.22)
	}
	if jms <= 50 {
		j = 98 - math.Pow(jms, 1.15)
	}
	score := 0.15*j + 0.85*min(r, p)
	for g, floor := range []float64{85, 60, 30, 1} {
		if score >= floor {
			return g
		}
	}
	return 4
}

// span compares an entry with the same one of the reading before. An entry that is new
// has counted from nothing since the session was opened.
type span struct {
	now, before rtc.Stat
	seconds     float64
}

func (s *session) since(now *rtc.Stat, last rtc.Report) span {
	began := float64(s.opened.UnixMilli())
	compared := span{now: *now}
	for i := range last {
		if last[i].ID == now.ID {
			compared.before, began = last[i], last[i].Timestamp
		}
	}
	compared.seconds = max(0, now.Timestamp-began) / 1000
	return compared
}

// rate is the growth a second of a counter.
func (s span) rate(counter func(*rtc.Stat) uint64) float64 {
	grown := counter(&s.now) - counter(&s.before)
	if s.seconds <= 0 || counter(&s.now) < counter(&s.before) {
		return 0
	}
	return float64(grown) / s.seconds
}

// kbps is the bitrate of a counter of bytes.
func (s span) kbps(counter func(*rtc.Stat) uint64) float64 { return s.rate(counter) * 8 / 1000 }

// unmeasured is a rate or a volume that the browser does not tell, or not yet.
const unmeasured = -1.0

// volume is the mean of what was heard, 0 to 1: unmeasured where nobody listens, and in
// Firefox of what it captures.
func (s span) volume() float64 {
	seconds := s.now.SamplesDuration - s.before.SamplesDuration
	if seconds <= 0 {
		return unmeasured
	}
	return math.Sqrt(max(0, s.now.AudioEnergy-s.before.AudioEnergy) / seconds)
}

// share is lost in proportion to all there were.
func share(lost int64, arrived uint64) float64 {
	if lost <= 0 {
		return 0
	}
	return float64(lost) / (float64(lost) + float64(arrived))
}

func muteState(muted bool) string {
	if muted {
		return "1"
	}
	return "0"
}

// every calls f in an interval until stop is closed or f returns false.
func every(interval time.Duration, stop <-chan struct{}, f func() bool) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if !f() {
				return
			}
		case <-stop:
			return
		}
	}
}

// hardware reports whether an encoder is one of the machine's; nil when unknown.
func hardware(encoder string) *bool {
	if encoder == "" || encoder == "unknown" {
		return nil
	}
	is := !strings.Contains(encoder, "OpenH264") && !strings.Contains(encoder, "libvpx") && !strings.Contains(encoder, "libaom")
	return &is
}
