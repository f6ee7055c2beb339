package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"expressrtc/server/auth"
	"expressrtc/server/protocol"
)

// tokenFlags are those of "expressrtc token".
type tokenFlags struct {
	id      uint32
	claims  auth.Claims
	rights  auth.Rights
	streams []string
	last    time.Duration
	cbc     bool
	link    string
}

func (c *command) declareToken() *tokenFlags {
	f := &tokenFlags{}
	c.idVar(&f.id, "app", "`number` of the app; not needed where there is one only")
	c.StringVar(&f.claims.User, "user", "", "`id` of the user whom the token is for")
	c.timeVar(&f.last, "for", 24*time.Hour, time.Second, 10*365*24*time.Hour, "how long the token is good")
	c.StringVar(&f.rights.Room, "room", "", "`id` of the only room to enter; else every room")
	c.BoolVar(&f.rights.Login, "login", true, "whether the user may log in")
	c.BoolVar(&f.rights.Publish, "publish", true, "whether the user may publish streams; --publish=false for who only watches")
	c.listVar(&f.streams, "stream", "`id` of a stream that the user may publish; else any")
	c.BoolVar(&f.cbc, "cbc", false, "make it by AES-CBC, as older generators do")
	c.StringVar(&f.link, "link", "", "print a link to the call page of the server at this `URL`, with the token in it")
	return f
}

const tokenHelp = `Without --room, --login, --publish and --stream it is a basic token, which allows everything.
The secret comes from the file of the apps, or a variable EXPRESSRTC_APP_1234567890=secret.

"expressrtc token verify TOKEN" says what a token holds, and what is wrong with it.
`

// token makes a token, or with "verify" explains one.
func token(args []string, stdout, stderr io.Writer) error {
	do := makeToken
	if len(args) > 0 && args[0] == "verify" {
		do, args = verifyToken, args[1:]
	}
	err := do(args, stdout, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return nil // printed already
	}
	return err
}

func makeToken(args []string, stdout, stderr io.Writer) error {
	c := newCommand("token", stdout)
	c.about = tokenHelp
	f := c.declareToken()
	if err := c.parse(args, stderr, 0); err != nil {
		return err
	}
	app, err := c.theApp(f.id)
	if err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	f.claims.Expires = time.Now().Add(f.last)
	c.Visit(func(set *flag.Flag) { // without any of them it is a basic token
		if slices.Contains([]string{"room", "login", "publish", "stream"}, set.Name) {
			f.rights.Streams, f.claims.Rights = f.streams, &f.rights
		}
	})
	sign := auth.Sign
	if f.cbc && app.GCMOnly {
		return fmt.Errorf("app %d takes no tokens of AES-CBC: leave --cbc out", app.ID)
	}
	if f.cbc {
		sign = auth.SignCBC
	}
	text, err := sign(app, f.claims)
	if err != nil {
		return err
	}
	if f.link != "" {
		return c.printLink(f, app, text)
	}
	return c.say("%s", text)
}

// check refuses ids that pages could not log in or publish with.
func (f *tokenFlags) check() error {
	if f.claims.User == "" {
		return errors.New("say whom the token is for: --user ID, the same id as the page gives to loginRoom")
	}
	for _, id := range append([]string{f.claims.User, f.rights.Room}, f.streams...) {
		if !protocol.ValidID(id) {
			return fmt.Errorf("the id %q has a character that no id may have: letters, digits, - and _ always are good", id)
		}
	}
	return nil
}

// theApp is the app of an id, or the only one.
func (c *command) theApp(id uint32) (auth.App, error) {
	apps, err := c.open()
	if err != nil {
		return auth.App{}, err
	}
	list := apps.List()
	app, ok := apps.Get(id)
	switch {
	case len(list) == 0:
		return app, fmt.Errorf("there is no app to make a token for: give the file with --apps, or make one with \"expressrtc app create\"")
	case id == 0 && len(list) == 1:
		return list[0], nil
	case id == 0:
		return app, fmt.Errorf("there are %d apps: say which with --app NUMBER", len(list))
	case !ok:
		return app, fmt.Errorf("app %d: %w: see \"expressrtc app list\"", id, auth.ErrNoApp)
	}
	return app, nil
}

// printLink prints where the call page takes the token from. It stands behind the '#',
// which browsers keep to themselves, so that no server writes it into its log.
func (c *command) printLink(f *tokenFlags, app auth.App, text string) error {
	u, err := url.Parse(f.link)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Errorf("--link %q is no address of a page: write https://host/", f.link)
	}
	if u.Path == "" {
		u.Path = "/"
	}
	query := u.Query()
	query.Set("app", strconv.FormatUint(uint64(app.ID), 10))
	query.Set("user", f.claims.User)
	if f.rights.Room != "" {
		query.Set("room", f.rights.Room)
	}
	u.RawQuery = strings.ReplaceAll(query.Encode(), "+", "%20")
	u.Fragment, u.RawFragment = "", ""
	return c.say("%s#token=%s", u, url.QueryEscape(text))
}
