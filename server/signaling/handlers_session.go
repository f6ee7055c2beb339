package signaling

import "expressrtc/server/protocol"

// relay passes a message on to the other end of its session. How much that is the sender
// decides, and the other end has to take it.
func relay[T protocol.Relayed](c *conn, f protocol.Frame) error {
	limit := protocol.MaxCandidate
	if f.Type == protocol.TypeSessionDesc {
		limit = protocol.MaxDesc
	}
	if len(f.Body) > limit {
		return protocol.Errorf(protocol.CodeInput, "%s has %d bytes, at most %d are allowed", f.Type, len(f.Body), limit)
	}
	msg, err := decode[T](f)
	if err != nil {
		return err
	}
	c.server.hub.Relay(c, msg.Of(), msg)
	return nil
}
