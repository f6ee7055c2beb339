package e2e

import (
	"strings"
	"testing"

	"expressrtc/server/signaling"
)

// TestPagesCheckFirefox: a whole run in Firefox, whose pages are used by script. Debian's
// has no H.264, and the check says so.
func TestPagesCheckFirefox(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	p := open(t, firefox, "check", s.url+"/check")
	p.do(`document.getElementById("start").click()`)
	p.do(`(await e2e.when(() => document.querySelector("#stage button.main"))).click()`)
	p.do(`await e2e.when(() => document.querySelector("#step-call[data-state=running]"))`)
	report := eval[string](p, `await e2e.when(() => !document.getElementById("outcome").hidden);
		return document.getElementById("report").value`)
	for _, part := range []string{
		"Browser: Firefox ", "Calls work here, but:\n- Codecs: H.264 is missing.", "Camera: Good\n", "Microphone: Good\n",
		"Test call: Good\n  Picture and sound came back: ", "Way: UDP, direct to direct", "Round trip: ",
	} {
		if !strings.Contains(report, part) {
			t.Errorf("the report has no %q:\n%s", part, report)
		}
	}
}
