//go:build unix && !aix && !solaris

package auth

import (
	"errors"
	"os"
	"syscall"
)

// tryLock locks a directory for others who do the same; false when one of them has it. Some
// file systems of a network lock no directories: there changes go unlocked.
func tryLock(dir *os.File) (bool, error) {
	err := syscall.Flock(int(dir.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	switch {
	case err == nil, errors.Is(err, syscall.EBADF), errors.Is(err, syscall.ENOLCK), errors.Is(err, syscall.ENOTSUP):
		return true, nil
	case errors.Is(err, syscall.EWOULDBLOCK), errors.Is(err, syscall.EINTR):
		return false, nil
	}
	return false, err
}
