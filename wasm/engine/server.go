package engine

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"expressrtc/server/protocol"
)

// parseApp reads an app id from a number or from the text of one. 0 is one, too:
// samples have it where the reader shall put an own.
func parseApp(text string) (protocol.AppID, bool) {
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 32)
	return protocol.AppID(n), err == nil
}

// vendorHosts are where pages written for ZEGO's cloud point to: they come to us unchanged.
var vendorHosts = []string{"zego.im", "zegocloud.com", "imzego.com", "coolzcloud.com"}

// chooseServers decides where to connect: data-server on the script tag; the page's
// own URLs, in their order; else whoever served the script.
func (e *Engine) chooseServers() []string {
	if u, ok := socketURL(e.cfg.DataServer); ok {
		return []string{u}
	}
	var urls []string
	for _, text := range e.cfg.Servers {
		if u, ok := socketURL(text); ok && !vendor(u) {
			urls = append(urls, u)
		}
	}
	if len(urls) > 0 {
		return urls
	}
	home, _ := socketURL(e.cfg.ScriptOrigin)
	for _, text := range e.cfg.Servers {
		e.explainServer(text, home)
	}
	if home == "" {
		e.log("error", "no server to connect to: give a wss:// URL as argument 2, or data-server on the script tag")
		return nil
	}
	return []string{home}
}

// socketURL makes a WebSocket URL of one that may have no path, or http for ws.
func socketURL(text string) (string, bool) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || u.Host == "" {
		return "", false
	}
	switch u.Scheme {
	case "http":
		u.Scheme = "ws"
	case "https":
		u.Scheme = "wss"
	case "ws", "wss":
	default:
		return "", false
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = "/ws"
	}
	return u.String(), true
}

func vendor(socket string) bool {
	u, err := url.Parse(socket)
	if err != nil {
		return false
	}
	for _, host := range vendorHosts {
		if u.Hostname() == host || strings.HasSuffix(u.Hostname(), "."+host) {
			return true
		}
	}
	return false
}

// explainServer says what became of an argument that is no server of ours.
func (e *Engine) explainServer(text, home string) {
	switch {
	case text == "":
	case looksLikeSecret(text):
		e.log("warn", fmt.Sprintf("argument 2 looks like a ServerSecret, not a URL: keep secrets out of pages; connecting to %s", home))
	default:
		e.log("info", fmt.Sprintf("argument 2 is not a server of ours (%s): connecting to %s", text, home))
	}
}

func looksLikeSecret(text string) bool {
	if len(text) != 32 {
		return false
	}
	for _, c := range text {
		if !strings.ContainsRune("0123456789abcdefABCDEF", c) {
			return false
		}
	}
	return true
}
