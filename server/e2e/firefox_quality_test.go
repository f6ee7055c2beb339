package e2e

import (
	"maps"
	"testing"

	"expressrtc/server/signaling"
)

// TestFirefoxQuality has every figure of a call between Firefox and Chromium, and how loud
// it is: what Firefox sends and what it plays, which is silent once it is muted.
func TestFirefoxQuality(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, b := s.page(firefox, "anna"), s.page(usual, "bert")
	codec := firefoxCodec(a)
	for _, p := range []*tab{a, b} {
		p.login("room")
		p.publish(p.name)
	}
	a.play("bert")
	b.play("anna")
	for _, p := range []*tab{a, b} {
		p.do(`zg.setSoundLevelDelegate(true, 200);
			const loud = (type) => new Promise((resolve) => zg.on("soundLevelUpdate", (list) => {
				if (list.find((it) => it.type === type)?.soundLevel > 1) resolve();
			}));
			await Promise.all([loud("push"), loud("pull")])`)
	}
	// On a busy machine, both send smaller pictures. Of its encoder Firefox tells nothing.
	small := map[string]any{"frameWidth": between{160, 640}, "frameHeight": between{120, 480}, "googCodecName": codec}
	sent := withVideo(publishStats, small)
	delete(sent["video"].(map[string]any), "isHardwareEncode")
	a.awaitFigures("publishQualityUpdate", "anna", sent)
	b.awaitFigures("playQualityUpdate", "anna", withVideo(playStats, small))
	b.awaitFigures("publishQualityUpdate", "bert", withVideo(publishStats, small))
	a.awaitFigures("playQualityUpdate", "bert", withVideo(playStats, small))

	a.wants("resolved", true, `zg.getCameras().then((all) => all.length > 0 && all.every((d) => d.deviceID && Object.keys(d).length === 2))`)
	for _, p := range []*tab{a, b} {
		p.do(`zg.mutePublishStreamAudio(local, true)`)
	}
	b.silence("pull")
	a.silence("pull", "push")
}

// withVideo is stats with other figures of the picture.
func withVideo(stats, video map[string]any) map[string]any {
	stats = maps.Clone(stats)
	all := maps.Clone(stats["video"].(map[string]any))
	maps.Copy(all, video)
	stats["video"] = all
	return stats
}
