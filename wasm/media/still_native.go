//go:build !js

package media

import (
	"context"
	"errors"
	"sync"
)

type still struct{}

// held are the pictures that do not load yet: a channel that ends that for each path.
var held sync.Map

// HoldStill says that the picture at path does not load until load is called.
func HoldStill(path string) (load func()) {
	loaded := make(chan struct{})
	held.Store(path, loaded)
	return func() {
		held.Delete(path)
		close(loaded)
	}
}

// NewStill makes a picture of any path but "".
func NewStill(ctx context.Context, path string) (*Still, error) {
	if path == "" {
		return nil, errors.New("no path")
	}
	if loaded, ok := held.Load(path); ok {
		select {
		case <-loaded.(chan struct{}):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return &Still{track: NewTrack(Video, nil)}, nil
}

func (still) draw() {}
