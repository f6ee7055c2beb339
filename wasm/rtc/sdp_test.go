package rtc

import (
	"strings"
	"testing"

	"expressrtc/wasm/media"
)

var answerLines = []string{
	"v=0",
	"m=audio 9 UDP/TLS/RTP/SAVPF 111 0",
	"a=rtpmap:111 opus/48000/2",
	"a=fmtp:111 minptime=10;useinbandfec=1",
	"a=rtpmap:0 PCMU/8000",
	"a=fmtp:0 x=1",
	"m=video 9 UDP/TLS/RTP/SAVPF 102 103",
	"a=rtpmap:102 H264/90000",
	"a=fmtp:102 profile-level-id=42e01f",
	"a=rtpmap:103 rtx/90000",
	"a=fmtp:103 apt=102",
	"",
}

func TestBitratesGoToTheCodecsInUse(t *testing.T) {
	sdp := strings.Join(answerLines, "\r\n")
	got := strings.Split(withBitrates(sdp, media.Encoding{StartBitrate: 800, MinBitrate: 480, AudioBitrate: 48, Channels: 2}), "\r\n")
	want := append([]string(nil), answerLines...)
	want[3] += ";maxaveragebitrate=48000;stereo=1"
	want[8] += ";x-google-start-bitrate=800;x-google-min-bitrate=480"
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("line %d is %q, want %q", i, got[i], want[i])
		}
	}
	if plain := withBitrates(sdp, media.Encoding{}); plain != sdp {
		t.Errorf("without bitrates the description changed:\n%s", plain)
	}
}

// TestStereo: a stream of two channels is decoded as such, and one of one is left alone.
func TestStereo(t *testing.T) {
	sdp := strings.Join(answerLines, "\r\n")
	two := media.Encoding{Channels: 2}
	offer := offeringStereo(sdp, two)
	if strings.Count(offer, ";sprop-stereo=1") != 1 || offeringStereo(sdp, media.Encoding{Channels: 1}) != sdp {
		t.Errorf("the offer is %s", offer)
	}
	answer := takingStereo(sdp, offer)
	if strings.Count(answer, ";stereo=1") != 1 || takingStereo(sdp, sdp) != sdp || takingStereo(answer, offer) != answer {
		t.Errorf("the answer is %s", answer)
	}
	if got := withBitrates(answer, two); got != answer {
		t.Errorf("the answer becomes %s", got)
	}
}
