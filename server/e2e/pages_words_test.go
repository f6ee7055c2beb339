package e2e

import (
	"regexp"
	"slices"
	"testing"

	"expressrtc/server/signaling"
)

// namedWords is where a page names a word.
var namedWords = regexp.MustCompile(`data-word(?:-label|-title|-placeholder)?="([^"]+)"`)

// dictionary is what a page's modules can say: {language: {word: text}}.
type dictionary map[string]map[string]string

// TestPagesWords: every word is there in both languages, with the same values to fill in,
// and pages name only words that there are, and show them before any script has run.
func TestPagesWords(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	for _, path := range ours {
		t.Run("page "+path, func(t *testing.T) {
			p := (&site{t, s.url}).visit(usual, path)
			p.appears("heading", "")
			both := eval[dictionary](p.tab, `return (await import("./ui/language.js")).dictionary`)
			if len(both["en"]) < 10 {
				t.Fatalf("there are %d words", len(both["en"]))
			}
			checkWords(t, both)
			html := eval[string](p.tab, `return (await fetch(location.href)).text()`)
			for _, name := range namedWords.FindAllStringSubmatch(html, -1) {
				if _, known := both["en"][name[1]]; !known {
					t.Errorf("there is no word %s", name[1])
				}
			}
			const first = `return [...new DOMParser().parseFromString(%s, "text/html").querySelectorAll("[data-word]")].
				filter((it) => it.textContent.trim()).map((it) => [it.dataset.word, it.textContent.trim()])`
			for _, pair := range eval[[][2]string](p.tab, first, html) {
				if both["en"][pair[0]] != pair[1] {
					t.Errorf("%s stands there as %q and is %q", pair[0], pair[1], both["en"][pair[0]])
				}
			}
		})
	}
}

var (
	inEnglish = regexp.MustCompile(`\b[a-z]{3,}\b[^/]|\b[a-z]{3,}$`) // names, short forms and units are the same everywhere
	values    = regexp.MustCompile(`\{\w+\}`)
	han       = regexp.MustCompile(`\p{Han}`)
)

// checkWords compares the two languages.
func checkWords(t *testing.T, both dictionary) {
	t.Helper()
	for word, text := range both["en"] {
		other, there := both["zh"][word]
		if !there {
			t.Errorf("%s is not there in Chinese", word)
			continue
		}
		if a, b := found(values, text), found(values, other); !slices.Equal(a, b) {
			t.Errorf("%s has the values %v in English and %v in Chinese", word, a, b)
		}
		if text == other && inEnglish.MatchString(values.ReplaceAllString(text, "")) {
			t.Errorf("%s is the same in both languages: %s", word, text)
		}
		if han.MatchString(text) {
			t.Errorf("%s is Chinese in English: %s", word, text)
		}
	}
	for word := range both["zh"] {
		if _, there := both["en"][word]; !there {
			t.Errorf("%s is not there in English", word)
		}
	}
}

func found(pattern *regexp.Regexp, text string) []string {
	list := pattern.FindAllString(text, -1)
	slices.Sort(list)
	return slices.Compact(list)
}
