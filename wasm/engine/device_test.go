//go:build !js

package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/wasm/engine"
	"expressrtc/wasm/media"
)

// devices plugs what a test has until it ends; the list is one for the whole process.
func devices(t *testing.T, known bool, list ...string) {
	t.Helper()
	media.Plug(list...)
	media.AllowDevices(known, nil)
	t.Cleanup(func() {
		media.Plug()
		media.AllowDevices(false, nil)
	})
}

func asJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // a test's own literal
	}
	return string(data)
}

// TestDeviceLists: names are hidden until the user allows a device, whose refusal is no
// error of the list.
func TestDeviceLists(t *testing.T) {
	devices(t, false, "videoinput", "Camera", "c1", "audioinput", "Microphone", "m1")
	p := newPage(t, newServer(t).URL, "anna")
	all, err := p.EnumDevices(context.Background())
	if got := asJSON(all); err != nil || got != `{"microphones":[{"deviceName":"","deviceID":""}],"speakers":[],"cameras":[{"deviceName":"","deviceID":""}]}` {
		t.Errorf("before a permission: %s, %v", got, err)
	}
	media.AllowDevices(false, errors.New("no"))
	list, err := p.GetCameras(context.Background())
	if got := asJSON(list); err != nil || got != `[{"deviceName":"","deviceID":""}]` {
		t.Errorf("refused: %s, %v", got, err)
	}
	media.AllowDevices(false, nil)
	list, err = p.GetMicrophones(context.Background())
	if got := asJSON(list); err != nil || got != `[{"deviceName":"Microphone","deviceID":"m1"}]` {
		t.Errorf("allowed: %s, %v", got, err)
	}
	if list, err = p.GetSpeakers(context.Background()); err != nil || asJSON(list) != "[]" {
		t.Errorf("no speakers: %s, %v", asJSON(list), err)
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = p.EnumDevices(ended)
	var coded *engine.Error
	if !errors.As(err, &coded) || coded.Code != 1103011 {
		t.Errorf("a list that cannot be had: %v", err)
	}
}

// TestDeviceChanges: one event a device, none for names that were hidden.
func TestDeviceChanges(t *testing.T) {
	devices(t, false, "videoinput", "Camera", "c1")
	p := newPage(t, newServer(t).URL, "anna")
	if _, err := p.EnumDevices(context.Background()); err != nil {
		t.Fatal(err)
	}
	media.AllowDevices(true, nil)
	if _, err := p.EnumDevices(context.Background()); err != nil { // what it knows from now on
		t.Fatal(err)
	}
	media.Plug("videoinput", "Camera", "c1", "audioinput", "Microphone", "m1", "audiooutput", "Speaker", "s1")
	p.DevicesChanged()
	p.DevicesChanged()
	p.tells(
		`audioDeviceStateChanged "ADD" "Input" {"deviceName":"Microphone","deviceID":"m1"}`,
		`audioDeviceStateChanged "ADD" "Output" {"deviceName":"Speaker","deviceID":"s1"}`,
	)
	media.Plug("audioinput", "Microphone", "m1", "audiooutput", "Speaker", "s1")
	if _, err := p.EnumDevices(context.Background()); err != nil { // the page looks before the event
		t.Fatal(err)
	}
	p.DevicesChanged()
	p.tells(`videoDeviceStateChanged "DELETE" {"deviceName":"Camera","deviceID":"c1"}`)
}

// tells waits until the page has heard so much, and compares all of it.
func (p *page) tells(want ...string) {
	p.t.Helper()
	for deadline := time.After(patience); len(p.lines()) < len(want); {
		select {
		case <-p.changed:
		case <-deadline:
			p.t.Fatalf("told %q, want %q", p.lines(), want)
		}
	}
	if got := p.lines(); !slices.Equal(got, want) {
		p.t.Errorf("told %q, want %q", got, want)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.log = nil
}

// TestDeviceErrors: what became of the device of a published stream, by the track's end
// and by the list.
func TestDeviceErrors(t *testing.T) {
	devices(t, true, "audioinput", "Microphone", "m1")
	p := newPage(t, newServer(t).URL, "anna")
	p.mustLogin("room")
	media.Opens(media.DeviceInfo{Name: "Microphone", ID: "m1"})
	t.Cleanup(func() { media.Opens(media.DeviceInfo{}) })
	off := false
	local, err := p.CreateStream(context.Background(), media.Source{Camera: &media.Camera{Video: &off}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.StartPublishingStream(given("cam"), local.ID(), engine.PublishOption{}); err != nil {
		t.Fatal(err)
	}
	p.await("publisherStateUpdate", "PUBLISHING")
	if _, err := p.EnumDevices(context.Background()); err != nil {
		t.Fatal(err)
	}

	local.Track(media.Audio).End()
	p.await("deviceError", `1106009 "Microphone"`)
	reopen := func() {
		t.Helper()
		if r, err := p.UseAudioDevice(context.Background(), local.ID(), given("m1")); err != nil || r.ErrorCode != 0 {
			t.Fatalf("reopened: %+v, %v", r, err)
		}
	}
	reopen()
	p.DevicesChanged()
	local.Track(media.Audio).End()
	p.await("deviceError", `1106007 "Microphone"`)
	reopen()
	media.Plug("audioinput", "Other", "m2")
	p.DevicesChanged() // and the track's end is not told
	p.await("audioDeviceStateChanged", `"DELETE" "Input" {"deviceName":"Microphone","deviceID":"m1"}`)
	p.await("deviceError", `1006006 "Microphone"`)

	on := true
	p.EnableAutoSwitchDevice(engine.AutoSwitch{Microphone: &on})
	switched := func(before *media.Track) {
		t.Helper()
		for deadline := time.Now().Add(patience); local.Track(media.Audio).Same(before); time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("no other microphone took its place")
			}
		}
	}
	before := local.Track(media.Audio)
	before.End()
	p.await("deviceError", `1006006 "Microphone"`)
	switched(before)

	media.HideDevices(true) // where the page has no focus, it is told what is known
	defer media.HideDevices(false)
	before = local.Track(media.Audio)
	before.End()
	p.await("deviceError", `1106009 "Microphone"`)
	media.HideDevices(false)
	switched(before)
	p.wantNone("deviceError")

	media.HideDevices(true) // the page helps itself: nothing is left to be done
	local.Track(media.Audio).End()
	p.await("deviceError", `1106009 "Microphone"`)
	reopen()
	own := local.Track(media.Audio)
	media.Plug("audioinput", "Third", "m3")
	media.HideDevices(false)
	p.await("audioDeviceStateChanged", `"ADD" "Input" {"deviceName":"Third","deviceID":"m3"}`)
	p.wantNone("deviceError")
	if !own.Live() {
		t.Error("a microphone that the page chose was replaced")
	}
}

// TestUseDeviceRefuses: which codes it resolves with.
func TestUseDeviceRefuses(t *testing.T) {
	devices(t, true, "audioinput", "Microphone", "m1")
	p := newPage(t, newServer(t).URL, "anna")
	off := false
	create := func(source media.Source) string {
		t.Helper()
		local, err := p.CreateStream(context.Background(), source)
		if err != nil {
			t.Fatal(err)
		}
		return local.ID()
	}
	voice := create(media.Source{Camera: &media.Camera{Video: &off}})
	custom := create(media.Source{Custom: &media.Custom{Source: []*media.Track{media.NewTrack(media.Audio, nil)}}})
	ctx := context.Background()
	for _, c := range []struct {
		name   string
		use    func(context.Context, string, engine.Text) (engine.Result, error)
		stream string
		device engine.Text
		want   engine.Code
	}{
		{"opened", p.UseAudioDevice, voice, given("m1"), 0},
		{"not there", p.UseAudioDevice, voice, given("m2"), 1103048},
		{"no camera", p.UseVideoDevice, voice, given("m1"), 1103045},
		{"custom", p.UseAudioDevice, custom, given("m1"), 1103012},
		{"foreign", p.UseAudioDevice, "none", given("m1"), 1103044},
		{"no id", p.UseAudioDevice, voice, engine.Text{}, 1100001},
	} {
		got, err := c.use(ctx, c.stream, c.device)
		if err != nil || got.ErrorCode != c.want || (got.ExtendedData == "") != (c.want == 0) {
			t.Errorf("%s: %+v, %v, want code %d", c.name, got, err, c.want)
		}
	}
	if _, err := p.UseFrontCamera(ctx, voice, true, true); err == nil {
		t.Error("a desktop has a front camera")
	}
}

// TestUseDeviceUnseen: a device is tried where the browser does not say what there is.
func TestUseDeviceUnseen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := quietPage(t)
		l := p.create(media.Source{})
		media.HideDevices(true)
		defer media.HideDevices(false)
		began := time.Now()
		got, err := p.UseAudioDevice(t.Context(), l.ID(), given("m1"))
		if took := time.Since(began); err != nil || got.ErrorCode != 0 || took > 5*time.Second {
			t.Errorf("%+v, %v after %v", got, err, took)
		}
		gone, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if got, err := p.UseAudioDevice(gone, l.ID(), given("m1")); err == nil && got.ErrorCode == 0 {
			t.Errorf("it does not end with the engine: %+v", got)
		}
	})
}
