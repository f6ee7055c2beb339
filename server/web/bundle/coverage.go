package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The README says which methods of the contract are there: one line a class, between two
// marks, made from the types and the rows.

const (
	readmeName    = "README.md"
	coverageBegin = "<!-- coverage: make coverage writes what follows -->\n"
	coverageEnd   = "<!-- end of coverage -->"
)

// writeCoverage brings the README up to date.
func writeCoverage(t table, readme string) error {
	text, err := os.ReadFile(readme)
	if err != nil {
		return err
	}
	fresh, err := withCoverage(string(text), t, filepath.Join(pages, types))
	if err != nil {
		return err
	}
	return os.WriteFile(readme, []byte(fresh), 0o644)
}

// withCoverage is readme with the table of coverage that belongs there.
func withCoverage(readme string, t table, dir string) (string, error) {
	before, rest, ok1 := strings.Cut(readme, coverageBegin)
	_, after, ok2 := strings.Cut(rest, coverageEnd)
	if !ok1 || !ok2 {
		return "", fmt.Errorf("the README lacks the marks of the coverage, %q and the one of its end", coverageBegin)
	}
	files, err := readTypes(dir)
	if err != nil {
		return "", err
	}
	return before + coverageBegin + coverage(t, files) + coverageEnd + after, nil
}

// classCoverage is how much of a class is there.
type classCoverage struct {
	name    string
	total   int
	missing []string
}

// coverage is the table.
func coverage(t table, files []file) string {
	all := []classCoverage{{name: "ZegoExpressEngine"}}
	for _, f := range files {
		for _, d := range declarations(string(f.data)) {
			i := slices.IndexFunc(all, func(c classCoverage) bool { return c.name == d.class })
			if i < 0 {
				i = len(all)
				all = append(all, classCoverage{name: d.class})
			}
			all[i].total++
			if !t.has(d) {
				all[i].missing = append(all[i].missing, d.name)
			}
		}
	}
	var b strings.Builder
	b.WriteString("\n| class | methods there | not in this version: each fails with code 1101003 and its own name |\n|---|---|---|\n")
	there, total := 0, 0
	for _, c := range all {
		there, total = there+c.total-len(c.missing), total+c.total
		fmt.Fprintf(&b, "| %s | %d of %d | %s |\n", c.name, c.total-len(c.missing), c.total, c.absent())
	}
	fmt.Fprintf(&b, "| all | %d of %d | |\n\n", there, total)
	return b.String()
}

// absent names the missing methods, or says that it is all of them.
func (c classCoverage) absent() string {
	if len(c.missing) == c.total {
		return "all"
	}
	slices.Sort(c.missing)
	return strings.Join(c.missing, ", ")
}
