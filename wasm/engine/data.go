package engine

import (
	"encoding/binary"
	"time"
)

// Data goes in fragments that have a header of headerSize bytes: a type, flags, the
// fragment's number, the number of the message's first one, and the time in milliseconds.
const (
	headerSize  = 10
	maxFragment = 1141
	maxMessage  = 65536
	typeData    = 1
	lastOne     = 1 // the flag of a message's last fragment
)

// fragments numbers one sender's fragments.
type fragments struct{ next uint16 }

// cut makes the fragments of a message.
func (f *fragments) cut(message []byte) [][]byte {
	var all [][]byte
	first, now := f.next, uint32(time.Now().UnixMilli())
	for more := true; more; f.next++ {
		n := min(len(message), maxFragment)
		part := make([]byte, headerSize, headerSize+n)
		part[0] = typeData
		if more = n < len(message); !more {
			part[1] = lastOne
		}
		binary.BigEndian.PutUint16(part[2:], f.next)
		binary.BigEndian.PutUint16(part[4:], first)
		binary.BigEndian.PutUint32(part[6:], now)
		all, message = append(all, append(part, message[:n]...)), message[n:]
	}
	return all
}

// assembly puts fragments together. They come in order; a message of which one is
// missing, because the sender could not keep it any longer, is left out.
type assembly struct {
	message []byte
	next    uint16
	whole   bool // so far
}

// add takes a fragment; done says that it completed the message.
func (a *assembly) add(part []byte) (message []byte, done bool) {
	if len(part) < headerSize || part[0] != typeData {
		return nil, false
	}
	number, first := binary.BigEndian.Uint16(part[2:]), binary.BigEndian.Uint16(part[4:])
	if number == first {
		a.message, a.next, a.whole = nil, number, true
	}
	a.whole = a.whole && number == a.next && len(a.message)+len(part)-headerSize <= maxMessage
	if !a.whole {
		a.message = nil
		return nil, false
	}
	a.message = append(a.message, part[headerSize:]...)
	a.next++
	if part[1]&lastOne == 0 {
		return nil, false
	}
	message, a.message, a.whole = a.message, nil, false
	return message, true
}
