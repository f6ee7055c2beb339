package e2e

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// wordLists are the calls of addWords in our modules, and namedWords where a page or a
// module names a word.
var (
	wordLists  = regexp.MustCompile(`(?ms)^addWords\((\{\n.*?^\})\);`)
	namedWords = regexp.MustCompile(`data-word(?:-label|-title|-placeholder)?="([^"]+)"`)
)

// pageFiles are the files below static with an ending, and index.html.
func pageFiles(t *testing.T, ending string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(filepath.Join(checkout, "static"), func(path string, _ fs.DirEntry, err error) error {
		if filepath.Ext(path) == ending {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if ending == ".html" {
		files = append(files, filepath.Join(checkout, "index.html"))
	}
	return files
}

func contents(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// words is {language: {word: text}}.
type words map[string]map[string]string

// TestPagesWords: every word is there in both languages, with the same values to fill in,
// and pages name only words that there are, and show them before any script has run.
func TestPagesWords(t *testing.T) {
	t.Parallel()
	p := emptyPage(t, usual)
	all := map[string]string{}
	for _, file := range pageFiles(t, ".js") {
		for _, list := range wordLists.FindAllStringSubmatch(contents(t, file), -1) {
			both := eval[words](p, `return `+strings.ReplaceAll(list[1], "%", "%%"))
			checkWords(t, filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), both)
			for word, text := range both["en"] {
				if old, known := all[word]; known && old != text {
					t.Errorf("%s: %s is said twice: %q and %q", file, word, old, text)
				}
				all[word] = text
			}
		}
	}
	if len(all) < 20 {
		t.Fatalf("there are %d words", len(all))
	}
	for _, file := range pageFiles(t, ".html") {
		for _, name := range namedWords.FindAllStringSubmatch(contents(t, file), -1) {
			if _, known := all[name[1]]; !known {
				t.Errorf("%s: there is no word %s", filepath.Base(file), name[1])
			}
		}
		const first = `return [...new DOMParser().parseFromString(%s, "text/html").querySelectorAll("[data-word]")].
			filter((it) => it.textContent.trim() && !/\{/.test(it.textContent)).map((it) => [it.dataset.word, it.textContent.trim()])`
		for _, pair := range eval[[][2]string](p, first, contents(t, file)) {
			if all[pair[0]] != pair[1] {
				t.Errorf("%s: %s stands there as %q and is %q", filepath.Base(file), pair[0], pair[1], all[pair[0]])
			}
		}
	}
}

var (
	values = regexp.MustCompile(`\{\w+\}`)
	han    = regexp.MustCompile(`\p{Han}`)
)

// checkWords compares the two languages of one module.
func checkWords(t *testing.T, module string, both words) {
	t.Helper()
	for word, text := range both["en"] {
		other, there := both["zh"][word]
		if !there {
			t.Errorf("%s: %s is not there in Chinese", module, word)
			continue
		}
		if a, b := found(values, text), found(values, other); !slices.Equal(a, b) {
			t.Errorf("%s: %s has the values %v in English and %v in Chinese", module, word, a, b)
		}
		if text == other && strings.Contains(values.ReplaceAllString(text, ""), " ") && !strings.Contains(text, "ExpressRTC") {
			t.Errorf("%s: %s is the same in both languages: %s", module, word, text)
		}
		if han.MatchString(text) {
			t.Errorf("%s: %s is Chinese in English: %s", module, word, text)
		}
	}
	for word := range both["zh"] {
		if _, there := both["en"][word]; !there {
			t.Errorf("%s: %s is not there in English", module, word)
		}
	}
}

func found(pattern *regexp.Regexp, text string) []string {
	list := pattern.FindAllString(text, -1)
	slices.Sort(list)
	return slices.Compact(list)
}
