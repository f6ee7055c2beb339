package signaling

import "expressrtc/server/protocol"

func (c *conn) onSessionDesc(msg protocol.SessionDesc) {
	c.server.hub.Relay(c, msg.Session, msg)
}

func (c *conn) onSessionCandidate(msg protocol.SessionCandidate) {
	c.server.hub.Relay(c, msg.Session, msg)
}

func (c *conn) onSessionClose(msg protocol.SessionClose) {
	c.server.hub.Relay(c, msg.Session, msg)
}

func (c *conn) onSessionRestart(msg protocol.SessionRestart) {
	c.server.hub.Relay(c, msg.Session, msg)
}

func (c *conn) onSessionPause(msg protocol.SessionPause) {
	c.server.hub.Relay(c, msg.Session, msg)
}

func (c *conn) onSessionQuality(msg protocol.SessionQuality) {
	c.server.hub.Relay(c, msg.Session, msg)
}
