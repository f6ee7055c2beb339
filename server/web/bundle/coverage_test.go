package main

import (
	"os"
	"strings"
	"testing"
)

func TestCoverage(t *testing.T) {
	have := table{Classes: map[string]class{
		"ZegoExpressEngine": {Methods: map[string]string{"loginRoom": "promise"}},
		"View":              {Methods: map[string]string{"play": "value", "stop": "value"}, missing: map[string]bool{"stop": true}},
	}}
	want := `
| class | methods there | not in this version: each fails with code 1101003 and its own name |
|---|---|---|
| ZegoExpressEngine | 1 of 1 |  |
| View | 1 of 3 | bare, stop |
| WebRTCUtil | 0 of 1 | all |
| all | 2 of 5 | |

`
	if got := coverage(have, []file{{name: "x", data: []byte(someTypes)}}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if _, err := withCoverage("no marks", have, "../../../static/types"); err == nil {
		t.Error("no error without the marks")
	}
}

// TestCoverageInTheReadme fails when rows have changed since make coverage.
func TestCoverageInTheReadme(t *testing.T) {
	rows, err := readTable("../../../" + bindings)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../../../" + readmeName)
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := withCoverage(string(text), rows, "../../../"+pages+"/"+types)
	if err != nil {
		t.Fatal(err)
	}
	if fresh != string(text) {
		t.Error("the README's table of methods is out of date: run make coverage")
	}
	if !strings.Contains(fresh, " of 233 |") {
		t.Error("the contract has 233 methods")
	}
}
