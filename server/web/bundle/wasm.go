package main

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// The parts of a WebAssembly module that matter here
// (https://webassembly.github.io/spec/core/binary/modules.html).
const (
	wasmHeader  = 8
	dataSection = 11
	i32Const    = 0x41
	endOfExpr   = 0x0b
)

var errWasm = errors.New("not a WebAssembly module as Go writes it")

// memory is what a module's data section fills, from address 0.
type memory []byte

// rewriteData passes a module's memory through f and writes the module anew.
func rewriteData(module []byte, f func(memory) error) ([]byte, error) {
	if len(module) < wasmHeader {
		return nil, errWasm
	}
	out := append([]byte{}, module[:wasmHeader]...)
	for rest := module[wasmHeader:]; len(rest) > 0; {
		id := rest[0]
		size, n := binary.Uvarint(rest[1:])
		end := 1 + n + int(size)
		if n <= 0 || end > len(rest) {
			return nil, errWasm
		}
		section := rest[1+n : end]
		if id == dataSection {
			mem, err := readMemory(section)
			if err != nil {
				return nil, err
			}
			if err := f(mem); err != nil {
				return nil, err
			}
			section = mem.section()
		}
		out = append(out, id)
		out = binary.AppendUvarint(out, uint64(len(section)))
		out = append(out, section...)
		rest = rest[end:]
	}
	return out, nil
}

// readMemory lays the segments of a data section out.
func readMemory(section []byte) (memory, error) {
	var mem memory
	count, n := binary.Uvarint(section)
	rest := section[max(n, 0):]
	for range count {
		if len(rest) < 3 || rest[0] != 0 || rest[1] != i32Const {
			return nil, fmt.Errorf("%w: a data segment without an address", errWasm)
		}
		at, n := signed(rest[2:])
		rest = rest[2+n:]
		if len(rest) == 0 || rest[0] != endOfExpr {
			return nil, fmt.Errorf("%w: a data segment with a computed address", errWasm)
		}
		size, n := binary.Uvarint(rest[1:])
		rest = rest[1+n:]
		if n <= 0 || at < 0 || int(size) > len(rest) {
			return nil, fmt.Errorf("%w: a data segment out of bounds", errWasm)
		}
		if grow := at + int(size) - len(mem); grow > 0 {
			mem = append(mem, make(memory, grow)...)
		}
		copy(mem[at:], rest[:size])
		rest = rest[size:]
	}
	return mem, nil
}

// zeroRun is how many zero bytes between two segments cost more than they save.
const zeroRun = 8

// maxSegments is what browsers take.
const maxSegments = 100_000

// section writes the memory as segments, without its longer runs of zeros: memory
// begins as zeros. Shorter ones stay where there would be too many segments.
func (m memory) section() []byte {
	for run := zeroRun; ; run++ {
		if body, count := m.segments(run); count <= maxSegments {
			return append(binary.AppendUvarint(nil, count), body...)
		}
	}
}

func (m memory) segments(run int) (body []byte, count uint64) {
	for at := m.skipZeros(0); at < len(m); count++ {
		end := m.segmentEnd(at, run)
		body = append(body, 0, i32Const)
		body = appendSigned(body, at)
		body = append(body, endOfExpr)
		body = binary.AppendUvarint(body, uint64(end-at))
		body = append(body, m[at:end]...)
		at = m.skipZeros(end)
	}
	return body, count
}

func (m memory) skipZeros(at int) int {
	for at < len(m) && m[at] == 0 {
		at++
	}
	return at
}

// segmentEnd is where the next run of so many zeros begins.
func (m memory) segmentEnd(at, run int) int {
	zeros := 0
	for i := at; i < len(m); i++ {
		if m[i] != 0 {
			zeros = 0
			continue
		}
		if zeros++; zeros == run {
			return i + 1 - run
		}
	}
	return len(m) - zeros
}

// signed reads a signed LEB128 number, which Go's own varints are not.
func signed(b []byte) (value, n int) {
	shift := 0
	for n < len(b) {
		c := b[n]
		n++
		value |= int(c&0x7f) << shift
		shift += 7
		if c < 0x80 {
			if c&0x40 != 0 {
				value -= 1 << shift
			}
			return value, n
		}
	}
	return 0, n
}

func appendSigned(b []byte, value int) []byte {
	for {
		c := byte(value & 0x7f)
		value >>= 7
		if (value == 0 && c&0x40 == 0) || (value == -1 && c&0x40 != 0) {
			return append(b, c)
		}
		b = append(b, c|0x80)
	}
}
