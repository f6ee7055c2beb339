package protocol

// The messages about publishing and playing.
const (
	TypeStreamPublish   Type = "stream.publish"
	TypeStreamUnpublish Type = "stream.unpublish"
	TypeStreamUpdate    Type = "stream.update"
	TypeStreamPlay      Type = "stream.play"
	TypeStreamStop      Type = "stream.stop"
	TypeStreamEnd       Type = "stream.end"
)

// StreamPublish announces a stream.
type StreamPublish struct {
	Room       RoomID   `json:"room"`
	Stream     StreamID `json:"stream"`
	ExtraInfo  string   `json:"extraInfo,omitempty"`
	VideoMuted bool     `json:"videoMuted,omitempty"`
	AudioMuted bool     `json:"audioMuted,omitempty"`
	NoVideo    bool     `json:"noVideo,omitempty"`
	NoAudio    bool     `json:"noAudio,omitempty"`
	StandIn    bool     `json:"standIn,omitempty"`
}

// StreamUnpublish takes a stream back.
type StreamUnpublish struct {
	Room   RoomID   `json:"room"`
	Stream StreamID `json:"stream"`
}

// StreamUpdate changes what is told of a published stream; the others get it as a notice.
// A field that is nil stays as it was.
type StreamUpdate struct {
	Room       RoomID   `json:"room"`
	Stream     StreamID `json:"stream"`
	ExtraInfo  *string  `json:"extraInfo,omitempty"`
	VideoMuted *bool    `json:"videoMuted,omitempty"`
	AudioMuted *bool    `json:"audioMuted,omitempty"`
	NoVideo    *bool    `json:"noVideo,omitempty"`
	NoAudio    *bool    `json:"noAudio,omitempty"`
	StandIn    *bool    `json:"standIn,omitempty"`
}

// Apply brings what is told of a stream up to date.
func (m StreamUpdate) Apply(s *Stream) {
	if m.ExtraInfo != nil {
		s.ExtraInfo = *m.ExtraInfo
	}
	for _, flag := range []struct{ now, to *bool }{
		{m.VideoMuted, &s.VideoMuted},
		{m.AudioMuted, &s.AudioMuted},
		{m.NoVideo, &s.NoVideo},
		{m.NoAudio, &s.NoAudio},
		{m.StandIn, &s.StandIn},
	} {
		if flag.now != nil {
			*flag.to = *flag.now
		}
	}
}

// StreamPlay asks for a session that brings a stream. While one is open, or when one
// is asked for again, the older session is closed first.
type StreamPlay struct {
	Room   RoomID   `json:"room"`
	Stream StreamID `json:"stream"`
	// NoVideo and NoAudio leave that kind out of the session.
	NoVideo bool `json:"noVideo,omitempty"`
	NoAudio bool `json:"noAudio,omitempty"`
}

// StreamPlayReply answers StreamPlay.
type StreamPlayReply struct {
	// Found is false when nobody publishes the stream yet; session.open follows when somebody does.
	Found bool `json:"found"`
}

// StreamStop stops playing, or waiting for, a stream.
type StreamStop struct {
	Room   RoomID   `json:"room"`
	Stream StreamID `json:"stream"`
}

// StreamEnd tells a publisher or a player that the server has ended its part in a stream,
// and why. It does not try again by itself.
type StreamEnd struct {
	Room   RoomID   `json:"room"`
	Stream StreamID `json:"stream"`
	// Role is the part that ended.
	Role    Role   `json:"role"`
	Code    Code   `json:"code"`
	Message string `json:"message"`
}

// Type of the message.
func (StreamEnd) Type() Type { return TypeStreamEnd }

// Type of the message.
func (StreamPublish) Type() Type { return TypeStreamPublish }

// Type of the message.
func (StreamUnpublish) Type() Type { return TypeStreamUnpublish }

// Type of the message.
func (StreamUpdate) Type() Type { return TypeStreamUpdate }

// Type of the message.
func (StreamPlay) Type() Type { return TypeStreamPlay }

// Type of the message.
func (StreamStop) Type() Type { return TypeStreamStop }

// In is the room.
func (m StreamPublish) In() RoomID { return m.Room }

// In is the room.
func (m StreamUnpublish) In() RoomID { return m.Room }

// In is the room.
func (m StreamUpdate) In() RoomID { return m.Room }

// In is the room.
func (m StreamPlay) In() RoomID { return m.Room }

// In is the room.
func (m StreamStop) In() RoomID { return m.Room }
