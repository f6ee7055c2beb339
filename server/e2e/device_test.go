package e2e

import (
	"testing"

	"expressrtc/server/signaling"
)

// plugs lets a page say which devices there are. The fake ones of Chromium cannot be
// unplugged, so the page's list of them is replaced and devicechange dispatched: what
// the browser itself does to a track then is not tested here.
const plugs = `globalThis.real = await navigator.mediaDevices.enumerateDevices();
	globalThis.plug = (list) => {
		navigator.mediaDevices.enumerateDevices = async () => list;
		navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
	};
	globalThis.device = (kind, deviceId, label) => ({kind, deviceId, label, groupId: ""});
	globalThis.ends = (track) => { track.stop(); track.dispatchEvent(new Event("ended")); }`

// TestDeviceLists: shapes, and what pages are told when the browser does not answer.
func TestDeviceLists(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).page(usual, "anna")
	const exact = `list.length > 0 && list.every((d) => d.deviceID && d.deviceName && Object.keys(d).sort().join() === "deviceID,deviceName")`
	p.wants("resolved", "cameras,microphones,speakers", `zg.enumDevices().then((all) => Object.keys(all).sort().join())`)
	for _, method := range []string{"getCameras", "getMicrophones", "getSpeakers"} {
		p.wants("resolved", true, `zg.`+method+`().then((list) => `+exact+`)`)
	}
	p.wants("resolved", true, `zg.enumDevices().then(({cameras: list}) => `+exact+`)`)
	p.wants("resolved", true, `zg.useAudioOutputDevice(new Audio(), "default")`)
	refusal := func(code int) map[string]any {
		return map[string]any{"code": code, "msg": anything, "errorCode": code, "extendedData": anything}
	}
	p.wants("rejected", refusal(1103093), `zg.useAudioOutputDevice(new Audio(), "no such device")`)
	p.wants("rejected", refusal(1104001), `zg.useAudioOutputDevice(new Audio(), 7)`)
	p.wants("rejected", refusal(1103076), `zg.useAudioOutputDevice(null, "default")`)
	p.do(`delete HTMLMediaElement.prototype.setSinkId`)
	p.expect("useAudioOutputDevice")
	p.wants("resolved", "pending", `Promise.race([zg.useAudioOutputDevice(new Audio(), "default"), zg.enumDevices().then(() => "pending")])`)
	p.do(`navigator.mediaDevices.enumerateDevices = async () => { throw new DOMException("no", "NotAllowedError") }`)
	for _, method := range []string{"enumDevices", "getCameras", "getMicrophones", "getSpeakers"} {
		p.wants("rejected", refusal(1103011), `zg.`+method+`()`)
	}
}

// TestHiddenDevices: who is not allowed to use devices is not told their names, and hears
// of no refusal either.
func TestHiddenDevices(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).page(refusing, "anna")
	hidden := []any{map[string]any{"deviceName": "", "deviceID": ""}}
	p.wants("resolved", hidden, `zg.getCameras().then((list) => list.slice(0, 1))`)
	p.wants("resolved", hidden, `zg.enumDevices().then((all) => all.microphones.slice(0, 1))`)
	p.never("videoDeviceStateChanged")
}

// TestDeviceChanges: what is plugged and unplugged, and what that does to a call.
func TestDeviceChanges(t *testing.T) {
	t.Parallel()
	a, b := inCall(t, usual)
	a.do(plugs)
	a.do(`globalThis.camera = local.getVideoTracks()[0].getSettings().deviceId`)

	a.do(`plug([...real, device("videoinput", "c2", "second camera"), device("audiooutput", "s2", "second speaker")]);
		plug([...real, device("videoinput", "c2", "second camera"), device("audiooutput", "s2", "second speaker")])`)
	a.await("videoDeviceStateChanged", "ADD", map[string]any{"deviceName": "second camera", "deviceID": "c2"})
	a.await("audioDeviceStateChanged", "ADD", "Output", map[string]any{"deviceName": "second speaker", "deviceID": "s2"})
	a.do(`plug(real.filter((d) => d.kind !== "audioinput"))`)
	a.await("videoDeviceStateChanged", "DELETE", map[string]any{"deviceID": "c2"})
	a.await("audioDeviceStateChanged", "DELETE", "Input", map[string]any{"deviceID": anything})
	a.await("deviceError", 1006006)
	a.do(`plug(real)`)
	a.await("audioDeviceStateChanged", "ADD", "Input")
	if n := a.count("videoDeviceStateChanged"); n != 2 {
		t.Errorf("%d events of one camera that came and went:\n%s", n, a.story())
	}

	if a.fakesLess() {
		return // its tracks pass over events that a page makes, and it has one camera
	}
	a.do(`ends(local.getAudioTracks()[0])`)
	a.await("deviceError", 1106009)
	a.do(`plug(real); ends(local.getVideoTracks()[0])`)
	a.await("deviceError", 1106008)

	a.do(`zg.enableAutoSwitchDevice({camera: true});
		await zg.useVideoDevice(local, camera);
		globalThis.was = local.getVideoTracks()[0];
		plug(real.filter((d) => d.kind !== "videoinput" || d.label === "fake_device_2"))`)
	a.await("deviceError", 1006006, "fake_device_0")
	a.do(`while (local.getVideoTracks().includes(was)) await new Promise(requestAnimationFrame)`)
	a.wants("value", "fake_device_2", `local.getVideoTracks()[0].label`)
	b.sees("#remote video")
	a.sees("#local video")
}
