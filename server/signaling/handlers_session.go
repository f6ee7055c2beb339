package signaling

import "expressrtc/server/protocol"

// relay passes a message on to the other end of its session.
func relay[T protocol.Relayed](c *conn, msg T) { c.server.hub.Relay(c, msg.Of(), msg) }
