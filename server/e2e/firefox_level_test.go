package e2e

import (
	"testing"

	"expressrtc/server/signaling"
)

// TestFirefoxSoundLevel: what Firefox sends and what it plays is loud, and silent once it
// is muted; and it lists devices in the same shape.
func TestFirefoxSoundLevel(t *testing.T) {
	s := newSite(t, signaling.Config{})
	a, b := s.page(firefox, "anna"), s.page(usual, "bert")
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
			await loud("push");
			await loud("pull")`)
	}
	a.do(`zg.mutePublishStreamAudio(local, true)`)
	b.silence("pull")
	b.do(`zg.mutePublishStreamAudio(local, true)`)
	a.silence("pull")
	a.silence("push")
	a.wants("resolved", true, `zg.getCameras().then((all) => all.length > 0 && all.every((d) => d.deviceID && Object.keys(d).length === 2))`)
}
