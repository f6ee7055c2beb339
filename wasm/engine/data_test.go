package engine

import (
	"bytes"
	"testing"
)

// TestFragments: what is cut is put together again, whatever its size and number.
func TestFragments(t *testing.T) {
	sender, receiver := fragments{next: 65530}, assembly{}
	for _, size := range []int{0, 1, 1140, 1141, 1142, 65536} {
		want := bytes.Repeat([]byte{byte(size)}, size)
		parts := sender.cut(want)
		if n := max(1, (size+maxFragment-1)/maxFragment); len(parts) != n {
			t.Errorf("%d bytes are %d fragments, want %d", size, len(parts), n)
		}
		for i, part := range parts {
			got, done := receiver.add(part)
			if done != (i == len(parts)-1) || done && !bytes.Equal(got, want) {
				t.Fatalf("%d bytes, fragment %d of %d: done %v with %d bytes", size, i+1, len(parts), done, len(got))
			}
		}
	}
}

// TestLostFragments: a message of which something is missing does not come, the next does.
func TestLostFragments(t *testing.T) {
	message := make([]byte, 3*maxFragment)
	for missing := range 3 {
		var sender fragments
		var receiver assembly
		for i, part := range sender.cut(message) {
			if i == missing {
				continue
			}
			if _, done := receiver.add(part); done {
				t.Errorf("without fragment %d: done", missing)
			}
		}
		if got, done := receiver.add(sender.cut([]byte("next"))[0]); !done || string(got) != "next" {
			t.Errorf("after a loss of fragment %d: %q, %v", missing, got, done)
		}
	}
	var receiver assembly
	for _, bad := range [][]byte{nil, {1}, make([]byte, 10), append([]byte{9}, make([]byte, 20)...)} {
		if _, done := receiver.add(bad); done {
			t.Errorf("%v: done", bad)
		}
	}
}

// TestEndlessMessage: a sender that never ends a message is not kept for ever.
func TestEndlessMessage(t *testing.T) {
	var sender fragments
	var receiver assembly
	for _, part := range sender.cut(make([]byte, 2*maxMessage)) {
		if _, done := receiver.add(part); done || len(receiver.message) > maxMessage {
			t.Fatalf("done %v with %d bytes", done, len(receiver.message))
		}
	}
}
