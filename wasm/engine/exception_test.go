package engine

import (
	"slices"
	"testing"
	"time"

	"expressrtc/wasm/rtc"
)

// TestVerdicts: five bad samples in a group are told once, and so is a later group that
// has a good one.
func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		name, samples string
		want          []Code
	}{
		{"good", "ggggggggggggggg", nil},
		{"four are not enough", "bbbbgbbbbg", nil},
		{"five of two groups", "gggbbbbbgg", nil},
		{"bad", "bbbbb", []Code{1004}},
		{"told once", "bbbbbbbbbbbbbbb", []Code{1004}},
		{"and good again", "bbbbbbbbbg", []Code{1004, 2004}},
		{"and again", "bbbbbgggggbbbbbgbbbb", []Code{1004, 2004, 1004, 2004}},
	} {
		var v verdicts
		var got []Code
		for _, sample := range c.samples {
			if data, told := v.judge(sentRate, sample == 'b'); told {
				got = append(got, data.Code)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: told %v, want %v", c.name, got, c.want)
		}
	}
	for of := captureRate; of <= renderedRate; of++ {
		if subjects[of] == "" {
			t.Errorf("%d has no text", of)
		}
	}
}

func TestLowRates(t *testing.T) {
	for _, c := range []struct {
		aim, rate float64
		want      bool
	}{
		{30, 4.9, true},
		{30, 5, false},
		{10, 4.9, true},
		{9, 4.9, false},
		{9, 1, true},
		{5, 1, true},
		{5, 1.1, false},
		{4, 0, false},
		{0, 0, false},
		{30, unmeasured, false},
	} {
		if got := low(c.aim, c.rate); got != c.want {
			t.Errorf("%v frames where %v are aimed at: low is %v", c.rate, c.aim, got)
		}
	}
}

// TestUpstream: a report counts while it is new, is unknown after one that did not come,
// and dead after more than three.
func TestUpstream(t *testing.T) {
	now := time.Now()
	unknown, dead, told := grades{-1, -1}, grades{4, 4}, grades{1, 2}
	for _, c := range []struct {
		age  time.Duration
		want grades
	}{
		{0, told},
		{4 * time.Second, told},
		{5 * time.Second, unknown},
		{13 * time.Second, unknown},
		{14 * time.Second, dead},
		{time.Hour, dead},
	} {
		if got := (upstream{told, now.Add(-c.age)}).now(now); got != c.want {
			t.Errorf("%v after the last report: %v, want %v", c.age, got, c.want)
		}
	}
	if got := (upstream{}).now(now); got != unknown {
		t.Errorf("before the first report: %v", got)
	}
}

// TestGradeSent: receivers that fall silent are as good as dead, unless nothing is sent
// to them, as of a muted picture.
func TestGradeSent(t *testing.T) {
	for _, c := range []struct {
		name      string
		sent, age float64
		want      int
	}{
		{"reported a second ago", 100, 1000, 0},
		{"not reported any more", 100, 12_000, 4},
		{"muted", 0, 60_000, 0},
	} {
		s := span{before: rtc.Stat{PacketsSent: 1000}, now: rtc.Stat{PacketsSent: 1000 + uint64(c.sent), Timestamp: 100_000}}
		if got := gradeSent(s, &rtc.Stat{Timestamp: 100_000 - c.age}, 0.01, 0); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

// TestUnknownVolume: Firefox does not measure what it captures, and that is no silence.
func TestUnknownVolume(t *testing.T) {
	before := rtc.Stat{SamplesDuration: 1, AudioEnergy: 1}
	for name, c := range map[string]struct {
		span  span
		quiet bool
	}{
		"not measured": {span{}, false},
		"silent":       {span{before: before, now: rtc.Stat{SamplesDuration: 2, AudioEnergy: 1}}, true},
		"loud":         {span{before: before, now: rtc.Stat{SamplesDuration: 2, AudioEnergy: 1.5}}, false},
	} {
		if quiet := tooQuiet(c.span.volume()); quiet != c.quiet {
			t.Errorf("%s: too quiet: %v", name, quiet)
		}
	}
}
