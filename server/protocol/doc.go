// Package protocol is the wire: every message that a page's SDK and the server
// exchange, the ids in them and the codes of what can go wrong. It owns no state
// and takes no lock. Both ends import it, so it knows the standard library only.
//
// # Frames
//
// One WebSocket text frame holds one [Frame]: {"type","id","error","body"}.
//
//   - A request has an id that the client counts up from 1. Its reply has the same
//     type and the same id, and either a body or an error.
//   - A notice has no id and is never answered.
//   - Unknown fields are ignored. An unknown type with an id is answered with an
//     error, without one it is dropped. A frame that is no JSON ends the connection.
//
// # Messages
//
//	type               way  kind     struct
//	room.login          →   request  RoomLogin, answered by RoomSnapshot
//	room.logout         →   request  RoomLogout
//	room.users          ←   notice   RoomUsers
//	room.streams        ←   notice   RoomStreams
//	room.kickout        ←   notice   RoomKickout
//	room.token          →   request  RoomToken
//	room.extra          ↔   request, notice to the others  RoomExtra
//	stream.publish      →   request  StreamPublish
//	stream.unpublish    →   request  StreamUnpublish
//	stream.update       ↔   request, notice to the others  StreamUpdate
//	stream.play         →   request  StreamPlay, answered by StreamPlayReply
//	stream.stop         →   request  StreamStop
//	stream.end          ←   notice   StreamEnd
//	session.open        ←   notice   SessionOpen
//	session.desc        ↔   notice   SessionDesc
//	session.candidate   ↔   notice   SessionCandidate
//	session.restart     →   notice to the sender  SessionRestart
//	session.pause       →   notice to the sender  SessionPause
//	session.quality     →   notice to the receiver  SessionQuality
//	session.close       ↔   notice   SessionClose
//	message.broadcast   ↔   request, notice to the others  MessageBroadcast
//	message.barrage     ↔   request, notice to the others  MessageBarrage
//	message.command     ↔   request, notice to the named   MessageCommand
//	message.transparent ↔   request, notice to the named   MessageTransparent
//	message.channel     ↔   request, notice to the named   MessageChannel
//	ping                ↔   notice   Ping
//	pong                ↔   notice   Pong
//	resume              →   request  Resume, answered by Resumed
//	ack                 ↔   notice   Ack
//
// testdata holds each of them as it stands on the wire.
//
// # Order
//
// The reply to room.login is a snapshot; every change after it comes as a notice,
// from one queue a connection, and in the same order for everyone in the room.
// The reply to a request that changes a room is queued together with the notices
// that it caused, so a publisher learns of its success when the others learn of
// its stream.
//
// # Sessions
//
// A session carries one stream from one sender to one receiver. The server opens it
// at both ends with session.open, which tells each its [Role]; the sender always
// makes the offer. Descriptions and candidates pass through the server unread.
// Whoever ends it sends session.close; the other end gets the same message. Both know it
// by one id; only a connection that plays its own stream has an id for each of its parts.
//
// A stream may be played before anybody publishes it: the reply says found=false,
// and session.open follows when it appears. A player whose session ended because
// the publisher went away ([CloseGone]) stays on that waiting list until it sends
// stream.stop. One whose session failed asks again with stream.play.
//
// # Life of a connection
//
// The first request is room.login, or resume. The server sends ping in the interval that the
// snapshot told, the client answers with pong; an end that hears nothing for two and
// a half intervals gives the connection up. What a client must know before its
// connection closes (room.kickout) is a message, and the client closes after
// reading it; the [CloseCode] only repeats it.
//
// # Away and back
//
// A login that asks for it gets a key. When its socket is lost the connection is away:
// nobody is told, what would be sent is kept, and within the grace time a new socket may
// resume it. Each end counts the frames that it received, but for resume, ack, ping and
// pong ([Counted]); resuming tells both counts, and each end sends again what the other
// has not had. So nothing is lost or doubled, requests under way included. Acknowledging
// now and then ([AckEvery]) keeps what must be kept short.
//
// A server that was started anew, or gave the connection up, refuses to resume. The
// client then logs in again and brings what it has ([Carried]): streams, plays, the room's
// extra info, of which the newest counts, and the sessions in which media flows. A server
// in another life takes them up: a session goes on when both of its ends have brought it,
// and what a receiver has paused by then is told to the sender. Within its own life the
// server knows better, and takes only streams and plays.
package protocol
