package engine

import (
	"fmt"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/protocol/json"
	"expressrtc/wasm/media"
)

// settings are what setEngineConfig, setEngineOptions and their kin change. They last as
// long as the engine, and are read under its lock.
type settings struct {
	roomRetry       time.Duration // until a room that does not come back is given up
	streamRetry     time.Duration // the same for a stream
	maxPlays        int           // 0 is no bound of this side
	publishInterval time.Duration // between two publishQualityUpdates
	playInterval    time.Duration // between two playQualityUpdates

	keepAudioTrack    bool // a stream without sound gets a silent track
	replaceEmptyTrack bool // which replaceTrack may then replace
	clearPlayed       bool // the last frame of a stream whose camera is off
	clearPreview      bool // the same for one's own
	keepPlaying       bool // in the next room, when switchRoom leaves one
	recaptureOnShow   bool // of devices that ended while the page was hidden
	relayOnly         bool // media over TURN and no other way
	blankInterval     time.Duration
	mixingDelay       time.Duration // of mixed-in audio
	muteRate          int           // mute calls that reach the server in a second

	// dataChannel is how data channels are made, as the browser takes it.
	dataChannel json.RawMessage
	// turn are servers of the page's own, beside the server's.
	turn []protocol.ICEServer

	scenario        int
	microphoneMuted bool
	playMuted       map[media.Kind]bool // of all that is played, now and later
	connect         time.Duration       // until media flows: longer than ICE tries by itself, for ends that never answer
	settle          time.Duration       // for everybody to come back to a server that was started anew
}

func defaultSettings(cfg Config) settings {
	s := settings{
		roomRetry: 300 * time.Second, streamRetry: 300 * time.Second,
		publishInterval: 3 * time.Second, playInterval: 3 * time.Second,
		keepAudioTrack: true, clearPlayed: true, clearPreview: true,
		blankInterval: 100 * time.Millisecond, muteRate: 10,
		dataChannel: json.RawMessage(`{"ordered":true}`),
		scenario:    cfg.Scenario,
		playMuted:   map[media.Kind]bool{},
		connect:     30 * time.Second, settle: 10 * time.Second,
	}
	if cfg.MuteRate > 0 {
		s.muteRate = cfg.MuteRate
	}
	return s
}

// SetEngineConfig changes the settings that the page names. Names that mean nothing
// here, and values of another type, change nothing.
func (e *Engine) SetEngineConfig(knobs map[string]json.RawMessage) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for name, raw := range knobs {
		if !e.settings.set(name, raw) {
			e.log("debug", fmt.Sprintf("setEngineConfig: %s changes nothing here", name))
		}
	}
}

// set understands one setting by its public name (contract 1.2).
func (s *settings) set(name string, raw json.RawMessage) bool {
	if string(raw) == "null" {
		return false
	}
	switch name {
	case "roomRetryTime":
		return duration(raw, &s.roomRetry, time.Second, 1, 3600)
	case "streamRetryTime":
		return duration(raw, &s.streamRetry, time.Second, 1, 3600)
	case "publishQualityInterval":
		return duration(raw, &s.publishInterval, time.Millisecond, 1000, maxMilliseconds)
	case "playQualityInterval":
		return duration(raw, &s.playInterval, time.Millisecond, 1000, maxMilliseconds)
	case "blankVideoTrackFrameInterval":
		return duration(raw, &s.blankInterval, time.Millisecond, 1, maxMilliseconds)
	case "mixingAudioDelay":
		return duration(raw, &s.mixingDelay, time.Millisecond, 0, maxMilliseconds)
	case "maxChannels":
		var n float64
		ok := json.Unmarshal(raw, &n) == nil
		if ok {
			s.maxPlays = int(min(max(n, 1), 50))
		}
		return ok
	case "datachannelOption":
		ok := len(raw) > 0 && raw[0] == '{'
		if ok {
			s.dataChannel = raw
		}
		return ok
	}
	flag := s.flag(name)
	return flag != nil && json.Unmarshal(raw, flag) == nil
}

func (s *settings) flag(name string) *bool {
	switch name {
	case "keepAudioTrack":
		return &s.keepAudioTrack
	case "allowReplaceEmptyTrack":
		return &s.replaceEmptyTrack
	case "playClearLastFrame":
		return &s.clearPlayed
	case "previewClearLastFrame":
		return &s.clearPreview
	case "switchRoomNotStopPlay":
		return &s.keepPlaying
	case "autoRecaptureOnShow":
		return &s.recaptureOnShow
	case "turnOnly":
		return &s.relayOnly
	}
	return nil
}

// maxMilliseconds is the longest time that a browser's timer takes.
const maxMilliseconds = 1<<31 - 1

// duration reads a number of units, within bounds.
func duration(raw json.RawMessage, into *time.Duration, unit time.Duration, least, most float64) bool {
	var n float64
	if json.Unmarshal(raw, &n) != nil {
		return false
	}
	*into = time.Duration(min(max(n, least), most) * float64(unit))
	return true
}

// TurnServer is an item of setTurnServer's list.
type TurnServer struct {
	URL        string `json:"url"`
	Username   string `json:"username"`
	Credential string `json:"credential"`
}

// SetTurnServer names servers for the media of later sessions, beside the server's own.
func (e *Engine) SetTurnServer(list []TurnServer) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settings.turn = nil
	for _, t := range list[:min(len(list), maxTurnServers)] {
		e.settings.turn = append(e.settings.turn, protocol.ICEServer{URLs: []string{t.URL}, Username: t.Username, Credential: t.Credential})
	}
}

// maxTurnServers bounds the page's own: browsers refuse more than a few.
const maxTurnServers = 8

// SetRoomScenario picks the presets of later captures. Not while a room is logged in.
func (e *Engine) SetRoomScenario(scenario int) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if scenario < 3 || scenario > 9 || len(e.rooms) > 0 {
		e.log("error", fmt.Sprintf("setRoomScenario: %s (%d)", text(codeScenario), codeScenario))
		return false
	}
	e.settings.scenario = scenario
	return true
}
