package signaling

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// What an operator of thousands of users wants to read: nothing of what goes well, unless
// at the level debug; of what fails one line of a sort, by way of the ledger. A line about
// a client says which: connection, address, app, user and room. It has no token, no key
// and no text of a message.

// maxClip bounds what a client says of itself and nobody has checked.
const maxClip = 128

// clip shortens what a client says for the log.
func clip[T ~string](text T) string {
	if len(text) <= maxClip {
		return string(text)
	}
	return strings.ToValidUTF8(string(text[:maxClip]), "") + "…"
}

// name is what the log calls the connection.
func (c *conn) name() string { return strconv.FormatUint(c.id, 32) }

// who are the attributes that say which client it is.
func (c *conn) who() []any {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.whoLocked()
}

func (c *conn) whoLocked() []any {
	attributes := []any{"connection", c.name(), "address", c.address}
	if c.user != "" {
		attributes = append(attributes, "app", c.app, "user", c.user)
	}
	if rooms := roomsOf(c.members); rooms != "" {
		attributes = append(attributes, "room", rooms)
	} else if c.left != "" {
		attributes = append(attributes, "room", c.left)
	}
	return attributes
}

func roomsOf(members map[protocol.RoomID]*room.Member) string {
	var names []string
	for _, id := range slices.Sorted(maps.Keys(members)) {
		names = append(names, string(id))
	}
	return strings.Join(names, " ")
}

// log writes a line about the connection.
func (c *conn) log(level slog.Level, message string, details ...any) {
	if log := c.server.config.Log; log.Enabled(context.Background(), level) {
		log.Log(context.Background(), level, message, append(c.who(), details...)...)
	}
}

func (c *conn) logLocked(level slog.Level, message string, details ...any) {
	if log := c.server.config.Log; log.Enabled(context.Background(), level) {
		log.Log(context.Background(), level, message, append(c.whoLocked(), details...)...)
	}
}

// logLogin notes how a login ended. One that failed for no fault of its client's is among
// the failed requests.
func (c *conn) logLogin(l Login) {
	who := []any{"app", l.App, "room", clip(l.Room), "user", clip(l.User), "connection", l.Connection, "address", c.from()}
	switch l.Code {
	case protocol.CodeOK:
		c.server.config.Log.Debug("login", who...)
	case protocol.CodeInternal:
	default:
		reason := "code " + strconv.Itoa(int(l.Code))
		c.server.ledger.note(slog.LevelInfo, subject{"login refused", reason}, append(who, "error", clip(l.Message))...)
	}
}

func kickedOut(code protocol.Code) subject {
	return subject{"kicked out", "code " + strconv.Itoa(int(code))}
}

// reason is how a connection ended, in words.
func reason(code protocol.CloseCode) string {
	if code == lost {
		return "connection lost"
	}
	return code.String()
}

// logEnd notes how the connection ended: with a warning when its client does not do as
// it should.
func (c *conn) logEnd() {
	c.server.traffic.ended.count(c.ending)
	details := append(c.who(), "code", int(c.ending))
	if c.cause != nil {
		details = append(details, "error", clip(c.cause.Error()))
	}
	switch c.ending {
	case protocol.CloseMalformed, protocol.CloseVersion, protocol.CloseTooSlow, protocol.CloseBusy:
		c.server.ledger.note(slog.LevelWarn, subject{"connection ended", reason(c.ending)}, details...)
	default:
		c.server.config.Log.Debug("connection ended", append(details, "reason", reason(c.ending))...)
	}
}
