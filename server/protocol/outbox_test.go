package protocol

import (
	"math/rand/v2"
	"strconv"
	"testing"
)

func newTestOutbox(keep bool) *Outbox {
	return &Outbox{MaxMessages: 4, MaxBytes: 10, Keep: keep}
}

func wantNext(t *testing.T, o *Outbox, want ...string) {
	t.Helper()
	for _, w := range want {
		frame, ok := o.Next()
		if !ok || string(frame) != w {
			t.Fatalf("next is %q, %v; want %q", frame, ok, w)
		}
	}
	if frame, ok := o.Next(); ok {
		t.Fatalf("next is %q, want none", frame)
	}
}

func push(t *testing.T, o *Outbox, frames ...string) {
	t.Helper()
	for _, f := range frames {
		if !o.Push([]byte(f)) {
			t.Fatalf("%q was not taken", f)
		}
	}
}

func TestOutboxIsBounded(t *testing.T) {
	o := newTestOutbox(false)
	push(t, o, "a much too large one", "12345")
	if o.Crowded() {
		t.Error("the first frame crowds it alone")
	}
	push(t, o, "67890")
	if o.Push([]byte("b")) {
		t.Error("took more than it may behind a frame that is too large")
	}
	wantNext(t, o, "a much too large one", "12345", "67890")
	push(t, o, "1", "2", "3")
	if !o.Crowded() {
		t.Error("three of four are not crowded")
	}
	push(t, o, "4")
	if o.Push([]byte("5")) {
		t.Error("took a fifth of four")
	}
	wantNext(t, o, "1", "2", "3", "4")
	if o.bytes != 0 || o.frames != nil {
		t.Errorf("an empty one holds %d bytes, %v", o.bytes, o.frames)
	}
}

func TestOutboxSendsAgain(t *testing.T) {
	o := newTestOutbox(true)
	push(t, o, "1", "2", "3")
	wantNext(t, o, "1", "2", "3")
	if !o.Rewind(1) {
		t.Fatal("could not go back to 1")
	}
	wantNext(t, o, "2", "3")
	if o.Rewind(0) {
		t.Error("went back to what was acknowledged")
	}
	if o.Rewind(4) || o.Ack(4) {
		t.Error("believed in a fourth of three")
	}
	if o.Empty() {
		t.Error("empty before everything is acknowledged")
	}
	if !o.Ack(3) || o.frames != nil || !o.Empty() {
		t.Error("kept what was acknowledged")
	}
	if !o.Ack(2) {
		t.Error("an older acknowledgement is an error")
	}
	push(t, o, "4")
	wantNext(t, o, "4")
}

func TestOutboxCancelsTheUnsent(t *testing.T) {
	o := newTestOutbox(true)
	sent, unsent := []byte("1"), []byte("1")
	o.Push(sent)
	o.Next()
	o.Push(unsent)
	push(t, o, "2")
	o.Cancel(sent)
	o.Cancel(unsent)
	if !o.Rewind(0) {
		t.Fatal("lost the sent one")
	}
	wantNext(t, o, "1", "2")
}

// TestOutboxLosesNothing carries numbers over sockets that break at random.
func TestOutboxLosesNothing(t *testing.T) {
	o := &Outbox{MaxMessages: 50, MaxBytes: 1000, Keep: true}
	pushed, received := 0, 0
	for range 100_000 {
		switch rand.N(8) {
		case 0, 1, 2:
			if o.Push([]byte(strconv.Itoa(pushed))) {
				pushed++
			}
		case 3, 4, 5:
			frame, ok := o.Next()
			if !ok {
				continue
			}
			if rand.N(10) == 0 { // the frame and the socket are lost
				if !o.Rewind(uint64(received)) {
					t.Fatal("cannot send again")
				}
				continue
			}
			if string(frame) != strconv.Itoa(received) {
				t.Fatalf("received %s, want %d", frame, received)
			}
			received++
		case 6:
			if !o.Ack(uint64(received)) {
				t.Fatal("acknowledgement refused")
			}
		case 7:
			if !o.Rewind(uint64(received)) {
				t.Fatal("cannot send again")
			}
		}
	}
	if received < 1000 {
		t.Errorf("only %d frames came through", received)
	}
}
