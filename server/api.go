package main

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"expressrtc/server/api"
	"expressrtc/server/web"
)

// apiOptions are the settings of the API that the apps' own servers talk to.
type apiOptions struct{ path, addr string }

func (o *options) declareAPI(s *settings) {
	s.StringVar(&o.api.path, "api-path", "/rtc-api/", "`path` of the API for the apps' own servers at the public address; none if empty. Without an app it is not there")
	s.StringVar(&o.api.addr, "api-addr", "", "`address` where that API is alone, without encryption, at the path /")
}

// addPolicy holds logins and publishers to the rules of the apps' own servers.
func (s *site) addPolicy() error {
	s.policy, s.history = &api.Policy{}, &api.History{Apps: s.apps}
	s.admit = append(s.admit, s.policy.Admit)
	s.rooms.MayPublish = s.policy.MayPublish
	s.reports = append(s.reports, s.history.Hear)
	return nil
}

// addAPI lets the apps' own servers ask for things.
func (s *site) addAPI() error {
	server := api.New(api.Config{Hub: s.hub, Apps: s.apps, Policy: s.policy, History: s.history, Log: s.log})
	path := s.options.api.path
	if path != "" && (!strings.HasPrefix(path, "/") || !strings.HasSuffix(path, "/") || len(path) < 3 || strings.ContainsAny(path, "{} ")) {
		return fmt.Errorf("--api-path %q must begin and end with a slash, as /rtc-api/ does", path)
	}
	if path != "" {
		s.web.Handlers["GET "+path+"{$}"] = server
		s.web.Handlers["POST "+path+"{$}"] = server
	}
	if s.options.api.addr == "" {
		return nil
	}
	addr, err := listenAddress("api-addr", s.options.api.addr)
	if err != nil {
		return err
	}
	ln, err := s.listen("api-addr", addr)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/{$}", server)
	alone := web.NewHTTPServer(mux, s.log)
	alone.WriteTimeout, alone.MaxHeaderBytes = 30*time.Second, 64<<10 // parameters are in the address
	s.services = append(s.services, service{"server API", func() error { return alone.Serve(ln) }, alone.Shutdown})
	s.log.Info("the server API is there", "url", address(ln))
	return nil
}
