package e2e

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"testing"
	"text/tabwriter"
)

// side measures one round of one side of a comparison.
type side func(b *testing.B) float64

// figure is one line of the table: what was measured, of us and of a floor that does
// the same with as little as possible.
type figure struct {
	name, unit  string
	ours, floor []float64
	limit       limit
}

// limit is what a figure is judged by; its zero value judges nothing.
type limit struct {
	text  string
	holds func(f figure) bool
}

// atMost bounds the ratio of ours to the floor.
func atMost(ratio float64) limit {
	return limit{fmt.Sprintf("ratio ≤ %g", ratio), func(f figure) bool { return f.ratio() <= ratio }}
}

// atLeast is for figures of which more is better.
func atLeast(ratio float64) limit {
	return limit{fmt.Sprintf("ratio ≥ %g", ratio), func(f figure) bool { return f.ratio() >= ratio }}
}

// within bounds our figure itself.
func within(bound float64, unit string) limit {
	return limit{fmt.Sprintf("≤ %g %s", bound, unit), func(f figure) bool { return median(f.ours) <= bound }}
}

// figures are all that were measured, in their order.
var figures []figure

// compare measures both sides in turn, so that whatever else the machine does hits both.
func compare(b *testing.B, name, unit string, rounds int, l limit, ours, floor side) {
	b.Helper()
	f := figure{name: name, unit: unit, limit: l}
	for range rounds {
		f.ours = append(f.ours, ours(b))
		f.floor = append(f.floor, floor(b))
	}
	figures = append(figures, f)
}

func (f figure) ratio() float64 { return median(f.ours) / median(f.floor) }

func (f figure) verdict() string {
	switch {
	case f.limit.holds == nil:
		return ""
	case f.limit.holds(f):
		return f.limit.text + ", kept"
	}
	return f.limit.text + ", MISSED"
}

// quartile is the value below which a share of them lies.
func quartile(values []float64, share float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[int(share*float64(len(sorted)-1)+0.5)]
}

func median(values []float64) float64 { return quartile(values, 0.5) }

// text is a median and between what the middle half of the rounds lay.
func text(values []float64) string {
	digits := 0
	if median(values) < 20 {
		digits = 1
	}
	return fmt.Sprintf("%.*f (%.*f–%.*f)", digits, median(values), digits, quartile(values, 0.25), digits, quartile(values, 0.75))
}

// printFigures prints the table: medians, and between what the middle half lay.
func printFigures(w io.Writer) error {
	var out bytes.Buffer
	table := tabwriter.NewWriter(&out, 0, 0, 3, ' ', 0)
	fmt.Fprintf(table, "\nfigure\tunit\tours\tfloor\tratio\tlimit\n")
	for _, f := range figures {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%.2f\t%s\n", f.name, f.unit, text(f.ours), text(f.floor), f.ratio(), f.verdict())
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w, out.String())
	return err
}
