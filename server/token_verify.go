package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/url"
	"strings"
	"time"

	"expressrtc/server/auth"
	"expressrtc/server/protocol"
)

// verifyToken says what a token holds, whether it is good, and if not, why and what to do.
// That it is good is no error.
func verifyToken(args []string, stdout, stderr io.Writer) error {
	c := newCommand("token verify", stdout)
	c.words = "TOKEN"
	var id uint32
	c.idVar(&id, "app", "`number` of the app that it must be for")
	if err := c.parse(args, stderr, 1); err != nil {
		return err
	}
	text, err := c.findToken(strings.TrimSpace(c.Arg(0)))
	if err != nil {
		return err
	}
	if err := c.sayClear(text); err != nil {
		return err
	}
	list, err := c.candidates(id)
	if err != nil {
		return err
	}
	return c.explain(list, text)
}

// findToken takes the token out of what people copy.
func (c *command) findToken(text string) (string, error) {
	switch u, err := url.Parse(text); {
	case text == "":
		return "", errors.New("there is nothing between the quotes: copy the token whole")
	case len(text) == auth.SecretLength && strings.Trim(strings.ToLower(text), "0123456789abcdef") == "":
		return "", errors.New("this looks like a secret, not like a token: keep it to your server, and rotate it if others have seen it")
	case err == nil && u.Scheme != "" && strings.HasPrefix(u.Fragment, "token="):
		fragment, err := url.ParseQuery(u.EscapedFragment())
		if err != nil || fragment.Get("token") == "" {
			return "", errors.New("the link has no token that can be read: copy it whole")
		}
		return fragment.Get("token"), c.say("The token of the link:")
	case strings.Contains(text, "%"):
		return "", errors.New("a token has no %: it was escaped for an address, so take it before that, or unescape it")
	}
	return text, nil
}

// sayClear says what anybody can see of a token.
func (c *command) sayClear(text string) error {
	expires, gcm, err := auth.Clear(text)
	if err != nil {
		return fmt.Errorf("this is no good token: %w", err)
	}
	mode := "AES-CBC, which is old: let your generator make AES-GCM"
	if gcm {
		mode = "AES-GCM"
	}
	if err := c.say("A token of version 04, sealed by %s.\nFrom outside it seems to expire %s.", mode, when(expires)); err != nil {
		return err
	}
	if _, kit, ok := strings.Cut(text, "#"); ok {
		return c.sayKit(kit)
	}
	return nil
}

// sayKit says what a kit has put behind the token.
func (c *command) sayKit(kit string) error {
	var says struct {
		User string      `json:"userID"`
		Room string      `json:"roomID"`
		Name string      `json:"userName"`
		App  json.Number `json:"appID"`
	}
	data, err := base64.StdEncoding.DecodeString(kit)
	if err != nil || json.Unmarshal(data, &says) != nil {
		return c.say("Behind its # stands something that cannot be read; the server does not look at it.")
	}
	name, err := url.QueryUnescape(says.Name)
	if err != nil {
		name = says.Name
	}
	return c.say("It is a kit's: behind the # it says app %q, user %q, name %q, room %q, which nobody has signed.",
		says.App, says.User, name, says.Room)
}

// candidates are the apps whose token it may be.
func (c *command) candidates(id uint32) ([]auth.App, error) {
	if id != 0 {
		app, err := c.theApp(id)
		return []auth.App{app}, err
	}
	apps, err := c.open()
	if err != nil {
		return nil, err
	}
	if !apps.Any() {
		return nil, errors.New("more can be said with the app's secret only: give --apps FILE, or EXPRESSRTC_APP_1234567890=secret")
	}
	return apps.List(), nil
}

// explain tries the secrets.
func (c *command) explain(list []auth.App, text string) error {
	var best error
	for _, app := range list {
		claims, err := auth.Explain(app, text, time.Now())
		if claims.User != "" {
			if err := errors.Join(c.sayClaims(claims), verdict(app, claims, err)); err != nil {
				return err
			}
			return c.say("It is good.")
		}
		if best == nil || !errors.Is(err, auth.ErrSecret) {
			best = err
		}
	}
	if errors.Is(best, auth.ErrSecret) {
		return fmt.Errorf("no app here has made it: %w. Compare the secret that signs with the one here: "+
			"32 characters, used as they are and not decoded from hex", best)
	}
	return fmt.Errorf("this is no good token: %w", best)
}

// sayClaims says what a token holds.
func (c *command) sayClaims(claims auth.Claims) error {
	room, login, publish := "every room", "yes", "yes, any stream"
	if r := claims.Rights; r != nil {
		if r.Room != "" {
			room = fmt.Sprintf("%q only", r.Room)
		}
		if !r.Login {
			login = "no"
		}
		if len(r.Streams) > 0 {
			publish = fmt.Sprintf("these streams only: %q", r.Streams)
		}
		if !r.Publish {
			publish = "no"
		}
	}
	return c.say("app       %d\nuser      %q\nroom      %s\nlog in    %s\npublish   %s\nmade      %s\nexpires   %s",
		claims.App, claims.User, room, login, publish, when(claims.Issued), when(claims.Expires))
}

// verdict says whether a token that could be read is good, and if not, what to do.
func verdict(app auth.App, claims auth.Claims, err error) error {
	switch {
	case errors.Is(err, auth.ErrExpired):
		return fmt.Errorf("%w: let your server make a new one; its clock and this one's must agree", err)
	case errors.Is(err, auth.ErrFormer):
		return fmt.Errorf("%w: sign with the secret that app %d has now", err, app.ID)
	case err != nil:
		return fmt.Errorf("this is no good token: %w", err)
	case !protocol.ValidID(claims.User):
		return errors.New("it is valid, but no page can log in as this user: let user ids have letters, digits, - and _ only")
	case claims.Rights != nil && !claims.Rights.Login:
		return errors.New("it is valid, but its privileges do not let the user log in: set privilege 1 to 1")
	}
	return nil
}

// when is a time as one reads it, and how far it is.
func when(t time.Time) string {
	text := t.UTC().Format("2006-01-02 15:04:05 UTC")
	far := time.Until(t)
	if t.Unix() < 0 || t.Unix() > math.MaxInt32*8 { // no time that somebody means
		return fmt.Sprintf("at %d", t.Unix())
	}
	if far < 0 {
		return fmt.Sprintf("%s, %s ago", text, roughly(-far))
	}
	return fmt.Sprintf("%s, in %s", text, roughly(far))
}

// roughly is a time as one says it.
func roughly(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}
