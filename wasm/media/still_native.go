//go:build !js

package media

import (
	"context"
	"errors"
)

type still struct{}

// NewStill makes a picture of any path but "".
func NewStill(_ context.Context, path string) (*Still, error) {
	if path == "" {
		return nil, errors.New("no path")
	}
	return &Still{track: NewTrack(Video, nil)}, nil
}

func (still) draw() {}
