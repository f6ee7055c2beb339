package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"expressrtc/server/auth"
)

// command is one that works with the apps: its flags, and where its words go.
type command struct {
	*settings
	stdout   io.Writer
	appsFile string
	words    string // what stands behind the flags
	about    string // more help
}

func newCommand(name string, stdout io.Writer) *command {
	c := &command{settings: newSettings(name), stdout: stdout}
	c.settings.FlagSet = flag.NewFlagSet("expressrtc "+name, flag.ContinueOnError)
	c.SetOutput(io.Discard)
	c.StringVar(&c.appsFile, "apps", "", "`file` with the apps; else EXPRESSRTC_APPS names it")
	return c
}

// parse reads the flags, and takes some words that are none. With -h it shows help.
func (c *command) parse(args []string, stderr io.Writer, words int) error {
	err := c.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return errors.Join(c.help(stderr), err)
	}
	if c.appsFile == "" {
		c.appsFile = os.Getenv(variable("apps"))
	}
	if err == nil && c.NArg() != words {
		err = fmt.Errorf("%q is too much or too little", strings.Join(c.Args(), " "))
	}
	if err != nil {
		return fmt.Errorf("%w: see %s -h", err, c.Name())
	}
	return nil
}

func (c *command) help(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Usage: %s\n\n", strings.TrimSpace(c.Name()+" [flags] "+c.words))
	c.VisitAll(func(f *flag.Flag) {
		what, text := flag.UnquoteUsage(f)
		fmt.Fprintf(&b, "  %s\n        %s", strings.TrimSpace("--"+f.Name+" "+what), text)
		if f.DefValue != "" && f.DefValue != "false" {
			fmt.Fprintf(&b, " (default %s)", f.DefValue)
		}
		b.WriteString("\n")
	})
	return printLine(w, b.String()+c.about)
}

func (c *command) open() (*auth.Apps, error) { return auth.OpenApps(c.appsFile, os.Environ()...) }

// openFile is open for those who change the file.
func (c *command) openFile() (*auth.Apps, error) {
	if c.appsFile == "" {
		return nil, fmt.Errorf("say where the apps are kept: --apps FILE, or EXPRESSRTC_APPS=FILE, as the server has it")
	}
	return c.open()
}

func (c *command) say(format string, args ...any) error {
	return printLine(c.stdout, fmt.Sprintf(format, args...))
}
