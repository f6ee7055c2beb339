package engine

import "time"

// serverClock knows the server's time from the times that the server wrote into its
// messages: each lies between two moments here. The clock of this machine is not looked
// at, for it may be wrong, and be set while the page runs.
type serverClock struct {
	born        time.Time
	known       bool
	least, most time.Duration // what was the server's time, since 1970, when this was born
}

// answered takes the time, in ms, that the reply to a request of the moment sent tells.
func (c *serverClock) answered(sent time.Time, stamp int64) {
	told := time.Duration(stamp) * time.Millisecond
	least, most := told-time.Since(c.born), told+time.Millisecond-sent.Sub(c.born)
	if !c.known || least > c.most || most < c.least { // this machine slept, say
		c.known, c.least, c.most = true, least, most
		return
	}
	c.least, c.most = max(c.least, least), min(c.most, most)
}

// heard takes the time of a message that nobody asked for: it may have come late.
func (c *serverClock) heard(stamp int64) {
	if least := time.Duration(stamp)*time.Millisecond - time.Since(c.born); c.known && least > c.least {
		c.least, c.most = least, max(least, c.most)
	}
}

// now is the server's time as far as it is known, and else this machine's.
func (c *serverClock) now() time.Time {
	if !c.known {
		return time.Now()
	}
	return time.Unix(0, int64((c.least+c.most)/2+time.Since(c.born)))
}

// NetworkTimeInfo is the contract's: both in ms, Timestamp 0 before the first answer.
type NetworkTimeInfo struct {
	Timestamp    int64 `json:"timestamp"`
	MaxDeviation int64 `json:"maxDeviation"`
}

// GetNetworkTimeInfo tells the server's time, and how wrong that may be.
func (e *Engine) GetNetworkTimeInfo() NetworkTimeInfo {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.clock.known {
		return NetworkTimeInfo{}
	}
	return NetworkTimeInfo{e.clock.now().UnixMilli(), ((e.clock.most-e.clock.least)/2 + time.Millisecond - 1).Milliseconds()}
}
