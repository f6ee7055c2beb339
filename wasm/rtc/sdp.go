package rtc

import (
	"strconv"
	"strings"

	"expressrtc/wasm/media"
)

// withBitrates writes the bitrates that a sender starts from and keeps to into the
// description it gets: browsers with libwebrtc read them there, others ignore them.
func withBitrates(sdp string, e media.Encoding) string {
	video := ""
	if e.StartBitrate > 0 {
		video += ";x-google-start-bitrate=" + strconv.Itoa(e.StartBitrate)
	}
	if e.MinBitrate > 0 {
		video += ";x-google-min-bitrate=" + strconv.Itoa(e.MinBitrate)
	}
	audio := ""
	if e.AudioBitrate > 0 {
		audio = ";maxaveragebitrate=" + strconv.Itoa(e.AudioBitrate*1000)
	}
	if e.Channels == 2 && !strings.Contains(sdp, ";stereo=1") {
		audio += ";stereo=1"
	}
	return addParameters(sdp, audio, video)
}

// offeringStereo is an offer that says how many channels come, if it is two.
func offeringStereo(sdp string, e media.Encoding) string {
	if e.Channels != 2 {
		return sdp
	}
	return addParameters(sdp, ";sprop-stereo=1", "")
}

// takingStereo is the answer to an offer that takes both channels, if there are two:
// libwebrtc decodes one only unless its own answer says otherwise.
func takingStereo(answer, offer string) string {
	if !strings.Contains(offer, ";sprop-stereo=1") || strings.Contains(answer, ";stereo=1") {
		return answer
	}
	return addParameters(answer, ";stereo=1", "")
}

// addParameters appends to the fmtp lines of the codecs in use: audio to Opus, video to all.
func addParameters(sdp, audio, video string) string {
	lines := strings.Split(sdp, "\r\n")
	section, opus := "", ""
	for i, line := range lines {
		switch {
		case strings.HasPrefix(line, "m="):
			section, _, _ = strings.Cut(line[2:], " ")
		case strings.HasPrefix(line, "a=rtpmap:") && strings.Contains(strings.ToLower(line), " opus/"):
			opus, _, _ = strings.Cut(line[len("a=rtpmap:"):], " ")
		case strings.HasPrefix(line, "a=fmtp:"):
			payload, parameters, _ := strings.Cut(line[len("a=fmtp:"):], " ")
			if section == "audio" && payload == opus {
				lines[i] += audio
			}
			if section == "video" && !strings.HasPrefix(parameters, "apt=") {
				lines[i] += video
			}
		}
	}
	return strings.Join(lines, "\r\n")
}
