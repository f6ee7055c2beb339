//go:build !js

package media

import (
	"context"
	"errors"
)

// Clip is a sound that was loaded.
type Clip struct{}

// LoadClip loads nothing.
func LoadClip(context.Context, string) (*Clip, error) {
	return nil, errors.New("there is no sound without a browser")
}

// Duration is 0.
func (c *Clip) Duration() float64 { return 0 }

// EffectPlayer plays nothing.
type EffectPlayer struct{}

// Player is the stream's one player.
func (s *Mixer) Player() *EffectPlayer {
	if s.player == nil {
		s.player = &EffectPlayer{}
	}
	return s.player
}

// Effect is a clip that would play.
type Effect struct{}

// Begin takes an id.
func (p *EffectPlayer) Begin(string, EffectOptions) *Effect { return &Effect{} }

// Play plays nothing.
func (e *Effect) Play(*Clip) {}

// Drop does nothing.
func (e *Effect) Drop() {}
