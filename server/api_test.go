package main

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"expressrtc/server/auth"
)

// signed is the query of a request for the number of users of a room.
func signed(app auth.App, nonce string) string {
	at := time.Now().Unix()
	sum := md5.Sum(fmt.Appendf(nil, "%d%s%s%d", app.ID, nonce, app.Secret, at))
	return fmt.Sprintf("?Action=DescribeUserNum&RoomId[]=room&AppId=%d&SignatureNonce=%s&Timestamp=%d&Signature=%s&SignatureVersion=2.0",
		app.ID, nonce, at, hex.EncodeToString(sum[:]))
}

// TestServerAPI is at its path of the public address as soon as there is an app, and
// where a setting puts it.
func TestServerAPI(t *testing.T) {
	file := t.TempDir() + "/apps.json"
	ctx, stop := context.WithCancel(t.Context())
	s := start(ctx, t, "--addr", "127.0.0.1:0", "--apps", file)
	if code, body := s.status(t, "/rtc-api/?Action=DescribeUserNum"); code != http.StatusNotFound {
		t.Errorf("without an app: %d %s", code, body)
	}
	stop()
	if err := <-s.done; err != nil {
		t.Fatal(err)
	}
	apps, err := auth.OpenApps(file)
	if err != nil {
		t.Fatal(err)
	}
	app, err := apps.Create(auth.App{})
	if err != nil {
		t.Fatal(err)
	}

	ctx, stop = context.WithCancel(t.Context())
	log := newRecord()
	s = startLogging(ctx, t, log, "--addr", "127.0.0.1:0", "--apps", file, "--api-addr", "127.0.0.1:0")
	const want = `{"Code":0,"Message":"success"`
	if code, body := s.status(t, "/rtc-api/"+signed(app, "0000000000000001")); code != 200 || !strings.HasPrefix(body, want) {
		t.Errorf("%d %s", code, body)
	}
	if code, body := posted(t, s.url+"/rtc-api/"+signed(app, "0000000000000004"), `{"RoomId": ["another"]}`); code != 200 || !strings.HasPrefix(body, want) {
		t.Errorf("%d %s", code, body)
	}
	if code, _ := s.status(t, "/rtc-api/more"+signed(app, "0000000000000002")); code != http.StatusNotFound {
		t.Errorf("below the path: %d", code)
	}
	own := &started{url: log.url(t, "the server API is there")}
	if code, body := own.status(t, "/"+signed(app, "0000000000000003")); code != 200 || !strings.HasPrefix(body, want) {
		t.Errorf("%d %s", code, body)
	}
	if code, _ := own.status(t, "/healthz"); code != http.StatusNotFound {
		t.Errorf("the API's own address has pages: %d", code)
	}
	stop()
	if err := <-s.done; err != nil {
		t.Error(err)
	}
	for _, path := range []string{"/", "rtc-api/", "/rtc-api", "//", "/a b/", "/{x}/"} {
		if err := run(t.Context(), []string{"serve", "--addr", "127.0.0.1:0", "--api-path", path}, t.Output(), t.Output()); err == nil || !strings.Contains(err.Error(), "--api-path") {
			t.Errorf("path %q: error %v", path, err)
		}
	}
}

func posted(t *testing.T, url, text string) (int, string) {
	t.Helper()
	response, err := http.Post(url, "application/json", strings.NewReader(text))
	return read(t, response, err)
}
