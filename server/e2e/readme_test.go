package e2e

import (
	"bufio"
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	cdppage "github.com/chromedp/cdproto/page"

	"expressrtc/server/signaling"
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(checkout, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// blocks are the fenced blocks of one language.
func blocks(text, language string) []string {
	var list []string
	for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(text, -1) {
		list = append(list, m[1])
	}
	return list
}

// TestReadmeCommands runs every command of the README: those of make as far as make
// itself goes (this test is within make test), the server's to where it listens.
func TestReadmeCommands(t *testing.T) {
	t.Parallel()
	binary := serverProgram(t)
	operator := newHost(t, binary)
	commands := 0
	for _, block := range blocks(readme(t), "sh") {
		for _, line := range strings.Split(strings.TrimSpace(block), "\n") {
			commands++
			switch words := strings.Fields(line); words[0] {
			case "make":
				dryRun(t, words[1:])
			case "bin/expressrtc":
				serveAndStop(t, binary, words[1:])
			case "npm":
				installAndRun(t, words[1:])
			case "sudo":
				operator.operate(words[1:])
			default:
				t.Errorf("no test knows how to run %q of the README", line)
			}
		}
	}
	if commands < 4 {
		t.Errorf("the README has %d commands, want 4 at least", commands)
	}
}

func dryRun(t *testing.T, args []string) {
	t.Helper()
	dry := exec.Command("make", append([]string{"--dry-run"}, args...)...)
	dry.Dir = checkout
	if out, err := dry.CombinedOutput(); err != nil {
		t.Errorf("make %v: %v\n%s", args, err, out)
	}
}

// serveAndStop starts the server on a free port, waits for its line and ends it.
func serveAndStop(t *testing.T, binary string, args []string) {
	t.Helper()
	command := exec.Command(binary, append(args, "--addr", "127.0.0.1:0")...)
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	stuck := time.AfterFunc(patience, func() { _ = command.Process.Kill() })
	defer stuck.Stop()
	if line, err := bufio.NewReader(out).ReadString('\n'); !strings.Contains(line, "listening on http://localhost:") {
		t.Errorf("%v: the server said %q, %v", args, line, err)
	}
	if err := command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	if err := command.Wait(); err != nil {
		t.Errorf("%v: the server ended with %v", args, err)
	}
}

// installAndRun does what the README says in a fresh project, and runs the README's
// program there, as far as it runs under node.
func installAndRun(t *testing.T, args []string) {
	t.Helper()
	p := emptyProject(t, "expressrtc")
	packed, err := packedFile()
	if err != nil {
		t.Fatal(err)
	}
	server := newSite(t, signaling.Config{}).url
	for i := range args {
		args[i] = strings.NewReplacer("https://calls.example", server, "./bin/"+filepath.Base(packed), packed, "bin/"+filepath.Base(packed), packed).Replace(args[i])
	}
	if _, err := npm(p.dir, args...); err != nil {
		t.Error(err)
		return
	}
	programs := blocks(readme(t), "js")
	if len(programs) != 1 {
		t.Fatalf("the README has %d programs, want 1", len(programs))
	}
	if strings.Contains(args[1], otherPackage) {
		programs[0] = strings.Replace(programs[0], `"expressrtc"`, `"`+otherPackage+`"`, 1)
	}
	p.write("program.mjs", programs[0]+"console.log(engine.getVersion());\n")
	if out, err := p.run("node", "program.mjs"); err != nil || strings.TrimSpace(out) != "3.12.0" {
		t.Errorf("npm %v: %v\n%s", args, err, out)
	}
}

// TestReadmePage opens the page that the README shows, in two windows and from another
// origin, with nothing changed but the server's address.
func TestReadmePage(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	pages := blocks(readme(t), "html")
	if len(pages) != 1 {
		t.Fatalf("the README has %d pages, want 1", len(pages))
	}
	html := strings.ReplaceAll(pages[0], "https://calls.example", s.url)
	if html == pages[0] {
		t.Fatal("the README's page does not name a server")
	}
	callEachOther(t, func(string) string { return "<!DOCTYPE html>" + html })
}

// callPicture is what the README shows. It lies here because what lies in static is served.
const callPicture = "testdata/call.jpg"

//go:embed testdata/portrait.js
var portraitJS string

// TestReadmePicture: the README has its picture, which is small. make picture takes it
// anew: a call of three who are drawn.
func TestReadmePicture(t *testing.T) {
	t.Parallel()
	if os.Getenv("EXPRESSRTC_PICTURE") != "" {
		takePicture(t)
	}
	if info, err := os.Stat(callPicture); err != nil {
		t.Error(err)
	} else if info.Size() > 150_000 {
		t.Errorf("%s has %d bytes: want at most 150,000", callPicture, info.Size())
	}
	if !strings.Contains(readme(t), "](server/e2e/"+callPicture+")") {
		t.Errorf("the README does not show %s", callPicture)
	}
}

func takePicture(t *testing.T) {
	t.Helper()
	s := newSite(t, signaling.Config{})
	var last *visitor
	for _, who := range []struct{ name, colours string }{
		{"Chen", `205, "#e0ac84", "#2b2320"`}, {"Maria", `145, "#c98d63", "#4a2f22"`}, {"Anna", `28, "#f0c6a4", "#8a5a2b"`},
	} {
		last = s.visit(usual, "?room=breakfast", as(who.name), before(portraitJS+"drawnCamera("+who.colours+")"))
		last.role("textbox", "Your name").fill(who.name)
		last.role("button", "Join").press()
		last.sees(hereVideo)
	}
	last.do(`const videos = () => [...document.querySelectorAll(%s)];
		await e2e.when(() => videos().length === 2);
		await Promise.all(videos().map(e2e.seesPicture))`, thereVideo)
	last.do(`await visit.settled()`)
	quality := int64(85)
	shot := command(last, cdppage.CaptureScreenshot, cdppage.CaptureScreenshotParams{Format: "jpeg", Quality: &quality})
	if err := os.WriteFile(callPicture, shot.Data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestReadmeLinks follows every link into the checkout.
func TestReadmeLinks(t *testing.T) {
	t.Parallel()
	links := regexp.MustCompile(`\]\(([^)#]+)\)`).FindAllStringSubmatch(readme(t), -1)
	for _, link := range links {
		if strings.Contains(link[1], "://") {
			continue
		}
		if _, err := os.Stat(filepath.Join(checkout, link[1])); err != nil {
			t.Errorf("the README links to %s: %v", link[1], err)
		}
	}
	if len(links) < 10 {
		t.Errorf("found %d links, want the map of the code", len(links))
	}
}
