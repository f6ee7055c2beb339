package e2e

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"expressrtc/server/signaling"
)

// The other package, whose types ours must fit, and how many members its documents have.
const (
	otherPackage = "zego-express-engine-webrtc"
	otherVersion = "3.12.0"
)

// unlike are the types that cannot be assigned to each other, and why.
var unlike = map[string]string{
	"QualityGrade":     "inlined enumerations of two files never can; listeners get numbers",
	"ZegoVideoCodecID": "the same",
	"ZegoExpressEngine.createAudioEffectPlayer":             "their class has private members",
	"ZegoExpressEngine.createCopyrightedMusic":              "the same",
	"ZegoExpressEngine.createRangeAudioInstance":            "the same",
	"ZegoExpressEngine.createStreamCompositor":              "the same",
	"ZegoExpressEngine.createRealTimeSequentialDataManager": "the same",
}

// typesFound is what testdata/npm/members.mjs writes.
type typesFound struct {
	Version string
	Members []declared
	// Compared is how many types both packages have.
	Compared int
	// Lacking are those that only the other has; most of its internals are among them.
	Lacking []string
}

// declared is a method or property of a public class.
type declared struct {
	Class, Name string
	Static      bool
	Kind        string // promise, value, or getter
}

// members is what testdata/npm/members.mjs found, and the program that it wrote, once it
// ran: that takes its time.
var members struct {
	mu      sync.Mutex
	found   typesFound
	compare string // assigns the types of both packages to each other
}

// readMembers lists what the types of the package have.
func readMembers(t *testing.T) (found typesFound, compare string) {
	t.Helper()
	members.mu.Lock()
	defer members.mu.Unlock()
	if members.compare != "" {
		return members.found, members.compare
	}
	p := newProject(t, "expressrtc", "")
	script, err := os.ReadFile("testdata/npm/members.mjs")
	if err != nil {
		t.Fatal(err)
	}
	p.write("members.mjs", string(script))
	if out, err := p.run("node", "members.mjs"); err != nil {
		t.Fatalf("read the types: %v\n%s", err, out)
	}
	p.readJSON("members.json", &members.found)
	program, err := os.ReadFile(filepath.Join(p.dir, "compare.ts"))
	if err != nil {
		t.Fatal(err)
	}
	members.compare = string(program)
	return members.found, members.compare
}

// tsconfig is a strict one for some files.
func tsconfig(module, resolution string, files ...string) string {
	return toJSON(map[string]any{
		"compilerOptions": map[string]any{
			"strict": true, "skipLibCheck": false, "noEmit": true, "target": "es2022", "types": []string{},
			"lib": []string{"es2022", "dom", "dom.iterable"}, "module": module, "moduleResolution": resolution,
		},
		"files": files,
	})
}

// ownErrors are the lines of tsc that are not about the other package and what it needs,
// which does not compile by itself.
func ownErrors(out string) []string {
	var own []string
	for _, line := range strings.Split(out, "\n") {
		foreign := strings.HasPrefix(line, "../node_modules/") || strings.HasPrefix(line, " ")
		if strings.Contains(line, "error TS") && !foreign {
			own = append(own, line)
		}
	}
	return own
}

// TestTypesFitTheOthers: every class, method, event, option and enumeration that the other
// package's documents have is there, and can be assigned to theirs, and theirs to ours.
func TestTypesFitTheOthers(t *testing.T) {
	t.Parallel()
	found, compare := readMembers(t)
	if found.Version != otherVersion || len(found.Members) < 233 || found.Compared < 400 {
		t.Fatalf("%s %s: %d members, %d types compared", otherPackage, found.Version, len(found.Members), found.Compared)
	}
	for _, name := range found.Lacking {
		if strings.HasPrefix(name, "Zego") && !slices.Contains(internals, name) {
			t.Errorf("the types lack %s", name)
		}
	}
	p := newProject(t, "expressrtc", "")
	p.write("compare.ts", compare)
	p.write("tsconfig.json", tsconfig("esnext", "bundler", "compare.ts"))
	out, _ := p.run("tsc", "-p", ".") // fails for the other package's sake
	lines, met := strings.Split(compare, "\n"), map[string]bool{}
	place := regexp.MustCompile(`^compare\.ts\((\d+),`)
	for _, line := range ownErrors(out) {
		m := place.FindStringSubmatch(line)
		if m == nil {
			t.Error(line)
			continue
		}
		number, err := strconv.Atoi(m[1])
		if err != nil {
			t.Fatal(err)
		}
		_, what, _ := strings.Cut(lines[number-1], "// ")
		name, _, _ := strings.Cut(what, ":")
		if met[name] = true; unlike[name] == "" {
			t.Errorf("%s: %s", what, line)
		}
	}
	for name := range unlike {
		if !met[name] {
			t.Errorf("%s fits, although the test says that it cannot", name)
		}
	}
}

// internals are exported by the other package, but of no use to applications.
var internals = []string{
	"ZegoExpressWebRTMEngine", "ZegoFencing", "ZegoPreviewConfig", "ZegoMediaDevices", "ZegoAudioContext",
	"ZegoHTMLAudioElement", "ZegoBlobEvent", "ZegoMediaRecorderOptions", "ZegoRecordingState", "ZegoRemoteDeviceState",
	"ZegoActivateSEIOption", "ZegoResponse", "ZegoRoomInfo", "ZegoNetmode", "ZegoReportSpan", "ZegoLogger", "ZegoDataReport",
}

// TestTypesAreServed: who loads the SDK by script tag finds its types beside it, and which
// methods are not there.
func TestTypesAreServed(t *testing.T) {
	t.Parallel()
	r, err := http.Get(newSite(t, signaling.Config{}).url + "/types/music.d.ts")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK || !strings.Contains(string(text), "Not in this version") {
		t.Errorf("%s, %v: %.100s", r.Status, err, text)
	}
}

// TestTypesOfPrograms: programs as real applications have them compile with either
// package, in all the ways in which TypeScript finds modules.
func TestTypesOfPrograms(t *testing.T) {
	t.Parallel()
	aliased := newProject(t, otherPackage, "samples")
	for _, way := range []struct {
		compiler, module, resolution string
		extensions                   []string
	}{
		{"tsc", "esnext", "bundler", []string{".ts"}},
		{"tsc", "node16", "node16", []string{".mts", ".cts"}},
		{"tsc5", "commonjs", "node10", []string{".ts"}},
	} {
		var files []string
		for _, extension := range way.extensions {
			files = append(files, aliased.samples("-"+way.module+extension)...)
		}
		aliased.write("tsconfig.json", tsconfig(way.module, way.resolution, files...))
		if out, err := aliased.run(way.compiler, "-p", "."); err != nil {
			t.Errorf("ours, %s, %s: %v\n%s", way.compiler, way.module, err, out)
		}
	}
	own := newProject(t, "expressrtc", "samples")
	own.write("tsconfig.json", tsconfig("esnext", "bundler", "ours.ts"))
	if out, err := own.run("tsc", "-p", "."); err != nil {
		t.Errorf("ours.ts: %v\n%s", err, out)
	}
	own.write("tsconfig.json", tsconfig("esnext", "bundler", "call.ts", "studio.ts")) // finds theirs
	out, _ := own.run("tsc", "-p", ".")
	for _, line := range ownErrors(out) {
		t.Errorf("theirs: %s", line)
	}
}

// samples copies the programs that fit both packages, under names that end so.
func (p project) samples(ending string) (files []string) {
	p.t.Helper()
	for _, name := range []string{"call", "studio"} {
		text, err := os.ReadFile("testdata/npm/samples/" + name + ".ts")
		if err != nil {
			p.t.Fatal(err)
		}
		p.write(name+ending, string(text))
		files = append(files, name+ending)
	}
	return files
}
