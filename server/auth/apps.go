// Package auth owns the apps with their secrets, and the tokens that those sign: it makes
// and verifies them. It knows the standard library only.
//
// Locking: Apps has one mutex for the apps; what it hands out are copies. Another one, taken
// first, is held while the file is read or written, so that what was read last counts and
// nobody who asks waits for a disk. Programs that change the file at once lock each other
// out, see lockBeside. Tokens are made and verified by pure functions.
package auth

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
)

// SecretLength is that of an app's secret, in characters.
const SecretLength = 32

// App is an application whose users may come, if they show a token that its secret made.
type App struct {
	ID     uint32 `json:"id"`
	Name   string `json:"name,omitempty"`
	Secret string `json:"secret"`
	// Former is the secret before the last rotation. Tokens of it are good until FormerUntil.
	Former      string    `json:"former,omitempty"`
	FormerUntil time.Time `json:"formerUntil,omitzero"`
	// AtExpiry says what happens to who is in a room when its token expires: "" (nothing),
	// "stop" (it publishes no more) or "kick" (it is removed).
	AtExpiry string `json:"atExpiry,omitempty"`
	// GCMOnly refuses tokens that AES-CBC sealed: what that seals is not safe from alteration
	// by somebody who tries often enough.
	GCMOnly bool `json:"gcmOnly,omitempty"`
	// CallbackURL gets what happens, signed with CallbackSecret.
	CallbackURL    string    `json:"callbackURL,omitempty"`
	CallbackSecret string    `json:"callbackSecret,omitempty"`
	Created        time.Time `json:"created"`
}

// What may go wrong with apps.
var (
	ErrNoApp  = errors.New("there is no such app")
	ErrExists = errors.New("there is such an app already")
	ErrGiven  = errors.New("its secret comes from the environment: change it there, and start again")
)

// Apps are the apps of a server, kept in a file that only its owner reads. Its methods
// are safe for concurrent use.
type Apps struct {
	path  string
	given map[uint32]string // secrets of the environment

	filing sync.Mutex // held while the file is read or written

	mu   sync.Mutex
	kept map[uint32]App // as they stand in the file
	apps map[uint32]App // with what is given
	any  bool           // there is one, or was
}

// OpenApps reads the apps of a file. A file that is not there holds none; without a path
// there is none, and nothing is kept. The environment, as os.Environ gives it, adds apps
// and replaces secrets: Variable, the app's id, "=" and the secret.
func OpenApps(path string, environment ...string) (*Apps, error) {
	given, err := readEnvironment(environment)
	if err != nil {
		return nil, err
	}
	a := &Apps{path: path, given: given, kept: map[uint32]App{}}
	a.mergeLocked() // nobody else has it yet
	return a, a.Reload()
}

// mergeLocked puts what is given over what is kept.
func (a *Apps) mergeLocked() {
	a.apps = maps.Clone(a.kept)
	for id, secret := range a.given {
		app := a.apps[id]
		app.ID, app.Secret, app.Former = id, secret, ""
		a.apps[id] = app
	}
	a.any = a.any || len(a.apps) > 0
}

// Given reports whether the environment has the app's secret.
func (a *Apps) Given(id uint32) bool {
	_, ok := a.given[id]
	return ok
}

// Reload reads the file again. When it cannot be read all stays as it was.
func (a *Apps) Reload() error {
	if a.path == "" {
		return nil
	}
	a.filing.Lock()
	defer a.filing.Unlock()
	apps, err := a.read()
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.kept = apps
	a.mergeLocked()
	return nil
}

func (app App) check() error {
	switch {
	case app.ID == 0:
		return errors.New("0 is no app id")
	case len(app.Secret) != SecretLength:
		return fmt.Errorf("the secret has %d characters, not %d", len(app.Secret), SecretLength)
	case !slices.Contains([]string{"", "stop", "kick"}, app.AtExpiry):
		return fmt.Errorf(`atExpiry is %q: use "", "stop" or "kick"`, app.AtExpiry)
	case strings.ContainsFunc(app.Name, unicode.IsControl):
		return errors.New("the name has a line break or another character that cannot be seen")
	case app.CallbackURL != "":
		return checkURL(app.CallbackURL)
	}
	return nil
}

// checkURL checks where callbacks go. What is wrong is not quoted: it may hold a password.
func checkURL(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return errors.New("the callback URL is none: write https://host/path")
	}
	return nil
}

// Get is an app by its id.
func (a *Apps) Get(id uint32) (App, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	app, ok := a.apps[id]
	return app, ok
}

// List has all apps, by id.
func (a *Apps) List() []App {
	a.mu.Lock()
	defer a.mu.Unlock()
	return sorted(a.apps)
}

// Any reports whether there is an app, or was one since the file was opened: then nobody
// comes without a token. What an operator has closed, deleting the last app does not open.
func (a *Apps) Any() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.any
}

func sorted(apps map[uint32]App) []App {
	list := make([]App, 0, len(apps))
	for _, app := range apps {
		list = append(list, app)
	}
	slices.SortFunc(list, func(x, y App) int { return int(int64(x.ID) - int64(y.ID)) })
	return list
}

// Create adds an app. An id, a secret and the time that it does not have it gets.
func (a *Apps) Create(app App) (App, error) {
	for app.ID == 0 {
		app.ID = newID()
	}
	if app.Secret == "" {
		app.Secret = NewSecret()
	}
	app.Created = time.Now().UTC().Truncate(time.Second)
	if err := app.check(); err != nil {
		return App{}, fmt.Errorf("creating app %d: %w", app.ID, err)
	}
	return app, a.change(func(apps map[uint32]App) error {
		if a.Given(app.ID) {
			return fmt.Errorf("app %d: %w", app.ID, ErrGiven)
		}
		if _, ok := apps[app.ID]; ok {
			return fmt.Errorf("app %d: %w", app.ID, ErrExists)
		}
		apps[app.ID] = app
		return nil
	})
}

// Rotate gives an app another secret. Tokens of the one before are good for another while.
func (a *Apps) Rotate(id uint32, keep time.Duration) (rotated App, err error) {
	err = a.change(func(apps map[uint32]App) error {
		app, ok := apps[id]
		if a.Given(id) {
			return fmt.Errorf("app %d: %w", id, ErrGiven)
		}
		if !ok {
			return fmt.Errorf("app %d: %w", id, ErrNoApp)
		}
		app.Former, app.FormerUntil = app.Secret, time.Now().Add(keep).UTC().Truncate(time.Second)
		app.Secret = NewSecret()
		apps[id], rotated = app, app
		return nil
	})
	return rotated, err
}

// Delete removes an app.
func (a *Apps) Delete(id uint32) error {
	return a.change(func(apps map[uint32]App) error {
		if a.Given(id) {
			return fmt.Errorf("app %d: %w", id, ErrGiven)
		}
		if _, ok := apps[id]; !ok {
			return fmt.Errorf("app %d: %w", id, ErrNoApp)
		}
		delete(apps, id)
		return nil
	})
}

// change applies what others may have written to the file and do, and keeps the result.
func (a *Apps) change(do func(map[uint32]App) error) error {
	a.filing.Lock()
	defer a.filing.Unlock()
	apps, err := a.changeFile(do)
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.kept = apps
	a.mergeLocked()
	return nil
}

// changeFile gives the apps after do. Without a file they are those that were here.
func (a *Apps) changeFile(do func(map[uint32]App) error) (map[uint32]App, error) {
	if a.path == "" {
		a.mu.Lock()
		apps := maps.Clone(a.kept)
		a.mu.Unlock()
		return apps, do(apps)
	}
	unlock, err := lockBeside(a.path)
	if err != nil {
		return nil, err
	}
	defer unlock()
	apps, err := a.read()
	if err != nil {
		return nil, err
	}
	if err := do(apps); err != nil {
		return nil, err
	}
	return apps, save(a.path, sorted(apps))
}

// newID is a number of ten digits or less, as those of others are.
func newID() uint32 { return binary.BigEndian.Uint32(random(4)) }

// NewSecret is another one, of 32 hexadecimal digits.
func NewSecret() string { return hex.EncodeToString(random(SecretLength / 2)) }
