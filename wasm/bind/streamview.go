//go:build js && wasm

package bind

import (
	"errors"

	"expressrtc/wasm/media"
)

// viewRows are the methods of a ZegoStreamView.
var viewRows = []row{
	{"play", value, func(c call) (any, error) {
		return nil, c.view.Play(c.value(0), c.viewOptions(1))
	}},
	{"stop", value, func(c call) (any, error) {
		c.view.Stop()
		return nil, nil
	}},
	{"playVideo", value, func(c call) (any, error) {
		return nil, c.view.PlayVideo(c.value(0), c.viewOptions(1))
	}},
	{"stopVideo", value, func(c call) (any, error) {
		c.view.StopVideo()
		return nil, nil
	}},
	{"playAudio", value, func(c call) (any, error) {
		c.view.PlayAudio(c.viewOptions(0))
		return nil, nil
	}},
	{"stopAudio", value, func(c call) (any, error) {
		c.view.StopAudio()
		return nil, nil
	}},
	{"resume", value, func(c call) (any, error) {
		c.view.Resume()
		return nil, nil
	}},
	{"setAudioMuted", value, func(c call) (any, error) {
		muted, ok := c.boolean(0)
		return ok && c.view.SetAudioMuted(muted), nil
	}},
	{"setVideoMuted", value, func(c call) (any, error) {
		muted, ok := c.boolean(0)
		return ok && c.view.SetVideoMuted(muted), nil
	}},
	{"setVolume", value, func(c call) (any, error) {
		percent, ok := c.number(0)
		return ok && c.view.SetVolume(percent), nil
	}},
	{"useAudioOutputDevice", promise, func(c call) (any, error) {
		return nil, outputError(c.view.UseAudioOutputDevice(c.ctx, c.str(0)))
	}},
	{"takeStreamSnapshot", value, func(c call) (any, error) {
		return c.view.TakeStreamSnapshot(c.snapshotOptions(0)), nil
	}},
	{"getVideoWidth", value, func(c call) (any, error) { return c.view.VideoWidth(), nil }},
	{"getVideoHeight", value, func(c call) (any, error) { return c.view.VideoHeight(), nil }},
	{"on", value, func(c call) (any, error) { return c.onView() }},
	{"off", value, func(c call) (any, error) { return c.view.Off(c.str(0), c.optValue(1)), nil }},
}

// viewOptions are the options of the play methods; anything but an object is none.
func (c call) viewOptions(i int) media.ViewOptions {
	if !c.isObject(i) {
		return media.ViewOptions{}
	}
	return pick[media.ViewOptions](c, i, "mirror", "objectFit", "muted", "enableAutoplayDialog", "clearLastFrame")
}

// onView adds a listener to a view. What is no function is thrown as an Error.
func (c call) onView() (bool, error) {
	ok, err := c.view.On(c.str(0), c.value(1))
	if errors.Is(err, media.ErrCallback) {
		err = exception(media.ErrCallback)
	}
	return ok, err
}

// outputError gives a refusal by the browser the contract's code.
func outputError(err error) error {
	var refused *media.Error
	if errors.As(err, &refused) {
		return fault{codeOutputDevice, "the sound cannot be played there: " + refused.Error()}
	}
	return err
}
