package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// program collects garbage on deep stacks, panics and recovers, and at last panics for
// good: what depends on the tables that are stripped, and on those that are not.
const program = `package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

//go:noinline
func deep(n int, keep *[64]int) int {
	if n == 0 {
		runtime.GC()
		return keep[0]
	}
	own := new([64]int)
	own[0] = n
	return deep(n-1, own) + keep[0] + own[0]
}

//go:noinline
func index(list []int, i int) (err any) {
	defer func() { err = recover() }()
	return list[i]
}

func main() {
	fmt.Println(deep(500, new([64]int)), index(nil, 3))
	fmt.Println(string(debug.Stack()))
	panic("the end")
}
`

func TestStrippedProgramRuns(t *testing.T) {
	dir := t.TempDir()
	source, whole, small := filepath.Join(dir, "main.go"), filepath.Join(dir, "whole.wasm"), filepath.Join(dir, "small.wasm")
	must(t, os.WriteFile(source, []byte(program), 0o600))
	build := exec.Command("go", "build", "-ldflags=-s -w", "-o", whole, source)
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	data, err := os.ReadFile(whole)
	must(t, err)
	stripped, err := stripTraces(data)
	must(t, err)
	if saved := len(data) - len(stripped); saved < len(data)/9 {
		t.Errorf("stripping saved %d of %d bytes, want a ninth at least", saved, len(data))
	}
	if file := []byte("runtime/proc.go"); !bytes.Contains(data, file) || bytes.Contains(stripped, file) {
		t.Error("the names of files should be there before stripping and not after")
	}
	if name := []byte("runtime.mallocgc"); !bytes.Contains(data, name) || bytes.Contains(stripped, name) {
		t.Error("the names of the runtime's functions should be there before stripping and not after")
	}
	must(t, os.WriteFile(small, stripped, 0o600))
	want, got := runWasm(t, whole), runWasm(t, small)
	for _, line := range []string{"250500 runtime error: index out of range [3] with length 0", "main.main", "panic: the end"} {
		if !strings.Contains(want, line) || !strings.Contains(got, line) {
			t.Errorf("%q is missing in the output before or after stripping:\n%s\n%s", line, want, got)
		}
	}
	if !strings.Contains(want, "main.go:") || strings.Contains(got, "main.go:") {
		t.Errorf("lines should be there before stripping and not after:\n%s\n%s", want, got)
	}
}

func runWasm(t *testing.T, module string) string {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	must(t, err)
	// It exits with an error: the program panics.
	out, _ := exec.Command(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "go_js_wasm_exec"), module).CombinedOutput()
	return string(out)
}

func TestUnknownModulesAreRefused(t *testing.T) {
	for name, module := range map[string][]byte{
		"empty":     nil,
		"cut":       append([]byte("\x00asm\x01\x00\x00\x00"), dataSection, 100),
		"no tables": append([]byte("\x00asm\x01\x00\x00\x00"), dataSection, 7, 1, 0, i32Const, 0, endOfExpr, 1, 5),
	} {
		if _, err := stripTraces(module); !errors.Is(err, errWasm) && !errors.Is(err, errTables) {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
}

func TestMemoryIsWrittenAsItWasRead(t *testing.T) {
	const more = maxSegments + 1 // than browsers take, if each run of 8 zeros parted two
	for _, want := range []memory{
		bytes.Repeat([]byte("abc\x00d\x00\x00\x00\x00\x00\x00\x00\x00\x00e"), 100),
		bytes.Repeat([]byte("a\x00\x00\x00\x00\x00\x00\x00\x00e"), more),
	} {
		section := want.section()
		got, err := readMemory(section)
		must(t, err)
		if !bytes.Equal(got, want) {
			t.Errorf("read back %d bytes that differ", len(got))
		}
		if count, _ := binary.Uvarint(section); count > maxSegments {
			t.Errorf("%d segments", count)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
