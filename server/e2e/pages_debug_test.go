package e2e

import (
	"testing"

	"expressrtc/server/signaling"
)

// TestPagesDebugQuickCall: one press makes two users who see each other.
func TestPagesDebugQuickCall(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).visit(usual, "debug", wide)
	p.look("start")
	p.role("button", "Quick call").press()
	p.appears("status", "Both users see each other…")
	p.look("call")
}
