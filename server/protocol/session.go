package protocol

import "expressrtc/server/protocol/json"

// The messages of a media session.
const (
	TypeSessionOpen      Type = "session.open"
	TypeSessionDesc      Type = "session.desc"
	TypeSessionCandidate Type = "session.candidate"
	TypeSessionRestart   Type = "session.restart"
	TypeSessionPause     Type = "session.pause"
	TypeSessionQuality   Type = "session.quality"
	TypeSessionClose     Type = "session.close"
)

// Role is an end's part in a session.
type Role string

// The two roles. The sender makes the offer.
const (
	Send    Role = "send"
	Receive Role = "receive"
)

// ICEServer is a STUN or TURN server, in the shape that browsers take.
type ICEServer struct {
	URLs       []string `json:"urls"`
	Username   string   `json:"username,omitempty"`
	Credential string   `json:"credential,omitempty"`
}

// SessionOpen tells an end that it has a part in a new session.
type SessionOpen struct {
	Session SessionID `json:"session"`
	Room    RoomID    `json:"room"`
	Stream  StreamID  `json:"stream"`
	Role    Role      `json:"role"`
	// NoVideo and NoAudio are the receiver's wishes, told to both ends.
	NoVideo    bool        `json:"noVideo,omitempty"`
	NoAudio    bool        `json:"noAudio,omitempty"`
	ICEServers []ICEServer `json:"iceServers,omitempty"`
}

// SessionDesc carries an offer or an answer.
type SessionDesc struct {
	Session SessionID `json:"session"`
	// Kind is "offer" or "answer".
	Kind string `json:"kind"`
	SDP  string `json:"sdp"`
}

// SessionCandidate carries an ICE candidate as the browser's toJSON made it,
// null at the end of candidates.
type SessionCandidate struct {
	Session   SessionID       `json:"session"`
	Candidate json.RawMessage `json:"candidate"`
}

// SessionRestart is a receiver's request for another offer, with an ICE restart: media
// has stopped to come.
type SessionRestart struct {
	Session SessionID `json:"session"`
}

// SessionPause is a receiver's wish to be sent nothing of a kind for now; false resumes.
type SessionPause struct {
	Session SessionID `json:"session"`
	Video   bool      `json:"video"`
	Audio   bool      `json:"audio"`
}

// SessionQuality is how the sender's user fares, told to the receiver now and then: what
// its network is worth for what it publishes and for what it plays, from 0, excellent, to
// 4, dead; -1 is unknown.
type SessionQuality struct {
	Session SessionID `json:"session"`
	Up      int       `json:"up"`
	Down    int       `json:"down"`
	// Relay says that the session's media goes through a relay.
	Relay bool `json:"relay,omitempty"`
}

// CloseReason says why a session ended.
type CloseReason string

// The reasons for which a session ends.
const (
	// CloseStopped: the player stopped playing.
	CloseStopped CloseReason = "stopped"
	// CloseGone: the publisher stopped or left; the player waits for the stream to come back.
	CloseGone CloseReason = "gone"
	// CloseFailed: an end could not connect or negotiate.
	CloseFailed CloseReason = "failed"
	// CloseReplaced: the player asked again, a newer session takes its place.
	CloseReplaced CloseReason = "replaced"
	// CloseUnknown: the server knows no such session of this connection.
	CloseUnknown CloseReason = "unknown"
)

// SessionClose ends a session.
type SessionClose struct {
	Session SessionID   `json:"session"`
	Reason  CloseReason `json:"reason"`
}

// Type of the message.
func (SessionOpen) Type() Type { return TypeSessionOpen }

// Type of the message.
func (SessionDesc) Type() Type { return TypeSessionDesc }

// Type of the message.
func (SessionCandidate) Type() Type { return TypeSessionCandidate }

// Type of the message.
func (SessionRestart) Type() Type { return TypeSessionRestart }

// Type of the message.
func (SessionPause) Type() Type { return TypeSessionPause }

// Type of the message.
func (SessionQuality) Type() Type { return TypeSessionQuality }

// Type of the message.
func (SessionClose) Type() Type { return TypeSessionClose }

// Relayed is a message from one end of a session to the other. The server passes it on
// under the id that the other end knows the session by.
type Relayed interface {
	Body
	// Of is the session.
	Of() SessionID
	// Under is the message with another id.
	Under(SessionID) Relayed
}

// Of is the session.
func (m SessionDesc) Of() SessionID { return m.Session }

// Under is the message with another id.
func (m SessionDesc) Under(id SessionID) Relayed { m.Session = id; return m }

// Of is the session.
func (m SessionCandidate) Of() SessionID { return m.Session }

// Under is the message with another id.
func (m SessionCandidate) Under(id SessionID) Relayed { m.Session = id; return m }

// Of is the session.
func (m SessionRestart) Of() SessionID { return m.Session }

// Under is the message with another id.
func (m SessionRestart) Under(id SessionID) Relayed { m.Session = id; return m }

// Of is the session.
func (m SessionPause) Of() SessionID { return m.Session }

// Under is the message with another id.
func (m SessionPause) Under(id SessionID) Relayed { m.Session = id; return m }

// Of is the session.
func (m SessionQuality) Of() SessionID { return m.Session }

// Under is the message with another id.
func (m SessionQuality) Under(id SessionID) Relayed { m.Session = id; return m }

// Of is the session.
func (m SessionClose) Of() SessionID { return m.Session }

// Under is the message with another id.
func (m SessionClose) Under(id SessionID) Relayed { m.Session = id; return m }
