//go:build !js

package media

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestZegoOptions has what createZegoStream's options ask the browser and the encoders
// for, one source a line: microphone and camera, then the bitrates.
func TestZegoOptions(t *testing.T) {
	const clean = `{"channelCount":1,"noiseSuppression":true,"autoGainControl":true,"echoCancellation":true}`
	for _, c := range []struct{ options, want string }{
		{`{}`, `camera ` + clean + ` {"width":{"ideal":640},"height":{"ideal":480},"frameRate":{"ideal":15}} 800 480 0 48`},
		{`{"autoCapture":false}`, ``},
		{`{"camera":{"video":false}}`, `camera ` + clean + ` false 800 480 0 48`},
		{`{"camera":{"audio":false,"video":true},"videoBitrate":600}`, `camera false {"width":{"ideal":640},"height":{"ideal":480},"frameRate":{"ideal":15}} 600 360 0 48`},
		{
			`{"camera":{"audio":{"input":"m","channelCount":2,"ANS":false},"video":{"input":"c","quality":1}},"audioBitrate":96}`,
			`camera {"deviceId":{"exact":"m"},"channelCount":2,"noiseSuppression":false,"autoGainControl":true,"echoCancellation":true} ` +
				`{"deviceId":{"exact":"c"},"width":{"ideal":320},"height":{"ideal":240},"frameRate":{"ideal":15}} 300 180 0 96`,
		},
		{
			`{"camera":{"audio":false,"video":{"facingMode":"user","quality":4,"width":100,"height":{"max":50},"frameRate":9}}}`,
			`camera false {"facingMode":"user","width":{"ideal":100},"height":{"max":50},"frameRate":{"ideal":9}} 800 480 0 48`,
		},
		{
			`{"screen":{},"videoBitrate":{"bitrate":900,"minBitrate":100,"startBitrate":"target"}}`,
			`screen false {"frameRate":{"ideal":15}} 900 100 900 48`,
		},
		{
			`{"screen":{"video":{"quality":3},"audio":true}}`,
			`screen {"channelCount":1,"noiseSuppression":false,"autoGainControl":false,"echoCancellation":true,"restrictOwnAudio":true} {"frameRate":{"ideal":5}} 2000 1200 0 48`,
		},
		{`{"custom":{"video":{},"audio":{"channelCount":2}},"videoBitrate":700}`, `custom null null 700 420 0 48` + "\n" + `custom null null 700 420 0 48`},
	} {
		var o ZegoOptions
		if err := parseOptions([]byte(c.options), &o); err != nil {
			t.Errorf("%s: %v", c.options, err)
			continue
		}
		var got []string
		for _, src := range o.Sources() {
			if src.Custom != nil {
				src.Custom.Source = []*Track{}
			}
			got = append(got, planned(t, src))
		}
		if all := strings.Join(got, "\n"); all != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.options, all, c.want)
		}
	}
}

func planned(t *testing.T, src Source) string {
	t.Helper()
	p, err := newPlan(src, 3)
	if err != nil {
		return err.Error()
	}
	e := p.encoding
	parts := []string{string(p.origin)}
	for _, part := range []any{p.wish.Audio, p.wish.Video, e.VideoBitrate, e.MinBitrate, e.StartBitrate, e.AudioBitrate} {
		text, err := json.Marshal(part)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, string(text))
	}
	return strings.Join(parts, " ")
}

func TestZegoOptionsAreRefused(t *testing.T) {
	for options, want := range map[string]string{
		`5`:                    "the options must be an object; given: number",
		`{"camera":5}`:         "camera must be an object; given: number",
		`{"videoBitrate":"8"}`: "must be",
		`{"camera":{"video":{"quality":"best"}}}`: "quality must be a whole number; given: string",
	} {
		err := parseOptions([]byte(options), &ZegoOptions{})
		if err == nil {
			t.Errorf("%s: no error", options)
			continue
		}
		if got := err.Error(); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", options, got, want)
		}
	}
}
