package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// between is a range that a figure must be in.
type between struct{ low, high float64 }

// The ranges are those of a healthy call on one machine, however busy it is.
var (
	fraction = between{0, 1}
	quality  = between{-1, 4}
	rate     = between{1, 60}     // a second
	bitrate  = between{1, 5000}   // kbit/s
	seconds  = between{0, 60}     // also of a round trip
	count    = between{0, 1e6}    // packets, frames
	millis   = between{0, 60_000} // ms
)

// publishStats is every field of publishQualityUpdate: a range, or the very text.
var publishStats = map[string]any{
	"video": map[string]any{
		"frameWidth": between{640, 640}, "frameHeight": between{480, 480},
		"videoBitrate": bitrate, "videoFPS": rate, "videoTransferFPS": rate,
		"videoPacketsLost": count, "videoPacketsLostRate": fraction, "videoQuality": quality,
		"muteState": "0", "googCodecName": "H264", "isHardwareEncode": anything,
	},
	"audio": map[string]any{
		"audioBitrate": bitrate, "audioCodec": "opus", "googCodecName": "opus",
		"audioPacketsLost": count, "audioPacketsLostRate": fraction, "audioFPS": rate,
		"audioQuality": quality, "muteState": "0",
	},
	"nackCount": count, "pliCount": count, "totalRoundTripTime": seconds, "currentRoundTripTime": seconds,
	"qualityLimitationReason": anything, "codecImplementationName": anything,
}

// playStats is the same of playQualityUpdate.
var playStats = map[string]any{
	"video": map[string]any{
		"frameWidth": between{640, 640}, "frameHeight": between{480, 480},
		"videoBitrate": bitrate, "videoFPS": rate, "videoTransferFPS": rate, "videoRenderFPS": between{-1, 60},
		"videoPacketsLost": count, "videoPacketsLostRate": fraction, "videoQuality": quality,
		"videoFramesDecoded": between{1, 1e6}, "videoFramesDropped": count,
		"videoCumulativeDecodeTime": millis, "videoCumulativeBreakTime": millis, "videoCumulativeBreakRate": fraction,
		"muteState": "0", "googCodecName": "H264",
	},
	"audio": map[string]any{
		"audioBitrate": bitrate, "audioCodec": "opus", "googCodecName": "opus",
		"audioJitter": seconds, "audioLevel": fraction, "audioPacketsLost": count, "audioPacketsLostRate": fraction,
		"audioQuality": quality, "audioSamplingRate": seconds, "audioSendLevel": count, "audioFPS": rate,
		"muteState": "0", "audioCumulativeDecodeTime": millis, "audioCumulativeBreakTime": millis,
		"audioCumulativeBreakRate": fraction,
	},
	"peerToPeerDelay": millis, "peerToPeerPacketLostRate": fraction,
	"nackCount": count, "pliCount": count, "totalRoundTripTime": seconds, "currentRoundTripTime": seconds,
	"sampleTimeWindow": between{2000, 6000},
}

func TestQuality(t *testing.T) {
	a, b := inCall(t, usual)
	for _, c := range []struct {
		p     *tab
		event string
		want  map[string]any
	}{{a, "publishQualityUpdate", publishStats}, {b, "playQualityUpdate", playStats}} {
		c.p.await(c.event, "cam")
		last, apart := c.p.await(c.event, "cam"), 0.0
		for end := time.Now().Add(patience); apart < 2000 || apart > 5000; { // a busy machine is late once
			next := c.p.await(c.event, "cam")
			last, apart = next, next.At-last.At
			if time.Now().After(end) {
				t.Fatalf("%s comes after %.0f ms, not 3000", c.event, apart)
			}
		}
		c.p.awaitFigures(c.event, "cam", c.want)
	}
	a.do(`zg.stopPublishingStream("cam")`)
	b.do(`zg.stopPlayingStream("cam")`)
}

// awaitFigures waits for a report of a stream with all figures in their ranges. The first
// measures from nothing, and on a busy machine pictures take their time.
func (p *tab) awaitFigures(event, stream string, want map[string]any) {
	p.t.Helper()
	for end := time.Now().Add(patience); ; {
		wrong := compareFigures(event, p.await(event, stream).Args[1], want)
		if len(wrong) == 0 {
			return
		}
		if time.Now().After(end) {
			p.fatalf("%s", strings.Join(wrong, "\n"))
		}
	}
}

// compareFigures compares statistics with their ranges, both ways: no field may be missing,
// and none may be there that the list does not have.
func compareFigures(where string, got any, want map[string]any) (wrong []string) {
	fields, ok := got.(map[string]any)
	if !ok {
		return []string{fmt.Sprintf("%s is %s, not an object", where, toJSON(got))}
	}
	for name, value := range fields {
		if _, ok := want[name]; !ok {
			wrong = append(wrong, fmt.Sprintf("%s.%s is not of the contract: %s", where, name, toJSON(value)))
		}
	}
	for name, value := range want {
		got, has := fields[name]
		switch value := value.(type) {
		case map[string]any:
			wrong = append(wrong, compareFigures(where+"."+name, got, value)...)
		case between:
			n, ok := got.(float64)
			if !ok || n < value.low || n > value.high {
				wrong = append(wrong, fmt.Sprintf("%s.%s is %s, not between %v and %v", where, name, toJSON(got), value.low, value.high))
			}
		default:
			if !has || !slices.Contains([]any{anything, got}, value) {
				wrong = append(wrong, fmt.Sprintf("%s.%s is %s, not %v", where, name, toJSON(got), value))
			}
		}
	}
	return wrong
}
