package main

import (
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// list is a setting with any number of values.
type list struct {
	values *[]string
	stale  bool // they are an earlier source's
}

func isList(f *flag.Flag) bool {
	_, ok := f.Value.(*list)
	return ok
}

func (l *list) Set(text string) error {
	if l.stale {
		*l.values, l.stale = nil, false
	}
	*l.values = append(*l.values, text)
	return nil
}

func (l *list) String() string {
	if l.values == nil {
		return ""
	}
	return strings.Join(*l.values, ",")
}

func (l *list) yaml() string {
	quoted := make([]string, 0, len(*l.values))
	for _, v := range *l.values {
		quoted = append(quoted, scalar(v))
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// listVar declares a list; on the command line it is repeated.
func (s *settings) listVar(p *[]string, name, help string) {
	s.Var(&list{values: p}, name, help+" (may be repeated)")
}

// secretVar declares a text that is never shown.
func (s *settings) secretVar(p *string, name, help string) {
	s.StringVar(p, name, "", help)
	s.secret[name] = true
}

// bounded is a number, or a time, that must lie within bounds.
type bounded[T int | time.Duration] struct {
	value       *T
	least, most T
	parse       func(string) (T, error)
}

func (b *bounded[T]) Set(text string) error {
	v, err := b.parse(text)
	if err != nil || v < b.least || v > b.most {
		return fmt.Errorf("use a value from %s", b.bounds())
	}
	*b.value = v
	return nil
}

func (b *bounded[T]) bounds() string { return fmt.Sprintf("%v to %v", b.least, b.most) }

func (b *bounded[T]) String() string {
	if b.value == nil {
		return ""
	}
	return fmt.Sprint(*b.value)
}

func (s *settings) intVar(p *int, name string, unset, least, most int, help string) {
	*p = unset
	s.Var(&bounded[int]{p, least, most, strconv.Atoi}, name, help)
}

func (s *settings) timeVar(p *time.Duration, name string, unset, least, most time.Duration, help string) {
	*p = unset
	s.Var(&bounded[time.Duration]{p, least, most, time.ParseDuration}, name, help)
}

// choice is one of several words.
type choice struct {
	value *string
	words []string
}

func (c *choice) Set(text string) error {
	if !slices.Contains(c.words, text) {
		return fmt.Errorf("use one of %s", strings.Join(c.words, ", "))
	}
	*c.value = text
	return nil
}

func (c *choice) String() string {
	if c.value == nil {
		return ""
	}
	return *c.value
}

// choiceVar declares a setting that is one of words; the first is the default.
func (s *settings) choiceVar(p *string, name, help string, words ...string) {
	*p = words[0]
	s.Var(&choice{p, words}, name, help)
}
