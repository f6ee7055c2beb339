package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
)

// The TypeScript types are written by hand, in static/types. Here the bundler reads out of
// them which methods the contract has, and marks those that this version has not.

var (
	// typeBlock begins a class, a part of an engine's methods, or the object WebRTCUtil.
	typeBlock = regexp.MustCompile(`^export (?:declare class (\w+)|interface (ZegoExpressEngine)\w*|declare const (\w+): \{)`)
	// typeMethod is a method in one.
	typeMethod = regexp.MustCompile(`^\t(static )?(\w+)(?:<.*>)?\(`)
	// enumPattern finds enumerations, and enumMember their members.
	enumPattern = regexp.MustCompile(`(?s)export declare enum (\w+) \{(.*?)\n\}`)
	enumMember  = regexp.MustCompile(`(?m)^\t(\w+) = ("[^"]*"|\d+),?$`)
)

// notHere is what a missing method's comment says.
const notHere = "Not in this version: it fails with code 1101003."

// declaration is a method in the types.
type declaration struct {
	class, name string
	static      bool
	line        int // counted from 0
}

// readTypes reads the files of types in dir.
func readTypes(dir string) ([]file, error) {
	names, err := fs.Glob(os.DirFS(dir), "*.d.ts")
	if err != nil {
		return nil, err
	}
	var files []file
	for _, name := range names {
		data, err := fs.ReadFile(os.DirFS(dir), name)
		if err != nil {
			return nil, err
		}
		files = append(files, file{name: path.Join(types, name), data: data})
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no types in %s", dir)
	}
	return files, nil
}

// declarations are the methods in a file of types.
func declarations(text string) []declaration {
	var all []declaration
	class := ""
	for i, line := range strings.Split(text, "\n") {
		if m := typeBlock.FindStringSubmatch(line); m != nil {
			class = m[1] + m[2] + m[3]
		}
		if strings.HasPrefix(line, "}") {
			class = ""
		}
		if m := typeMethod.FindStringSubmatch(line); class != "" && m != nil && m[2] != "constructor" {
			all = append(all, declaration{class, m[2], m[1] != "" || class == "WebRTCUtil", i})
		}
	}
	return all
}

// annotate marks the methods that t has not.
func annotate(f file, t table) file {
	lines := strings.Split(string(f.data), "\n")
	for _, d := range slices.Backward(declarations(string(f.data))) {
		if t.has(d) {
			continue
		}
		above := &lines[d.line-1]
		switch text, oneLine := strings.CutSuffix(*above, " */"); {
		case oneLine && strings.HasPrefix(text, "\t/**"):
			*above = text + " " + notHere + " */"
		case oneLine:
			lines = slices.Insert(lines, d.line-1, "\t *", "\t * "+notHere)
		default:
			lines = slices.Insert(lines, d.line, "\t/** "+notHere+" */")
		}
	}
	return file{name: f.name, data: []byte(strings.Join(lines, "\n"))}
}

// enumsOf is the enumerations in a file of types as CommonJS: names to values, and
// numbers to names.
func enumsOf(text string) string {
	var js strings.Builder
	for _, enum := range enumPattern.FindAllStringSubmatch(text, -1) {
		fmt.Fprintf(&js, "exports.%s = {", enum[1])
		for _, member := range enumMember.FindAllStringSubmatch(enum[2], -1) {
			fmt.Fprintf(&js, " %s: %s,", member[1], member[2])
			if !strings.HasPrefix(member[2], `"`) {
				fmt.Fprintf(&js, " %s: %q,", member[2], member[1])
			}
		}
		js.WriteString(" };\n")
	}
	return js.String()
}
