package e2e

import "testing"

// TestCompositor: several streams and an image become one picture and one sound, which
// the others see and hear; it follows what the page changes.
func TestCompositor(t *testing.T) {
	t.Parallel()
	a, b := couple(t)
	seen := func(points ...[]any) {
		t.Helper()
		b.do(`await e2e.seesColours("#remote video", %s)`, points)
	}
	a.do(`globalThis.red = await zg.createStream({custom: {source: new MediaStream([e2e.painted("red"), e2e.tone(440)])}});
		globalThis.lime = await zg.createStream({custom: {source: new MediaStream([e2e.painted("lime"), e2e.tone(1200)])}});
		globalThis.image = Object.assign(new Image(), {src: e2e.picture("blue")});
		await image.decode();
		globalThis.compositor = zg.createStreamCompositor();
		globalThis.layout = (x, y, width, height, zOrder = 0) => ({x, y, width, height, zOrder});
		await compositor.setInputEndpoint(red, {layout: layout(0, 0, 320, 480)});
		await compositor.setInputEndpoint(lime, {layout: layout(320, 0, 320, 480), volume: 0, objectFit: "fill"});
		compositor.addImage(image, {layout: layout(480, 360, 160, 120, 2), objectFit: "fill"});
		compositor.setOutputConfig({width: 640, height: 480, bitrate: 2000})`)
	show(a, b, "mix", `compositor.startComposingStream()`)
	seen(list(0.2, 0.5, "red"), list(0.7, 0.3, "lime"), list(0.95, 0.95, "blue"))
	b.do(`await e2e.hearsTone(remote, 440)`)
	b.wants("value", true, `(({videoWidth, videoHeight}) => videoWidth * 3 === videoHeight * 4)(document.querySelector("#remote video"))`)

	a.do(`compositor.removeImage(image);
		await compositor.setInputEndpoint(lime, {layout: layout(0, 0, 640, 240, 3), volume: 100});
		await compositor.setInputEndpoint(red, {volume: 0})`)
	seen(list(0.2, 0.2, "lime"), list(0.2, 0.8, "red"), list(0.95, 0.95, "black"))
	b.do(`await e2e.hearsTone(remote, 1200)`)

	a.do(`await zg.replaceTrack(lime, e2e.painted("yellow"))`) // an input changes by itself
	seen(list(0.2, 0.2, "yellow"), list(0.2, 0.8, "red"))

	a.wants("resolved", map[string]any{"errorCode": 0, "extendedData": ""}, `zg.setVideoConfig(local, {maxBitrate: 1000})`)
	a.wants("resolved", true, `compositor.stopComposingStream()`)
	a.wants("resolved", false, `compositor.stopComposingStream()`)
	a.wants("value", list("ended", "ended"), `local.getTracks().map((track) => track.readyState)`)
	a.wants("thrown", map[string]any{"Error": "create viewer failed."}, `zg.createLocalStreamView(local)`) // nothing is kept
	a.wants("value", list("live", "live"), `red.getTracks().map((track) => track.readyState)`)

	for _, c := range []struct{ call, message string }{
		{`setInputEndpoint(new MediaStream(), {layout: layout(0, 0, 1, 1)})`, "stream is not from zego"},
		{`setInputEndpoint(red, {})`, "param layout error: an input needs x, y, width and height at first"},
	} {
		a.wants("rejected", map[string]any{"Error": c.message}, `compositor.`+c.call)
	}
	for _, c := range []struct{ call, message string }{
		{`addImage(new Image(), {layout: layout(0, 0, 1, 1)})`, "source must be image and loaded"},
		{`addImage(document.body, {layout: layout(0, 0, 1, 1)})`, "source must be image and loaded"},
		{`setOutputConfig({height: 480})`, "param width error"},
	} {
		a.wants("thrown", map[string]any{"Error": c.message}, `compositor.`+c.call)
	}
	a.do(`globalThis.silent = await zg.createStream({custom: {source: new MediaStream([e2e.painted("red")])}})`)
	a.wants("rejected", map[string]any{"code": 1100001, "message": anything}, `zg.createStreamCompositor().startComposingStream()`)
	a.do(`await compositor.setInputEndpoint(red, {layout: layout(600, 0, 320, 480)})`)
	a.wants("rejected", map[string]any{"code": 1100001, "message": anything}, `compositor.startComposingStream()`)
}
