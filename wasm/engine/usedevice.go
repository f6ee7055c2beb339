package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/wasm/media"
)

// errStreamGone: the page destroyed the stream while a device was opened for it.
var errStreamGone = errors.New("the stream was destroyed meanwhile")

// exchange opens the camera or microphone of l again, as d says. If that fails the device
// is opened as it was before, and the failure is told nevertheless. It blocks for the
// browser; whoever calls it has the turn.
func (e *Engine) exchange(ctx context.Context, l *local, kind media.Kind, d media.Device) error {
	if old := l.Captured(kind); old != nil {
		l.End(old) // first: some systems do not open a second one beside it
	}
	err := e.reopen(ctx, l, kind, d)
	if err == nil {
		return nil
	}
	if again := e.reopen(ctx, l, kind, media.Device{}); again != nil {
		return errors.Join(err, fmt.Errorf("and the device before is not to be had any more: %w", again))
	}
	return err
}

// UseVideoDevice opens another camera for a stream, which stays the same for the page and
// for those who play it. It blocks for the browser.
func (e *Engine) UseVideoDevice(ctx context.Context, localID string, device Text) (Result, error) {
	return e.useDevice(ctx, localID, media.Video, device)
}

// UseAudioDevice opens another microphone for a stream, which stays the same for the page
// and for those who play it. It blocks for the browser.
func (e *Engine) UseAudioDevice(ctx context.Context, localID string, device Text) (Result, error) {
	return e.useDevice(ctx, localID, media.Audio, device)
}

func (e *Engine) useDevice(ctx context.Context, localID string, kind media.Kind, device Text) (Result, error) {
	if !device.OK || device.S == "" {
		return resolved(shapeResult.error(protocol.CodeInput, "deviceID must be string"))
	}
	return resolved(e.changeDevice(ctx, localID, kind, func() (media.Device, error) {
		return e.chooseDevice(ctx, kind, device.S)
	}))
}

// lookupTime is how long the browser may take to list its devices. Firefox does so only
// once the page has the focus; who cannot wait tries the device unseen.
const lookupTime = 3 * time.Second

// chooseDevice makes sure that there is such a device.
func (e *Engine) chooseDevice(ctx context.Context, kind media.Kind, id string) (media.Device, error) {
	lookup, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	all, err := e.EnumDevices(lookup)
	if err == nil && findDevice(inputs(all, kind), id) < 0 {
		return media.Device{}, shapeResult.error(codeNoDevice, "")
	}
	if lookup.Err() != nil && ctx.Err() == nil {
		err = nil
	}
	return media.Device{ID: id}, err
}

// changeDevice reopens a device of a stream of camera and microphone.
func (e *Engine) changeDevice(ctx context.Context, localID string, kind media.Kind, choose func() (media.Device, error)) error {
	ctx, l, done, err := e.takeTurn(ctx, localID, kind)
	if err != nil {
		return err
	}
	defer done()
	if l.From(kind) != media.FromCamera {
		return shapeResult.error(codeNotCamera, "")
	}
	if l.Captured(kind) == nil {
		return shapeResult.error(deviceCode(kind), "the stream has none that is open")
	}
	d, err := choose()
	if err != nil {
		return err
	}
	if err = e.exchange(ctx, l, kind, d); err == nil {
		return nil
	}
	if gone := e.interrupted(ctx, l); gone != nil {
		return gone
	}
	return e.reopenError(kind, err)
}

func deviceCode(kind media.Kind) Code { return pick(kind, codeAudioDevice, codeVideoDevice) }

// reopenError tells the browser's refusal as JSON.
func (e *Engine) reopenError(kind media.Kind, err error) error {
	code := deviceCode(kind)
	e.log("error", text(code)+" "+err.Error())
	told := map[string]string{"name": "Error", "message": err.Error()}
	var refusal *media.Error
	if errors.As(err, &refusal) {
		told = map[string]string{"name": refusal.Name, "message": refusal.Message, "constraint": refusal.Constraint}
	}
	return &Error{Code: code, Data: marshal(told), shape: shapeResult}
}

// UseFrontCamera turns a phone's camera round. It blocks for the browser.
func (e *Engine) UseFrontCamera(ctx context.Context, localID string, front, isBool bool) (Result, error) {
	if !isBool {
		return Result{}, shapeResult.error(protocol.CodeInput, "enable must be true or false")
	}
	if !media.Mobile() {
		return Result{}, shapeResult.error(codeNotCamera, "only phones have a front camera")
	}
	d := media.Device{FacingMode: "environment"}
	if front {
		d.FacingMode = "user"
	}
	return resolved(e.changeDevice(ctx, localID, media.Video, func() (media.Device, error) { return d, nil }))
}

// AutoSwitch says which kinds of device are replaced when they are lost
// (ZegoAutoSwitchDeviceConfig).
type AutoSwitch struct {
	Camera     *bool `json:"camera"`
	Microphone *bool `json:"microphone"`
}

// EnableAutoSwitchDevice changes what is given, and leaves the other as it is.
func (e *Engine) EnableAutoSwitchDevice(on AutoSwitch) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if on.Camera != nil {
		e.devices.switches[media.Video] = *on.Camera
	}
	if on.Microphone != nil {
		e.devices.switches[media.Audio] = *on.Microphone
	}
}

// replaceDeviceLocked opens what is left in the place of a device that was lost: the same
// if it is there again, else the first of the list, which is the system's own choice.
func (e *Engine) replaceDeviceLocked(l *local, kind media.Kind, list []media.DeviceInfo) {
	if !e.devices.switches[kind] || len(list) == 0 {
		return
	}
	d := media.Device{ID: list[0].ID}
	if used := l.InUse(kind); findDevice(list, used.ID) >= 0 {
		d.ID = used.ID
	}
	id := l.ID()
	go func() {
		err := e.changeDevice(e.life, id, kind, func() (media.Device, error) { return d, nil })
		if err != nil && e.life.Err() == nil {
			e.log("warn", fmt.Sprintf("enableAutoSwitchDevice: %v", err))
		}
	}()
}
