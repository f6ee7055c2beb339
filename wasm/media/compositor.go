package media

import "fmt"

// Layout is where an input stands in the picture, in its pixels; of two that overlap,
// the one with the greater ZOrder, or the later one, is in front.
type Layout struct {
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
	ZOrder int     `json:"zOrder"`
}

// ComposeInput is what the page says of an input (ZegoStreamCompositorInputOption); what
// is nil stays as it was.
type ComposeInput struct {
	Layout *Layout `json:"layout"`
	// ObjectFit is cover (the default), contain or fill.
	ObjectFit *string `json:"objectFit"`
	// ContentType is VIDEO, AUDIO or ALL; without it, all that the stream has.
	ContentType *string `json:"contentType"`
	// Volume is 100 for unchanged.
	Volume *float64 `json:"volume"`
}

// merge keeps what next does not say.
func (in *ComposeInput) merge(next ComposeInput) {
	if next.Layout != nil {
		in.Layout = next.Layout
	}
	if next.ObjectFit != nil {
		in.ObjectFit = next.ObjectFit
	}
	if next.ContentType != nil {
		in.ContentType = next.ContentType
	}
	if next.Volume != nil {
		in.Volume = next.Volume
	}
}

// wants reports whether that kind is to be composed, and whether it has to be there.
func (in *ComposeInput) wants(kind Kind) (wanted, needed bool) {
	switch deref(in.ContentType, "") {
	case "VIDEO":
		return kind == Video, kind == Video
	case "AUDIO":
		return kind == Audio, kind == Audio
	case "ALL":
		return true, true
	default:
		return true, false
	}
}

// ComposeOutput is the picture that is made (ZegoStreamCompositorOutputConfig): pixels,
// frames a second, kbit/s.
type ComposeOutput struct {
	Width     float64  `json:"width"`
	Height    float64  `json:"height"`
	FrameRate *float64 `json:"frameRate"`
	Bitrate   *float64 `json:"bitrate"`
}

// check says what is wrong, in the words of the contract.
func (out ComposeOutput) check() error {
	for _, field := range []struct {
		name  string
		value float64
		most  float64
	}{
		{"width", out.Width, maxWidth},
		{"height", out.Height, maxHeight},
		{"frameRate", deref(out.FrameRate, 15), 60},
		{"bitrate", deref(out.Bitrate, 2500), maxBitrate},
	} {
		if !(field.value >= 1 && field.value <= field.most) {
			return fmt.Errorf("param %s error", field.name)
		}
	}
	return nil
}

// holds reports whether an input lies within the picture.
func (out ComposeOutput) holds(l *Layout) bool {
	return l.X >= 0 && l.Y >= 0 && l.Width > 0 && l.Height > 0 && l.X+l.Width <= out.Width && l.Y+l.Height <= out.Height
}

// place is which part of a source of that size is drawn, and where.
func (l *Layout) place(fit string, width, height float64) (from, to Layout) {
	from, to = Layout{Width: width, Height: height}, *l
	across, down := l.Width/width, l.Height/height
	switch fit {
	case "fill":
	case "contain":
		scale := min(across, down)
		to.Width, to.Height = width*scale, height*scale
		to.X, to.Y = l.X+(l.Width-to.Width)/2, l.Y+(l.Height-to.Height)/2
	default:
		scale := max(across, down)
		from.Width, from.Height = l.Width/scale, l.Height/scale
		from.X, from.Y = (width-from.Width)/2, (height-from.Height)/2
	}
	return from, to
}
