package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"expressrtc/wasm/media"
)

// deviceSettle is how long a change of devices may go on before it is looked at: browsers
// report one plug several times.
const deviceSettle = 500 * time.Millisecond

// devices is what the engine knows of cameras, microphones and speakers.
type devices struct {
	known   media.Devices // what pages were told the changes from
	check   *time.Timer   // that is due
	changed bool          // the browser said so since the last check
	ended   []deviceLoss  // since the last check

	switches map[media.Kind]bool // enableAutoSwitchDevice
}

// deviceLoss is a stream that lost its device.
type deviceLoss struct {
	local *local
	kind  media.Kind
	told  bool // to the page, before the browser said why
}

func (d deviceLoss) among(losses []deviceLoss) bool {
	return slices.ContainsFunc(losses, func(other deviceLoss) bool { return d.local == other.local && d.kind == other.kind })
}

// deviceGroups are the lists, and how their changes are told.
var deviceGroups = [...]struct {
	list func(*media.Devices) *[]media.DeviceInfo
	told func(change string, d media.DeviceInfo) Event
}{
	{func(d *media.Devices) *[]media.DeviceInfo { return &d.Cameras }, videoDeviceStateChanged},
	{func(d *media.Devices) *[]media.DeviceInfo { return &d.Microphones }, func(change string, d media.DeviceInfo) Event {
		return audioDeviceStateChanged(change, "Input", d)
	}},
	{func(d *media.Devices) *[]media.DeviceInfo { return &d.Speakers }, func(change string, d media.DeviceInfo) Event {
		return audioDeviceStateChanged(change, "Output", d)
	}},
}

// EnumDevices lists what there is without asking the user: before a permission names and
// ids are empty. It blocks for the browser.
func (e *Engine) EnumDevices(ctx context.Context) (media.Devices, error) {
	all, err := media.ListDevices(ctx)
	if err != nil {
		return all, shapeAll.error(codeEnumerate, "(%v)", err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.learnDevicesLocked(all)
	return all, nil
}

// GetCameras lists the cameras; the user is asked for one if their names are hidden.
func (e *Engine) GetCameras(ctx context.Context) ([]media.DeviceInfo, error) {
	return e.listDevices(ctx, media.Video, func(d media.Devices) []media.DeviceInfo { return d.Cameras })
}

// GetMicrophones lists the microphones; the user is asked for one if their names are hidden.
func (e *Engine) GetMicrophones(ctx context.Context) ([]media.DeviceInfo, error) {
	return e.listDevices(ctx, media.Audio, func(d media.Devices) []media.DeviceInfo { return d.Microphones })
}

// GetSpeakers lists the speakers; the user is asked for a microphone if their names are hidden.
func (e *Engine) GetSpeakers(ctx context.Context) ([]media.DeviceInfo, error) {
	return e.listDevices(ctx, media.Audio, func(d media.Devices) []media.DeviceInfo { return d.Speakers })
}

func (e *Engine) listDevices(ctx context.Context, kind media.Kind, of func(media.Devices) []media.DeviceInfo) ([]media.DeviceInfo, error) {
	all, err := e.EnumDevices(ctx)
	if err == nil && hidden(of(all)) {
		if refused := media.AskForDevice(ctx, kind); refused != nil {
			e.log("info", "the names of devices stay hidden: "+refused.Error())
		}
		all, err = e.EnumDevices(ctx)
	}
	return of(all), err
}

// hidden reports whether the browser does not tell the page what the devices are.
func hidden(list []media.DeviceInfo) bool { return findDevice(list, "") >= 0 }

func findDevice(list []media.DeviceInfo, id string) int {
	return slices.IndexFunc(list, func(d media.DeviceInfo) bool { return d.ID == id })
}

// learnDevicesLocked takes lists of which nothing was known: names that were hidden are
// no new devices. What was known changes only with devicechange, which tells the page.
func (e *Engine) learnDevicesLocked(all media.Devices) {
	for _, group := range deviceGroups {
		if known := group.list(&e.devices.known); *known == nil || hidden(*known) {
			*known = *group.list(&all)
		}
	}
}

// learnDevices looks at the devices once the page may know them.
func (e *Engine) learnDevices() {
	if _, err := e.EnumDevices(e.life); err != nil && e.life.Err() == nil {
		e.log("debug", err.Error())
	}
}

// DevicesChanged is told when the browser's list has changed. It does not block.
func (e *Engine) DevicesChanged() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.devices.changed = true
	e.checkDevicesSoonLocked()
}

func (e *Engine) checkDevicesSoonLocked() {
	stopTimers(e.devices.check)
	if !e.destroyed {
		e.devices.check = time.AfterFunc(deviceSettle, e.checkDevices)
	}
}

// onTrackEnded: a captured track ended by itself. Why, the list of devices will tell.
func (e *Engine) onTrackEnded(id string, kind media.Kind) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if l := e.locals[id]; l != nil {
		e.devices.ended = append(e.devices.ended, deviceLoss{local: l, kind: kind})
		e.checkDevicesSoonLocked()
	}
}

// checkDevices tells the page what has changed, and acts on devices that are lost.
func (e *Engine) checkDevices() {
	late := time.AfterFunc(lookupTime, e.tellEnded)
	all, err := media.ListDevices(e.life)
	late.Stop()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.destroyed {
		return
	}
	if err != nil {
		e.log("warn", fmt.Sprintf("%s (%v)", text(codeEnumerate), err))
		all = e.devices.known
	}
	before := e.devices.known
	changed, ended := e.devices.changed, e.devices.ended
	e.devices.changed, e.devices.ended = false, nil
	e.tellDevicesLocked(all)
	losses := e.lossesLocked(before, all, stillLost(ended))
	for _, loss := range losses {
		e.onDeviceLostLocked(loss, all, changed)
	}
	e.followDefaultLocked(all, losses)
}

// tellEnded tells the page whose sound or picture has ended before the browser says what
// there is, which may be when the page has the focus again.
func (e *Engine) tellEnded() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := range e.devices.ended {
		if loss := &e.devices.ended[i]; !loss.told && e.publishedLocked(loss.local) {
			loss.told = true
			e.tellLossLocked(*loss, pick(loss.kind, codeMicrophoneEnded, codeCameraEnded))
		}
	}
}

func (e *Engine) tellLossLocked(loss deviceLoss, code Code) {
	name := loss.local.InUse(loss.kind).Name
	e.log("warn", fmt.Sprintf("%q: %s", name, text(code)))
	e.emitLocked(deviceError(code, name))
}

// stillLost leaves out those for which a page that was told has opened a device anew,
// which may have ended since.
func stillLost(ended []deviceLoss) (losses []deviceLoss) {
	for i, loss := range ended {
		t := loss.local.Captured(loss.kind)
		if !loss.told || !loss.among(ended[i+1:]) && (t == nil || !t.Live()) {
			losses = append(losses, loss)
		}
	}
	return losses
}

// tellDevicesLocked tells the difference, one call a device.
func (e *Engine) tellDevicesLocked(all media.Devices) {
	e.learnDevicesLocked(all)
	for _, group := range deviceGroups {
		known, now := group.list(&e.devices.known), *group.list(&all)
		if hidden(now) {
			continue
		}
		for _, d := range missingFrom(now, *known) {
			e.emitLocked(group.told("DELETE", d))
		}
		for _, d := range missingFrom(*known, now) {
			e.emitLocked(group.told("ADD", d))
		}
		*known = now
	}
}

// missingFrom is what others have and list has not.
func missingFrom(list, others []media.DeviceInfo) []media.DeviceInfo {
	return slices.DeleteFunc(slices.Clone(others), func(d media.DeviceInfo) bool { return findDevice(list, d.ID) >= 0 })
}

// lossesLocked adds to the ended tracks those whose device has gone without that: not
// every browser ends them.
func (e *Engine) lossesLocked(before, now media.Devices, losses []deviceLoss) []deviceLoss {
	for _, l := range e.locals {
		for _, kind := range []media.Kind{media.Audio, media.Video} {
			used, loss := l.InUse(kind), deviceLoss{local: l, kind: kind}
			if plugged(inputs(before, kind), used) && !plugged(inputs(now, kind), used) && !loss.among(losses) {
				losses = append(losses, loss)
			}
		}
	}
	return losses
}

// defaultID is what Chromium calls the system's choice among its list. On some systems its
// name ends with that of the real device.
const defaultID = "default"

// plugged reports whether a device is in the list: the system's choice by its name, too.
func plugged(list []media.DeviceInfo, used media.DeviceInfo) bool {
	return slices.ContainsFunc(list, func(d media.DeviceInfo) bool {
		if used.ID != defaultID {
			return d.ID == used.ID
		}
		return d.Name == used.Name || d.ID != defaultID && d.Name != "" && strings.HasSuffix(used.Name, d.Name)
	})
}

// followDefaultLocked opens the system's choice of a microphone anew when it is another one.
func (e *Engine) followDefaultLocked(now media.Devices, losses []deviceLoss) {
	at := findDevice(now.Microphones, defaultID)
	if at < 0 {
		return
	}
	for _, l := range e.locals {
		used := l.InUse(media.Audio)
		if used.ID == defaultID && used.Name != now.Microphones[at].Name && !(deviceLoss{local: l, kind: media.Audio}).among(losses) {
			e.replaceDeviceLocked(l, media.Audio, now.Microphones)
		}
	}
}

func inputs(d media.Devices, kind media.Kind) []media.DeviceInfo {
	if kind == media.Video {
		return d.Cameras
	}
	return d.Microphones
}

// onDeviceLostLocked tells a page that publishes from the device, and looks for another.
func (e *Engine) onDeviceLostLocked(loss deviceLoss, now media.Devices, changed bool) {
	used, list := loss.local.InUse(loss.kind), inputs(now, loss.kind)
	if used.ID != "" {
		e.replaceDeviceLocked(loss.local, loss.kind, list)
	}
	if loss.told || !e.publishedLocked(loss.local) {
		return
	}
	code := codeUnplugged
	switch there := used.ID == "" || plugged(list, used); {
	case there && changed: // it was away for a moment
		code = pick(loss.kind, codeMicrophoneLoose, codeCameraLoose)
	case there:
		code = pick(loss.kind, codeMicrophoneEnded, codeCameraEnded)
	}
	e.tellLossLocked(loss, code)
}

func pick(kind media.Kind, audio, video Code) Code {
	if kind == media.Audio {
		return audio
	}
	return video
}

// publishedLocked reports whether the server knows of a stream that is made of l.
func (e *Engine) publishedLocked(l *local) bool {
	for _, p := range e.publishers {
		if p.local == l && p.announced() {
			return true
		}
	}
	return false
}

// UseAudioOutputDevice plays a media element's sound on another device. It blocks for the
// browser, and never settles where browsers cannot do that.
func (e *Engine) UseAudioOutputDevice(ctx context.Context, element *media.Element, id Text) (bool, error) {
	if !id.OK {
		return false, shapeAll.error(codePlayParam, "deviceID must be string")
	}
	if element == nil {
		return false, shapeAll.error(codeNoSound, "media must be an HTMLMediaElement")
	}
	err := element.UseOutput(ctx, id.S)
	if notSupported(err) {
		e.log("error", "useAudioOutputDevice: "+err.Error())
		return false, ErrNeverSettles
	}
	if err != nil {
		return false, shapeAll.error(codeOutputDevice, "(%v)", err)
	}
	return true, nil
}

// CheckVideoTrackIsActive reports whether a stream of this engine shows more than black.
// It looks for a second at most.
func (e *Engine) CheckVideoTrackIsActive(ctx context.Context, id string) bool {
	return e.active(ctx, id, media.Video)
}

// CheckAudioTrackIsActive reports whether a stream of this engine is more than silence. It
// listens for a second at most.
func (e *Engine) CheckAudioTrackIsActive(ctx context.Context, id string) bool {
	return e.active(ctx, id, media.Audio)
}

func (e *Engine) active(ctx context.Context, id string, kind media.Kind) bool {
	for _, t := range e.tracksOf(id) {
		if t.Kind() == kind && t.Active(ctx) {
			return true
		}
	}
	return false
}

// tracksOf are the tracks of a local or played stream; none of one that is not ours.
func (e *Engine) tracksOf(id string) []*media.Track {
	e.mu.Lock()
	defer e.mu.Unlock()
	if l := e.locals[id]; l != nil {
		return l.Tracks()
	}
	for _, p := range e.players {
		if p.stream.ID() == id {
			return p.stream.Tracks()
		}
	}
	return nil
}

// notSupported reports a function that this browser does not have.
func notSupported(err error) bool {
	var refusal *media.Error
	return errors.As(err, &refusal) && refusal.Name == media.NotSupported
}
