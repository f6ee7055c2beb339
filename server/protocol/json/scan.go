package json

import "strconv"

// scanner walks over a text. Its methods go past what they name, and report whether it
// was there; at is then behind it, or at the first byte that does not fit.
type scanner struct {
	text []byte
	at   int
	deep bool // the text was given up for being nested too deep
}

// check wants exactly one value.
func check(text []byte) error {
	s := scanner{text: text}
	if s.skip() && s.peek() == 0 && s.at == len(text) {
		return nil
	}
	switch {
	case s.deep:
		return &SyntaxError{"JSON is nested too deep", int64(s.at)}
	case s.at >= len(text):
		return &SyntaxError{"unexpected end of JSON input", int64(s.at)}
	}
	return &SyntaxError{"invalid character " + strconv.QuoteRune(rune(text[s.at])) + " in JSON", int64(s.at)}
}

// peek is the next byte that is no space, 0 at the end.
func (s *scanner) peek() byte {
	for ; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// byte is the next byte, spaces included.
func (s *scanner) byte() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

// skip goes past a value of any depth without calling itself.
func (s *scanner) skip() bool {
	var open []byte // what will close the objects and lists around
	for {
		switch c := s.peek(); c {
		case '{', '[':
			if len(open) == maxDepth {
				s.deep = true
				return false
			}
			s.at++
			open = append(open, c+2) // } and ]
			if s.peek() != c+2 {
				if c == '{' && !s.key() {
					return false
				}
				continue // its first value
			}
		default:
			if !s.scalar(c) {
				return false
			}
		}
		for len(open) > 0 && s.peek() == open[len(open)-1] {
			s.at++
			open = open[:len(open)-1]
		}
		if len(open) == 0 {
			return true
		}
		if s.peek() != ',' {
			return false
		}
		s.at++
		if open[len(open)-1] == '}' && !s.key() {
			return false
		}
	}
}

// key goes past the name of a member, and its colon.
func (s *scanner) key() bool {
	if s.peek() != '"' || !s.string() || s.peek() != ':' {
		return false
	}
	s.at++
	return true
}

// scalar goes past a value that begins with c.
func (s *scanner) scalar(c byte) bool {
	switch c {
	case '"':
		return s.string()
	case 'n':
		return s.word("null")
	case 't':
		return s.word("true")
	case 'f':
		return s.word("false")
	}
	return s.number()
}

func (s *scanner) word(word string) bool {
	for i := range len(word) {
		if s.byte() != word[i] {
			return false
		}
		s.at++
	}
	return true
}

func (s *scanner) string() bool {
	for s.at++; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; {
		case c == '"':
			s.at++
			return true
		case c < ' ':
			return false
		case c == '\\':
			s.at++
			if !s.escape() {
				return false
			}
		}
	}
	return false
}

// escape goes to the last byte of what follows a backslash.
func (s *scanner) escape() bool {
	switch s.byte() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return true
	case 'u':
		for range 4 {
			s.at++
			if digit(s.byte()) < 0 {
				return false
			}
		}
		return true
	}
	return false
}

// digit is the value of a hexadecimal digit, -1 of anything else.
func digit(c byte) rune {
	switch {
	case '0' <= c && c <= '9':
		return rune(c - '0')
	case 'a' <= c|32 && c|32 <= 'f':
		return rune(c|32-'a') + 10
	}
	return -1
}

func (s *scanner) number() bool {
	if s.byte() == '-' {
		s.at++
	}
	if s.byte() == '0' {
		s.at++
	} else if !s.digits() {
		return false
	}
	if s.byte() == '.' {
		s.at++
		if !s.digits() {
			return false
		}
	}
	if s.byte()|32 == 'e' {
		s.at++
		if c := s.byte(); c == '+' || c == '-' {
			s.at++
		}
		return s.digits()
	}
	return true
}

func (s *scanner) digits() bool {
	from := s.at
	for c := s.byte(); '0' <= c && c <= '9'; c = s.byte() {
		s.at++
	}
	return s.at > from
}
