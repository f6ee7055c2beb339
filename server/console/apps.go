package console

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"

	"expressrtc/server/auth"
	"expressrtc/server/protocol"
	"expressrtc/server/signaling"
)

// What bounds apps and tokens.
const (
	maxApps    = 1000
	maxName    = 64
	maxKeep    = 30 * 24 * time.Hour
	maxToken   = 24 * time.Hour
	maxStreams = 32
)

// appInfo is an app without its secrets, or with the one that was just made.
type appInfo struct {
	ID          uint32 `json:"id"`
	Name        string `json:"name"`
	AtExpiry    string `json:"atExpiry"`
	Created     int64  `json:"created"`
	FormerUntil int64  `json:"formerUntil,omitempty"` // till when the secret before is good
	Secret      string `json:"secret,omitempty"`
}

func withoutSecret(app auth.App) appInfo {
	told := appInfo{ID: app.ID, Name: app.Name, AtExpiry: app.AtExpiry, Created: millis(app.Created)}
	if app.Former != "" && time.Now().Before(app.FormerUntil) {
		told.FormerUntil = millis(app.FormerUntil)
	}
	return told
}

// withSecret is told once, to who made the secret.
func withSecret(app auth.App) appInfo {
	told := withoutSecret(app)
	told.Secret = app.Secret
	return told
}

func (c *Console) apps(*http.Request) (any, error) {
	list := []appInfo{}
	for _, app := range c.config.Apps.List() {
		list = append(list, withoutSecret(app))
	}
	return map[string]any{"apps": list}, nil
}

func (c *Console) createApp(r *http.Request) (any, error) {
	body, err := decode[struct {
		Name     string `json:"name"`
		AtExpiry string `json:"atExpiry"`
	}](r)
	if err != nil {
		return nil, err
	}
	body.Name = strings.TrimSpace(body.Name)
	switch {
	case protocol.Length(body.Name) > maxName:
		return nil, badInput(fmt.Sprintf("the name has more than %d characters", maxName))
	case strings.ContainsFunc(body.Name, unicode.IsControl):
		return nil, badInput("the name has a character that cannot be seen")
	case body.AtExpiry != "" && body.AtExpiry != "stop" && body.AtExpiry != "kick":
		return nil, badInput(`atExpiry must be "", "stop" or "kick"`)
	case len(c.config.Apps.List()) >= maxApps:
		return nil, failure{http.StatusConflict, "tooMany", fmt.Sprintf("there are %d apps: delete one first", maxApps)}
	}
	app, err := c.config.Apps.Create(auth.App{Name: body.Name, AtExpiry: body.AtExpiry})
	if err != nil {
		return nil, err
	}
	c.note(r, "app created", "app", app.ID, "name", app.Name)
	return withSecret(app), nil
}

func (c *Console) rotateApp(r *http.Request) (any, error) {
	body, err := decode[struct {
		ID   uint32 `json:"id"`
		Keep int64  `json:"keep"`
	}](r)
	if err != nil {
		return nil, err
	}
	if body.Keep < 0 || body.Keep > int64(maxKeep.Seconds()) {
		return nil, badInput("keep must be from 0 seconds to those of 30 days")
	}
	app, err := c.config.Apps.Rotate(body.ID, time.Duration(body.Keep)*time.Second)
	if err != nil {
		return nil, noApp(err)
	}
	c.note(r, "app has another secret", "app", app.ID, "keep", time.Duration(body.Keep)*time.Second)
	return withSecret(app), nil
}

func (c *Console) deleteApp(r *http.Request) (any, error) {
	body, err := decode[struct {
		ID uint32 `json:"id"`
	}](r)
	if err != nil {
		return nil, err
	}
	if err := c.config.Apps.Delete(body.ID); err != nil {
		return nil, noApp(err)
	}
	expelled := signaling.ExpelForgotten(c.config.Apps, c.config.Hub())
	c.note(r, "app deleted", "app", body.ID, "users", expelled)
	return nil, nil
}

func noApp(err error) error {
	switch {
	case errors.Is(err, auth.ErrNoApp):
		return failure{http.StatusNotFound, "noApp", "there is no such app any more"}
	case errors.Is(err, auth.ErrGiven):
		return failure{http.StatusConflict, "given", auth.ErrGiven.Error()}
	}
	return err
}

// tokenWish is what a temporary token is to hold.
type tokenWish struct {
	App     uint32   `json:"app"`
	User    string   `json:"user"`
	Room    string   `json:"room"` // "" is any
	Login   bool     `json:"login"`
	Publish bool     `json:"publish"`
	Streams []string `json:"streams"`
	Seconds int64    `json:"seconds"`
}

func (t tokenWish) check() error {
	switch {
	case t.User == "" || protocol.Length(t.User) > protocol.MaxUserID || !protocol.ValidID(t.User):
		return badInput("the user id needs 1 to 64 letters, digits, - or _")
	case t.Room != "" && (protocol.Length(t.Room) > protocol.MaxRoomID || !protocol.ValidID(t.Room)):
		return badInput("the room id needs up to 128 letters, digits, - or _")
	case t.Seconds < 1 || t.Seconds > int64(maxToken.Seconds()):
		return badInput("seconds must be from 1 to those of 24 hours")
	case len(t.Streams) > maxStreams:
		return badInput(fmt.Sprintf("name up to %d streams", maxStreams))
	}
	for _, id := range t.Streams {
		if id == "" || protocol.Length(id) > protocol.MaxStreamID || !protocol.ValidID(id) {
			return badInput("a stream id needs 1 to 256 letters, digits, - or _")
		}
	}
	return nil
}

// rights are nil where nothing is narrowed: a basic token.
func (t tokenWish) rights() *auth.Rights {
	if t.Room == "" && t.Login && t.Publish && len(t.Streams) == 0 {
		return nil
	}
	return &auth.Rights{Room: t.Room, Login: t.Login, Publish: t.Publish, Streams: t.Streams}
}

func (c *Console) createToken(r *http.Request) (any, error) {
	wish, err := decode[tokenWish](r)
	if err != nil {
		return nil, err
	}
	if err := wish.check(); err != nil {
		return nil, err
	}
	app, ok := c.config.Apps.Get(wish.App)
	if !ok {
		return nil, noApp(auth.ErrNoApp)
	}
	expires := time.Now().Add(time.Duration(wish.Seconds) * time.Second)
	token, err := auth.Sign(app, auth.Claims{User: wish.User, Expires: expires, Rights: wish.rights()})
	if err != nil {
		return nil, badInput(err.Error())
	}
	c.note(r, "token made", "app", wish.App, "user", wish.User, "room", wish.Room, "expires", expires)
	return map[string]any{"token": token, "expires": millis(expires)}, nil
}
