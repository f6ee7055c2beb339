package auth

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"
)

// Claims are what a token says of its user.
type Claims struct {
	// App is the app's id. Sign takes it from the App.
	App  uint32
	User string
	// Issued and Expires count whole seconds. Sign takes now for an Issued that is zero.
	Issued, Expires time.Time
	// Rights narrow what the user may do; nil is a basic token, which admits everywhere.
	Rights *Rights
	// Payload is the text that the Rights were read from. Sign ignores it.
	Payload string
}

// Rights are those of a token with privileges.
type Rights struct {
	// Room is the only one to enter; "" is any.
	Room string
	// Login and Publish say what the user may do there at all.
	Login, Publish bool
	// Streams are the only ids to publish under; without one there are no others.
	Streams []string
}

// MaxUser bounds the user id of a token that is signed here, in characters.
const MaxUser = 64

// What is wrong with a token, as far as whoever shows it may know.
var (
	ErrToken   = errors.New("the token is not one of this app")
	ErrExpired = errors.New("the token has expired")
)

// body is the encrypted part. The pointer tells an absent field from a zero.
type body struct {
	App     *uint32 `json:"app_id"`
	User    string  `json:"user_id"`
	Nonce   int64   `json:"nonce"`
	Issued  int64   `json:"ctime"`
	Expires int64   `json:"expire"`
	Payload string  `json:"payload"`
}

// payload is that of a token with privileges.
type payload struct {
	Room      string         `json:"room_id"`
	Privilege map[string]int `json:"privilege"`
	Streams   []string       `json:"stream_id_list"`
}

// The keys of the privileges.
const (
	mayLogin   = "1"
	mayPublish = "2"
)

// Sign makes a token with the app's secret, sealed by AES-GCM. It fails when the claims
// could not be verified: no user, no time to live, or more than a token holds.
func Sign(app App, claims Claims) (string, error) { return sign(app, claims, sealGCM) }

// SignCBC is Sign for those who cannot read AES-GCM yet. What AES-CBC seals is not safe
// from alteration; use Sign.
func SignCBC(app App, claims Claims) (string, error) { return sign(app, claims, sealCBC) }

func sign(app App, claims Claims, seal func(secret string, plain []byte) (sealed, error)) (string, error) {
	if err := app.check(); err != nil {
		return "", fmt.Errorf("signing a token: %w", err)
	}
	if claims.Issued.IsZero() {
		claims.Issued = time.Now()
	}
	if err := claims.check(); err != nil {
		return "", fmt.Errorf("signing a token: %w", err)
	}
	plain, err := claims.encode(app.ID)
	if err != nil {
		return "", fmt.Errorf("signing a token: %w", err)
	}
	s, err := seal(app.Secret, plain)
	if err != nil {
		return "", fmt.Errorf("signing a token: %w", err)
	}
	s.expires = claims.Expires.Unix()
	return s.String(), nil
}

func (c Claims) check() error {
	switch {
	case c.User == "":
		return errors.New("it needs a user id")
	case utf8.RuneCountInString(c.User) > MaxUser:
		return fmt.Errorf("the user id has more than %d characters", MaxUser)
	case !utf8.ValidString(c.User):
		return errors.New("the user id is no UTF-8")
	case c.Expires.Unix() <= c.Issued.Unix():
		return errors.New("it would have expired already")
	}
	return nil
}

func (c Claims) encode(app uint32) ([]byte, error) {
	b := body{&app, c.User, int64(newNonce()), c.Issued.Unix(), c.Expires.Unix(), ""}
	if c.Rights != nil {
		text, err := json.Marshal(c.Rights.payload())
		if err != nil {
			return nil, err
		}
		b.Payload = string(text)
	}
	plain, err := json.Marshal(b)
	if len(plain) > maxPlain {
		return nil, fmt.Errorf("it says too much: %d bytes of %d", len(plain), maxPlain)
	}
	return plain, err
}

func (r *Rights) payload() payload {
	number := map[bool]int{true: 1}
	return payload{r.Room, map[string]int{mayLogin: number[r.Login], mayPublish: number[r.Publish]}, r.Streams}
}

func newNonce() int32 {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails
	return int32(binary.BigEndian.Uint32(b[:]) & math.MaxInt32)
}

// Verify tells what a token of the app says. Whatever is wrong with one that the app's
// secret did not make is the same ErrToken, so that nobody learns from it how to make one.
// With ErrExpired come the claims. The part of a token from a '#' on is another's and not
// looked at. For some time after a rotation, tokens of the secret before are good, too.
func Verify(app App, token string, now time.Time) (Claims, error) {
	s, err := parse(token)
	if err != nil || app.GCMOnly && !s.gcm {
		return Claims{}, ErrToken
	}
	claims, err := s.claims(app.Secret)
	if err != nil && app.Former != "" && now.Before(app.FormerUntil) {
		claims, err = s.claims(app.Former)
	}
	if err != nil || claims.App != app.ID {
		return Claims{}, ErrToken
	}
	if !now.Before(claims.Expires) {
		return claims, ErrExpired
	}
	return claims, nil
}

// Clear is what anybody can see of a token: when it seems to expire, and whether AES-GCM
// sealed it, or AES-CBC did. Nothing of that is verified.
func Clear(token string) (expires time.Time, gcm bool, err error) {
	s, err := parse(token)
	return time.Unix(s.expires, 0), s.gcm, err
}

// Explain is Verify for those who have the secret: its errors say what is wrong with a
// token. ErrSecret is the one of a token that may be another app's.
func Explain(app App, token string, now time.Time) (Claims, error) {
	s, err := parse(token)
	if err != nil {
		return Claims{}, err
	}
	claims, err := s.claims(app.Secret)
	if err != nil && app.Former != "" { // whatever the error: a wrong secret opens one CBC token in 256
		former, wrong := s.claims(app.Former)
		switch {
		case wrong == nil && !now.Before(app.FormerUntil):
			return former, ErrFormer
		case wrong == nil:
			claims, err = former, nil
		}
	}
	switch {
	case err != nil:
		return claims, err
	case app.GCMOnly && !s.gcm:
		return claims, errCBC
	case claims.App != app.ID:
		return claims, fmt.Errorf("%w: %d, but the secret is that of app %d", errApp, claims.App, app.ID)
	case !now.Before(claims.Expires):
		return claims, ErrExpired
	}
	return claims, nil
}

// claims decrypts and reads a token.
func (s sealed) claims(secret string) (Claims, error) {
	plain, wrong := s.open(secret)
	claims, err := s.read(plain) // of a wrong padding too, which so takes as long as a right one
	if wrong != nil {
		return Claims{}, wrong
	}
	return claims, err
}

func (s sealed) read(plain []byte) (Claims, error) {
	var b body
	if !utf8.Valid(plain) { // the decoder would replace what is none
		return Claims{}, errNoJSON
	}
	if err := json.Unmarshal(plain, &b); err != nil || b.App == nil {
		return Claims{}, errNoJSON
	}
	if b.User == "" {
		return Claims{}, errNoUser
	}
	if b.Expires != s.expires {
		return Claims{}, errTwoTimes
	}
	rights, err := readRights(b.Payload)
	return Claims{*b.App, b.User, time.Unix(b.Issued, 0), time.Unix(b.Expires, 0), rights, b.Payload}, err
}

// readRights reads a payload. One that does not speak of privileges forbids none, but what
// cannot be read might have: then the token is no good. Of privileges, only those named
// are given.
func readRights(text string) (*Rights, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	var p payload
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return nil, errPayload
	}
	all := p.Privilege == nil
	return &Rights{p.Room, all || p.Privilege[mayLogin] == 1, all || p.Privilege[mayPublish] == 1, p.Streams}, nil
}
