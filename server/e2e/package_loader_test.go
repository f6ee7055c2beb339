package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"expressrtc/server/signaling"
)

// TestHandedOutClasses: objects that only Go makes have classes that pages cannot construct.
func TestHandedOutClasses(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).page(usual, "anna")
	p.do(`globalThis.local = await zg.createStream(); globalThis.view = zg.createLocalStreamView(local)`)
	p.wants("value", list("ZegoStreamView", true), `[view.constructor.name, view instanceof view.constructor]`)
	p.wants("thrown", map[string]any{"name": "TypeError", "Error": "a ZegoStreamView is made by createLocalStreamView or createRemoteStreamView of a ZegoExpressEngine"},
		`new view.constructor()`)
}

// TestHiddenMembers: what no document promises but some pages touch is there.
func TestHiddenMembers(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).page(usual, "anna")
	p.do(`zg.zegoWebRTC.rtcModules.streamCenter.isPeer = true;
		zg.zegoWebRTC.setTurnOverTcpOnly(true);
		zg.zegoWebRTC.inject("onPublish", () => {});
		zg.logger.info("hello");
		zg.stateCenter.debug = true;
		for (const name of ["warn", "debug"]) zg.logger[name]("hello")`)
	p.wants("value", list("function", "function", 0), `[typeof zg.zegoWebRTC.mutePlayStreamAudio, typeof zg.zegoWebRTC.mutePlayStreamVideo, zg.stateCenter.streamList.length]`)
	p.expect("noSuchEvent")
	const counts = `zg.stateCenter.listenerList.tokenWillExpire.length`
	p.do(`zg.off("tokenWillExpire"); globalThis.f = () => {}; globalThis.g = () => {}`)
	for _, step := range []struct {
		do   string
		want int
	}{
		{`zg.on("tokenWillExpire", f)`, 1},
		{`zg.on("tokenWillExpire", f)`, 1},
		{`zg.on("tokenWillExpire", g)`, 2},
		{`zg.on("noSuchEvent", g)`, 2},
		{`zg.off("tokenWillExpire", () => {})`, 2},
		{`zg.off("tokenWillExpire", f)`, 1},
		{`zg.on("tokenWillExpire", f); zg.off("tokenWillExpire")`, 0},
	} {
		p.do(step.do)
		p.wants("value", step.want, counts)
	}
}

// TestRecordToFile: the file that startRecord and its kin save can be played.
func TestRecordToFile(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).page(usual, "anna")
	p.do(`globalThis.local = await zg.createStream();
		URL.createObjectURL = (blob) => { globalThis.file = blob; return "data:," };
		const recorded = new Promise((ok) => {
			const Native = MediaRecorder;
			globalThis.MediaRecorder = class extends Native {
				constructor(...args) {
					super(...args);
					(globalThis.recorders ??= []).push(this);
					this.addEventListener("dataavailable", ({ data }) => data.size > 2000 && this === recorders[1] && ok());
				}
			};
		});
		zg.zegoWebRTC.startRecord(local);
		zg.zegoWebRTC.startRecord(local); // in place of the first
		zg.zegoWebRTC.pauseRecord(); zg.zegoWebRTC.resumeRecord();
		await recorded;
		zg.zegoWebRTC.stopRecord(); zg.zegoWebRTC.stopRecord();
		await zg.zegoWebRTC.saveRecord("mine");
		const video = document.createElement("video");
		video.src = await new Promise((ok) => { const r = new FileReader(); r.onload = () => ok(r.result); r.readAsDataURL(file) });
		video.id = "recorded"; video.muted = true;
		document.getElementById("other").append(video);
		await video.play()`)
	p.wants("value", true, `document.getElementById("recorded").videoWidth > 0`)
	p.wants("value", list("inactive", "inactive"), `recorders.map(({state}) => state)`)
}

// TestListenerOutlivesItsObject: a page may keep nothing but a listener; what Go still uses
// does not go with the object that the page let go of.
func TestListenerOutlivesItsObject(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, b := s.page(usual, "anna"), s.page(usual, "bert")
	for _, p := range []*tab{a, b} {
		p.login("room")
	}
	a.data()
	a.wants("resolved", true, `manager.startBroadcasting("facts")`)
	a.await("publisherStateUpdate", state("facts", "PUBLISHING", 0))
	b.do(`globalThis.gone = new FinalizationRegistry(() => setTimeout(() => e2e.note("gone")));
		await (() => {
			const manager = zg.createRealTimeSequentialDataManager("room");
			manager.on("receiveRealTimeSequentialData", (bytes) => e2e.note("data", bytes.byteLength));
			gone.register(manager);
			return manager.startSubscribing("facts");
		})()`)
	b.do(`await new Promise((ok) => setTimeout(ok))`) // the promise's own object must go, too
	b.collectGarbage()
	b.await("gone")
	a.wants("value", true, `send("facts", 5, 1)`)
	b.await("data", 5)
	b.wants("value", nil, `zg.createRealTimeSequentialDataManager("room")`) // there is one
	b.do(`zg.logoutRoom("room")`)
	b.login("room")
	b.wants("value", "room", `zg.createRealTimeSequentialDataManager("room").roomID`)
}

// TestHandedOutTwice: what Go hands out again is the object that the page has, and Go
// hears when the page has it no more.
func TestHandedOutTwice(t *testing.T) {
	t.Parallel()
	classes, err := os.ReadFile(filepath.Join(checkout, "static", "classes.js"))
	if err != nil {
		t.Fatal(err)
	}
	p := emptyPage(t, usual)
	p.do(`const newWrap = new Function(%s + "return newWrap")();
		class View {}
		globalThis.wrap = newWrap({ drop: (id) => e2e.note("dropped", id) }, { View });
		globalThis.kept = wrap(-1, "View");
		(() => { wrap(-2, "View").mine = true; })()`, string(classes))
	p.wants("value", list(true, "View", true), `[wrap(-1, "View") === kept, kept.constructor.name, wrap(-2, "View") !== kept]`)
	p.do(`await new Promise((ok) => setTimeout(ok))`)
	p.collectGarbage()
	p.await("dropped", -2)
	p.never("dropped", -1)
	p.wants("value", list(true, nil), `[wrap(-1, "View") === kept, wrap(-2, "View").mine]`) // another one
}
