package auth

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestAppsAreKept: what one changes the other reads, the file is its owner's, and two who
// change it do not undo each other's work.
func TestAppsAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "apps.json")
	one, other := mustOpen(t, path), mustOpen(t, path)
	if one.Any() {
		t.Error("a file that is not there has apps")
	}
	first, err := one.Create(App{Name: "first"})
	second, err2 := other.Create(App{ID: 7, AtExpiry: "kick"})
	if err := errors.Join(err, err2, one.Reload()); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info.Mode(), err)
	}
	if first.ID == 0 || len(first.Secret) != SecretLength || first.Secret == second.Secret || first.Created.IsZero() {
		t.Errorf("made %+v and %+v", first, second)
	}
	if got, ok := one.Get(7); !ok || got != second {
		t.Errorf("read %+v, %t", got, ok)
	}
	if list := mustOpen(t, path).List(); len(list) != 2 || list[0].ID > list[1].ID {
		t.Errorf("kept %+v", list)
	}
	rotated, err := one.Rotate(7, time.Hour)
	if err != nil || rotated.Secret == second.Secret || rotated.Former != second.Secret || time.Until(rotated.FormerUntil) < 59*time.Minute || rotated.AtExpiry != "kick" {
		t.Errorf("rotated: %+v, %v", rotated, err)
	}
	if err := errors.Join(one.Delete(7), other.Reload()); err != nil {
		t.Fatal(err)
	}
	if _, ok := other.Get(7); ok || !other.Any() {
		t.Error("deleted the wrong ones")
	}
	_, err = one.Create(App{ID: first.ID})
	_, err2 = one.Rotate(7, 0)
	if !errors.Is(err, ErrExists) || !errors.Is(err2, ErrNoApp) || !errors.Is(one.Delete(7), ErrNoApp) {
		t.Errorf("made twice: %v; rotated without: %v", err, err2)
	}
}

func mustOpen(t *testing.T, path string, environment ...string) *Apps {
	t.Helper()
	apps, err := OpenApps(path, environment...)
	if err != nil {
		t.Fatal(err)
	}
	return apps
}

// TestAppsKeepTheirMode: a file that a group may read stays so; one that everybody may
// read is not read.
func TestAppsKeepTheirMode(t *testing.T) {
	path := filepath.Join(t.TempDir(), "apps.json")
	apps := mustOpen(t, path)
	if _, err := apps.Create(App{ID: 7}); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := apps.Rotate(7, 0); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the mode is %v, %v", info.Mode(), err)
	}
	for _, mode := range []os.FileMode{0o644, 0o602, 0o620} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if err := apps.Reload(); err == nil || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
	if _, ok := apps.Get(7); !ok {
		t.Error("a failed reading lost the apps")
	}
}

func TestAppsRefuse(t *testing.T) {
	long := strings.Repeat("s", SecretLength)
	for content, says := range map[string]string{
		`{}`:                           "reading the apps",
		`[{"id":7,"secret":"short"}]`:  "the secret has 5 characters, not 32",
		`[{"secret":"` + long + `"}]`:  "0 is no app id",
		`[{"id":-1}]`:                  "reading the apps",
		`[{"id":7,"atExpiry":"stop"}]`: "the secret has 0",
		`[{"id":7,"secret":"` + long + `","atExpiry":"explode"}]`:                        `use "", "stop" or "kick"`,
		`[{"id":7,"secret":"` + long + `","name":"a\nb"}]`:                               "line break",
		`[{"id":7,"secret":"` + long + `"},{"id":7,"secret":"` + long + `"}]`:            "twice",
		`[{"id":7,"secret":"` + long + `","callbackURL":"//user:passw0rd@example.com"}]`: "the callback URL is none",
	} {
		path := filepath.Join(t.TempDir(), "apps.json")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenApps(path); err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "passw0rd") {
			t.Errorf("%s: %v, want %q", content, err, says)
		}
	}
}

// TestAppsOfTheEnvironment: they are there beside those of the file, whose secrets they
// replace, and are changed in the environment only.
func TestAppsOfTheEnvironment(t *testing.T) {
	path := filepath.Join(t.TempDir(), "apps.json")
	if _, err := mustOpen(t, path).Create(App{ID: 7, Name: "kept", AtExpiry: "stop"}); err != nil {
		t.Fatal(err)
	}
	a, b := strings.Repeat("a", SecretLength), strings.Repeat("b", SecretLength)
	apps := mustOpen(t, path, "HOME=/", "EXPRESSRTC_APPS=x", "EXPRESSRTC_APP_7="+a, "EXPRESSRTC_APP_4294967295="+b)
	if app, ok := apps.Get(7); !ok || app.Secret != a || app.Name != "kept" || app.AtExpiry != "stop" {
		t.Errorf("app 7: %+v", app)
	}
	if app, ok := apps.Get(4294967295); !ok || app.Secret != b || !apps.Given(app.ID) {
		t.Errorf("the other: %+v", app)
	}
	_, err := apps.Rotate(7, 0)
	_, err2 := apps.Create(App{ID: 7})
	if !errors.Is(err, ErrGiven) || !errors.Is(err2, ErrGiven) || !errors.Is(apps.Delete(7), ErrGiven) {
		t.Errorf("changed what is given: %v, %v", err, err2)
	}
	if _, err := apps.Create(App{ID: 8}); err != nil {
		t.Fatal(err)
	}
	if list := mustOpen(t, path).List(); len(list) != 2 || list[0].Secret == a {
		t.Errorf("the file got %+v", list)
	}
	for pair, says := range map[string]string{
		"EXPRESSRTC_APP_x=" + a:          "must be an app ID",
		"EXPRESSRTC_APP_=" + a:           "must be an app ID",
		"EXPRESSRTC_APP_0=" + a:          "0 is no app id",
		"EXPRESSRTC_APP_4294967296=" + a: "must be an app ID",
		"EXPRESSRTC_APP_7=tooshort":      "the secret has 8 characters",
	} {
		if _, err := OpenApps("", pair); err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "tooshort") {
			t.Errorf("%s: %v, want %q", pair, err, says)
		}
	}
}

// TestAppsDoNotGetLost: a file that is gone for a moment takes no app away, from whoever
// reads it and from whoever writes it.
func TestAppsDoNotGetLost(t *testing.T) {
	path := filepath.Join(t.TempDir(), "apps.json")
	apps, err := OpenApps(path)
	if err != nil || apps.Any() {
		t.Fatalf("without a file: %v", err)
	}
	first, err := apps.Create(App{ID: 7})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path, path+".away"); err != nil {
		t.Fatal(err)
	}
	if err := apps.Reload(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("reading: %v", err)
	}
	if _, err := apps.Create(App{ID: 8}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("writing: %v", err)
	}
	if app, ok := apps.Get(7); !ok || app.Secret != first.Secret {
		t.Error("the app is gone")
	}
	if err := errors.Join(os.Rename(path+".away", path), apps.Delete(7)); err != nil || len(apps.List()) != 0 {
		t.Fatalf("%v, %v", apps.List(), err)
	}
	if !apps.Any() {
		t.Error("without the last app the server is open again")
	}
}
