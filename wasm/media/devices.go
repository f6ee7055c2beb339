package media

// DeviceInfo is one camera, microphone or speaker (ZegoDeviceInfo). Until the user has
// allowed one of its kind, browsers leave name and id empty.
type DeviceInfo struct {
	Name string `json:"deviceName"`
	ID   string `json:"deviceID"`
}

// Devices are all that the browser tells of (ZegoDeviceInfos).
type Devices struct {
	Microphones []DeviceInfo `json:"microphones"`
	Speakers    []DeviceInfo `json:"speakers"`
	Cameras     []DeviceInfo `json:"cameras"`
}

// entry is one item of the browser's own list.
type entry struct {
	Kind  string `json:"kind"`
	Label string `json:"label"`
	ID    string `json:"deviceId"`
}

// newDevices sorts the browser's list; none is an empty list, as pages take lengths.
func newDevices(entries []entry) Devices {
	d := Devices{[]DeviceInfo{}, []DeviceInfo{}, []DeviceInfo{}}
	for _, one := range entries {
		info := DeviceInfo{one.Label, one.ID}
		switch one.Kind {
		case "audioinput":
			d.Microphones = append(d.Microphones, info)
		case "audiooutput":
			d.Speakers = append(d.Speakers, info)
		case "videoinput":
			d.Cameras = append(d.Cameras, info)
		}
	}
	return d
}

// Settings are what a track of video is at this moment; 0 is unknown.
type Settings struct {
	Width, Height int
	FrameRate     float64
}
