package media

// preset is one of the ready-made qualities.
type preset struct {
	width, height int // 0: as the screen is
	frameRate     int
	bitrate       int // kbit/s
}

// The qualities 1 to 3 by number; customQuality takes its figures from the options.
var (
	cameraPresets = [...]preset{
		1: {320, 240, 15, 300},
		2: {640, 480, 15, 800},
		3: {1280, 720, 20, 1500},
	}
	screenPresets = [...]preset{
		1: {frameRate: 20, bitrate: 800},
		2: {frameRate: 15, bitrate: 1500},
		3: {frameRate: 5, bitrate: 2000},
	}
)

const (
	defaultQuality = 2
	customQuality  = 4
)

// scenario is what a camera stream is where its options say nothing.
type scenario struct {
	preset
	video        bool
	audioBitrate int // kbit/s
	channels     int
}

// The scenarios by number, as the page gave it to the constructor.
var scenarios = [...]scenario{
	3: {cameraPresets[defaultQuality], true, 48, 1},   // Default
	4: {preset{640, 360, 15, 500}, true, 48, 1},       // StandardVideoCall
	5: {preset{960, 540, 25, 1500}, true, 48, 1},      // HighVideoCall
	6: {cameraPresets[defaultQuality], false, 24, 1},  // StandardChatroom
	7: {cameraPresets[defaultQuality], false, 48, 1},  // HighQualityChatroom
	8: {preset{960, 540, 20, 1200}, true, 64, 2},      // Broadcast
	9: {cameraPresets[defaultQuality], false, 128, 2}, // Karaoke
}

const defaultScenario = 3

// scenarioOf finds a scenario; a number that is none means the default one.
func scenarioOf(n int) *scenario {
	if n < defaultScenario || n >= len(scenarios) {
		n = defaultScenario
	}
	return &scenarios[n]
}
