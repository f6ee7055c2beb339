package e2e

import "testing"

// TestUseDevice: another device in the same stream, which those who play it see.
func TestUseDevice(t *testing.T) {
	t.Parallel()
	a, b := inCall(t, alone)
	b.sees("#remote video")
	ok := map[string]any{"errorCode": 0, "extendedData": ""}
	a.do(`globalThis.before = local.getTracks(); globalThis.screen0 = document.querySelector("#local video");
		globalThis.devices = await zg.enumDevices()`)
	a.wants("resolved", ok, `zg.useVideoDevice(local, devices.cameras.at(-1).deviceID)`)
	a.wants("resolved", ok, `zg.useAudioDevice(local, devices.microphones.at(-1).deviceID)`)
	a.wants("value", true, `local.getTracks().length === 2 && before.every((t) => t.readyState === "ended" && !local.getTracks().includes(t)) &&
		local.getAudioTracks()[0].getSettings().deviceId === devices.microphones.at(-1).deviceID && document.querySelector("#local video") === screen0`)
	a.sees("#local video")
	b.sees("#remote video")
	b.hears()

	a.do(`zg.mutePublishStreamVideo(local, true)`)
	b.await("remoteCameraStatusUpdate", "cam", "MUTE")
	a.wants("resolved", ok, `zg.useVideoDevice(local, devices.cameras[0].deviceID)`)
	a.wants("value", false, `local.getVideoTracks()[0].enabled`)
	a.do(`zg.mutePublishStreamVideo(local, false)`)
	b.sees("#remote video")

	failed := func(code int) map[string]any { return map[string]any{"errorCode": code, "extendedData": anything} }
	a.do(`globalThis.custom = await zg.createStream({custom: {source: local.clone()}});
		globalThis.voice = await zg.createStream({camera: {video: false}})`)
	for _, c := range []struct {
		code int
		call string
	}{
		{1103048, `zg.useVideoDevice(local, "no such camera")`},
		{1103048, `zg.useAudioDevice(local, devices.cameras[0].deviceID)`},
		{1103012, `zg.useVideoDevice(custom, devices.cameras[0].deviceID)`},
		{1103044, `zg.useAudioDevice(new MediaStream(), "x")`},
		{1103044, `zg.useAudioDevice(null, "x")`},
		{1103045, `zg.useVideoDevice(voice, devices.cameras[0].deviceID)`},
		{1100001, `zg.useVideoDevice(local, 1)`},
	} {
		a.wants("resolved", failed(c.code), c.call)
	}
	a.wants("rejected", failed(1103012), `zg.useFrontCamera(local, true)`)

	// A browser that cannot open the other one, and then can open the old one again.
	a.expect("could not be opened")
	a.do(`const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
		let failures = 1;
		navigator.mediaDevices.getUserMedia = async (wish) => {
			if (failures--) throw new DOMException("taken", "NotReadableError");
			navigator.mediaDevices.getUserMedia = open;
			return open(wish);
		}`)
	a.wants("resolved", map[string]any{"errorCode": 1103045, "extendedData": `{"constraint":"","message":"taken","name":"NotReadableError"}`},
		`zg.useVideoDevice(local, devices.cameras.at(-1).deviceID)`)
	a.sees("#local video")
	b.sees("#remote video")
}
