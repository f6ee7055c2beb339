package engine

import (
	"context"
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

// TestGatheredCalls: the first call of a burst gets its own result, those that are put off
// the last one's, whenever that comes.
func TestGatheredCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e Engine
		var p pace
		var results []<-chan bool
		var finish func(bool)
		call := func(n int) {
			e.mu.Lock()
			defer e.mu.Unlock()
			results = append(results, e.gatherLocked(&p, func(done func(bool)) {
				if n == 2 || n == 3 {
					t.Error("a call that was put off acts, though another one came")
				}
				finish = done
			}))
		}
		for n := range 4 {
			call(n + 1)
			if n == 0 {
				finish(false)
			}
		}
		expired, cancel := context.WithCancel(t.Context())
		cancel()
		time.Sleep(501 * time.Millisecond)
		synctest.Wait()
		if _, err := gathered(expired, results[2]); err == nil {
			t.Error("a call has a result before there is one")
		}
		finish(true)
		for i, result := range results {
			ok, err := gathered(t.Context(), result)
			if err != nil || ok != (i > 0) {
				t.Errorf("call %d: %t %v", i+1, ok, err)
			}
		}
	})
}
