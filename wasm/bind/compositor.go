//go:build js && wasm

package bind

import (
	"errors"

	"expressrtc/wasm/media"
)

// The codes of an input without what it is wanted for.
const (
	codeNoPicture = 1103074
	codeNoSound   = 1103076
)

// compositorRows are the methods of a ZegoStreamCompositor.
var compositorRows = []row{
	{"setInputEndpoint", promise, func(c call) (any, error) {
		s := c.owner.engine.StreamOf(c.localID(0), c.streamID(0))
		if s == nil {
			return nil, exception("stream is not from zego")
		}
		return nil, composeError(c.compositor().SetInput(s, c.composeInput(1)))
	}},
	{"addImage", value, func(c call) (any, error) {
		return nil, composeError(c.compositor().SetImage(c.value(0), c.composeInput(1)))
	}},
	{"removeImage", value, func(c call) (any, error) {
		c.compositor().RemoveImage(c.value(0))
		return nil, nil
	}},
	{"setOutputConfig", value, func(c call) (any, error) {
		out := pick[media.ComposeOutput](c, 0, "width", "height", "frameRate", "bitrate")
		return nil, composeError(c.compositor().SetOutput(out))
	}},
	{"startComposingStream", promise, func(c call) (any, error) {
		made, err := c.compositor().Start()
		if err != nil {
			return nil, fault{codeInput, err.Error()}
		}
		return c.owner.engine.AdoptStream(made)
	}},
	{"stopComposingStream", promise, func(c call) (any, error) {
		id, made := c.compositor().Stop()
		if made {
			c.owner.engine.ReleaseStream(id)
		}
		return made, nil
	}},
}

func (c call) compositor() *media.Compositor { return self[*media.Compositor](c) }

func (c call) composeInput(i int) media.ComposeInput {
	in, _ := members[media.ComposeInput](c, i, "layout", "x", "y", "width", "height", "zOrder", "objectFit", "contentType", "volume")
	return in
}

// composeError gives an error of a compositor the contract's form.
func composeError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, media.ErrNoPicture):
		return fault{codeNoPicture, err.Error()}
	case errors.Is(err, media.ErrNoSound):
		return fault{codeNoSound, err.Error()}
	}
	return exception(err.Error())
}
