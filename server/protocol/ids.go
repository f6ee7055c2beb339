package protocol

// AppID separates the rooms, users and streams of one application from those of others.
type AppID uint32

// RoomID names a room within an app.
type RoomID string

// UserID names a user within an app.
type UserID string

// StreamID names a stream within an app.
type StreamID string

// SessionID names one media session. It is unguessable: whoever knows it had it.
type SessionID string

// Limits that both sides hold ids to, in UTF-16 units as a page counts them.
const (
	MaxRoomID    = 128
	MaxUserID    = 64
	MaxUserName  = 256
	MaxStreamID  = 256
	MaxExtraInfo = 1024
	// MaxFrame bounds a frame of a client, in bytes, where a server is not told otherwise.
	MaxFrame = 256 << 10
	// MaxText bounds the text of a message, in bytes of UTF-8.
	MaxText = 10240
	// MaxBinary bounds a transparent message, in bytes.
	MaxBinary = 4096
	// MaxExtraKey and MaxExtraValue bound a pair of a room's extra info, in UTF-16 units;
	// MaxExtraBytes all pairs of a room as JSON, which clients bring back in one frame.
	MaxExtraKey   = 128
	MaxExtraValue = 4096
	MaxExtraBytes = 48 << 10
	// MaxToken bounds a token, in bytes.
	MaxToken = 4096
	// MaxDesc and MaxCandidate bound the bodies of session.desc and of the other messages
	// of a session that are passed on, in bytes of JSON.
	MaxDesc      = 64 << 10
	MaxCandidate = 4 << 10
)

// punctuation that an id may hold beside ASCII letters and digits.
const punctuation = "#!$%&()`'+-;<=.>@^_~,\\*"

// ValidID reports whether every character of id may stand in an id.
// An empty id is valid here; callers have their own code for that.
func ValidID(id string) bool {
	for i := range len(id) {
		if !validIDByte(id[i]) {
			return false
		}
	}
	return true
}

func validIDByte(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	for i := range len(punctuation) {
		if c == punctuation[i] {
			return true
		}
	}
	return false
}

// Length counts s in UTF-16 units, as a page's .length does.
func Length(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}
