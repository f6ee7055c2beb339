package engine

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// TestPace: the first call acts at once, the last one of a burst later, the others never.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e Engine
		var got []int
		p := pace{gap: 100 * time.Millisecond, wait: 500 * time.Millisecond}
		call := func(n int) {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.paceLocked(&p, func() { got = append(got, n) })
		}
		acted := func(after time.Duration, want ...int) {
			t.Helper()
			time.Sleep(after)
			synctest.Wait()
			e.mu.Lock()
			defer e.mu.Unlock()
			if !slices.Equal(got, want) {
				t.Errorf("acted: %v, want %v", got, want)
			}
		}
		call(1)
		call(2)
		call(3)
		acted(499*time.Millisecond, 1)
		call(4)
		acted(time.Millisecond, 1, 4)
		acted(99*time.Millisecond, 1, 4)
		call(5)
		acted(0, 1, 4)
		acted(500*time.Millisecond, 1, 4, 5)
		time.Sleep(100 * time.Millisecond)
		call(6)
		acted(0, 1, 4, 5, 6)
	})
}
