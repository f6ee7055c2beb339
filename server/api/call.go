package api

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"unicode/utf8"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// call is one request of an app. Its methods read parameters; the first that is wrong is
// kept for check.
type call struct {
	server *Server
	app    protocol.AppID
	name   string
	values url.Values
	wrong  error
}

// check is what is wrong with the parameters that were read.
func (c *call) check() error { return c.wrong }

func (c *call) fail(code Code, format string, args ...any) {
	if c.wrong == nil {
		c.wrong = fail(code, format, args...)
	}
}

// optional is a text of at most so many bytes, or "".
func (c *call) optional(name string, most int, tooLong Code) string {
	text := c.values.Get(name)
	switch {
	case len(text) > most:
		c.fail(tooLong, "%s has %d bytes, at most %d are allowed", name, len(text), most)
	case !utf8.ValidString(text):
		c.fail(codeParameter, "%s is not UTF-8", name)
	}
	return text
}

// text is one that must be there.
func (c *call) text(name string, most int, tooLong Code) string {
	text := c.optional(name, most, tooLong)
	if text == "" {
		c.fail(codeParameter, "%s is missing", name)
	}
	return text
}

// number is a whole number within bounds; unset is its value when it is missing.
func (c *call) number(name string, unset, least, most int) int {
	text := c.values.Get(name)
	if text == "" {
		if unset < least {
			c.fail(codeParameter, "%s is missing", name)
		}
		return unset
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		c.fail(codeParameter, "%s is %.20q: use a number from %d to %d", name, text, least, most)
	}
	return n
}

// required makes number refuse a missing one.
const required = -1

// flag is true or false, which is what a missing one is.
func (c *call) flag(name string) bool {
	text := c.values.Get(name)
	if text == "" {
		return false
	}
	yes, err := strconv.ParseBool(text)
	if err != nil {
		c.fail(codeParameter, "%s is %.20q: use true or false", name, text)
	}
	return yes
}

// list are the values of a parameter that may be repeated, with brackets behind its name,
// as "Name[]", or numbered, as some libraries write lists; texts of 1 to so many bytes.
func (c *call) list(name string, most int, tooMany Code, bytes int) []string {
	all := slices.Concat(c.values[name+"[]"], c.values[name])
	for i := range most + 1 {
		all = append(all, c.values[fmt.Sprintf("%s[%d]", name, i)]...)
	}
	if len(all) > most {
		c.fail(tooMany, "%s[] has more than %d values", name, most)
		return nil
	}
	for _, text := range all {
		if text == "" || len(text) > bytes || !utf8.ValidString(text) {
			c.fail(codeParameter, "%s[] has a value that is empty, or longer than %d bytes", name, bytes)
		}
	}
	return all
}

// listed is a list that must have a value.
func (c *call) listed(name string, most, bytes int) []string {
	all := c.list(name, most, codeParameter, bytes)
	if len(all) == 0 {
		c.fail(codeParameter, "%s[] is missing", name)
	}
	return all
}

func (c *call) roomID() protocol.RoomID {
	return protocol.RoomID(c.text("RoomId", protocol.MaxRoomID, codeTooLong))
}

func (c *call) userID(name string) protocol.UserID {
	return protocol.UserID(c.text(name, protocol.MaxUserID, codeTooLong))
}

// user is one who need not be in the room.
func (c *call) user() protocol.User {
	return protocol.User{ID: c.userID("UserId"), Name: c.optional("UserName", protocol.MaxUserName, codeTooLong)}
}

// room is the room that the call is about, when all else that was read is right.
func (c *call) room(none Code) (*room.Room, error) {
	id := c.roomID()
	if c.wrong != nil {
		return nil, c.wrong
	}
	r := c.server.hub.Find(c.app, id)
	if r == nil {
		return nil, fail(none, "there is no room %q: it exists while somebody is in it", id)
	}
	return r, nil
}
