package auth

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// How long a change waits for that of another program, and how often it looks: the system
// has no way to wait for a lock that ends.
const (
	lockPatience = 5 * time.Second
	lockPause    = 10 * time.Millisecond
)

var errLocked = errors.New("another program is changing the apps all the time: try again")

// lockBeside keeps other programs from changing the file until unlock is called. The lock is
// on the directory: the file is another one after each change, and a file for the lock alone
// would belong to whoever came first. Who only reads needs none.
func lockBeside(path string) (unlock func(), err error) {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("writing the apps: %w", err)
	}
	for end := time.Now().Add(lockPatience); ; time.Sleep(lockPause) {
		locked, err := tryLock(dir)
		switch {
		case err != nil:
			return nil, fmt.Errorf("locking the apps: %w", errors.Join(err, dir.Close()))
		case locked:
			return func() { dir.Close() }, nil // which ends the lock
		case time.Now().After(end):
			return nil, errors.Join(errLocked, dir.Close())
		}
	}
}
