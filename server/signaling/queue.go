package signaling

// queue holds the messages that wait to be written to one connection, within bounds.
// An empty queue holds no memory. It is guarded by its connection's mu.
type queue struct {
	maxMessages, maxBytes int

	messages [][]byte // the next one first
	bytes    int
}

// push appends data; false when the queue is full. A message too large for the
// whole queue passes when nothing is before it, or a large room could not be entered.
func (q *queue) push(data []byte) bool {
	if len(q.messages) > 0 && (len(q.messages) >= q.maxMessages || q.bytes+len(data) > q.maxBytes) {
		return false
	}
	q.messages = append(q.messages, data)
	q.bytes += len(data)
	return true
}

// pop takes the next message out; false when there is none.
func (q *queue) pop() ([]byte, bool) {
	if len(q.messages) == 0 {
		q.messages = nil
		return nil, false
	}
	data := q.messages[0]
	q.messages[0] = nil
	q.messages = q.messages[1:]
	q.bytes -= len(data)
	return data, true
}

// crowded reports whether messages that may be dropped should be.
func (q *queue) crowded() bool {
	return 2*len(q.messages) > q.maxMessages || 2*q.bytes > q.maxBytes
}

// clear drops everything.
func (q *queue) clear() { q.messages, q.bytes = nil, 0 }
