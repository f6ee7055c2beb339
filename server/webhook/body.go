package webhook

import (
	"cmp"
	"crypto/rand"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"expressrtc/server/auth"
	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// stamp is what every callback begins with.
type stamp struct {
	app       uint32
	at        int64 // in seconds
	nonce     string
	signature string
}

// sign makes the stamp of one request. An app without a secret for callbacks signs with
// its own.
func sign(app auth.App, now time.Time) stamp {
	var random [8]byte
	_, _ = rand.Read(random[:]) // never fails
	s := stamp{app: app.ID, at: now.Unix(), nonce: strconv.FormatUint(binary.BigEndian.Uint64(random[:]), 10)}
	s.signature = signature(cmp.Or(app.CallbackSecret, app.Secret), s.at, s.nonce)
	return s
}

func signature(secret string, at int64, nonce string) string {
	parts := []string{secret, strconv.FormatInt(at, 10), nonce}
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, "")))
	return hex.EncodeToString(sum[:])
}

// numbers is the stamp of callbacks about rooms, texts that of all others: so they are.
type numbers struct {
	Event     string `json:"event"`
	AppID     uint32 `json:"appid"`
	Timestamp int64  `json:"timestamp"`
	Nonce     string `json:"nonce"`
	Signature string `json:"signature"`
}

type texts struct {
	Event     string `json:"event"`
	AppID     string `json:"appid"`
	Timestamp string `json:"timestamp"`
	Nonce     string `json:"nonce"`
	Signature string `json:"signature"`
}

// newBody is what is sent.
func newBody(e *event, s stamp) any {
	what := names[e.report.Kind]
	inNumbers := numbers{what, s.app, s.at, s.nonce, s.signature}
	inTexts := texts{what, strconv.FormatUint(uint64(s.app), 10), strconv.FormatInt(s.at, 10), s.nonce, s.signature}
	switch e.report.Kind {
	case room.RoomOpened:
		return newRoomCreate(e, inNumbers)
	case room.RoomClosed:
		return newRoomClose(e, inNumbers)
	case room.UserIn:
		return newRoomLogin(e, inTexts)
	case room.UserOut:
		return newRoomLogout(e, inTexts)
	case room.StreamUp:
		return newStreamCreate(e, inTexts)
	}
	return newStreamClose(e, inTexts)
}

type roomCreate struct {
	numbers
	RoomID        protocol.RoomID `json:"room_id"`
	RoomSessionID uint64          `json:"room_session_id"`
	CreateTime    string          `json:"room_create_time"`
	Creator       protocol.UserID `json:"id_name"`
}

func newRoomCreate(e *event, n numbers) roomCreate {
	r := e.report
	return roomCreate{n, r.Room.ID, r.Room.Life, ms(r.Room.Created), r.User.ID}
}

type roomClose struct {
	numbers
	RoomID        protocol.RoomID `json:"room_id"`
	RoomSessionID uint64          `json:"room_session_id"`
	Reason        int             `json:"close_reason"`
	CloseTime     string          `json:"room_close_time"`
}

func newRoomClose(e *event, n numbers) roomClose {
	r := e.report
	return roomClose{n, r.Room.ID, r.Room.Life, closeReason(r.Departure), ms(r.Time)}
}

// closeReason is why a room ended: 0 it was closed, 1 its last user was lost, 2 left, 3 was
// removed.
func closeReason(out room.Departure) int {
	switch {
	case out.Cleared:
		return 0
	case out.Reason == protocol.ReasonHeartbeat, out.Reason == protocol.ReasonOffline:
		return 1
	case out.Reason == protocol.ReasonKicked, out.Reason == protocol.ReasonRelogin:
		return 3
	}
	return 2
}

// audience is the role of everyone: rooms have no roles here.
const audience = "2"

type roomLogin struct {
	texts
	RoomID        protocol.RoomID `json:"room_id"`
	RoomName      protocol.RoomID `json:"room_name"`
	RoomSeq       string          `json:"room_seq"`
	User          protocol.UserID `json:"user_account"`
	Nickname      string          `json:"user_nickname"`
	SessionID     string          `json:"session_id"`
	LoginTime     string          `json:"login_time"`
	UserRole      string          `json:"user_role"`
	AuthLevel     string          `json:"auth_level"`
	Relogin       string          `json:"relogin"`
	UserUpdateSeq string          `json:"user_update_seq"`
	CallbackData  string          `json:"callback_data"`
	TermType      string          `json:"term_type"`
}

func newRoomLogin(e *event, t texts) roomLogin {
	r, u := e.report, e.report.User
	return roomLogin{
		t, r.Room.ID, r.Room.ID, id(r.Room.Life), u.ID, u.Name, id(u.Number), ms(u.Since),
		audience, strconv.Itoa(u.Pass.Level), flag(u.Returned), id(e.seq), "", "6",
	}
}

type roomLogout struct {
	texts
	RoomID        protocol.RoomID `json:"room_id"`
	RoomSeq       string          `json:"room_seq"`
	User          protocol.UserID `json:"user_account"`
	Nickname      string          `json:"user_nickname"`
	SessionID     string          `json:"session_id"`
	LoginTime     string          `json:"login_time"`
	LogoutTime    string          `json:"logout_time"`
	Reason        string          `json:"reason"`
	UserRole      string          `json:"user_role"`
	UserUpdateSeq string          `json:"user_update_seq"`
}

func newRoomLogout(e *event, t texts) roomLogout {
	r, u := e.report, e.report.User
	return roomLogout{
		t, r.Room.ID, id(r.Room.Life), u.ID, u.Name, id(u.Number), ms(u.Since), ms(r.Time),
		strconv.Itoa(logoutReason(r.Departure)), audience, id(e.seq),
	}
}

// logoutReason is why a user is gone: 0 it left, 1 its heartbeat and 2 its connection
// failed, 3 it came from elsewhere or was removed, 4 its token expired.
func logoutReason(out room.Departure) int {
	switch {
	case out.Code == protocol.CodeTokenExpired:
		return 4
	case out.Reason == protocol.ReasonHeartbeat:
		return 1
	case out.Reason == protocol.ReasonOffline:
		return 2
	case out.Reason == protocol.ReasonRelogin, out.Reason == protocol.ReasonKicked:
		return 3
	}
	return 0
}

type streamCreate struct {
	texts
	RoomID        protocol.RoomID   `json:"room_id"`
	RoomSessionID string            `json:"room_session_id"`
	UserID        protocol.UserID   `json:"user_id"`
	UserName      string            `json:"user_name"`
	ChannelID     protocol.RoomID   `json:"channel_id"`
	StreamID      protocol.StreamID `json:"stream_id"`
	StreamSID     string            `json:"stream_sid"`
	Title         string            `json:"title"`
	StreamAlias   protocol.StreamID `json:"stream_alias"`
	StreamAttr    string            `json:"stream_attr"`
	StreamSeq     string            `json:"stream_seq"`
	CreateTime    string            `json:"create_time"`
	CreateTimeMS  string            `json:"create_time_ms"`
	ExtraInfo     string            `json:"extra_info"`
	Recreate      string            `json:"recreate"`
	PublishID     protocol.UserID   `json:"publish_id"`
	PublishName   string            `json:"publish_name"`
	// There is no content network behind this server.
	RTMP     [0]string `json:"rtmp_url"`
	HLS      [0]string `json:"hls_url"`
	HDL      [0]string `json:"hdl_url"`
	Pictures [0]string `json:"pic_url"`
}

func newStreamCreate(e *event, t texts) streamCreate {
	r, s := e.report, e.report.Stream
	return streamCreate{
		texts: t, RoomID: r.Room.ID, RoomSessionID: id(r.Room.Life), UserID: s.User.ID, UserName: s.User.Name,
		ChannelID: r.Room.ID, StreamID: s.ID, StreamSID: "s-" + id(s.Number), StreamAlias: s.ID,
		StreamAttr: `{"cid":0}`, StreamSeq: id(e.seq),
		CreateTime: strconv.FormatInt(s.Since.Unix(), 10), CreateTimeMS: ms(s.Since),
		ExtraInfo: s.ExtraInfo, Recreate: flag(e.again), PublishID: s.User.ID, PublishName: s.User.Name,
	}
}

type streamClose struct {
	texts
	RoomID        protocol.RoomID   `json:"room_id"`
	RoomSessionID string            `json:"room_session_id"`
	UserID        protocol.UserID   `json:"user_id"`
	UserName      string            `json:"user_name"`
	ChannelID     protocol.RoomID   `json:"channel_id"`
	Reason        string            `json:"type"`
	StreamAlias   protocol.StreamID `json:"stream_alias"`
	StreamID      protocol.StreamID `json:"stream_id"`
	StreamSID     string            `json:"stream_sid"`
	StreamSeq     string            `json:"stream_seq"`
	ThirdDefine   string            `json:"third_define_data"`
	CreateTimeMS  string            `json:"create_time_ms"`
	DestroyTime   string            `json:"destroy_timemillis"`
}

func newStreamClose(e *event, t texts) streamClose {
	r, s := e.report, e.report.Stream
	return streamClose{
		texts: t, RoomID: r.Room.ID, RoomSessionID: id(r.Room.Life), UserID: s.User.ID, UserName: s.User.Name,
		ChannelID: r.Room.ID, Reason: strconv.Itoa(streamReason(r.Departure)), StreamAlias: s.ID, StreamID: s.ID,
		StreamSID: "s-" + id(s.Number), StreamSeq: id(e.seq), CreateTimeMS: ms(s.Since), DestroyTime: ms(r.Time),
	}
}

// streamReason is why a stream ended: 0 it was stopped, 1 its user's heartbeat failed, 2 the
// user came from elsewhere, 3 it or its user was removed, 4 the connection was lost, 5 the
// room was closed, 100 it was taken from the list.
func streamReason(out room.Departure) int {
	if out.Deleted {
		return 100
	}
	if out.Cleared {
		return 5
	}
	switch out.Reason {
	case protocol.ReasonHeartbeat:
		return 1
	case protocol.ReasonRelogin:
		return 2
	case protocol.ReasonKicked, protocol.ReasonServer:
		return 3
	case protocol.ReasonOffline:
		return 4
	default:
		return 0
	}
}

func ms(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

func id(n uint64) string { return strconv.FormatUint(n, 10) }

func flag(on bool) string {
	if on {
		return "1"
	}
	return "0"
}
