//go:build js && wasm

package media

import "testing"

// TestComposedPictureGoesOn: a phone pauses every element of a page that nobody sees.
func TestComposedPictureGoesOn(t *testing.T) {
	in := &composed{stream: StreamOf(eval(t, `made.length = 0; refuse = false; return streamOf("video")`))}
	defer in.unwatch()
	in.watch()
	eventually(t, "begun", `made.map(m => m.paused)`, "false")
	eval(t, `refuse = true; made[0].pause()`)
	in.played = in.played.Add(-playAgain)
	for range 5 {
		in.watch()
	}
	check(t, "once for some time", `made.map(m => m.plays)`, "2")
	eval(t, `refuse = false`)
	in.played = in.played.Add(-playAgain)
	in.watch()
	eventually(t, "played again", `made.map(m => m.paused)`, "false")
	in.played = in.played.Add(-playAgain)
	in.watch()
	check(t, "left alone while it plays", `made.map(m => m.plays)`, "3")
}
