package main

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const someTypes = `/** Not a method: loose(). */
export declare class View {
	private constructor();
	/** Plays. */
	play(at: string): void;
	/**
	 * Stops.
	 */
	stop(): void;
	bare<K extends keyof E>(k: K): boolean;
	get width(): number;
}
export interface ZegoExpressEngineRooms {
	/** Enters. */
	loginRoom(a: { b(): void }): Promise<boolean>;
}
export interface Options {
	callback(): void;
}
export declare const WebRTCUtil: {
	supportDetection(
		a: number,
	): void;
};
export declare enum Mode {
	/** None. */
	Off = 0,
	On = 1,
}
export declare enum Word {
	Yes = "YES",
}
export declare const enum Inlined {
	A = 0,
}
`

func TestDeclarations(t *testing.T) {
	want := []declaration{
		{"View", "play", false, 4},
		{"View", "stop", false, 8},
		{"View", "bare", false, 9},
		{"ZegoExpressEngine", "loginRoom", false, 14},
		{"WebRTCUtil", "supportDetection", true, 20},
	}
	if got := declarations(someTypes); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestAnnotate(t *testing.T) {
	have := table{Classes: map[string]class{"ZegoExpressEngine": {Methods: map[string]string{"loginRoom": "promise"}}}}
	got := string(annotate(file{name: "x", data: []byte(someTypes)}, have).data)
	for _, want := range []string{
		"\t/** Plays. " + notHere + " */\n\tplay(", "\t * Stops.\n\t *\n\t * " + notHere + "\n\t */\n\tstop()",
		"\t/** " + notHere + " */\n\tbare<", "\t/** Enters. */\n\tloginRoom(", "\t/** " + notHere + " */\n\tsupportDetection(",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

func TestEnums(t *testing.T) {
	want := "exports.Mode = { Off: 0, 0: \"Off\", On: 1, 1: \"On\", };\nexports.Word = { Yes: \"YES\", };\n"
	if got := enumsOf(someTypes); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestTypesAreTheContract: the types have every method of the contract, with its
// signature, and no other.
func TestTypesAreTheContract(t *testing.T) {
	const contract = "../../../../shared/zego-api.json"
	text, err := os.ReadFile(contract)
	if err != nil {
		t.Skip("the contract is not here: ", err)
	}
	var api struct {
		Methods map[string][]struct{ Name, Signature string }
	}
	if err := json.Unmarshal(text, &api); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range typesOfTheSDK(t) {
		lines := strings.Split(string(f.data), "\n")
		for _, d := range declarations(string(f.data)) {
			key := d.class + "." + d.name
			if got[key] != "" {
				t.Errorf("%s is there twice", key)
			}
			got[key] = signature(lines[d.line:])
		}
	}
	for class, methods := range api.Methods {
		for _, m := range methods {
			key := class + "." + m.Name
			if want := signature([]string{m.Signature + ";"}); got[key] != want && !deliberate[key] {
				t.Errorf("%s is\n%s, want\n%s", key, got[key], want)
			}
			delete(got, key)
		}
	}
	for key := range got {
		t.Errorf("%s is not in the contract", key)
	}
}

// deliberate are the methods whose signature says more than the contract's.
var deliberate = map[string]bool{
	"WebRTCUtil.supportDetection": true, // its type is a key of ZegoCheckSingleType
}

var (
	blanks  = regexp.MustCompile(`\s+`)
	closing = regexp.MustCompile(`[,;] ?([)}])`)
)

// signature is a method's without what does not matter.
func signature(lines []string) string {
	var all []string
	for _, line := range lines {
		all = append(all, strings.TrimSpace(line))
		if strings.HasSuffix(line, ";") {
			break
		}
	}
	s := strings.NewReplacer("static ", "", "'", `"`, "( ", "(").Replace(blanks.ReplaceAllString(strings.Join(all, " "), " "))
	s = closing.ReplaceAllString(s, " $1")
	return strings.ReplaceAll(strings.TrimSuffix(s, ";"), "  ", " ")
}

func typesOfTheSDK(t *testing.T) []file {
	t.Helper()
	files, err := readTypes("../../../" + pages + "/" + types)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestTypesAreDocumented: everything that pages can name has a comment, but for the
// licensed music, which there is none of.
func TestTypesAreDocumented(t *testing.T) {
	for _, f := range typesOfTheSDK(t) {
		lines := strings.Split(string(f.data), "\n")
		for _, d := range declarations(string(f.data)) {
			if !strings.HasSuffix(lines[d.line-1], "*/") && d.class != "ZegoCopyrightedMusic" && d.class != "ZegoExpressRangeAudio" {
				t.Errorf("%s: %s.%s has no comment", f.name, d.class, d.name)
			}
		}
	}
}
