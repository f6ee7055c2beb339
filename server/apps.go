package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"expressrtc/server/auth"
)

const appUsage = `Usage: expressrtc app <create|list|rotate|delete> [flags]

An app is what a token is for: an ID, which pages know, and a secret, which only your own
server and this one know. From the first app on nobody logs in without a token.

  create    make an app; shows its secret, once
  list      show all apps, without their secrets
  rotate    give an app another secret; shows it, once. Who is in a room stays there
  delete    remove an app: its users are removed, and nobody logs in to it any more

Each takes --apps FILE, or EXPRESSRTC_APPS=FILE. "expressrtc app create -h" lists the flags.
A server that runs reads the file again on SIGHUP (systemctl reload). It also takes apps
from variables, EXPRESSRTC_APP_1234567890=secret, beside those of the file.
`

// appCommands are those of "expressrtc app".
var appCommands = map[string]func(args []string, stdout, stderr io.Writer) error{
	"create": createApp,
	"list":   listApps,
	"rotate": rotateApp,
	"delete": deleteApp,
}

// app makes and changes apps in their file.
func app(args []string, stdout, stderr io.Writer) error {
	if len(args) == 0 || slices.Contains([]string{"-h", "-help", "--help", "help"}, args[0]) {
		return printLine(stdout, appUsage)
	}
	do := appCommands[args[0]]
	if do == nil {
		return fmt.Errorf("unknown command \"app %s\": see expressrtc app", args[0])
	}
	err := do(args[1:], stdout, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return nil // printed already
	}
	return err
}

// idVar declares the id of an app, as a flag.
func (c *command) idVar(p *uint32, name, help string) {
	c.Func(name, help, func(text string) error {
		id, err := strconv.ParseUint(text, 10, 32)
		if err != nil || id == 0 {
			return errors.New("an app ID is a number from 1 to 4294967295")
		}
		*p = uint32(id)
		return nil
	})
}

func createApp(args []string, stdout, stderr io.Writer) error {
	c := newCommand("app create", stdout)
	var app auth.App
	var secretFile, atExpiry string
	c.idVar(&app.ID, "id", "`number` of the app, if it has one already; else one is drawn")
	c.StringVar(&app.Name, "name", "", "`name` of the app, for you")
	c.StringVar(&secretFile, "secret-file", "", "`file` with the secret, if the app has one already; else one is drawn")
	c.choiceVar(&atExpiry, "at-expiry", "`what` happens when the token of a user expires: stay (nothing new is begun), stop (publishing stops) or kick (the user is removed)", "stay", "stop", "kick")
	c.BoolVar(&app.GCMOnly, "gcm-only", false, "refuse tokens that AES-CBC sealed, as old generators do; AES-GCM is safer")
	c.StringVar(&app.CallbackURL, "callback-url", "", "`URL` that is told what happens in the app's rooms")
	c.StringVar(&app.CallbackSecret, "callback-secret", "", "`text` that signs what is told; else one is drawn")
	if err := c.parse(args, stderr, 0); err != nil {
		return err
	}
	apps, err := c.openFile()
	if err != nil {
		return err
	}
	if secretFile != "" {
		text, err := os.ReadFile(secretFile)
		if err != nil {
			return fmt.Errorf("reading the secret: %w", err)
		}
		app.Secret = strings.TrimSpace(string(text))
	}
	if atExpiry != "stay" {
		app.AtExpiry = atExpiry
	}
	if app.CallbackURL != "" && app.CallbackSecret == "" {
		app.CallbackSecret = auth.NewSecret()
	}
	if app, err = apps.Create(app); err != nil {
		return err
	}
	return c.show(app)
}

// show tells a secret, the only time that anything does.
func (c *command) show(app auth.App) error {
	text := fmt.Sprintf("app ID           %d\nsecret           %s\n", app.ID, app.Secret)
	if app.CallbackURL != "" {
		text += fmt.Sprintf("callback secret  %s\n", app.CallbackSecret)
	}
	return c.say("%s\nThis is shown once. Pages get the app ID and tokens, never the secret.\n"+
		"A server that runs takes it up with SIGHUP.", text)
}

func listApps(args []string, stdout, stderr io.Writer) error {
	c := newCommand("app list", stdout)
	if err := c.parse(args, stderr, 0); err != nil {
		return err
	}
	apps, err := c.open()
	if err != nil {
		return err
	}
	list := apps.List()
	if len(list) == 0 {
		return c.say("There is no app: make one with \"expressrtc app create\".")
	}
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "APP ID\tNAME\tAT EXPIRY\tMADE\tFORMER SECRET\tCALLBACKS")
	for _, app := range list {
		made := app.Created.Format(time.DateOnly)
		if apps.Given(app.ID) {
			made = "by a variable"
		}
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\n", app.ID, orDash(app.Name), atExpiryWord(app), made, former(app), orDash(shownURL(app.CallbackURL)))
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("printing: %w", err)
	}
	return c.say("%s", strings.TrimSuffix(b.String(), "\n"))
}

// shownURL is an address without the password that it may have.
func shownURL(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "(cannot be read)"
	}
	return u.Redacted()
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func atExpiryWord(app auth.App) string {
	if app.AtExpiry == "" {
		return "stay"
	}
	return app.AtExpiry
}

// former says how long tokens of the secret before are good.
func former(app auth.App) string {
	if app.Former == "" || time.Now().After(app.FormerUntil) {
		return "-"
	}
	return "until " + app.FormerUntil.Format("2006-01-02 15:04 UTC")
}

func rotateApp(args []string, stdout, stderr io.Writer) error {
	c := newCommand("app rotate", stdout)
	var id uint32
	var keep time.Duration
	c.idVar(&id, "id", "`number` of the app")
	c.timeVar(&keep, "keep", 24*time.Hour, 0, 30*24*time.Hour, "how long tokens of the secret until now are still good; 0s when somebody else has it")
	apps, err := c.forOne(args, stderr, &id)
	if err != nil {
		return err
	}
	app, err := apps.Rotate(id, keep)
	if err != nil {
		return err
	}
	return c.show(app)
}

func deleteApp(args []string, stdout, stderr io.Writer) error {
	c := newCommand("app delete", stdout)
	var id uint32
	c.idVar(&id, "id", "`number` of the app")
	apps, err := c.forOne(args, stderr, &id)
	if err != nil {
		return err
	}
	if err := apps.Delete(id); err != nil {
		return err
	}
	return c.say("App %d is deleted. A server that runs forgets it with SIGHUP, and removes its users from their rooms.", id)
}

// forOne opens the file for a command about one app.
func (c *command) forOne(args []string, stderr io.Writer, id *uint32) (*auth.Apps, error) {
	if err := c.parse(args, stderr, 0); err != nil {
		return nil, err
	}
	if *id == 0 {
		return nil, fmt.Errorf("say which app: --id NUMBER, as \"expressrtc app list\" shows it")
	}
	return c.openFile()
}
