package main

import "expressrtc/server/signaling"

// addTokens lets nobody in whose token does not allow it.
func (s *site) addTokens() error {
	s.admit = append(s.admit, signaling.AdmitTokens(s.apps))
	return nil
}
