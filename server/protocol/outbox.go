package protocol

// Outbox holds the frames that one end has to send, and with Keep also those that it
// sent and the other end has not acknowledged, so that they can be sent again on another
// socket. An empty one holds no memory. It takes no lock: its owner does.
type Outbox struct {
	// MaxMessages and MaxBytes bound what it holds.
	MaxMessages, MaxBytes int
	// Keep holds frames until they are acknowledged; without it they are gone once sent.
	Keep bool

	frames [][]byte // the oldest first
	sent   int      // how many of frames were sent
	bytes  int
	before uint64 // frames that it held once and holds no more
}

// Push appends a frame; false when the outbox is full. A frame too large for it passes
// when nothing is before it, and so does what comes after that one, or a large room could
// not be entered.
func (o *Outbox) Push(frame []byte) bool {
	if len(o.frames) > 0 && (len(o.frames) >= o.MaxMessages || o.load()+len(frame) > o.MaxBytes) {
		return false
	}
	o.frames = append(o.frames, frame)
	o.bytes += len(frame)
	return true
}

// Next is the next frame to send; false when there is none.
func (o *Outbox) Next() ([]byte, bool) {
	if o.sent == len(o.frames) {
		return nil, false
	}
	frame := o.frames[o.sent]
	o.sent++
	if !o.Keep {
		o.drop(1)
	}
	return frame, true
}

// Ack drops the frames that the other end has, of which it had received so many in all;
// false when it cannot have had that many.
func (o *Outbox) Ack(received uint64) bool {
	if received > o.before+uint64(o.sent) {
		return false
	}
	if received > o.before {
		o.drop(int(received - o.before))
	}
	return true
}

// Rewind makes everything after the first received frames the next to send; false when
// not all of that is here any more.
func (o *Outbox) Rewind(received uint64) bool {
	if received < o.before || !o.Ack(received) {
		return false
	}
	o.sent = 0
	return true
}

// Cancel takes a frame back, if it was not sent on any socket yet.
func (o *Outbox) Cancel(frame []byte) {
	for i := o.sent; i < len(o.frames); i++ {
		if len(frame) > 0 && &o.frames[i][0] == &frame[0] {
			o.frames = append(o.frames[:i], o.frames[i+1:]...)
			o.bytes -= len(frame)
			return
		}
	}
}

// Crowded reports whether frames that may be left out should be.
func (o *Outbox) Crowded() bool {
	return 2*len(o.frames) > o.MaxMessages || 2*o.load() > o.MaxBytes
}

// load is the bytes that count: not those of a first frame that would crowd it alone.
func (o *Outbox) load() int {
	if len(o.frames) > 0 && 2*len(o.frames[0]) > o.MaxBytes {
		return o.bytes - len(o.frames[0])
	}
	return o.bytes
}

// Fill is the part of what it takes that it holds: 1 when it is full, and more when a single
// frame is larger than that.
func (o *Outbox) Fill() float64 {
	return max(float64(len(o.frames))/float64(o.MaxMessages), float64(o.bytes)/float64(o.MaxBytes))
}

// Empty reports whether everything was sent, and acknowledged where that is asked for.
func (o *Outbox) Empty() bool { return len(o.frames) == 0 }

// Clear drops everything, and counts from 0 again.
func (o *Outbox) Clear() { o.frames, o.sent, o.bytes, o.before = nil, 0, 0, 0 }

func (o *Outbox) drop(n int) {
	for i := range n {
		o.bytes -= len(o.frames[i])
		o.frames[i] = nil // the rest of the array lives on
	}
	o.frames, o.sent, o.before = o.frames[n:], max(0, o.sent-n), o.before+uint64(n)
	if len(o.frames) == 0 {
		o.frames = nil
	}
}
