package media

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// planOf plans what a page would write.
func planOf(source string, scene int) (*plan, error) {
	src, err := ParseSource([]byte(source))
	if err != nil {
		return nil, err
	}
	if src.Custom != nil {
		src.Custom.Source = []*Track{}
	}
	return newPlan(src, scene)
}

const (
	voice  = `{"channelCount":1,"noiseSuppression":true,"autoGainControl":true,"echoCancellation":true}`
	vga    = `{"width":{"ideal":640},"height":{"ideal":480},"frameRate":{"ideal":15}}`
	picker = `"preferCurrentTab":false,"systemAudio":"include","selfBrowserSurface":"include","surfaceSwitching":"include"`
)

// wishTests are sources and what the browser is asked for.
var wishTests = []struct {
	name, source string
	scene        int
	want         string
}{
	{"nothing given", `{}`, 3, `{"audio":` + voice + `,"video":` + vga + `}`},
	{"unknown scenario", `{}`, 100, `{"audio":` + voice + `,"video":` + vga + `}`},
	{"null fields", `{"camera":{"videoInput":null,"width":null}}`, 3, `{"audio":` + voice + `,"video":` + vga + `}`},
	{"neither kind", `{"camera":{"audio":false,"video":false}}`, 3, `{"audio":false,"video":false}`},
	{"audio only", `{"camera":{"video":false}}`, 3, `{"audio":` + voice + `,"video":false}`},
	{
		"devices", `{"camera":{"audioInput":"mic","videoInput":"cam","ANS":false,"AGC":false,"AEC":false,"channelCount":2}}`, 3,
		`{"audio":{"deviceId":{"exact":"mic"},"channelCount":2,"noiseSuppression":false,"autoGainControl":false,"echoCancellation":false},` +
			`"video":{"deviceId":{"exact":"cam"},"width":{"ideal":640},"height":{"ideal":480},"frameRate":{"ideal":15}}}`,
	},
	{
		"facingMode overrides videoInput", `{"camera":{"audio":false,"videoInput":"cam","facingMode":"user"}}`, 3,
		`{"audio":false,"video":{"facingMode":"user","width":{"ideal":640},"height":{"ideal":480},"frameRate":{"ideal":15}}}`,
	},
	{
		"preset 1 ignores sizes", `{"camera":{"audio":false,"videoQuality":1,"width":1000,"height":900}}`, 3,
		`{"audio":false,"video":{"width":{"ideal":320},"height":{"ideal":240},"frameRate":{"ideal":15}}}`,
	},
	{
		"preset 3", `{"camera":{"audio":false,"videoQuality":3}}`, 3,
		`{"audio":false,"video":{"width":{"ideal":1280},"height":{"ideal":720},"frameRate":{"ideal":20}}}`,
	},
	{
		"custom, odd sizes", `{"camera":{"audio":false,"videoQuality":4,"width":641,"height":{"exact":479,"max":1},"frameRate":{"min":5,"max":15},"bitrate":1}}`, 3,
		`{"audio":false,"video":{"width":{"ideal":642},"height":{"exact":480,"max":2},"frameRate":{"max":15,"min":5}}}`,
	},
	{
		"scenario StandardVideoCall", `{"camera":{"audio":false}}`, 4,
		`{"audio":false,"video":{"width":{"ideal":640},"height":{"ideal":360},"frameRate":{"ideal":15}}}`,
	},
	{
		"scenario HighVideoCall", `{"camera":{"audio":false}}`, 5,
		`{"audio":false,"video":{"width":{"ideal":960},"height":{"ideal":540},"frameRate":{"ideal":25}}}`,
	},
	{"scenario StandardChatroom", `{}`, 6, `{"audio":` + voice + `,"video":false}`},
	{"scenario HighQualityChatroom", `{}`, 7, `{"audio":` + voice + `,"video":false}`},
	{"video asked for in a chatroom", `{"camera":{"audio":false,"video":true}}`, 6, `{"audio":false,"video":` + vga + `}`},
	{"scenario Broadcast", `{}`, 8, `{"audio":` + strings.Replace(voice, `1`, `2`, 1) + `,"video":{"width":{"ideal":960},"height":{"ideal":540},"frameRate":{"ideal":20}}}`},
	{"scenario Karaoke", `{}`, 9, `{"audio":` + strings.Replace(voice, `1`, `2`, 1) + `,"video":false}`},
	{"quality in a scenario", `{"camera":{"audio":false,"videoQuality":2}}`, 5, `{"audio":false,"video":` + vga + `}`},
	{"screen", `{"screen":true}`, 3, `{"audio":false,"video":{"frameRate":{"ideal":15}},` + picker + `}`},
	{"screen preset 1", `{"screen":{"videoQuality":1,"width":100}}`, 3, `{"audio":false,"video":{"frameRate":{"ideal":20}},` + picker + `}`},
	{"screen preset 3", `{"screen":{"videoQuality":3}}`, 3, `{"audio":false,"video":{"frameRate":{"ideal":5}},` + picker + `}`},
	{
		"screen with sound", `{"screen":{"audio":true}}`, 9,
		`{"audio":{"channelCount":1,"noiseSuppression":false,"autoGainControl":false,"echoCancellation":true,"restrictOwnAudio":true},` +
			`"video":{"frameRate":{"ideal":15}},` + picker + `}`,
	},
	{
		"screen, custom", `{"screen":{"videoQuality":4,"frameRate":30,"bitRate":900,"width":{"max":1921}}}`, 3,
		`{"audio":false,"video":{"width":{"max":1922},"frameRate":{"ideal":30}},` + picker + `}`,
	},
	{
		"screen of Electron", `{"screen":{"audio":true,"sourceID":"window:1"}}`, 3,
		`{"audio":{"mandatory":{"chromeMediaSource":"desktop"}},"video":{"mandatory":{"chromeMediaSource":"desktop","chromeMediaSourceId":"window:1","maxFrameRate":15}}}`,
	},
	{"screen false is none", `{"screen":false,"camera":{"audio":false}}`, 3, `{"audio":false,"video":` + vga + `}`},
}

func TestWish(t *testing.T) {
	for _, test := range wishTests {
		p, err := planOf(test.source, test.scene)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		got, err := json.Marshal(p.wish)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		} else if string(got) != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

func TestEncoding(t *testing.T) {
	tests := []struct {
		source string
		scene  int
		want   Encoding
		hint   string
	}{
		{`{}`, 3, Encoding{800, 480, 0, 48, 1}, ""},
		{`{}`, 4, Encoding{500, 300, 0, 48, 1}, ""},
		{`{}`, 5, Encoding{1500, 900, 0, 48, 1}, ""},
		{`{}`, 6, Encoding{800, 480, 0, 24, 1}, ""},
		{`{}`, 8, Encoding{1200, 720, 0, 64, 2}, ""},
		{`{}`, 9, Encoding{800, 480, 0, 128, 2}, ""},
		{`{"camera":{"videoQuality":1,"bitrate":9000}}`, 3, Encoding{300, 180, 0, 48, 1}, ""},
		{`{"camera":{"videoQuality":3,"startBitrate":"target","minBitrate":100,"audioBitrate":510,"channelCount":2}}`, 3, Encoding{1500, 100, 1500, 510, 2}, ""},
		{`{"camera":{"videoQuality":4,"width":2,"height":2,"frameRate":1,"bitRate":10240,"videoOptimizationMode":"motion"}}`, 3, Encoding{10240, 6144, 0, 48, 1}, "motion"},
		{`{"camera":{"videoOptimizationMode":"default","startBitrate":"default"}}`, 3, Encoding{800, 480, 0, 48, 1}, ""},
		{`{"screen":true}`, 9, Encoding{1500, 900, 0, 48, 1}, ""},
		{`{"screen":{"videoQuality":1}}`, 3, Encoding{800, 480, 0, 48, 1}, ""},
		{`{"screen":{"videoQuality":3,"videoOptimizationMode":"detail"}}`, 3, Encoding{2000, 1200, 0, 48, 1}, "detail"},
		{`{"custom":{}}`, 9, Encoding{0, 0, 0, 48, 1}, ""},
		{`{"custom":{"bitrate":700,"audioBitrate":6}}`, 3, Encoding{700, 420, 0, 6, 1}, ""},
	}
	for _, test := range tests {
		p, err := planOf(test.source, test.scene)
		if err != nil {
			t.Errorf("%s: %v", test.source, err)
			continue
		}
		if p.encoding != test.want || p.hint != test.hint {
			t.Errorf("%s in scenario %d: %+v hint %q, want %+v %q", test.source, test.scene, p.encoding, p.hint, test.want, test.hint)
		}
	}
}

func TestWrongOptions(t *testing.T) {
	tests := []struct{ source, want string }{
		{`{"camera":{},"screen":true}`, "createStream takes one of camera, screen and custom, not several"},
		{`{"camera":{"videoQuality":0}}`, "camera.videoQuality must be a whole number from 1 to 4, not 0"},
		{`{"camera":{"videoQuality":5}}`, "camera.videoQuality must be a whole number from 1 to 4, not 5"},
		{`{"camera":{"videoQuality":4,"height":2,"frameRate":1,"bitrate":1}}`, "camera.width must be given with videoQuality 4"},
		{`{"camera":{"videoQuality":4,"width":2,"frameRate":1,"bitrate":1}}`, "camera.height must be given with videoQuality 4"},
		{`{"camera":{"videoQuality":4,"width":2,"height":2,"bitrate":1}}`, "camera.frameRate must be given with videoQuality 4"},
		{`{"camera":{"videoQuality":4,"width":2,"height":2,"frameRate":1}}`, "camera.bitrate must be given with videoQuality 4"},
		{`{"camera":{"videoQuality":4,"width":2,"height":2,"frameRate":1,"bitrate":0}}`, "camera.bitrate must be a whole number from 1 to 10240, not 0"},
		{`{"camera":{"videoQuality":4,"width":2,"height":2,"frameRate":1,"bitrate":10241}}`, "camera.bitrate must be a whole number from 0 to 10240, not 10241"},
		{`{"camera":{"width":7681}}`, "camera.width must be a whole number from 1 to 7680, not 7681"},
		{`{"camera":{"height":{"exact":4321}}}`, "camera.height must be a whole number from 1 to 4320, not 4321"},
		{`{"camera":{"frameRate":{"min":-1}}}`, "camera.frameRate must be a whole number from 1 to 1000, not -1"},
		{`{"camera":{"width":{}}}`, "camera.width must be a whole number from 1, or an object with exact, ideal, max or min"},
		{`{"camera":{"width":0}}`, "camera.width must be a whole number from 1, or an object with exact, ideal, max or min"},
		{`{"camera":{"facingMode":"left"}}`, "camera.facingMode must be one of user, environment, not left"},
		{`{"camera":{"audioBitrate":5}}`, "camera.audioBitrate must be a whole number from 6 to 510, not 5"},
		{`{"camera":{"channelCount":3}}`, "camera.channelCount must be a whole number from 1 to 2, not 3"},
		{`{"camera":{"keyFrameInterval":1}}`, "camera.keyFrameInterval must be a whole number from 2 to 6, not 1"},
		{`{"camera":{"minBitrate":-1}}`, "camera.minBitrate must be a whole number from 0 to 10240, not -1"},
		{`{"camera":{"startBitrate":"max"}}`, "camera.startBitrate must be one of default, target, not max"},
		{`{"screen":{"videoQuality":4,"bitrate":5}}`, "screen.frameRate must be given with videoQuality 4"},
		{`{"screen":{"videoQuality":4,"frameRate":5}}`, "screen.bitrate must be given with videoQuality 4"},
		{`{"screen":{"videoQuality":9}}`, "screen.videoQuality must be a whole number from 1 to 4, not 9"},
		{`{"custom":{"videoOptimizationMode":"fast"}}`, "custom.videoOptimizationMode must be one of default, motion, detail, not fast"},
		{`{"camera":{"audio":1}}`, "camera.audio must be true or false; given: number"},
		{`{"camera":{"audioBitrate":"48"}}`, "camera.audioBitrate must be a whole number; given: string"},
		{`{"camera":{"audioBitrate":48.5}}`, "camera.audioBitrate must be a whole number; given: number 48.5"},
		{`{"camera":{"videoInput":{}}}`, "camera.videoInput must be a text; given: object"},
		{`{"camera":{"width":"640"}}`, "camera.width must be a whole number; given: string"},
		{`{"camera":true}`, "camera must be an object; given: bool"},
		{`{"screen":{"audio":"yes"}}`, "screen.audio must be true or false; given: string"},
		{`{"screen":1}`, "screen must be true or false; given: number"},
		{`{"camera":`, "the argument cannot be read: unexpected end of JSON input"},
		{`[]`, "createStream takes an object with camera, screen or custom; given: array"},
	}
	for _, test := range tests {
		_, err := planOf(test.source, 3)
		var wrong *ArgumentError
		if !errors.As(err, &wrong) {
			t.Errorf("%s: %v, want an *ArgumentError", test.source, err)
		} else if wrong.Text != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.source, wrong.Text, test.want)
		}
	}
}

func TestCustomWithoutSource(t *testing.T) {
	_, err := newPlan(Source{Custom: &Custom{}}, 3)
	if err == nil || err.Error() != "custom.source must be an HTMLMediaElement or a MediaStream" {
		t.Errorf("got %v", err)
	}
}
