package e2e

import (
	"os"
	"testing"
)

// BenchmarkFloor measures what users and operators wait and pay for, each figure beside
// a floor that does the same with as little as possible, and prints one table of all.
// A part of it: go test -run=NONE -bench=Floor/Join -benchtime=1x ./server/e2e.
// It judges and never fails for being slow; only what does not work at all fails.
func BenchmarkFloor(b *testing.B) {
	b.Run("Join", benchmarkJoin)
	b.Run("Ready", benchmarkReady)
	b.Run("Server", benchmarkServer)
	b.Run("Return", benchmarkReturn)
	b.Run("Load", benchmarkLoad)
	if err := printFigures(os.Stdout); err != nil {
		b.Fatal(err)
	}
}
