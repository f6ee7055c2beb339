package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// settings are everything that can be set: each is a flag, an environment variable and a
// key of the configuration file, by one name. Later sources win: default, file,
// environment, command line.
type settings struct {
	*flag.FlagSet
	origin map[string]string // name → where its value comes from
	secret map[string]bool   // names whose values are not shown
	file   string
	groups []group // of names, as help shows them
}

func newSettings(command string) *settings {
	s := &settings{
		FlagSet: flag.NewFlagSet("expressrtc "+command, flag.ContinueOnError),
		origin:  map[string]string{},
		secret:  map[string]bool{},
	}
	s.SetOutput(io.Discard) // an error is printed once, by main
	s.StringVar(&s.file, "config", "", "`file` with settings, one \"name: value\" a line")
	return s
}

// variable is the name of a setting in the environment.
func variable(name string) string {
	return "EXPRESSRTC_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// load reads all sources. declare declares the settings; it is called more than once.
func load(command string, args []string, stderr io.Writer, declare func(*settings)) (*settings, error) { //nolint:unparam // so far only "serve" has settings
	first := newSettings(command) // which file?
	declare(first)
	err := first.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		if err := first.help(stderr); err != nil {
			return nil, err
		}
		return nil, flag.ErrHelp
	}
	if err != nil {
		return nil, fmt.Errorf("%w: see expressrtc %s -h", err, command)
	}
	if first.NArg() > 0 {
		return nil, fmt.Errorf("%s takes flags only, not %q: see expressrtc %s -h", command, first.Arg(0), command)
	}
	if first.file == "" {
		first.file = os.Getenv(variable("config"))
	}
	s := newSettings(command)
	declare(s)
	if err := errors.Join(s.readFile(first.file), s.readEnvironment()); err != nil {
		return nil, err
	}
	s.begin()
	if err := s.Parse(args); err != nil {
		return nil, err
	}
	first.Visit(func(f *flag.Flag) { s.origin[f.Name] = "command line" })
	s.file = first.file
	return s, nil
}

// about are the settings that are about the configuration itself: where it is, and what is
// done with it. They are flags only, but for the file, which may be a variable.
var about = []string{"config", "check-config", "print-config"}

// begin makes lists forget what an earlier source has put there, with the next value.
func (s *settings) begin() {
	s.VisitAll(func(f *flag.Flag) {
		if l, ok := f.Value.(*list); ok {
			l.stale = true
		}
	})
}

// readFile applies the configuration file; errors name its lines.
func (s *settings) readFile(path string) error {
	if path == "" {
		return nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading the configuration: %w", err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if len(doc.Content) == 0 {
		return nil // empty
	}
	top := doc.Content[0]
	if top.Kind != yaml.MappingNode {
		return fmt.Errorf("%s:%d: write one \"name: value\" a line", path, top.Line)
	}
	var wrong []error
	for i := 0; i+1 < len(top.Content); i += 2 {
		wrong = append(wrong, s.readKey(path, top.Content[i], top.Content[i+1]))
	}
	return errors.Join(wrong...)
}

func (s *settings) readKey(path string, key, value *yaml.Node) error {
	where := fmt.Sprintf("%s:%d", path, key.Line)
	f := s.Lookup(key.Value)
	if f == nil || slices.Contains(about, key.Value) {
		return fmt.Errorf("%s: there is no setting %q: see expressrtc serve -h", where, key.Value)
	}
	before, many := s.origin[key.Value], isList(f)
	if before != "" && !many {
		return fmt.Errorf("%s: %s is set at %s already", where, key.Value, before)
	}
	values := []*yaml.Node{value}
	if value.Kind == yaml.SequenceNode {
		values = value.Content
	}
	if !many && value.Kind != yaml.ScalarNode {
		return fmt.Errorf("%s: %s takes one value", where, key.Value)
	}
	for _, v := range values {
		if err := f.Value.Set(v.Value); err != nil {
			return fmt.Errorf("%s: %s %q: %w", where, key.Value, v.Value, err)
		}
	}
	s.origin[key.Value] = where
	return nil
}

// readEnvironment applies the variables; those of lists have commas between the values.
func (s *settings) readEnvironment() error {
	s.begin()
	var wrong []error
	s.VisitAll(func(f *flag.Flag) {
		text, ok := os.LookupEnv(variable(f.Name))
		if !ok || slices.Contains(about, f.Name) {
			return
		}
		values := []string{text}
		if isList(f) {
			values = strings.Split(text, ",")
		}
		for _, v := range values {
			if err := f.Value.Set(v); err != nil {
				wrong = append(wrong, fmt.Errorf("%s=%q: %w", variable(f.Name), text, err))
			}
		}
		s.origin[f.Name] = variable(f.Name)
	})
	return errors.Join(wrong...)
}

// print shows what is in force and from where, as a configuration file.
func (s *settings) print(w io.Writer) error {
	var b strings.Builder
	s.VisitAll(func(f *flag.Flag) {
		if slices.Contains(about, f.Name) {
			return
		}
		text := f.Value.String()
		if s.secret[f.Name] && text != "" {
			text = "(set, not shown)"
		}
		from := s.origin[f.Name]
		if from == "" {
			from = "default"
		}
		if l, ok := f.Value.(*list); ok {
			text = l.yaml()
		} else {
			text = scalar(text)
		}
		fmt.Fprintf(&b, "%s: %s # %s\n", f.Name, text, from)
	})
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("printing: %w", err)
	}
	return nil
}

// scalar writes text as YAML reads it back.
func scalar(text string) string {
	data, err := yaml.Marshal(text)
	if err != nil || strings.Contains(text, "\n") {
		return strconv.Quote(text)
	}
	if _, err := strconv.ParseFloat(text, 64); err == nil || text == "true" || text == "false" {
		return text // a number or a truth is one in the file, too
	}
	return strings.TrimSpace(string(data))
}
