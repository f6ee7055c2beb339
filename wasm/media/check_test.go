package media

import (
	"context"
	"encoding/json"
	"testing"
)

// checkerOf makes a checker for a browser in which only works does.
func checkerOf(works ...string) *checker {
	return &checker{running: map[string]bool{}, probe: func(_ context.Context, kind string, _ int) *Error {
		for _, w := range works {
			if w == kind {
				return nil
			}
		}
		return &Error{Name: "NotFoundError", Message: "no " + kind}
	}}
}

func TestCheck(t *testing.T) {
	tests := []struct {
		works []string
		kind  string
		level int
		want  string
	}{
		{
			[]string{checkWebRTC, checkCustomCapture, checkCamera, checkMicrophone, checkScreen, checkH264, checkVP8, checkVP9},
			"", 0,
			`{"webRTC":true,"customCapture":true,"camera":true,"microphone":true,"videoCodec":{"H264":true,"H265":false,"VP8":true,"VP9":true},"screenSharing":true,"errInfo":{}}`,
		},
		{
			nil, "", 1,
			`{"webRTC":false,"customCapture":false,"camera":false,"microphone":false,"videoCodec":{"H264":false,"H265":false,"VP8":false,"VP9":false},"screenSharing":false,` +
				`"errInfo":{"camera":{"name":"NotFoundError","message":"no camera"},"customCapture":{"name":"NotFoundError","message":"no customCapture"},` +
				`"microphone":{"name":"NotFoundError","message":"no microphone"},"webRTC":{"name":"NotFoundError","message":"no webRTC"}}}`,
		},
		{[]string{checkCamera}, "camera", 0, `{"result":true,"errInfo":{}}`},
		{nil, "camera", 0, `{"result":false,"errInfo":{"camera":{"name":"NotFoundError","message":"no camera"}}}`},
		{nil, "screenSharing", 0, `{"result":false,"errInfo":{}}`},
		{[]string{checkH265}, "H265", 1, `{"result":true,"errInfo":{}}`},
		{[]string{checkVP9}, "VP9", 0, `{"result":false,"errInfo":{"extendedDate":"param error"}}`},
		{[]string{"sound"}, "sound", 0, `{"result":false,"errInfo":{"extendedDate":"param error"}}`},
		{[]string{checkCamera}, "camera", 2, `{"result":false,"errInfo":{"extendedDate":"param error"}}`},
	}
	for _, test := range tests {
		got, err := json.Marshal(checkerOf(test.works...).check(t.Context(), test.kind, test.level))
		if err != nil {
			t.Errorf("%q: %v", test.kind, err)
		} else if string(got) != test.want {
			t.Errorf("%q at level %d:\n got %s\nwant %s", test.kind, test.level, got, test.want)
		}
	}
}

func TestOneCheckOfAKindAtATime(t *testing.T) {
	for _, test := range []struct {
		running, second string
		busy            bool
	}{
		{"camera", "camera", true},
		{"camera", "microphone", false},
		{"", "camera", true},
		{"", "", true},
		{"camera", "", false},
	} {
		started, release := make(chan bool), make(chan bool)
		first := true
		c := &checker{running: map[string]bool{}, probe: func(context.Context, string, int) *Error {
			if first {
				first = false
				started <- true
				<-release
			}
			return nil
		}}
		done := make(chan any)
		go func() { done <- c.check(t.Context(), test.running, 0) }()
		<-started
		if got := busy(c.check(t.Context(), test.second, 0)); got != test.busy {
			t.Errorf("%q while %q runs: busy %v, want %v", test.second, test.running, got, test.busy)
		}
		close(release)
		<-done
		if busy(c.check(t.Context(), test.running, 0)) {
			t.Errorf("%q after it ended: busy", test.running)
		}
	}
}

func busy(result any) bool {
	single, ok := result.(*SingleCheck)
	return ok && single.ErrInfo["extendedDate"] == busyCheck
}
