//go:build js && wasm

package media

import (
	"errors"
	"math"
	"strings"
	"testing"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

const (
	inA  = `document.getElementById("a").children.map(c => c.outerHTML).join().replaceAll(stream.id, "ID")`
	inB  = `document.getElementById("b").children.length`
	box  = `<div id="zg-rtc-player_ID" style="width:100%;height:100%;position:relative;background-color:black;overflow:hidden;">`
	vid  = `<video id="zg-rtc-video_ID" muted="" autoplay="" playsinline="" webkit-playsinline="" style="width:100%;height:100%;object-fit:contain;"></video>`
	full = box + vid + `</div>`
	bare = box + `</div>`
)

func TestViewInThePage(t *testing.T) {
	v := newView(t, false, `"audio", "video"`)
	play(t, v, "a", ViewOptions{})
	check(t, "play", inA, full)
	check(t, "play", `made.map(m => m.outerHTML + m.parentNode?.tagName + m.muted).join().replaceAll(stream.id, "ID")`,
		vid+`divtrue,<audio id="zg-rtc-audio_ID" autoplay="" playsinline=""></audio>undefinedfalse`)
	check(t, "own streams", `made.map(m => [m.srcObject !== stream, m.srcObject.getTracks().map(t => t.kind)])`, "true,video,true,audio")
	eventually(t, "play", `made.map(m => m.paused)`, "false,false")

	play(t, v, "b", ViewOptions{})
	check(t, "second container", inA, "")
	check(t, "second container", inB, "1")
	if err := v.Play(eval(t, `return document.getElementById("a")`), ViewOptions{}); err != nil {
		t.Error(err)
	}
	check(t, "an element", inA, full)
	check(t, "an element", inB, "0")
	check(t, "moved", `made.map(m => m.plays)`, "1,1")

	v.SetVideoMuted(true)
	check(t, "video muted", inA, bare)
	v.SetVideoMuted(false)
	check(t, "video again", inA, full)
	v.Stop()
	check(t, "stop", inA, "")
	check(t, "stop", `made.map(m => [m.paused, m.muted])`, "true,true,true,true")
	play(t, v, "a", ViewOptions{})
	check(t, "play after stop", inA, full)
	check(t, "play after stop", `made[1].muted`, "false")
	v.Close()
	v.Close()
	check(t, "close", inA, "")
	play(t, v, "a", ViewOptions{})
	check(t, "play after close", inA, "")
}

func TestViewFollowsItsStream(t *testing.T) {
	v := newView(t, false, ``)
	play(t, v, "a", ViewOptions{})
	check(t, "no tracks", inA, bare)
	check(t, "no tracks", `made.length`, "0")
	video := TrackOf(eval(t, `return globalThis.track = new MediaStreamTrack("video")`))
	v.stream.Add(video)
	check(t, "added", inA, full)
	v.stream.Remove(video)
	check(t, "removed", inA, bare)
	v.stream.Add(video)
	v.stream.Add(TrackOf(eval(t, `return globalThis.other = new MediaStreamTrack("video")`)))
	v.stream.Remove(video)
	check(t, "replaced", `made[0].srcObject.getTracks().length + made[0].srcObject.getTracks()[0].id.replace(other.id, "other")`, "1other")
	v.stream.Remove(TrackOf(jsx.Global("other")))
	v.stream.Add(video)
	eval(t, `track.end()`)
	check(t, "ended by itself", inA, bare)

	keep := false
	play(t, v, "a", ViewOptions{ClearLastFrame: &keep})
	v.stream.Add(TrackOf(eval(t, `return globalThis.track = new MediaStreamTrack("video")`)))
	eval(t, `track.end()`)
	check(t, "ended, the last frame kept", inA, full)
	check(t, "ended, the last frame kept", `made[0].srcObject !== null`, "true")
}

func TestBlank(t *testing.T) {
	v := newView(t, false, `"video"`)
	v.Blank(true)
	play(t, v, "a", ViewOptions{})
	check(t, "blank", inA, full)
	check(t, "blank", `made[0].srcObject`, "null")
	v.Blank(false)
	check(t, "shown", `made[0].srcObject !== null`, "true")
	v.Blank(true)
	check(t, "blank again", `made[0].srcObject`, "null")
	v.Blank(false)
	keep := false
	play(t, v, "a", ViewOptions{ClearLastFrame: &keep})
	v.Blank(true)
	check(t, "kept", `made[0].srcObject !== null`, "true")
}

func TestViewStyle(t *testing.T) {
	v := newView(t, false, `"video"`)
	yes, no, fit := true, false, "cover"
	play(t, v, "a", ViewOptions{Mirror: &yes, ObjectFit: &fit})
	check(t, "mirror", `made[0].style.transform + made[0].style.objectFit`, "rotateY(180deg)cover")
	play(t, v, "a", ViewOptions{})
	check(t, "options persist", `made[0].style.transform + made[0].style.objectFit`, "rotateY(180deg)cover")
	play(t, v, "a", ViewOptions{Mirror: &no})
	check(t, "mirror off", `made[0].style.transform`, "")
}

func TestSafariHasNoAutoplayAttribute(t *testing.T) {
	eval(t, `navigator.vendor = "Apple Computer, Inc."`)
	defer eval(t, `navigator.vendor = ""`)
	play(t, newView(t, false, `"video"`), "a", ViewOptions{})
	check(t, "desktop Safari", inA, strings.Replace(full, ` autoplay=""`, "", 1))
}

func TestSound(t *testing.T) {
	yes, no := true, false
	tests := []struct {
		name  string
		local bool
		do    func(v *View)
		want  string // muted, paused
	}{
		{"remote", false, func(v *View) { play(t, v, "a", ViewOptions{}) }, "false,false"},
		{"remote, muted", false, func(v *View) { play(t, v, "a", ViewOptions{Muted: &yes}) }, "true,true"},
		{"local", true, func(v *View) { play(t, v, "a", ViewOptions{}) }, "true,true"},
		{"local, not muted", true, func(v *View) { play(t, v, "a", ViewOptions{Muted: &no}) }, "false,false"},
		{"local, playAudio", true, func(v *View) { v.PlayAudio(ViewOptions{}) }, "false,false"},
		{"local, playAudio muted", true, func(v *View) { v.PlayAudio(ViewOptions{Muted: &yes}) }, "true,true"},
		{"muted stays", false, func(v *View) { play(t, v, "a", ViewOptions{Muted: &yes}); play(t, v, "a", ViewOptions{}) }, "true,true"},
		{"setAudioMuted stays", false, func(v *View) { v.SetAudioMuted(true); play(t, v, "a", ViewOptions{}) }, "true,true"},
		{"setAudioMuted off", true, func(v *View) { play(t, v, "a", ViewOptions{}); v.SetAudioMuted(false) }, "false,false"},
		{"stopAudio", false, func(v *View) { play(t, v, "a", ViewOptions{}); v.StopAudio() }, "true,true"},
		{"stopVideo", false, func(v *View) { play(t, v, "a", ViewOptions{}); v.StopVideo() }, "false,false"},
	}
	for _, test := range tests {
		v := newView(t, test.local, `"audio"`)
		test.do(v)
		eventually(t, test.name, `made.map(m => [m.muted, m.paused])`, test.want)
		v.Close()
	}
}

func TestVolume(t *testing.T) {
	v := newView(t, false, `"audio"`)
	if !v.SetVolume(30) || v.SetVolume(-1) || v.SetVolume(math.NaN()) {
		t.Error("30 is a volume; -1 and NaN are none")
	}
	v.PlayAudio(ViewOptions{})
	check(t, "set before play", `made[0].volume`, "0.3")
	v.SetVolume(500)
	check(t, "above 100", `made[0].volume`, "1")
}

func TestNoContainer(t *testing.T) {
	v := newView(t, false, `"video"`)
	for _, container := range []string{`"nowhere"`, `undefined`, `null`, `5`, `({})`} {
		if err := v.Play(eval(t, "return "+container), ViewOptions{}); !errors.Is(err, ErrContainer) {
			t.Errorf("%s: %v", container, err)
		}
	}
	check(t, "nothing made", `made.length`, "0")
}

func TestListeners(t *testing.T) {
	v := newView(t, false, `"video"`)
	eval(t, `globalThis.heard = []; globalThis.console.error = m => heard.push("logged " + m)`)
	one, bad := eval(t, `return e => heard.push(e.type)`), eval(t, `return () => { throw "x" }`)
	on := func(fn safejs.Value, want bool, wantErr error) {
		t.Helper()
		if ok, err := v.On("canPlayVideo", fn); ok != want || !errors.Is(err, wantErr) {
			t.Errorf("On: %v, %v; want %v, %v", ok, err, want, wantErr)
		}
	}
	on(safejs.Undefined(), false, nil)
	on(safejs.Null(), false, nil)
	on(eval(t, `return "f"`), false, ErrCallback)
	on(bad, true, nil)
	on(one, true, nil)
	on(one, true, nil)
	play(t, v, "a", ViewOptions{})
	eval(t, `made[0].fire("canplay")`)
	check(t, "canplay", `heard`, "logged ExpressRTC: a listener of canPlayVideo failed: x,canplay")
	if !v.Off("canPlayVideo", &one) || v.Off("canPlayVideo", &one) || !v.Off("canPlayVideo", nil) {
		t.Error("Off: want true, false for one that is gone, true for all")
	}
	eval(t, `heard.length = 0; made[0].fire("canplay")`)
	check(t, "off", `heard.length`, "0")
}

func TestClosedViewsLeaveNothing(t *testing.T) {
	eval(t, `globalThis.shown = streamOf("audio", "video")`)
	before := jsx.Int(eval(t, `return listening`))
	for range 200 {
		v := NewView(StreamOf(jsx.Global("shown")), false)
		play(t, v, "a", ViewOptions{})
		v.Close()
	}
	if after := jsx.Int(eval(t, `return listening`)); after != before {
		t.Errorf("%d listeners before, %d after", before, after)
	}
	if len(shared.views) != 0 || len(shared.wakes) != 0 {
		t.Error("the page's part is left")
	}
}
