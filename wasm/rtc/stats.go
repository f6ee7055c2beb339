package rtc

import "expressrtc/server/protocol/json"

// Stat is one entry of the browser's statistics, with the fields of all the types
// that are read here (https://www.w3.org/TR/webrtc-stats/). Times of the browser are
// in seconds unless a name says otherwise.
type Stat struct {
	ID        string  `json:"id"`
	Type      string  `json:"type"`
	Kind      string  `json:"kind"`
	Timestamp float64 `json:"timestamp"` // ms

	CodecID  string `json:"codecId"`
	MimeType string `json:"mimeType"`

	BytesSent       uint64 `json:"bytesSent"`
	BytesReceived   uint64 `json:"bytesReceived"`
	PacketsSent     uint64 `json:"packetsSent"`
	PacketsReceived uint64 `json:"packetsReceived"`
	PacketsLost     int64  `json:"packetsLost"`

	FrameWidth    int     `json:"frameWidth"`
	FrameHeight   int     `json:"frameHeight"`
	Frames        uint64  `json:"frames"` // of a media source
	FramesEncoded uint64  `json:"framesEncoded"`
	FramesSent    uint64  `json:"framesSent"`
	FramesDecoded uint64  `json:"framesDecoded"`
	FramesRecv    uint64  `json:"framesReceived"`
	FramesDropped uint64  `json:"framesDropped"`
	DecodeTime    float64 `json:"totalDecodeTime"`
	FreezeTime    float64 `json:"totalFreezesDuration"`

	Jitter           float64 `json:"jitter"`
	AudioLevel       float64 `json:"audioLevel"`
	AudioEnergy      float64 `json:"totalAudioEnergy"`
	SamplesDuration  float64 `json:"totalSamplesDuration"`
	SamplesReceived  uint64  `json:"totalSamplesReceived"`
	ConcealedSamples uint64  `json:"concealedSamples"`
	JitterDelay      float64 `json:"jitterBufferDelay"`
	JitterEmitted    uint64  `json:"jitterBufferEmittedCount"`

	NackCount uint64 `json:"nackCount"`
	PLICount  uint64 `json:"pliCount"`

	SelectedPair     string  `json:"selectedCandidatePairId"`
	Local            string  `json:"localCandidateId"`
	Remote           string  `json:"remoteCandidateId"`
	CandidateType    string  `json:"candidateType"`
	Nominated        bool    `json:"nominated"`
	State            string  `json:"state"`
	CurrentRTT       float64 `json:"currentRoundTripTime"`
	TotalRTT         float64 `json:"totalRoundTripTime"`
	RoundTripTime    float64 `json:"roundTripTime"`
	LimitationReason string  `json:"qualityLimitationReason"`
	Encoder          string  `json:"encoderImplementation"`
	Decoder          string  `json:"decoderImplementation"`
}

// Report is one reading of a connection's statistics.
type Report []Stat

// Stats reads the statistics; nil when there are none. It blocks for the reading.
func (p *Peer) Stats() Report {
	reply := make(chan Report, 1)
	if !p.post(func() { reply <- p.report() }) {
		return nil
	}
	select {
	case r := <-reply:
		return r
	case <-p.done:
		return nil
	}
}

// report is nil while a browser has no reading; the next interval has one.
func (p *Peer) report() Report {
	if p.pc == nil {
		return nil
	}
	data, err := p.statsJSON()
	var r Report
	if err != nil || json.Unmarshal(data, &r) != nil {
		return nil
	}
	return r
}

// Find returns the first entry of a type and kind ("" for any kind), or nil.
func (r Report) Find(typ, kind string) *Stat {
	for i := range r {
		if r[i].Type == typ && (kind == "" || r[i].Kind == kind) {
			return &r[i]
		}
	}
	return nil
}

// Codec names the codec of an entry as "H264" or "opus", "" when unknown.
func (r Report) Codec(s *Stat) string {
	if s == nil || s.CodecID == "" {
		return ""
	}
	for i := range r {
		if r[i].ID == s.CodecID {
			return afterSlash(r[i].MimeType)
		}
	}
	return ""
}

func afterSlash(mime string) string {
	for i := len(mime) - 1; i >= 0; i-- {
		if mime[i] == '/' {
			return mime[i+1:]
		}
	}
	return mime
}

// Pair returns the candidate pair in use, or nil. Several are nominated while both
// ends try ways; the transport knows which it takes.
func (r Report) Pair() *Stat {
	if t := r.Find("transport", ""); t != nil && t.SelectedPair != "" {
		for i := range r {
			if r[i].ID == t.SelectedPair {
				return &r[i]
			}
		}
	}
	for i := range r {
		if r[i].Type == "candidate-pair" && r[i].Nominated && r[i].State == "succeeded" {
			return &r[i]
		}
	}
	return nil
}

// Relayed reports whether media goes through a relay, at either end.
func (r Report) Relayed() bool {
	pair := r.Pair()
	if pair == nil {
		return false
	}
	for i := range r {
		if r[i].CandidateType == "relay" && (r[i].ID == pair.Local || r[i].ID == pair.Remote) {
			return true
		}
	}
	return false
}
