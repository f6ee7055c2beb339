package turn

import (
	"bytes"
	"fmt"
	"log/slog"
	"regexp"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

// TestEveryRefusalIsLogged: the lines add up, though few are written; in the end of the
// server, too.
func TestEveryRefusalIsLogged(t *testing.T) {
	for end, do := range map[string]func(*ledger){
		"quiet":    func(*ledger) { time.Sleep(time.Minute); synctest.Wait() },
		"shutdown": (*ledger).close,
	} {
		synctest.Test(t, func(t *testing.T) {
			var log bytes.Buffer
			l := newLedger(slog.New(slog.NewTextHandler(&log, nil)))
			for i := range 50 {
				l.refuse(causeQuota, "user", i)
				time.Sleep(time.Second / 50)
			}
			do(l)
			l.counts() // after what was written
			sum, lines := 0, regexp.MustCompile(`cause=quota times=(\d+)`).FindAllStringSubmatch(log.String(), -1)
			for _, line := range lines {
				n, err := strconv.Atoi(line[1])
				if err != nil {
					t.Error(err)
				}
				sum += n
			}
			if sum != 50 || len(lines) != 2 {
				t.Errorf("%s: %d lines tell of %d: %s", end, len(lines), sum, &log)
			}
			l.refuse(causeQuota)
			if got := fmt.Sprint(l.counts()); got != "map[quota:51]" {
				t.Error(got)
			}
			l.close() // no timer writes into a log that is gone
		})
	}
}
