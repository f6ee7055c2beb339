//go:build js && wasm

package media

import (
	"context"
	"errors"
	"fmt"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// still is the picture and the canvas that it is drawn on.
type still struct{ image, canvas, context safejs.Value }

// maxStill bounds the longer side of a still picture: encoders pay for each pixel.
const maxStill = 1920

// NewStill loads the picture at path. It waits for it, as long as ctx does, and fails if
// it cannot be loaded, or not be sent on.
func NewStill(ctx context.Context, path string) (*Still, error) {
	image := newElement("img")
	set(image, "crossOrigin", "anonymous") // a canvas with a picture of another origin gives no track
	set(image, "src", path)
	if _, err := awaitCall(ctx, image, "decode"); err != nil {
		return nil, fmt.Errorf("load %s: %w", path, err)
	}
	s := &Still{still: still{image: image, canvas: newElement("canvas")}}
	s.fit(jsx.Int(image, "naturalWidth"), jsx.Int(image, "naturalHeight"))
	s.context = call(s.canvas, "getContext", "2d")
	s.draw()
	stream, err := jsx.Call(s.canvas, "captureStream")
	if err != nil {
		return nil, refusal("", err)
	}
	if s.track = StreamOf(stream).Track(Video); s.track == nil {
		return nil, errors.New("a canvas made no video track")
	}
	return s, nil
}

// fit gives the canvas the picture's size, in even figures, which encoders want. A vector
// picture may have none.
func (s *still) fit(width, height int) {
	if width == 0 || height == 0 {
		width, height = 640, 480
	}
	if longer := max(width, height); longer > maxStill {
		width, height = width*maxStill/longer, height*maxStill/longer
	}
	set(s.canvas, "width", max(width&^1, 2))
	set(s.canvas, "height", max(height&^1, 2))
}

func (s *still) draw() {
	call(s.context, "drawImage", s.image, 0, 0, jsx.Int(s.canvas, "width"), jsx.Int(s.canvas, "height"))
}
