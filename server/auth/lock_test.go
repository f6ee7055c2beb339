package auth

import (
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestChangesAtOnce: of programs that change the file at the same time, none undoes what
// another has done.
func TestChangesAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "apps.json")
	const programs, changes = 8, 10
	var all sync.WaitGroup
	for range programs {
		apps := mustOpen(t, path)
		all.Go(func() {
			for range changes {
				_, err := apps.Create(App{})
				for errors.Is(err, errLocked) { // the disk is slow: try again, as it says
					_, err = apps.Create(App{})
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if n := len(mustOpen(t, path).List()); n != programs*changes {
		t.Errorf("%d apps of %d are there", n, programs*changes)
	}
}

// TestChangeWaitsForAnother, but not for ever.
func TestChangeWaitsForAnother(t *testing.T) {
	path := filepath.Join(t.TempDir(), "apps.json")
	synctest.Test(t, func(t *testing.T) {
		unlock, err := lockBeside(path)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if err := mustOpen(t, path).Delete(1); !errors.Is(err, errLocked) || time.Since(began) < lockPatience {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		time.AfterFunc(time.Second, unlock)
		if _, err := mustOpen(t, path).Create(App{}); err != nil {
			t.Error(err)
		}
	})
}
