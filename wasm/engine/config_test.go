package engine

import (
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"
)

func TestSettingsHaveTheirBounds(t *testing.T) {
	for _, c := range []struct {
		knob, value string
		get         func(settings) any
		want        any
	}{
		{"roomRetryTime", "10", func(s settings) any { return s.roomRetry }, 10 * time.Second},
		{"roomRetryTime", "0", func(s settings) any { return s.roomRetry }, time.Second},
		{"roomRetryTime", "99999", func(s settings) any { return s.roomRetry }, time.Hour},
		{"roomRetryTime", `"10"`, func(s settings) any { return s.roomRetry }, 300 * time.Second},
		{"streamRetryTime", "1.5", func(s settings) any { return s.streamRetry }, 1500 * time.Millisecond},
		{"publishQualityInterval", "10", func(s settings) any { return s.publishInterval }, time.Second},
		{"playQualityInterval", "5000", func(s settings) any { return s.playInterval }, 5 * time.Second},
		{"maxChannels", "0", func(s settings) any { return s.maxPlays }, 1},
		{"maxChannels", "51", func(s settings) any { return s.maxPlays }, 50},
		{"maxChannels", "null", func(s settings) any { return s.maxPlays }, 0},
		{"keepAudioTrack", "false", func(s settings) any { return s.keepAudioTrack }, false},
		{"keepAudioTrack", "1", func(s settings) any { return s.keepAudioTrack }, true},
		{"keepAudioTrack", "null", func(s settings) any { return s.keepAudioTrack }, true},
		{"switchRoomNotStopPlay", "true", func(s settings) any { return s.keepPlaying }, true},
		{"turnOnly", "true", func(s settings) any { return s.relayOnly }, true},
		{"datachannelOption", `{"ordered":false}`, func(s settings) any { return string(s.dataChannel) }, `{"ordered":false}`},
		{"datachannelOption", `7`, func(s settings) any { return string(s.dataChannel) }, `{"ordered":true}`},
		{"setUserInfo", `{"userID":"u"}`, func(s settings) any { return s.roomRetry }, 300 * time.Second},
	} {
		s := defaultSettings(Config{})
		s.set(c.knob, json.RawMessage(c.value))
		if got := c.get(s); got != c.want {
			t.Errorf("%s: %s makes %v, want %v", c.knob, c.value, got, c.want)
		}
	}
}

// TestServerClock: whatever the delays were, the true time is within what is told.
func TestServerClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		born := time.Now().Add(-time.Minute)
		const ahead = 5000 // ms that the server's clock is ahead
		clock := serverClock{born: born}
		stamp := func(ago time.Duration) int64 { return time.Now().Add(-ago).UnixMilli() + ahead }
		wantNear := func(step string, within time.Duration) {
			t.Helper()
			off := clock.now().Sub(time.Now().Add(ahead * time.Millisecond)).Abs()
			if deviation := (clock.most - clock.least) / 2; off > deviation+5*time.Millisecond || deviation > within {
				t.Errorf("%s: off by %v, told %v, want at most %v", step, off, deviation, within)
			}
		}
		clock.heard(stamp(0))
		if clock.known {
			t.Error("a message alone is no measure")
		}
		clock.answered(time.Now().Add(-400*time.Millisecond), stamp(100*time.Millisecond))
		wantNear("a slow answer", 210*time.Millisecond)
		clock.heard(stamp(10 * time.Millisecond))
		wantNear("a quick message", 160*time.Millisecond)
		clock.heard(stamp(time.Second))
		wantNear("a late message", 160*time.Millisecond)
		clock.answered(time.Now().Add(-20*time.Millisecond), stamp(10*time.Millisecond))
		wantNear("a quick answer", 20*time.Millisecond)
		clock.born = clock.born.Add(time.Hour) // the machine slept
		clock.answered(time.Now().Add(-20*time.Millisecond), stamp(10*time.Millisecond))
		wantNear("after a sleep", 20*time.Millisecond)
	})
}
