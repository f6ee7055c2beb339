//go:build js && wasm

package media

import (
	"context"
	"strings"

	"expressrtc/wasm/jsx"
)

// ListDevices asks for what there is; the user is not asked. It fails with an *Error.
func ListDevices(ctx context.Context) (Devices, error) {
	entries, err := enumerate(ctx)
	return newDevices(entries), refusal("", err)
}

func enumerate(ctx context.Context) (entries []entry, err error) {
	list, err := awaitCall(ctx, jsx.Global("navigator", "mediaDevices"), "enumerateDevices")
	if err == nil {
		err = jsx.Decode(list, &entries)
	}
	return entries, err
}

// AskForDevice opens a device of a kind for a moment, for which the user is asked: after
// it the list has names. It fails with an *Error.
func AskForDevice(ctx context.Context, kind Kind) error {
	return refusal("", probeDevice(ctx, wish{Audio: kind == Audio, Video: kind == Video}))
}

// Info names the device that a track comes from.
func (t *Track) Info() DeviceInfo {
	return DeviceInfo{jsx.String(t.value, "label"), jsx.String(call(t.value, "getSettings"), "deviceId")}
}

// Settings are those of a video track.
func (t *Track) Settings() Settings {
	v := call(t.value, "getSettings")
	return Settings{jsx.Int(v, "width"), jsx.Int(v, "height"), jsx.Float(v, "frameRate")}
}

// systemOutput is what Chromium calls the system's choice among its list. Other browsers
// know it by an empty id only.
const systemOutput = "default"

// UseOutput plays its sound on another device. It fails with an *Error.
func (e *Element) UseOutput(ctx context.Context, id string) error {
	if !isFunction(e.value, "setSinkId") {
		return &Error{Name: NotSupported, Message: "this browser cannot choose where sound is played"}
	}
	_, err := awaitCall(ctx, e.value, "setSinkId", id)
	if err != nil && id == systemOutput {
		_, err = awaitCall(ctx, e.value, "setSinkId", "")
	}
	return refusal("", err)
}

// Mobile reports a phone or a tablet.
func Mobile() bool {
	navigator := jsx.Global("navigator")
	agent := jsx.String(navigator, "userAgent")
	apple := strings.HasPrefix(jsx.String(navigator, "vendor"), "Apple") && jsx.Int(navigator, "maxTouchPoints") > 0
	return apple || strings.Contains(agent, "Android") || strings.Contains(agent, "Mobile")
}

// Hidden reports whether nobody sees the page.
func Hidden() bool { return jsx.Bool(document(), "hidden") }
