package e2e

import (
	"testing"

	"expressrtc/server/signaling"
)

// TestNetworkQuality: each side hears of its own network, and the player of the publisher's.
func TestNetworkQuality(t *testing.T) {
	t.Parallel()
	a, b := inCall(t, usual)
	grade := func(of any) bool { g, ok := of.(float64); return ok && g >= 0 && g <= 4 }
	for _, c := range []struct {
		p        *tab
		user     string
		up, down bool
	}{{a, "", true, false}, {b, "", false, true}, {b, "anna", true, false}} {
		told := c.p.await("networkQuality", c.user)
		for c.user != "" && told.Args[1] == -1.0 { // before the first report
			told = c.p.await("networkQuality", c.user)
		}
		if len(told.Args) != 3 || grade(told.Args[1]) != c.up || grade(told.Args[2]) != c.down {
			t.Errorf("%s is told %v of %q", c.p.name, told.Args, c.user)
		}
	}
	a.never("networkQuality", "bert")
	a.wants("value", true, `zg.getPublishingStreamQuality("cam").video.frameWidth >= 160 && zg.getPublishingStreamQuality(local).audio.audioCodec !== undefined`)
	b.do(`while (!(zg.getPlayingStreamQuality("cam")?.video.videoRenderFPS > 1)) await new Promise((ok) => setTimeout(ok, 100))`)
	a.wants("value", nil, `zg.getPublishingStreamQuality("dog")`)
	b.wants("value", true, `zg.getPlayingStreamQuality("dog") === null`)
}

// pacedCameraJS stands for the camera where the browser's fake one has one rate.
const pacedCameraJS = `
	const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
	navigator.mediaDevices.getUserMedia = async (wish) => {
		const stream = await open(wish);
		const canvas = Object.assign(document.createElement("canvas"), {width: 640, height: 480});
		const context = canvas.getContext("2d");
		let gap = 1000 / 15;
		(function paint() {
			context.fillStyle = "hsl(" + performance.now() % 360 + " 100% 50%)";
			context.fillRect(0, 0, 640, 480);
			setTimeout(paint, gap);
		})();
		const [track] = canvas.captureStream().getVideoTracks();
		track.applyConstraints = async ({frameRate}) => { gap = 1000 / frameRate; };
		track.getSettings = () => ({width: 640, height: 480, frameRate: 15});
		for (const fake of stream.getVideoTracks()) {
			fake.stop();
			stream.removeTrack(fake);
		}
		stream.addTrack(track);
		return stream;
	}`

// TestExceptions: frames that stay away are told after five samples, and that they are
// back after five more.
func TestExceptions(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, b := s.page(usual, "anna"), s.page(usual, "bert")
	a.do(`zg.setEngineConfig({publishQualityInterval: 1000})`)
	codec := "H264"
	if a.fakesLess() {
		a.do(pacedCameraJS)
		codec = firefoxCodec(a)
	}
	a.login("room")
	a.publish("cam")
	// Nobody watches yet: what is captured is told.
	a.await("publishQualityUpdate", "cam", map[string]any{"video": map[string]any{"frameWidth": 640, "frameHeight": 480, "videoTransferFPS": 0}})
	b.login("room")
	b.play("cam")
	a.await("publishQualityUpdate", "cam", map[string]any{"video": map[string]any{"googCodecName": codec}})
	a.do(`await local.getVideoTracks()[0].applyConstraints({frameRate: 1})`)
	a.await("exceptionUpdate", "cam", map[string]any{"code": 1001, "message": "The video capture frame rate is too low."})
	a.await("exceptionUpdate", "cam", map[string]any{"code": 1004})
	a.do(`await local.getVideoTracks()[0].applyConstraints({frameRate: 15})`)
	a.await("exceptionUpdate", "cam", map[string]any{"code": 2001, "message": "The video capture frame rate is normal."})
	a.await("exceptionUpdate", "cam", map[string]any{"code": 2004})
	a.never("exceptionUpdate", "cam", map[string]any{"code": 1005})
}

// TestTracksAreActive: a picture and a sound of a stream, or only black and silence.
func TestTracksAreActive(t *testing.T) {
	t.Parallel()
	a, b := inCall(t, usual)
	b.sees("#remote video")
	for _, c := range []struct {
		p      *tab
		active bool
		call   string
	}{
		{a, true, `zg.checkVideoTrackIsActive(local)`},
		{a, true, `zg.checkAudioTrackIsActive(local)`},
		{b, true, `zg.checkVideoTrackIsActive(remote)`},
		{b, true, `zg.checkAudioTrackIsActive(remote)`},
		{a, false, `zg.checkVideoTrackIsActive(local.clone())`},
		{a, false, `zg.checkAudioTrackIsActive(null)`},
		{a, false, `(zg.mutePublishStreamVideo(local, true), zg.checkVideoTrackIsActive(local))`},
		{a, false, `(zg.mutePublishStreamAudio(local, true), zg.checkAudioTrackIsActive(local))`},
		{a, false, `(globalThis.canvas = Object.assign(document.createElement("canvas"), {width: 32, height: 32}), canvas.getContext("2d").fillRect(0, 0, 32, 32),
			zg.createStream({custom: {source: canvas.captureStream(30)}}).then((stream) => zg.checkVideoTrackIsActive(stream)))`},
		{a, false, `zg.createStream({camera: {video: false}}).then((stream) => zg.checkVideoTrackIsActive(stream))`},
	} {
		if c.active { // a page that stands still for the whole second sees nothing in it
			c.p.do(`while (!(await ` + c.call + `)) await new Promise((ok) => setTimeout(ok, 50))`)
		} else {
			c.p.wants("resolved", false, c.call)
		}
	}
}
