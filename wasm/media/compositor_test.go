package media

import "testing"

func TestPlace(t *testing.T) {
	into := &Layout{X: 10, Y: 20, Width: 100, Height: 100}
	for fit, want := range map[string][2]Layout{
		"fill":    {{Width: 200, Height: 100}, {X: 10, Y: 20, Width: 100, Height: 100}},
		"contain": {{Width: 200, Height: 100}, {X: 10, Y: 45, Width: 100, Height: 50}},
		"cover":   {{X: 50, Width: 100, Height: 100}, {X: 10, Y: 20, Width: 100, Height: 100}},
		"":        {{X: 50, Width: 100, Height: 100}, {X: 10, Y: 20, Width: 100, Height: 100}},
	} {
		if from, to := into.place(fit, 200, 100); from != want[0] || to != want[1] {
			t.Errorf("%q: %v, %v, want %v", fit, from, to, want)
		}
	}
}

func TestComposeOutput(t *testing.T) {
	tooFast := 61.0
	for want, out := range map[string]ComposeOutput{
		"<nil>":                 {Width: 640, Height: 480},
		"param width error":     {Height: 480},
		"param height error":    {Width: 640, Height: -1},
		"param frameRate error": {Width: 640, Height: 480, FrameRate: &tooFast},
	} {
		got := "<nil>"
		if err := out.check(); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%+v: %s, want %s", out, got, want)
		}
	}
	picture := ComposeOutput{Width: 640, Height: 480}
	for layout, want := range map[Layout]bool{
		{Width: 640, Height: 480}:         true,
		{X: 1, Width: 640, Height: 480}:   false,
		{Y: -1, Width: 10, Height: 10}:    false,
		{X: 630, Width: 10, Height: 10}:   true,
		{X: 0, Y: 0, Width: 0, Height: 1}: false,
	} {
		if got := picture.holds(&layout); got != want {
			t.Errorf("%+v: %v", layout, got)
		}
	}
}

// TestComposeInput: a later call changes what it says, and which kinds are needed follows.
func TestComposeInput(t *testing.T) {
	text, half := func(s string) *string { return &s }, 50.0
	var in ComposeInput
	in.merge(ComposeInput{Layout: &Layout{Width: 1}, ObjectFit: text("fill")})
	in.merge(ComposeInput{Volume: &half})
	if in.Layout.Width != 1 || *in.ObjectFit != "fill" || *in.Volume != half || in.ContentType != nil {
		t.Errorf("merged: %+v", in)
	}
	for content, want := range map[string][4]bool{ // picture wanted, needed, sound wanted, needed
		"":      {true, false, true, false},
		"VIDEO": {true, true, false, false},
		"AUDIO": {false, false, true, true},
		"ALL":   {true, true, true, true},
	} {
		in.merge(ComposeInput{ContentType: text(content)})
		var got [4]bool
		got[0], got[1] = in.wants(Video)
		got[2], got[3] = in.wants(Audio)
		if got != want {
			t.Errorf("%q: %v, want %v", content, got, want)
		}
	}
}
