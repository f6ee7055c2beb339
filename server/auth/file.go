package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Variable begins the names of the variables that hold secrets of apps.
const Variable = "EXPRESSRTC_APP_"

// readEnvironment reads the secrets that are given by variables. Errors do not quote them.
func readEnvironment(environment []string) (map[uint32]string, error) {
	given := map[uint32]string{}
	for _, pair := range environment {
		name, secret, _ := strings.Cut(pair, "=")
		number, ok := strings.CutPrefix(name, Variable)
		if !ok {
			continue
		}
		id, err := strconv.ParseUint(number, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("the variable %s names no app: what follows %s must be an app ID", name, Variable)
		}
		given[uint32(id)] = secret
	}
	for _, id := range slices.Sorted(maps.Keys(given)) {
		if err := (App{ID: id, Secret: given[id]}).check(); err != nil {
			return nil, fmt.Errorf("the variable %s%d: %w", Variable, id, err)
		}
	}
	return given, nil
}

// read reads the file. One that is not there holds none, unless it was there before: then
// somebody is about to put another in its place, or made a mistake.
func (a *Apps) read() (map[uint32]App, error) {
	apps, err := readApps(a.path)
	a.mu.Lock()
	defer a.mu.Unlock()
	if errors.Is(err, fs.ErrNotExist) && len(a.kept) == 0 {
		return map[uint32]App{}, nil
	}
	return apps, err
}

func readApps(path string) (map[uint32]App, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading the apps: %w", err)
	}
	defer file.Close()
	if err := checkMode(file); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(file)
	if err != nil {
		return nil, fmt.Errorf("reading the apps: %w", err)
	}
	return parseApps(path, data)
}

func parseApps(path string, data []byte) (map[uint32]App, error) {
	var list []App
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("reading the apps of %s: %w", path, err)
	}
	apps := map[uint32]App{}
	for _, app := range list {
		if err := app.check(); err != nil {
			return nil, fmt.Errorf("%s: app %d: %w", path, app.ID, err)
		}
		if _, ok := apps[app.ID]; ok {
			return nil, fmt.Errorf("%s: app %d stands there twice", path, app.ID)
		}
		apps[app.ID] = app
	}
	return apps, nil
}

// checkMode refuses a file whose secrets are none: everybody may read it, or others than
// its owner may write it. That a group reads it is what an operator may want.
func checkMode(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("reading the apps: %w", err)
	}
	if mode := info.Mode().Perm(); mode&0o027 != 0 {
		return fmt.Errorf("others may read or change the secrets in %s (mode %04o): chmod 600 %s, "+
			"and rotate the secrets if somebody may have read them", file.Name(), mode, file.Name())
	}
	return nil
}

// save writes the file anew, whole or not at all, for whom the one before was, or for its
// owner alone.
func save(path string, list []App) error {
	data, err := json.MarshalIndent(list, "", "\t")
	if err != nil {
		return fmt.Errorf("writing the apps: %w", err)
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".apps-*") // mode 0600
	if err != nil {
		return fmt.Errorf("writing the apps: %w", err)
	}
	defer os.Remove(file.Name())
	_, err = file.Write(append(data, '\n'))
	if err = errors.Join(err, likeBefore(file, path), file.Sync(), file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("writing the apps: %w", err)
	}
	return nil
}

// likeBefore gives a file the owner, the group and the mode of the one at path: root may
// make an app for a server that runs as somebody else.
func likeBefore(file *os.File, path string) error {
	before, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	uid, gid, ok := owner(before)
	if ok && os.Geteuid() == 0 {
		err = file.Chown(uid, gid)
	}
	return errors.Join(err, file.Chmod(before.Mode().Perm()))
}
